# Requests with faceIds to the Azure Face API: load it after azure.

# call STATUS METHOD PATH [JSON | @FILE]: api, and the exit status is the one that belongs to the HTTP status.
# shellcheck disable=SC2154 # status comes from run_split
call() {
	local argument=${4-} code=7
	case $1 in
	2*) code=0 ;;
	404) code=1 ;;
	401 | 403) code=77 ;;
	408 | 429 | 5*) code=75 ;;
	esac
	case $argument in
	'') api "$1" "$2" "$3" || return 1 ;;
	@*) api "$1" "$2" "$3" --file "${argument#@}" || return 1 ;;
	*) api "$1" "$2" "$3" --json "$argument" || return 1 ;;
	esac
	if [ "$status" -ne "$code" ]; then
		echo "HTTP $1: exit status $status instead of $code"
		return 1
	fi
}

# code CODE: the last answer is the error with this code.
code() {
	says body "\"code\":\"$1\"" && says out "x-ms-error-code: $1"
}

# value PATH: a value of the last body, such as "[0].faceId"; "None" if it is absent.
value() {
	python3 - "$1" <<-'END'
		import json, re, sys
		value = json.load(open("body"))
		for name, index in re.findall(r"([A-Za-z]+)|\[(\d+)\]", sys.argv[1]):
		    value = value[int(index)] if index else value.get(name)
		print(value)
	END
}

# face_id PHOTO [QUERY]: detect the largest face; print its faceId.
face_id() {
	call 200 POST "detect?${2-}" "@$1" >&2 && value '[0].faceId'
}
