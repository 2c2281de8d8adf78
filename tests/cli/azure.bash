# Requests to the Azure Face API: load it after helper.

# api STATUS METHOD PATH [OPTION...]: the answer has this HTTP status; its body is in the file body. PATH is below /face/v1.0.
api() {
	local wanted=$1 method=$2 path=$3
	shift 3
	run_split "$FACECTL" api -i "$method" "/face/v1.0/$path" "$@"
	tr -d '\r' <out >headers
	sed '1,/^$/d' headers >body
	if ! head -n 1 headers | grep -qx "HTTP/1.1 $wanted"; then
		echo "$method $path $*: not $wanted but:"
		cat out err
		return 1
	fi
	mkdir -p answers
	printf '%s\t%s\t%s\t%s\n' "$method" "${path%%\?*}" "$wanted" "$(tr -d '\n' <body)" >>answers/log
}

# refuses STATUS CODE MESSAGE METHOD PATH [OPTION...]: the documented error.
refuses() {
	local status=$1 code=$2 message=$3
	shift 3
	api "$status" "$@" || return 1
	says body "\"code\":\"$code\"" || return 1
	says body "\"message\":\"$message"
}

# member NAME: a member of the object in the file body.
member() {
	python3 -c 'import json, sys; print(json.load(open("body"))[sys.argv[1]])' "$1"
}

# ids MEMBER: the values of a member with an id in the file body, one a line.
ids() {
	grep -oE "\"$1\":\"[^\"]*" body | cut -d '"' -f 4
}

# Every answer of a test is valid by Microsoft's description of the API, where that is beside the project.
validate_answers() {
	local description=${FACECTL_TEST_SHARED:-}/documents/azure-face-v1.0.json
	if [ -f answers/log ] && [ -f "$description" ] && python3 -c 'import jsonschema' 2>/dev/null; then
		python3 "$BATS_TEST_DIRNAME/azure_schema.py" "$description" answers/log
	fi
}

teardown() {
	validate_answers
}
