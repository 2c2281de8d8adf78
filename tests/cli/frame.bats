#!/usr/bin/env bats
# Help, usage errors, where options stand, and how the program leaves.

load helper

commands() {
	"$FACECTL" dump-options | awk -F '\t' '$5 == "command" { print $1 }'
}

@test "-h goes to standard output, is at most 80 columns wide, and exits with 0" {
	expect 0 "$FACECTL" -h
	empty err
	[ -s out ]
	[ "$(awk 'length > 80' out | wc -l)" -eq 0 ]
	while read -r command; do
		# shellcheck disable=SC2086 # a command of two words
		expect 0 "$FACECTL" $command -h
		empty err
		says out "usage: facectl $command"
		[ "$(awk 'length > 80' out | wc -l)" -eq 0 ]
		cp out short
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" help $command
		diff short out
	done < <(commands)
}

@test "-h begins with the five everyday commands and has every command once" {
	expect 0 "$FACECTL" -h
	[ "$(sed -n '/^Every day:/,/^$/p' out | sed 1d | awk 'NF { print $1 }' | head -5 | tr '\n' ' ')" = "set recognize delete detect verify " ]
	while read -r command; do
		[ "$(grep -cE "^  $command( |\$)" out)" -ge 1 ] || { echo "$command"; return 1; }
	done < <(commands)
}

@test "help shows the pages about batches, output and the configuration" {
	[ -e "$(dirname "$FACECTL")/man/facectl-batch.7" ] || skip "no manual pages were built"
	mkdir programs
	# shellcheck disable=SC2016
	printf '%s\n' '#!/bin/sh' 'echo "page $*"' >programs/man
	chmod +x programs/man
	for page in batch:facectl-batch.7 output:facectl-output.5 configuration:facectl.conf.5; do
		PATH=$PWD/programs:$PATH expect 0 "$FACECTL" help "${page%%:*}"
		says out "/${page#*:}"
	done
	PATH=$PWD/none expect 1 "$FACECTL" help batch
	says err "facectl-batch(7)"
}

@test "-h explains every option of every command" {
	"$FACECTL" dump-options | awk -F '\t' '$3 != "" { print "--" $3, $1 }' >rows
	[ -s rows ]
	while read -r option command; do
		# shellcheck disable=SC2086
		"$FACECTL" $command -h >out
		says out "$option"
	done <rows
}

@test "without a command help goes to standard error, with status 2" {
	expect 2 "$FACECTL"
	empty out
	says err "usage: facectl"
	expect 2 "$FACECTL" spaces
	empty out
	says err "spaces -h"
}

@test "unknown words are refused with the nearest known one" {
	expect 2 "$FACECTL" recognise
	says err "did you mean 'recognize'?"
	expect 2 "$FACECTL" visitors list
	says err "there is no command 'visitors'; 'facectl help' lists them"
	expect 2 "$FACECTL" spaces lst
	says err "did you mean 'spaces list'?"
	expect 2 "$FACECTL" set --spcae 5
	says err "did you mean '--space'?"
	expect 2 "$FACECTL" version extra
	says err "'extra'"
}

@test "an old spelling is refused with the new one" {
	expect 2 "$FACECTL" set --space 5 --plan
	says err "'--plan' is now '--dry-run'"
	expect 2 "$FACECTL" set --space 5 --person-name Amy nosuch.jpg
	lacks err "--person-name"
	expect 2 "$FACECTL" detect --liveness nosuch.jpg
	says err "'--liveness' is now '--with liveness'"
	expect 2 "$FACECTL" gallery reembed -m sface
	says err "'-m' is now '--embedder'"
	expect 2 "$FACECTL" models verify
	says err "'models verify' is now 'models check'"
	expect 2 "$FACECTL" help services test
	says err "'services test' is now 'services check'"
	expect 2 "$FACECTL" config get models.path
	says err "'models.path' is now 'models.model-path'"
}

@test "a command that writes one format refuses another on its command line" {
	expect 2 "$FACECTL" --format tsv extract nosuch.jpg
	says err "'extract' always writes NDJSON"
	expect 2 "$FACECTL" gallery export --format json
	says err "'gallery export' always writes NDJSON"
	FACECTL_FORMAT=json expect 5 "$FACECTL" --gallery nowhere gallery export
	expect 5 "$FACECTL" --gallery nowhere gallery export --format ndjson
}

