#!/usr/bin/env bats
# Editing the configuration, presets, renaming spaces, messages in the journal.

load helper

# script TEXT: make the program "editor" of these lines.
script() {
	printf '#!/bin/sh\n%s\n' "$1" >"$PWD/editor"
	chmod +x "$PWD/editor"
}

configuration() {
	mkdir -p "$HOME/.config/facectl"
	cat >"$HOME/.config/facectl/facectl.conf"
}

@test "a space is renamed with everything in it" {
	draw ada.jpg ada
	draw again.jpg ada 2
	expect 0 "$FACECTL" set --space people --person-id 1 --name Ada ada.jpg
	expect 0 "$FACECTL" origins create door --space people
	expect 0 "$FACECTL" set --space other --person-id 1 ada.jpg
	expect 0 "$FACECTL" spaces rename people staff --dry-run
	says out "would rename"
	expect 0 "$FACECTL" --format ndjson spaces rename people staff
	says out '"result":"renamed","space":"staff","persons":1,"faces":1,"entries":1'
	expect 1 "$FACECTL" spaces show people
	expect 0 "$FACECTL" --format ndjson recognize --origin door again.jpg
	says out '"person":"person1"'
	expect 0 "$FACECTL" profiles show staff/Ada
	# the ledger knows nothing of the new name, so the photo is examined, and its face is found
	expect 0 "$FACECTL" --format ndjson set --space staff --person-id 1 ada.jpg
	says out '"result":"unchanged"'
	says out '"examined":true'
	expect 0 "$FACECTL" gallery check
	# a new space of the old name is empty
	expect 0 "$FACECTL" --format ndjson set --space people --person-id 1 ada.jpg
	says out '"result":"enrolled"'
	expect 4 "$FACECTL" spaces rename people other
	says err "there is already a space 'other'"
	expect 4 "$FACECTL" spaces rename people people
	expect 1 "$FACECTL" spaces rename poeple new
	says err "did you mean 'people'?"
	expect 2 "$FACECTL" spaces rename people "No Name"
	expect 0 "$FACECTL" gallery check
}

@test "a preset gives options, after the command line and the environment and before the rest of the files" {
	configuration <<-'END'
		[core]
			format = tsv
		[preset "lines"]
			format = ndjson
		[preset "mute"]
			quiet = yes
	END
	expect 0 "$FACECTL" version
	says out "version	1"
	expect 0 "$FACECTL" --preset lines version
	says out '{"type":"version"'
	FACECTL_PRESET=lines expect 0 "$FACECTL" version
	says out '{"type":"version"'
	FACECTL_FORMAT=text expect 0 "$FACECTL" --preset lines version
	says out "facectl "
	expect 0 "$FACECTL" --preset lines --format text version
	says out "facectl "
	# core.preset chooses one for every command
	expect 0 "$FACECTL" config set core.preset lines
	expect 0 "$FACECTL" version
	says out '{"type":"version"'
	expect 0 "$FACECTL" --preset mute version
	says out "version	1"
	expect 0 "$FACECTL" --preset lines --format tsv config list
	says out "setting	1	core.preset	lines	command line"
	expect 0 "$FACECTL" --format tsv config get core.preset
	says out "	file	"
	expect 0 "$FACECTL" --format text config get preset.mute.quiet
	says out yes
	expect 2 "$FACECTL" --preset line version
	says err 'the configuration has no section [preset "line"]; did you mean [preset "lines"]?'
}

@test "a preset is checked with the rest of the configuration" {
	expect 0 "$FACECTL" config set preset.door.format ndjson
	says "$HOME/.config/facectl/facectl.conf" '[preset "door"]'
	expect 0 "$FACECTL" --preset door version
	says out '{"type":"version"'
	expect 2 "$FACECTL" config set preset.door.fromat ndjson
	says err "a preset has no option 'fromat'; did you mean 'format'?"
	expect 2 "$FACECTL" config set preset.door.preset other
	expect 2 "$FACECTL" config set preset.door.format xml
	expect 0 "$FACECTL" config unset preset.door.format
	expect 2 "$FACECTL" --preset door version
	configuration <<-'END'
		[preset "door"]
			jobs = many
			colour = never
	END
	expect 2 "$FACECTL" config check
	says out "jobs"
	says out "a preset has no option 'colour'; did you mean 'color'?"
	expect 2 "$FACECTL" version
	says err "line 2"
}

# editor TEXT: the editor appends this text.
editor() {
	printf '%s' "$1" >"$PWD/addition"
	script "cat '$PWD/addition' >>\"\$2\""
	export EDITOR="$PWD/editor --an-option"
}

@test "config edit: the text replaces the file when it is valid" {
	configuration <<<'[core]'
	chmod 640 "$HOME/.config/facectl/facectl.conf"
	editor '	format = ndjson
'
	expect 0 "$FACECTL" config edit
	says err "is changed"
	expect 0 "$FACECTL" version
	says out '{"type":"version"'
	[ "$(stat -c %a "$HOME/.config/facectl/facectl.conf")" = 640 ]
	cp "$HOME/.config/facectl/facectl.conf" before
	editor '	nonsense = 1
'
	expect 2 "$FACECTL" config edit
	says err "nonsense"
	says err "correct it with 'facectl config edit'"
	cmp before "$HOME/.config/facectl/facectl.conf"
	# the next edit continues with the text
	script "sed -i /nonsense/d \"\$1\""
	EDITOR=$PWD/editor expect 0 "$FACECTL" config edit
	says err "continuing"
	says err "is not changed"
	[ ! -e "$HOME/.config/facectl/facectl.conf.edit" ]
	EDITOR=false expect 2 "$FACECTL" config edit
	says err "the editor 'false' failed"
	cmp before "$HOME/.config/facectl/facectl.conf"
	# VISUAL comes first; a file that does not exist is made
	rm -r "$HOME/.config"
	editor '[core]
	quiet = yes
'
	VISUAL=$PWD/editor\ --an-option EDITOR=false expect 0 "$FACECTL" config edit
	expect 0 "$FACECTL" config get core.quiet
	says out yes
	# a change by somebody else in the meantime is kept
	script "echo '[limits]' >>\"\$1\"; echo '#' >>'$HOME/.config/facectl/facectl.conf'"
	EDITOR=$PWD/editor expect 4 "$FACECTL" config edit
	says err "was changed in the meantime"
}

@test "messages in the journal have priorities" {
	JOURNAL_STREAM="1:2" expect 2 "$FACECTL" nonsense
	lacks err "<"
	: >err
	JOURNAL_STREAM=$(stat -c %d:%i err)
	export JOURNAL_STREAM
	run_again() { "$FACECTL" "$@" >out 2>>err || [ $? -le 2 ]; }
	draw ada.jpg ada
	run_again nonsense
	run_again recognize --space nowhere ada.jpg
	run_again -v detect ada.jpg
	grep -q "^<3>facectl: there is no command 'nonsense'" err
	grep -q "^<5>facectl: nobody can be recognised" err
	grep -q "^<7>facectl: 'ada.jpg': 1 faces" err
}

@test "version -v names the libraries" {
	expect 0 "$FACECTL" version
	[ "$(wc -l <out)" -eq 1 ]
	expect 0 "$FACECTL" --version --verbose
	grep -qE '^lmdb [0-9]+\.' out
	grep -qE '^opencv [0-9]+\.[0-9]+\.[0-9]+$' out
	expect 0 "$FACECTL" --format ndjson version
	says out '"libraries":["'
}
