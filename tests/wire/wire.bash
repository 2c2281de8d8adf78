# What the tests of the program against the fake services share: load it with "load wire". run.py starts the fakes.

load ../cli/helper

: "${FAKE_URL:?start these tests with run.py}"
wire_folder=$BATS_TEST_DIRNAME

eval "helper_$(declare -f setup)"

setup() {
	helper_setup
	control reset
	unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
	install -m 600 "$FAKE_TOKEN_FILE" token
	configure <<-END
		[service "vk"]
			type = smarty
			url = $FAKE_URL
			token-file = $PWD/token
			ca-file = $FAKE_CA
			retry-wait = 10ms
	END
}

# configure <LINES: this is the user's configuration.
configure() {
	mkdir -p "$HOME/.config/facectl"
	cat >"$HOME/.config/facectl/facectl.conf"
}

# azure_section: the section of an Azure service, "face".
azure_section() {
	cat <<-END
		[service "face"]
			type = azure
			url = $FAKE_URL/face/v1.0/
			token-file = $PWD/token
			ca-file = $FAKE_CA
			retry-wait = 10ms
			rate-limit = 0
			training-poll = 1ms
	END
}

# platform_section NAME TYPE: the section of a platform service.
platform_section() {
	cat <<-END
		[service "$1"]
			type = $2
			url = $FAKE_URL/$2
			token-file = $PWD/token
			ca-file = $FAKE_CA
			retry-wait = 10ms
			origin = door
	END
}

# a_service_of_each_type: sections vk (smarty), face (azure), neuro and serp.
a_service_of_each_type() {
	{
		azure_section
		platform_section neuro neuroio
		platform_section serp serp
	} >>"$HOME/.config/facectl/facectl.conf"
}

# set_key KEY VALUE: one more line in the section at the end of the configuration.
set_key() {
	printf '\t%s = %s\n' "$1" "$2" >>"$HOME/.config/facectl/facectl.conf"
}

# control VERB [JSON]
control() {
	"$wire_folder/control.py" "$@" >control.json
}

# state EXPRESSION TEXT: the fake's state, asked in Python as `state`, prints as this text.
state() {
	local got
	control state
	got=$(python3 -c 'import json, sys; state = json.load(open("control.json")); print(eval(sys.argv[1]))' "$1")
	if [ "$got" != "$2" ]; then
		echo "$1 is $got instead of $2"
		return 1
	fi
}

# photo NAME.png FACES [IN.png]: see photo.py; "ada" alone is somewhere in the picture.
photo() {
	case $2 in
	*@* | '') "$wire_folder/photo.py" "$@" ;;
	*) "$wire_folder/photo.py" "$1" "$2@194,76,258,167" ;;
	esac
}

# draw_photo NAME.png [--portrait] PERSON[:POSE]...: a photo in which this machine and the fakes find these people. With --portrait the second one
# is a bystander.
draw_photo() {
	local name=$1 kind=--group who=() known=() i=0 person
	shift
	if [ "$1" = --portrait ]; then
		kind=$1
		shift
	fi
	for person in "$@"; do
		case $person in *:*) ;; *) person=$person:0 ;; esac
		who+=("$person")
		known+=("${person%:*}@$((10 + 60 * i)),20,$((60 + 60 * i)),80")
		i=$((i + 1))
	done
	case $# in
	0) "$DRAW_FACES" --noise 320x320 pixels.png ;;
	1) "$DRAW_FACES" pixels.png "${who[0]%:*}" "${who[0]#*:}" ;;
	*) "$DRAW_FACES" "$kind" pixels.png "${who[@]}" ;;
	esac
	photo "$name" "$(
		IFS=';'
		echo "${known[*]}"
	)" pixels.png
}

vk() {
	"$FACECTL" --service vk "$@"
}

# fields NAME...: these members of each line of out.
fields() {
	python3 -c 'import json, sys
for line in open("out"):
    record = json.loads(line)
    print(*(record.get(name, "-") for name in sys.argv[1:]))' "$@"
}

# compact: standard input's JSON without blanks.
compact() {
	python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin), separators=(",", ":")))'
}