@test "a folder is no photo, and the message says how it is given" {
	mkdir people
	expect 2 "$FACECTL" set --space 5 people
	says err "'people' is a folder; use 'facectl set --from people'"
	for command in status recognize; do
		expect 2 "$FACECTL" $command --space 5 people
		says err "'people' is a folder; use 'facectl $command --from people'"
	done
	expect 2 "$FACECTL" detect people
	says err "'people' is a folder; use 'facectl detect --from people'"
	expect 2 "$FACECTL" verify people people
	says err "'people' is a folder, not a photo"
}

@test "a folder or list without a photo is status 1, unless that is allowed" {
	mkdir people
	printf 'path\n' >list.tsv
	expect 1 "$FACECTL" set --space 5 --from people
	says err "no photos found in 'people'"
	expect 0 "$FACECTL" set --space 5 --from people --allow-empty
	lacks err "there is no photo"
	expect 1 "$FACECTL" detect --manifest list.tsv
	says err "no photos found in 'list.tsv'"
	expect 0 "$FACECTL" detect --manifest list.tsv --allow-empty
}

@test "--output takes the data, and the file has its name when it is complete" {
	umask 022
	expect 0 "$FACECTL" -V
	cp out version
	expect 0 "$FACECTL" version -o written
	empty out
	cmp version written
	[ "$(stat -c %a written)" = 600 ]
	expect 0 "$FACECTL" version --output -
	cmp version out
	expect 0 "$FACECTL" --format json -o written version
	says written '"version":'
	# What fails leaves the file as it was, except that JSON has an answer for each failure.
	cp written before
	expect 5 "$FACECTL" --gallery g -o written spaces list
	cmp before written
	expect 2 "$FACECTL" --format json -o written set --space 5 a.jpg
	empty out
	says written "no person_id has been provided"
	expect 74 "$FACECTL" -o nowhere/written version
	says err "nowhere"
}

@test "options stand before, behind and between" {
	expect 2 "$FACECTL" --space 5 --format json set a.jpg
	says out "no person_id has been provided"
	expect 2 "$FACECTL" set a.jpg --format=json --space 5 b.jpg
	says out "no person_id has been provided"
	expect 0 "$FACECTL" --format ndjson version
	says out '"type":"version"'
}

@test "what follows two dashes is no option" {
	expect 4 "$FACECTL" detect -- --help
	says err "'--help'"
}

@test "the environment and the configuration give options, in this order" {
	expect 0 env FACECTL_FORMAT=tsv "$FACECTL" version
	says out "version	1"
	mkdir -p "$HOME/.config/facectl"
	printf '[core]\n\tformat = ndjson\n' >"$HOME/.config/facectl/facectl.conf"
	expect 0 "$FACECTL" version
	says out '{"type":"version"'
	expect 0 env FACECTL_FORMAT=tsv "$FACECTL" version
	says out "version	1"
	expect 0 env FACECTL_FORMAT=tsv "$FACECTL" version --format text
	says out "facectl "
	printf '[core]\n\tfromat = ndjson\n' >"$HOME/.config/facectl/facectl.conf"
	expect 2 "$FACECTL" version
	says err "line 2"
	says err "did you mean 'core.format'?"
	expect 2 env FACECTL_JOBS=many "$FACECTL" version --config /dev/null
	expect 2 "$FACECTL" version --config missing.conf
	says err "missing.conf"
}

@test "a service that is not there is refused" {
	expect 2 "$FACECTL" --service cloud spaces list
	says err "there is no service 'cloud'"
}

@test "output that cannot be written is an error" {
	status=0
	"$FACECTL" version >/dev/full 2>err || status=$?
	[ "$status" -eq 74 ]
	says err "standard output"
	status=0
	"$FACECTL" -h >/dev/full 2>err || status=$?
	[ "$status" -eq 74 ]
	# Once, whatever was to follow.
	mkdir photos
	draw photos/ada.jpg ada
	cp photos/ada.jpg photos/again.jpg
	expect 0 "$FACECTL" --gallery g set --space s --person-id 1 --from photos
	for format in json ndjson tsv; do
		status=0
		"$FACECTL" -q --gallery g --format "$format" set --space s --person-id 1 --from photos >/dev/full 2>err || status=$?
		[ "$status" -eq 74 ]
		[ "$(cat err)" = "facectl: cannot write standard output: No space left on device" ]
	done
}

