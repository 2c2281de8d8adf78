#!/usr/bin/env bats
# config list, get, set and check: where every value comes from, and every mistake with its place.

load helper

# configure <LINES: this is the user's configuration, $file.
configure() {
	mkdir -p "$HOME/.config/facectl"
	cat >"$HOME/.config/facectl/facectl.conf"
}

vk=$'[service "vk"]\n\ttype = smarty\n\turl = https://localhost:1\n\ttoken-file = ~/token'

eval "helper_$(declare -f setup)"

setup() {
	helper_setup
	file=$HOME/.config/facectl/facectl.conf
}

@test "show tells every value and where it comes from" {
	configure <<<$'# a comment\n[core]\n\tformat = text\n[limits]\nmax-side = 77\n'
	FACECTL_LOCK_TIMEOUT=1500ms expect 0 "$FACECTL" config list --show-origin --jobs 3
	grep -qE '^core.jobs +3 +command line$' out
	grep -qE '^limits.lock-timeout +1500ms +FACECTL_LOCK_TIMEOUT$' out
	grep -qE "^limits.max-side +77 +$file:5\$" out
	grep -qE "^core.format +text +$file:3\$" out
	grep -qE '^limits.max-file-size +64MiB +default$' out
	expect 0 "$FACECTL" config list
	lacks out default
	FACECTL_FORMAT=ndjson expect 0 "$FACECTL" config list
	says out '{"type":"setting","schema":1,"key":"limits.max-side","value":"77","source":"file","origin":"'"$file:5"'","file":"'"$file"'","line":5}'
}

@test "show tells a service's settings, defaults of its type among them, and no password" {
	configure <<<"$vk"
	printf '\tproxy = http://user:sesame-open@proxy.example:3128\n' >>"$file"
	expect 0 "$FACECTL" config list --show-origin
	grep -qE "^service.vk.url +https://localhost:1 +$file:3\$" out
	grep -qE "^service.vk.token-file +$HOME/token +$file:4\$" out
	grep -qE '^service.vk.max-photos +100 +default$' out
	grep -qE '^service.vk.timeout +5m +default$' out
	grep -qE '^service.vk.proxy +http://REDACTED@proxy.example:3128' out
	lacks out sesame
	expect 0 "$FACECTL" --format json config get service.vk.proxy
	lacks out sesame
}

