#!/usr/bin/env bats
# Spaces, origins and galleries that do not exist: never silent.

load helper

enrol() {
	draw ada.jpg ada
	draw again.jpg ada 2
	expect 0 "$FACECTL" set --space people --person-id 1 --name Ada ada.jpg
}

@test "a mistyped space is a warning with the nearest name in verbs that read, and an error with --strict" {
	enrol
	for command in recognize "profiles search"; do
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" $command --space poeple again.jpg
		says err "there is no space 'poeple'; did you mean 'people'?"
		[ -s out ]
		# shellcheck disable=SC2086
		expect 1 "$FACECTL" --strict $command --space poeple again.jpg
		says err "did you mean 'people'?"
		empty out
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" --strict $command --space people again.jpg
		lacks err "there is no"
	done
	expect 0 "$FACECTL" --format json recognize --space zzz again.jpg
	says err "nobody can be recognised: there is no space 'zzz'"
	says out '"tag": "undefined"'
	FACECTL_STRICT=1 expect 1 "$FACECTL" recognize --space poeple again.jpg
	# what creates the space does not warn
	expect 0 "$FACECTL" recognize --space other --create-new again.jpg
	lacks err "there is no"
}

@test "a mistyped origin is a warning with the nearest name in verbs that read" {
	enrol
	expect 0 "$FACECTL" origins create lobby --space people
	expect 0 "$FACECTL" recognize --origin loby again.jpg
	says err "there is no origin 'loby'; did you mean 'lobby'?"
	says out unknown
	expect 0 "$FACECTL" profiles search --origin loby again.jpg
	says err "did you mean 'lobby'?"
	expect 1 "$FACECTL" profiles search --strict --origin loby again.jpg
	# what writes does not guess
	expect 1 "$FACECTL" set --origin loby --person-id 2 again.jpg
	says err "did you mean 'lobby'?"
	expect 1 "$FACECTL" profiles create --origin 7 again.jpg
	says err "there is no origin '7'"
	expect 1 "$FACECTL" profiles reinit --origin loby people/1 again.jpg
	says err "there is no origin 'loby'"
	expect 1 "$FACECTL" entries list --origin loby
	says err "did you mean 'lobby'?"
	expect 1 "$FACECTL" entries list --space poeple
	says err "did you mean 'people'?"
}

@test "without a gallery everybody is unknown, and a warning says so" {
	draw ada.jpg ada
	for command in recognize "profiles search" "recognize --dry-run" "recognize --no-entry"; do
		# shellcheck disable=SC2086
		expect 0 "$FACECTL" $command --space 1 ada.jpg
		says err "there is no gallery at '$HOME/.local/share/facectl/gallery'"
		[ -s out ]
		# shellcheck disable=SC2086
		expect 5 "$FACECTL" --strict $command --space 1 ada.jpg
	done
	[ ! -e "$HOME/.local/share/facectl/gallery" ]
	FACECTL_GALLERY=elsewhere expect 0 "$FACECTL" recognize --space 1 ada.jpg
	says err "there is no gallery at 'elsewhere'"
	expect 0 "$FACECTL" --format json recognize -p ada.jpg --meta '{"space":"1"}'
	says out '"tag": "undefined"'
	expect 0 "$FACECTL" --format ndjson extract ada.jpg
	cp out ada.ndjson
	expect 0 "$FACECTL" profiles search --space 1 --template ada.ndjson
	says out nm
	# a dry run that would create the gallery creates none
	expect 0 "$FACECTL" recognize --space 1 --create-new --dry-run ada.jpg
	says out "would create"
	[ ! -e "$HOME/.local/share/facectl/gallery" ]
}

@test "a gallery given by --gallery must exist, and the nearest one is named" {
	enrol
	mv "$HOME/.local/share/facectl/gallery" faces
	expect 5 "$FACECTL" --gallery face recognize --space people again.jpg
	says err "there is no gallery at 'face'; did you mean 'faces'?"
	expect 5 "$FACECTL" --gallery "$PWD/face" profiles search --space people again.jpg
	says err "did you mean '$PWD/faces'?"
	expect 5 "$FACECTL" --gallery ./faecs truncate --yes --space people
	says err "did you mean './faces'?"
}

@test "truncate looks before it asks, and an absent gallery is like an unknown space" {
	expect 1 "$FACECTL" truncate --space 5 --yes
	says out not_found
	expect 1 "$FACECTL" truncate --space 5 </dev/null
	expect 0 mkdir -p "$HOME"
	enrol
	expect 1 "$FACECTL" truncate --space poeple </dev/null
	says err "did you mean 'people'?"
	expect 2 "$FACECTL" truncate --space people </dev/null
	says err "--yes"
}
