#!/usr/bin/env bats
# The units of systemd.

load helper

@test "systemd accepts the units, and their programs exist" {
	command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
	local units=$BATS_TEST_DIRNAME/../../share/systemd name
	mkdir units
	for name in "$units"/*; do
		sed "s|@bindir@/facectl|$FACECTL|" "$name" >"units/$(basename "${name/@./@door.}")"
	done
	XDG_RUNTIME_DIR=$PWD SYSTEMD_UNIT_PATH=$PWD/units: expect 0 systemd-analyze --user --man=no verify units/*
	empty err
	# a mistake is noticed
	echo 'KillMode=all' >>units/facectl-watch@door.service
	sed -i 's/^KillMode=mixed/KillMod=mixed/' units/facectl-watch@door.service
	XDG_RUNTIME_DIR=$PWD SYSTEMD_UNIT_PATH=$PWD/units: run_split systemd-analyze --user --man=no verify units/facectl-watch@door.service
	says err KillMod
}
