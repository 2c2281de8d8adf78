#!/usr/bin/env bats
# Messages that say what to do next.

load helper

@test "a mistyped command is answered with the nearest one" {
	while IFS='|' read -r words answer; do
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" $words
		says err "did you mean '$answer'?"
	done <<-'END'
		recog|recognize
		recgonize|recognize
		space list|spaces
		profile|profiles
		merge|profiles merge
		spaces lst|spaces list
		profiles sear|profiles search
		--fromat ndjson set|--format
	END
	# several groups have the command
	expect 2 "$FACECTL" list
	says err "'facectl help' lists them"
	# an option of the command, given before it, is known
	expect 2 "$FACECTL" --space 5 recog
	says err "did you mean 'recognize'?"
}

@test "set warns about a new space whose name is similar to another" {
	draw ada.jpg ada
	expect 0 "$FACECTL" set --space people --person-id 1 ada.jpg
	lacks err "is new"
	expect 1 "$FACECTL" --strict set --space poeple --person-id 1 ada.jpg
	says err "there is no space 'poeple'; did you mean 'people'?"
	for command in "set --person-id 1" "profiles create" "recognize --create-new"; do
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" $command --dry-run --space poeple ada.jpg
		says err "the space 'poeple' is new; there is also a space 'people'"
	done
	expect 0 "$FACECTL" set --space poeple --person-id 1 ada.jpg
	says err "the space 'poeple' is new"
	expect 0 "$FACECTL" set --space poeple --person-id 1 ada.jpg
	lacks err "is new"
	# numbered spaces are similar on purpose
	expect 0 "$FACECTL" set --space room1 --person-id 1 ada.jpg
	expect 0 "$FACECTL" --strict set --space room12 --person-id 1 ada.jpg
	lacks err "is new"
	expect 0 "$FACECTL" --strict set --space room --person-id 1 ada.jpg
	lacks err "is new"
}

@test "photos that lie in no person's folder: the message gives the ways out" {
	mkdir flat
	draw flat/ada.jpg ada
	expect 4 "$FACECTL" set --space s --from flat
	says err "give --layout flat or --person-id N"
	expect 0 "$FACECTL" set --space s --from flat --layout flat --dry-run
	expect 0 "$FACECTL" set --space s --from flat --person-id 3 --dry-run
	expect 4 "$FACECTL" set --space s --from flat --layout flat --pattern '[0-9]+'
	says err "change --pattern or give --person-id N"
}

@test "without a home folder, commands that need no gallery work, and the others say what to give" {
	draw ada.jpg ada
	unset HOME
	for command in "detect ada.jpg" "verify ada.jpg ada.jpg" "extract ada.jpg" "models list" doctor; do
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" $command
	done
	expect 0 "$FACECTL" --format tsv doctor
	says out "gallery	unknown	there is no home folder for a gallery; give --gallery DIR"
	says out "backups	ok"
	for command in "recognize --space s ada.jpg" "set --space s --person-id 1 ada.jpg" "spaces list" "gallery stats"; do
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" $command
		says err "give --gallery DIR"
	done
	expect 0 "$FACECTL" --gallery g set --space s --person-id 1 ada.jpg
	expect 0 "$FACECTL" --gallery g recognize --space s ada.jpg
}

@test "doctor lists every check, whatever fails" {
	expect 0 "$FACECTL" --format tsv doctor
	cut -f 1 out >complete
	mkdir -p empty "$HOME/.config/facectl"
	printf '[core]\n\tnonsense = 1\n' >"$HOME/.config/facectl/facectl.conf"
	expect 1 "$FACECTL" --format tsv --detector nosuch doctor
	cut -f 1 out | diff complete -
	says out "detector	problem"
	says out "worker	unknown"
	says out "configuration	problem"
	says out "facectl config check"
	# the repair works
	expect 2 "$FACECTL" config check
}
