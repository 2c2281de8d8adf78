#!/usr/bin/env bats
# The token is nowhere but in the requests: it is searched for in all that the program prints, writes, passes on and leaves behind.

load wire

token_text=canary+b313737363830/Zm9vYmFy==

# hidden FILE...: none holds the token, whole, encoded, or in part.
hidden() {
	local found
	for text in "$token_text" 'canary%2Bb3137' 'canary+b3137' 'b313737363830' "$(printf %s "$token_text" | base64)"; do
		if found=$(grep -rlaF -e "$text" "$@"); then
			echo "$text is in $found"
			return 1
		fi
	done
}

# Every verb that a service has, and some that it has not, in every format.
every_verb() {
	local format
	for format in text json ndjson tsv; do
		"$@" --format $format set --space 5 --person-id 1 ada.png
		"$@" --format $format recognize --space 5 ada.png
		"$@" --format $format recognize --space 5 --create-new ada.png
		"$@" --format $format --policy fallback recognize --space 5 ada.png
		"$@" --format $format --policy compare recognize --space 5 ada.png
		"$@" --format $format delete --space 5 --person-id 1
		"$@" --format $format truncate --space 5 --yes
		"$@" --format $format detect ada.png
		"$@" --format $format profiles search --space 5 ada.png
		"$@" --format $format config list --show-origin
		"$@" --format $format config check
		"$@" --format $format services list
		"$@" --format $format services check
		"$@" --format $format doctor
	done >>said 2>&1 || true
}

@test "not in what is printed, with and without -v, whatever goes wrong" {
	photo ada.png ada
	set_key retries 1
	every_verb vk
	every_verb vk -v
	for fault in echo-query 500 503:0 cut html redirect bad-json deep-json envelope:403; do
		control faults "[$(printf '"%s",' $fault $fault $fault)\"$fault\"]"
		{
			vk -v set --space 5 --person-id 1 ada.png
			vk -v --format json recognize --space 5 ada.png
			vk -v truncate --space 5 --yes
			vk -v services check
		} >>said 2>&1 || true
	done
	set_key url "$FAKE_URL_EXPIRED"
	vk -v truncate --space 5 --yes >>said 2>&1 || true
	set_key url https://127.0.0.1:1
	vk -v truncate --space 5 --yes >>said 2>&1 || true
	[ "$(grep -c 'oauth_token=REDACTED' said)" -gt 40 ]
	hidden said
}

@test "not in what a service echoes" {
	photo ada.png ada
	control faults '["echo-query"]'
	expect 7 vk -v truncate --space 5 --yes
	says err "bad query"
	hidden out err
}

@test "not in what a service echoes in another spelling, plain or in JSON" {
	photo ada.png ada
	for format in text json; do
		control faults '["echo-escaped"]'
		expect 7 vk -v --format $format truncate --space 5 --yes
		says err "bad tokens ***"
		hidden out err
	done
}

@test "not in the gallery, the configuration or anything else that is left behind" {
	photo ada.png ada
	cp ada.png kept.png
	every_verb vk
	mv token "$BATS_TEST_TMPDIR-token"
	hidden "$BATS_TEST_TMPDIR"
}

# start ARGUMENT...: a command that waits for a slow service, as $pid.
start() {
	photo ada.png ada
	control faults '["slow:0.1"]'
	"$FACECTL" --service vk "$@" >out 2>err &
	pid=$!
	until control state && [ "$(python3 -c 'import json; print(json.load(open("control.json"))["requests"])')" -gt 0 ]; do
		kill -0 $pid
		sleep 0.05
	done
}

# of_process: arguments and environment of $pid and of its children.
of_process() {
	local task
	for task in $pid $(cat "/proc/$pid"/task/*/children); do
		cat "/proc/$task/cmdline" "/proc/$task/environ"
	done >seen
	[ -s seen ]
}

@test "not in the arguments or the environment of the process and its workers" {
	start set --space 5 --person-id 1 ada.png
	of_process
	kill $pid
	wait $pid || true
	hidden seen
	start --policy fallback recognize --space 5 ada.png
	of_process
	kill $pid
	wait $pid || true
	hidden seen
}

@test "not in the environment once it was taken from there" {
	grep -v token "$HOME/.config/facectl/facectl.conf" >without
	configure <without
	set_key token-env FAKE_SECRET
	export FAKE_SECRET=$token_text
	start set --space 5 --person-id 1 ada.png
	of_process
	kill $pid
	wait $pid || true
	says seen FAKE_SECRET
	hidden seen
}

# core_of ARGUMENT...: this program is ended by SIGABRT while the fake has a request of it, or at once when it is no facectl. Tells whether
# it left a core file, which this process may have as large as the system lets it.
core_of() {
	python3 - "$BATS_TEST_DIRNAME/control.py" "$@" <<-'END'
		import json, os, resource, signal, subprocess, sys, time
		hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
		resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
		control, *words = sys.argv[1:]
		program = os.fork()
		if program == 0:
		    os.execvp(words[0], words)
		def under_way():
		    if "facectl" in words[0]:
		        return json.loads(subprocess.check_output([control, "state"]))["requests"] > 0
		    return open(f"/proc/{program}/comm").read().strip() == words[0]
		while not under_way():
		    time.sleep(0.01)
		os.kill(program, signal.SIGABRT)
		status = os.waitpid(program, 0)[1]
		assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT, status
		print("core" if os.WCOREDUMP(status) else "none")
	END
}

@test "not in a core file: none is made" {
	[ "$(core_of sleep 60)" = core ] || skip "no core files are made here"
	photo ada.png ada
	control faults '["slow:0.1"]'
	[ "$(core_of "$FACECTL" --service vk recognize --space 5 ada.png)" = none ]
}

@test "TLS keys are not written for whoever set SSLKEYLOGFILE" {
	photo ada.png ada
	SSLKEYLOGFILE=$PWD/keys expect 0 vk set --space 5 --person-id 1 ada.png
	[ ! -e keys ]
}
