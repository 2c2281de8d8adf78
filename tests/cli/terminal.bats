# What facectl does on a terminal: questions, manual pages, progress.

load helper

# on_terminal COLUMNS ANSWER COMMAND...
on_terminal() {
	"$BATS_TEST_DIRNAME/terminal.py" "$@"
}

persons() {
	"$FACECTL" --gallery g --format tsv spaces list | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "persons") c = i; next } { print $c }'
}

@test "truncate asks, and only yes empties the space" {
	draw ada.jpg ada
	expect 0 "$FACECTL" --gallery g set --space s --person-id 1 ada.jpg
	for answer in n no '  y' yess ' '; do
		expect 1 on_terminal 80 "$answer" "$FACECTL" --gallery g truncate --space s
		says out '[y/N]'
		says out 'nothing was changed'
		[ "$(persons)" = 1 ]
	done
	expect 0 on_terminal 80 YES "$FACECTL" --gallery g truncate --space s
	[ "$(persons)" = 0 ]
}

@test "erase asks with the numbers of what it would erase" {
	draw ada.jpg ada
	expect 0 "$FACECTL" --gallery g set --space s --person-id 1 ada.jpg
	expect 1 on_terminal 80 n "$FACECTL" --gallery g erase s/1
	says out 'erase 1 person with 1 face and 1 entry for good? [y/N]'
	[ "$(persons)" = 1 ]
	expect 0 on_terminal 80 yes "$FACECTL" --gallery g erase s/1
	says out 'backups'
	[ "$(persons)" = 0 ]
}

@test "help shows the manual page on a terminal, and the options where there is no man" {
	mkdir bin
	printf '#!/bin/sh\necho "manual: $1"\n' >bin/man
	chmod +x bin/man
	PATH=$PWD/bin:$PATH expect 0 on_terminal 80 "" "$FACECTL" help set
	grep -Eq 'manual: .*/facectl-set\.1' out
	expect 0 "$FACECTL" help set
	lacks out manual:
	says out --person-id
	mkdir none
	expect 0 on_terminal 80 "" env PATH="$PWD/none" "$FACECTL" help set
	says out --person-id
}

@test "progress stays on one line of a narrow terminal and is wiped at the end" {
	draw ada.jpg ada
	mkfifo paths
	on_terminal 40 "" sh -c 'exec "$0" --progress always --format ndjson detect --files-from paths >records' "$FACECTL" >out &
	run=$!
	exec 7>paths
	echo ada.jpg >&7
	until grep -q photos, out; do kill -0 "$run" && echo missing.jpg >&7 && sleep 0.1 || return 1; done
	exec 7>&-
	wait "$run" || [ $? -eq 3 ]
	python3 - <<-'END'
		shown = open("out", "rb").read().decode()
		lines = [part.split("\033[K")[0] for part in shown.split("\r") if " photos, " in part and "\033[K" in part]
		assert lines, shown
		assert all(len(line) <= 39 for line in lines), lines
		assert "\r\033[K" in shown, shown
	END
}