@test "a pipe that somebody has made non-blocking is waited for" {
	expect 0 "$WRITE_LOG" gallery 3000 10
	"$FACECTL" --gallery gallery gallery export --with entries >wanted
	draw ada.jpg ada
	python3 - "$FACECTL" <<-'END'
		import fcntl, os, subprocess, sys, termios, time
		facectl = sys.argv[1]

		def start(words, **descriptors):
		    mine, theirs = os.pipe()[:: 1 if "stdout" in descriptors else -1]
		    os.set_blocking(theirs, False)
		    descriptors = {"stdout": subprocess.PIPE} | {name: theirs for name in descriptors}
		    process = subprocess.Popen([facectl, *words], **descriptors)
		    os.close(theirs)
		    return process, mine

		def is_full(pipe):
		    held = bytearray(4)
		    fcntl.ioctl(pipe, termios.FIONREAD, held)
		    return int.from_bytes(held, sys.byteorder) >= 65536 - 4096

		export, pipe = start(["--gallery", "gallery", "gallery", "export", "--with", "entries"], stdout=None)
		while export.poll() is None and not is_full(pipe):
		    time.sleep(0.01)
		assert os.fdopen(pipe, "rb").read() == open("wanted", "rb").read()
		assert export.wait() == 0
		for words, given in (["-"], open("ada.jpg", "rb").read()), (["--files-from", "-"], b"ada.jpg\n"):
		    detect, pipe = start(["--format", "tsv", "detect", *words], stdin=None)
		    time.sleep(0.2)
		    os.write(pipe, given)
		    os.close(pipe)
		    said = detect.communicate()[0]
		    assert detect.returncode == 0 and b"\tface\t" in said, said
	END
}

@test "a reader that has left ends the program quietly, by SIGPIPE" {
	python3 - "$FACECTL" <<'EOF'
import os, signal, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
done = subprocess.run([sys.argv[1], "version"], stdout=writer, stderr=subprocess.PIPE)
assert done.returncode == -signal.SIGPIPE, done
assert done.stderr == b"", done
EOF
}

@test "closed standard descriptors do no harm" {
	mkdir -p "$HOME/.local/share/facectl"
	status=0
	"$FACECTL" spaces list <&- >&- 2>&- || status=$?
	[ "$status" -eq 5 ]
	status=0
	"$FACECTL" version >&- || status=$?
	[ "$status" -eq 0 ]
}

@test "control characters in names do not reach the terminal" {
	expect 4 "$FACECTL" detect $'evil\033[2J\n.jpg'
	lacks err $'\033'
	says err 'evil\x1b[2J\x0a.jpg'
	lacks out $'\033'
	[ "$(wc -l <err)" -eq 1 ]
}

@test "colour is for terminals, and on request" {
	expect 4 "$FACECTL" detect missing.jpg
	lacks out $'\033'
	expect 4 "$FACECTL" detect missing.jpg --color always
	grep -q $'\033' out
	expect 4 env NO_COLOR=1 FACECTL_COLOR=auto "$FACECTL" detect missing.jpg
	lacks out $'\033'
}

@test "version, spaces and delete map no OpenCV" {
	command -v strace >/dev/null || skip "strace is not here"
	for words in version "spaces list" "delete --space 5 --person-id 1"; do
		# shellcheck disable=SC2086
		strace -f -o trace "$FACECTL" $words >out 2>err || true
		lacks trace opencv
	done
}

@test "the example of a configuration is one, also with its hints in force" {
	local example=$BATS_TEST_DIRNAME/../../share/examples/facectl.conf
	expect 0 "$FACECTL" --config "$example" version
	sed 's/^; //' "$example" >all.conf
	expect 0 "$FACECTL" --config all.conf version
	sed 's/^max-side = .*/max-side = many/' all.conf >off.conf
	expect 2 "$FACECTL" --config off.conf version
	says err "off.conf"
}

@test "on a terminal help shows the manual, and man gets the usual signals" {
	[ -e "$(dirname "$FACECTL")/man/facectl-set.1" ] || skip "no manual pages were built"
	mkdir programs
	cat >programs/man <<-'EOF'
		#!/bin/sh
		echo "page $1"
		grep SigIgn /proc/$$/status
	EOF
	chmod +x programs/man
	PATH=$PWD/programs:$PATH script -qec "$FACECTL help set" /dev/null >out </dev/null
	says out man/facectl-set.1
	# bit 12 is SIGPIPE, bit 24 SIGXFSZ
	ignored=$((16#$(sed -n 's/^SigIgn:[[:space:]]*\([0-9a-f]*\).*/\1/p' out)))
	[ $((ignored >> 12 & 1)) -eq 0 ]
	[ $((ignored >> 24 & 1)) -eq 0 ]
}
