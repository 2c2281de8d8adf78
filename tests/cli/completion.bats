#!/usr/bin/env bats
# Completion: what 'facectl complete' offers, and the shells that ask it.

load helper

setup_file() {
	mkdir -p "$BATS_FILE_TMPDIR/home"
	cd "$BATS_FILE_TMPDIR" || return 1
	export HOME=$BATS_FILE_TMPDIR/home
	"$DRAW_FACES" ada.jpg ada
	"$DRAW_FACES" bruno.jpg bruno
	"$FACECTL" set --space cast --person-id 1 --name "Ada Lovelace" ada.jpg
	"$FACECTL" set --space cast --person-id 2 bruno.jpg
	"$FACECTL" set --space door --person-id 7 bruno.jpg
	"$FACECTL" origins create lobby --space door
	"$FACECTL" persongroups create staff --name Staff
	"$FACECTL" facelists create suspects --name Suspects
	"$FACECTL" facelists create many --large --name Many
	"$FACECTL" snapshots take --list suspects --apply-scope 11111111-2222-4333-8444-555555555555 --format ndjson >snapshot.ndjson
	mkdir -p "$HOME/.config/facectl" photos
	cp ada.jpg photos/adam.jpg
	cat >"$HOME/.config/facectl/facectl.conf" <<-'END'
		[service "cloud"]
			type = smarty
			url = https://user:secret@example.org
			token-env = TOKEN
		[preset "lines"]
			format = ndjson
	END
}

# offers WORD... = VALUE...: these words are completed to exactly these values.
offers() {
	local words=()
	while [ "$1" != = ]; do
		words+=("$1")
		shift
	done
	shift
	HOME=$BATS_FILE_TMPDIR/home expect 0 "$FACECTL" complete -- "${words[@]}"
	cut -f 1 out | sort >offered
	printf '%s\n' "$@" | sed '/^$/d' | sort | diff -u - offered
	empty err
}

@test "commands, options and their words" {
	offers recogn = recognize
	offers spaces = spaces
	offers spaces 'd' = delete
	offers profiles s = search show
	offers help prof = profiles
	offers help profiles s = search show
	offers recognize --fo = --follow-links --format
	offers recognize --format '' = text json ndjson tsv
	offers --format=n = --format=ndjson
	offers --format nonsense spaces l = list
	offers entries list --result new,n = new,new new,nm new,nf
	offers detect --with '' = face-id template landmarks liveness
	offers recognize --fields path,pers = path,person path,person_id
	offers profiles update --unset '' = name user-data
	offers persons update --unset '' = user-data
	offers origins update x --unset save = save-entries
	offers set --face l = largest
	offers config get core.q = core.quiet
	offers config set api.quotas '' = off free s0
	offers config set core.quiet '' = yes no
	offers config set core.format t = text tsv
	offers config get service.cloud.u = service.cloud.url
	# nothing is known of a new name, a number, a regular expression
	offers origins create '' = ''
	offers set --person-id '' = ''
	offers spaces rename cast '' = ''
	offers nonsense '' = ''
}

@test "names from the gallery, the models and the configuration" {
	offers recognize -s '' = cast door
	offers recognize --space=d = --space=door
	offers spaces rename '' = cast door
	offers recognize --origin '' = lobby
	offers origins show '' = lobby
	offers profiles show '' = "cast/Ada Lovelace" cast/2 door/7
	offers profiles show cast/A = "cast/Ada Lovelace"
	offers profiles show -s cast '' = "Ada Lovelace" 2
	offers profiles merge x --to door/ = door/7
	offers profiles move x --to '' = cast door
	offers entries list --person door/ = door/7
	offers profiles reinit cast/2 '' = :files
	offers identify --group '' = staff cast door
	offers persongroups show st = staff
	offers facelists delete '' = suspects many
	offers faces add --list s = suspects
	local faces snapshots
	mapfile -t faces < <(HOME=$BATS_FILE_TMPDIR/home "$FACECTL" faces list -s door --format tsv --no-header --fields persisted_face_id)
	[ ${#faces[@]} -eq 1 ]
	offers faces show -s door '' = "${faces[0]}"
	mapfile -t snapshots < <(HOME=$BATS_FILE_TMPDIR/home "$FACECTL" snapshots list --format tsv --no-header --fields id)
	[ ${#snapshots[@]} -eq 1 ]
	offers snapshots show '' = "${snapshots[0]}"
	offers gallery share "$(id -gn)" = "$(id -gn)"
	offers --service '' = local cloud
	offers services check c = cloud
	offers --preset '' = lines
	offers --detector '' = facectl-detect yunet
	offers models show mini = minifasnet
	offers detect '' = :files
	offers detect --from '' = :folders
	offers --gallery nowhere recognize -s '' = ''
	# secrets are not shown, and nothing is sent to a service
	HOME=$BATS_FILE_TMPDIR/home expect 0 "$FACECTL" complete -- --service ''
	lacks out secret
	offers --service cloud recognize -s '' = ''
}

# in_shell SHELL: the same on a terminal.
in_shell() {
	local shell=$1
	command -v "$shell" >/dev/null || skip "there is no $shell"
	cd "$BATS_FILE_TMPDIR" || return 1
	HOME=$BATS_FILE_TMPDIR/home
	PATH=$(dirname "$FACECTL"):$PATH
	script=$BATS_TEST_DIRNAME/../../share/completions/facectl.$shell
	try() { "$BATS_TEST_DIRNAME/shells.py" "$shell" "$script" "$@"; }
	try 'facectl recogn' 'recognize '
	try 'facectl spaces sh' 'show '
	try 'facectl recognize -s ' cast door
	try 'facectl recognize --space d' 'door'
	try 'facectl identify --group st' staff
	try 'facectl facelists show ma' many
	try 'facectl --format ' text json ndjson tsv
	try 'facectl --format=n' ndjson
	try 'facectl profiles show cast/A' 'cast/Ada\ Lovelace'
	try 'facectl --service cl' cloud
	try 'facectl models show mobi' mobilefacenet
	try 'facectl config get core.qu' core.quiet
	try 'facectl entries list --result rei' reinit
	try 'facectl detect photos/ad' photos/adam.jpg
	try 'facectl detect --from ph' photos/
}

@test "bash completes" {
	in_shell bash
}

@test "zsh completes" {
	in_shell zsh
}

@test "fish completes" {
	in_shell fish
}
