#!/usr/bin/env bats
# services check: who is there, who knows the token, and what is said of the others. Nothing changes by it.

load wire

@test "a service that is well" {
	expect 0 "$FACECTL" services check
	grep -qE '^vk +ok +ok +200 +[0-9.]+ +fake-1$' out
	empty err
	state 'state["requests"], state["spaces"]' '(1, {})'
	expect 0 "$FACECTL" services check -v --format ndjson vk
	says out '"name":"vk","result":"ok","status":"ok","http_status":200'
	says err "POST $FAKE_URL/api/v1/persons/recognize?oauth_token=REDACTED&oauth_provider=mcs: 200 in "
	lacks err canary
}

@test "a token that is not known" {
	echo another-token-than-that >token
	expect 77 "$FACECTL" services check
	says err "service 'vk': HTTP 403: Forbidden"
	grep -qE '^vk +failed +permission +200' out
	lacks err another-token
}

@test "a token or certificates that are not there" {
	mv token kept
	expect 77 "$FACECTL" services check
	says err "service 'vk': cannot read the token: cannot open '$PWD/token': No such file or directory"
	expect 77 vk truncate --space 5 --yes
	mv kept token
	set_key ca-file "$PWD/nothing.pem"
	expect 77 "$FACECTL" services check
	says err "cannot read certificates from '$PWD/nothing.pem'"
	state 'state["requests"]' 0
}

@test "trouble, and something that is no such service" {
	control faults '["503:0"]'
	expect 75 "$FACECTL" services check
	says err "HTTP 503"
	state 'state["requests"]' 1
	control faults '["html"]'
	expect 7 "$FACECTL" services check
	says err "is the url that of a Smarty service?"
	control faults '["redirect"]'
	expect 7 "$FACECTL" services check
}

@test "a certificate that is not to be trusted, or nobody there" {
	for url in "$FAKE_URL_EXPIRED" "$FAKE_URL_SELF_SIGNED" "$FAKE_URL_WRONG_HOST"; do
		set_key url "$url"
		expect 77 "$FACECTL" services check
		says err certificate
	done
	set_key url https://127.0.0.1:1
	expect 75 "$FACECTL" services check
	says err "cannot connect"
	set_key url https://no-such-host.invalid
	expect 75 "$FACECTL" services check
	says err "cannot resolve 'no-such-host.invalid'"
	state 'state["requests"]' 0
}

@test "of several services the first failure decides" {
	cat >>"$HOME/.config/facectl/facectl.conf" <<-END
		[service "another"]
			type = smarty
			url = https://127.0.0.1:1
			token-file = $PWD/token
	END
	expect 75 "$FACECTL" services check --format tsv
	grep -q $'\tanother\tfailed\tbusy' out
	grep -q $'\tvk\tok\tok' out
	expect 0 "$FACECTL" services check vk
}

@test "services have the documented addresses" {
	configure <<-END
		[service "vk"]
			type = smarty
		[service "neuro"]
			type = neuroio
	END
	expect 0 "$FACECTL" services list --format ndjson
	fields name url >got
	diff - got <<-END
		local -
		neuro https://api.neuroio.com
		vk https://smarty.mail.ru
	END
}
