#!/usr/bin/env bats
# What becomes of photos when workers cannot install their sandbox.

load helper

without_landlock() {
	"$BATS_TEST_DIRNAME/without-landlock" "$@"
}

@test "without Landlock no photo is read, and the message names the cause and the fix" {
	draw anna.jpg 1
	expect 2 without_landlock "$FACECTL" detect anna.jpg
	empty out
	says err "cannot install its sandbox: "
	says err "no Landlock (not in this kernel)"
	says err "core.sandbox = best-effort"
	[ "$(wc -l <err)" -eq 1 ]
}

@test "with sandbox = best-effort photos are read, and one message says what is missing" {
	draw anna.jpg 1
	draw ben.jpg 2
	printf '[core]\nsandbox = best-effort\n' >best.conf
	expect 0 without_landlock "$FACECTL" --config best.conf -j 2 detect anna.jpg ben.jpg
	says out anna.jpg
	says out ben.jpg
	says err "photos are read in an incomplete sandbox, because core.sandbox is best-effort: "
	says err "no Landlock (not in this kernel)"
	[ "$(grep -c sandbox err)" -eq 1 ]
	expect 0 without_landlock "$FACECTL" --sandbox best-effort -q detect anna.jpg
	empty err
}

@test "the option goes before the variable, the variable before the configuration" {
	draw anna.jpg 1
	printf '[core]\nsandbox = best-effort\n' >best.conf
	FACECTL_SANDBOX=strict expect 2 without_landlock "$FACECTL" --config best.conf detect anna.jpg
	FACECTL_SANDBOX=best-effort expect 2 without_landlock "$FACECTL" --sandbox strict detect anna.jpg
	expect 2 "$FACECTL" --sandbox none detect anna.jpg
	says err "best-effort"
}

@test "a complete sandbox needs no message" {
	draw anna.jpg 1
	expect 0 "$FACECTL" --sandbox best-effort detect anna.jpg
	empty err
}

@test "doctor names an incomplete sandbox, a problem unless best-effort allows it" {
	expect 1 without_landlock "$FACECTL" --format tsv doctor
	says out "NOT landlock"
	says out "core.sandbox = best-effort"
	expect 0 without_landlock "$FACECTL" --sandbox best-effort --format tsv doctor
	says out "NOT landlock"
}