@test "get prints one value" {
	configure <<<"$vk"
	expect 0 "$FACECTL" config get service.vk.url
	[ "$(cat out)" = https://localhost:1 ]
	expect 0 "$FACECTL" config get limits.max-side
	[ "$(cat out)" = 20000 ]
	expect 1 "$FACECTL" config get core.jobs
	says err "'core.jobs' has no value"
	expect 1 "$FACECTL" config get service.vk.ca-file
	expect 2 "$FACECTL" config get core.jobbs
	says err "did you mean 'core.jobs'?"
	expect 2 "$FACECTL" config get service.vk.ulr
	says err "did you mean 'url'?"
	expect 2 "$FACECTL" config get service.vk
	says err service.NAME.KEY
	expect 2 "$FACECTL" config get
}

@test "set changes one line and keeps every other" {
	configure <<<$'# keep me\n[core]\n\tjobs = 1 ; and me\n\n[service "vk"]\n\ttype = smarty\n\t# this too\n\turl = https://old\n'
	chmod 640 "$file"
	expect 0 "$FACECTL" config set core.jobs 4
	expect 0 "$FACECTL" config set service.vk.url https://new
	expect 0 "$FACECTL" config set service.vk.retries 0
	expect 0 "$FACECTL" config set limits.max-side 9
	diff "$file" - <<<$'# keep me\n[core]\n\tjobs = 4 ; and me\n\n[service "vk"]\n\ttype = smarty\n\t# this too\n\turl = https://new\n\tretries = 0\n\n\n[limits]\n\tmax-side = 9'
	[ "$(stat -c %a "$file")" = 640 ]
}

@test "set makes a file and a service out of nothing" {
	expect 2 "$FACECTL" config set service.vk.url https://x
	says err "service 'vk' has no type"
	expect 0 "$FACECTL" config set service.vk.type smarty
	expect 0 "$FACECTL" config set service.vk.url https://x
	expect 0 "$FACECTL" config get service.vk.url
	[ "$(stat -c %a "$HOME/.config/facectl/facectl.conf")" = 600 ]
	expect 0 "$FACECTL" --config other.conf config set core.format tsv
	expect 0 "$FACECTL" --config other.conf config get core.format
	says out tsv
}

@test "set refuses what the setting does not take, or a line does not keep" {
	configure <<<"$vk"
	cp "$file" before
	for pair in 'core.jobs many' 'core.format xml' 'core.quiet perhaps' 'service.vk.type smart' 'service.vk.retries -1' \
		'service.vk.reties 1' 'service.vk.token secret' 'service.V.type smarty' 'service.local.type smarty' 'nonsense 1'; do
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" config set $pair
	done
	expect 2 "$FACECTL" config set service.vk.token-command 'get ;token'
	expect 2 "$FACECTL" config set service.vk.token-command ' get'
	expect 2 "$FACECTL" config set service.vk.token-command $'get\nthis'
	expect 2 "$FACECTL" config set core.gallery ''
	diff before "$file"
}

@test "check names every mistake with its file and line" {
	configure <<-'END'
		[core]
		galery = x
		what is this
		service = vkk
		[limits]
		max-side = many
		[service "vk"]
		type = smarty
		reties = 1
		url = https://user@host
		token-file = /nonexistent/token
		ca-file = /nonexistent/ca
		[service "old"]
		type = smart
		url = https://x
		[nothing]
		a = b
	END
	expect 2 "$FACECTL" --format tsv config check
	cut -f 3-5 out | tail -n +2 | cut -c 1-300 >found
	says err "errors in the configuration"
	grep -qE "problem	$file	2	there is no setting 'core.galery'" <(cut -f 3- out)
	grep -qE "problem	$file	3	expected '\[section\]' or 'name = value'" <(cut -f 3- out)
	grep -qE "problem	$file	4	core.service names a service that does not exist" <(cut -f 3- out)
	grep -qE "problem	$file	6	limits.max-side takes a whole number" <(cut -f 3- out)
	grep -qE "problem	$file	9	a service of type smarty has no setting 'reties'" <(cut -f 3- out)
	grep -qE "problem	$file	12	the certificates in '/nonexistent/ca'" <(cut -f 3- out)
	grep -qE "problem	$file	14	type must be one of" <(cut -f 3- out)
	grep -qE "problem	$file	17	there is no setting 'nothing.a'" <(cut -f 3- out)
	grep -qE "problem	$file	11	service 'vk': cannot read the token: cannot open" <(cut -f 3- out)
}

@test "check opens every service, and sends and runs nothing" {
	configure <<<"$vk"
	expect 2 "$FACECTL" config check
	says out token
	echo secret-enough >"$HOME/token"
	chmod 644 "$HOME/token"
	expect 2 "$FACECTL" config check
	says out "is open to others (mode 644)"
	chmod 600 "$HOME/token"
	expect 0 "$FACECTL" config check
	empty out
	says err "1 file read, no errors found"
	sed -i "s|token-file.*|token-command = touch $PWD/ran|" "$file"
	expect 0 "$FACECTL" config check
	[ ! -e ran ]
	sed -i 's|url = .*|url = http://192.0.2.1|' "$file"
	expect 2 "$FACECTL" config check
	grep -qE "problem +$file +3 .*plain-http" out
}

@test "check warns of a file that others may write, and of a password that they may read" {
	configure <<<"$vk"
	(umask 077 && echo secret-enough >"$HOME/token")
	chmod 666 "$file"
	expect 0 "$FACECTL" config check
	says out warning
	says out "other users can write this file"
	lacks out password
	printf '\tproxy = http://user:sesame-open@proxy.example:3128\n' >>"$file"
	chmod 644 "$file"
	expect 0 "$FACECTL" config check
	says out "the file contains a proxy password, and other users can read it"
	lacks out sesame
	chmod 600 "$file"
	expect 0 "$FACECTL" config check
	empty out
}

@test "check warns of quotes around a value, which are part of it" {
	configure <<-END
		[core]
		gallery = "/srv/faces"
		service = vk
		[service "vk"]
		type = smarty
		url = 'https://smarty.mail.ru'
		token-command = "/usr/bin/pass" "vk"
	END
	expect 2 "$FACECTL" --format tsv config check
	grep -qE "warning	$file	2	the quotes around the value of 'gallery' are part of it; remove them" <(cut -f 3- out)
	grep -qE "warning	$file	6	the quotes around the value of 'url' are part of it" <(cut -f 3- out)
	lacks out token-command
	configure <<<"[service \"vk\"]
type = smarty
url = https://smarty.mail.ru
token-env = VK
proxy = http://\"quoted\".example:3128"
	VK=secret-enough expect 0 "$FACECTL" config check
	lacks out quotes
}

@test "a file that cannot be read is a mistake, and so is one that is missing" {
	expect 2 "$FACECTL" --config missing.conf config check
	says out missing.conf
	printf '[core]\nquiet = \0no\n' >nul.conf
	expect 2 "$FACECTL" --config nul.conf config check
	says out "NUL byte"
	{
		echo '[core]'
		printf 'gallery = %9000s\n' x
		echo 'galery = x'
	} >long.conf
	expect 2 "$FACECTL" --config long.conf --format tsv config check
	grep -q $'\t2\tthe line is too long' out
	grep -q $'\t3\tthere is no setting' out
}

@test "a file that the system refuses to read is no mistake in it" {
	local as=()
	expect 74 "$FACECTL" --config /proc/self/mem spaces list
	says err "configuration '/proc/self/mem': cannot read"
	printf '[core]\nquiet = no\n' >closed.conf
	chmod 000 closed.conf
	if [ "$(id -u)" -eq 0 ]; then
		as=(setpriv --reuid=65534 --clear-groups)
		"${as[@]}" test -r . -a -x "$FACECTL" || skip "as root, in folders that are closed to others"
	fi
	run_split "${as[@]}" "$FACECTL" --config closed.conf models list
	[ "$status" -eq 77 ]
	says err "Permission denied"
}

@test "show and get work with mistakes in the file, other commands do not" {
	configure <<<$'[core]\nformat = json\ngalery = x\n'
	expect 0 "$FACECTL" config get core.format --format text
	says out text
	expect 0 "$FACECTL" config list
	says err "line 3: there is no setting 'core.galery'"
	expect 2 "$FACECTL" spaces list
}

@test "services list names each service, its address and its commands" {
	configure <<<"$vk"
	expect 0 "$FACECTL" services list
	[ "$(grep -o -w profiles out | wc -l)" -eq 1 ]
	says out "https://localhost:1"
	grep -qE '^vk +smarty .* file +no +set, recognize, delete, truncate, services, api$' out
	grep -qE '^local +local +.*yes' out
	expect 0 "$FACECTL" --service vk --format ndjson services list
	says out '"name":"vk","service_type":"smarty","url":"https://localhost:1","token":"file","default":true,"commands":"set, recognize, delete, truncate, services, api","verbs":["set","set --sync","recognize","delete","truncate","services check","api"]'
}

@test "services check without anything to test, or to reach" {
	expect 1 "$FACECTL" services check
	says err "no service is configured"
	configure <<<"$vk"
	expect 2 "$FACECTL" services check vkk
	says err "did you mean 'vk'?"
	expect 77 "$FACECTL" services check
	(umask 077 && echo secret-enough >"$HOME/token")
	expect 75 "$FACECTL" services check
	says err "service 'vk': cannot connect to 'localhost'"
	lacks err secret-enough
	lacks out secret-enough
}

@test "a token-command in a file that others can change is not run" {
	configure <<<"${vk/token-file = */token-command = touch $PWD/ran; echo secret-enough}"
	chmod 620 "$file"
	expect 77 "$FACECTL" services check
	says err "service 'vk': token-command is not run, because other users can change '$file'"
	[ ! -e ran ]
	chmod 600 "$file"
	expect 75 "$FACECTL" services check
	[ -e ran ]
}

@test "a process with templates leaves no core file" {
	mkfifo paths
	"$FACECTL" detect --files-from paths >out 2>err 3>&- &
	run=$!
	exec 9>paths
	grep -E '^Max core file size +0 +0 ' "/proc/$run/limits"
	exec 9>&-
	wait "$run" || true
}

@test "unset removes a setting from the file, and keeps the other lines" {
	mkdir -p "$HOME/.config/facectl"
	local file=$HOME/.config/facectl/facectl.conf
	printf '# mine\n[core]\n\tformat = tsv ; short\n\tjobs = 2\n[limits]\n\tmax-side = 300\n[core]\n\tformat = ndjson\n' >"$file"
	expect 0 "$FACECTL" config unset core.format
	says err "core.format is no longer set in '$file'"
	printf '# mine\n[core]\n\tjobs = 2\n[limits]\n\tmax-side = 300\n[core]\n' | diff - "$file"
	expect 1 "$FACECTL" config unset core.format
	says err "does not set core.format"
	expect 2 "$FACECTL" config unset core.fromat
	says err "did you mean 'core.format'?"
	expect 0 "$FACECTL" config unset limits.max-side
	lacks "$file" max-side
}
