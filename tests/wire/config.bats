#!/usr/bin/env bats
# What a service's section may say, and what is said about one that is wrong. Nothing is ever sent then.

load wire

# refused STATUS WORDS: a command for the service fails so, and the fake heard nothing.
refused() {
	photo ada.png ada
	expect "$1" vk set --space 5 --person-id 1 ada.png
	says err "$2"
	empty out
	state 'state["requests"]' 0
}

@test "a mistake names file and line, and what was meant" {
	set_key reties 3
	refused 2 "facectl.conf' line 7: a service of type smarty has no setting 'reties'; did you mean 'retries'?"
}

@test "a mistake in a service's section is found before any other service is asked" {
	set_key timeout soon
	expect 2 "$FACECTL" spaces list
	says err "line 7: timeout"
}

@test "an unknown type, a section without a type, a bad name" {
	configure <<<$'[service "vk"]\ntype = smart\n'
	refused 2 "line 2: type must be one of smarty, azure"
	configure <<<$'[service "vk"]\nurl = https://127.0.0.1\n'
	refused 2 "line 2: service 'vk' has no type"
	configure <<<$'[service vk]\ntype = smarty\n'
	refused 2 'line 2: the section of a service must be [service "NAME"]'
	configure <<<$'[service "Vk 2"]\ntype = smarty\n'
	refused 2 'line 2: the section of a service must be [service "NAME"]'
	configure <<<$'[service "local"]\ntype = smarty\n'
	refused 2 "line 2: 'local' is reserved for this machine"
	configure <<<$'[service "vk"\ntype = smarty\n'
	refused 2 "line 1: ']' is missing after the section's name"
}

@test "a service that is not there, with the one that is near" {
	expect 2 "$FACECTL" --service vkk truncate --space 5 --yes
	says err "there is no service 'vkk'; did you mean 'vk'?"
	: | configure
	expect 2 vk truncate --space 5 --yes
	says err "there is no service 'vk': the only configured one is 'local'"
}

@test "a token belongs to nobody else" {
	chmod 640 token
	refused 77 "is open to others (mode 640)"
	chmod 604 token
	refused 77 "is open to others (mode 604)"
	rm token
	refused 77 "cannot read the token"
	: >token
	chmod 600 token
	refused 77 "has no token"
}

@test "just one source of a token, and none in the configuration" {
	set_key token-env FAKE_TOKEN
	refused 2 "the service has more than one token"
	grep -v token "$HOME/.config/facectl/facectl.conf" >without
	configure <without
	refused 2 "the service has no token"
	set_key token secret-in-the-file
	refused 2 "a token cannot be stored in the configuration"
	lacks err secret-in-the-file
}

@test "a token out of the environment, and out of a command" {
	photo ada.png ada
	grep -v token "$HOME/.config/facectl/facectl.conf" >without
	configure <without
	set_key token-env FAKE_SECRET
	expect 77 vk set --space 5 --person-id 1 ada.png
	says err "environment variable 'FAKE_SECRET' (token-env) is not set"
	FAKE_SECRET=$(head -n 1 token) expect 0 vk set --space 5 --person-id 1 ada.png
	configure <without
	set_key token-command "head -n 1 $PWD/token"
	expect 0 vk recognize --space 5 ada.png
	says out person1
	configure <without
	set_key token-command "echo no token today >&2; exit 3"
	expect 77 vk recognize --space 5 ada.png
	says err "no token today"
	says err "the token command failed with exit status 3"
}

@test "two services with one token of the environment" {
	photo ada.png ada
	grep -v token "$HOME/.config/facectl/facectl.conf" >without
	{
		cat without
		printf '\ttoken-env = FAKE_SECRET\n[service "again"]\n'
		sed 1d without
		printf '\ttoken-env = FAKE_SECRET\n'
	} >both
	configure <both
	FAKE_SECRET=$(head -n 1 token) expect 0 "$FACECTL" services check
	[ "$(grep -c '  ok ' out)" = 2 ]
}

# ignoring SIGNAL COMMAND...: the command starts with the signal ignored.
ignoring() {
	python3 -c 'import os, signal, sys
signal.signal(getattr(signal, sys.argv[1]), signal.SIG_IGN)
os.execvp(sys.argv[2], sys.argv[2:])' "$@"
}

@test "a token out of a command, though the parent process ignores SIGCHLD" {
	photo ada.png ada
	grep -v token "$HOME/.config/facectl/facectl.conf" >without
	configure <without
	set_key token-command "head -n 1 $PWD/token"
	expect 0 ignoring SIGCHLD "$FACECTL" --service vk set --space 5 --person-id 1 ada.png
	configure <without
	set_key token-command "exit 3"
	expect 77 ignoring SIGCHLD "$FACECTL" --service vk set --space 5 --person-id 1 ada.png
	says err "the token command failed with exit status 3"
}

@test "a token file below the home folder, by ~" {
	photo ada.png ada
	cp -p token "$HOME/token"
	# shellcheck disable=SC2088
	set_key token-file '~/token'
	rm token
	expect 0 vk set --space 5 --person-id 1 ada.png
}

@test "http without TLS to this machine alone, unless the section says so" {
	photo ada.png ada
	set_key url "$FAKE_URL_HTTP"
	expect 0 vk set --space 5 --person-id 1 ada.png
	set_key url http://192.0.2.1/
	expect 2 vk set --space 5 --person-id 1 ada.png
	says err "http"
	says err plain-http
}

@test "the service can be the default" {
	photo ada.png ada
	printf '[core]\nservice = vk\n' >>"$HOME/.config/facectl/facectl.conf"
	expect 0 "$FACECTL" set --space 5 --person-id 3 ada.png
	state 'state["spaces"]["5"]["persons"]' "{'3': ['ada']}"
	FACECTL_SERVICE=local expect 5 "$FACECTL" spaces show 5
}
