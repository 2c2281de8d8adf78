#!/usr/bin/env bats
# gallery share: a gallery that several accounts use.

load helper

facectl() {
	"$FACECTL" --gallery "${place-g}" --attribute-model none "$@"
}

enrol() {
	draw ada.jpg ada
	expect 0 facectl set -s s --person-id 1 ada.jpg
}

# modes FOLDER: the distinct modes of the folder, and of its files.
modes() {
	stat -c %a "$1"
	stat -c %a "$1"/* | sort -u
}

@test "a shared gallery, its new files and its backups can be used by the group, whatever the umask is" {
	enrol
	[ "$(modes g | paste -sd ' ')" = '700 600' ]
	expect 0 facectl gallery share "$(id -gn)" --format ndjson
	says out "\"shared\":true,\"group\":\"$(id -gn)\""
	[ "$(modes g | paste -sd ' ')" = '2770 660' ]
	rm g/reserve g/lock.mdb
	umask 077
	draw bruno.jpg bruno
	expect 0 facectl set -s s --person-id 2 bruno.jpg
	expect 0 facectl gallery compact
	[ "$(modes g | paste -sd ' ')" = '2770 660' ]
	expect 0 facectl gallery backup b
	[ "$(modes b | paste -sd ' ')" = '2770 660' ]
	expect 0 facectl gallery stats --format ndjson
	says out "\"shared_with\":\"$(id -gn)\""
	expect 0 facectl doctor
	says out "shared with the group '$(id -gn)'"
}

@test "a gallery can be made private again, and is never open to all" {
	enrol
	expect 0 facectl gallery share "$(id -g)"
	chmod o+r g/data.mdb
	expect 77 facectl profiles list
	says err 'is open to others'
	chmod o-r g/data.mdb
	expect 0 facectl gallery share --private
	says out no
	[ "$(modes g | paste -sd ' ')" = '700 600' ]
	# a folder that is open to the group by accident is not shared
	chmod 770 g
	expect 77 facectl profiles list
	chmod 700 g
	expect 1 facectl gallery share no-such-group
	says err "there is no group 'no-such-group'"
	expect 2 facectl gallery share
	expect 2 facectl gallery share "$(id -gn)" --private
}

@test "another account of the group reads, changes and compacts it, and one outside does not" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can be another account'
	local folder member=(setpriv --reuid=65534 --regid=60 --clear-groups) stranger=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	folder=$(mktemp -d /tmp/facectl-share-XXXXXX)
	chmod 755 "$folder"
	"${member[@]}" test -x "$FACECTL" || skip 'facectl is in a folder that other accounts cannot read'
	enrol
	mv g "$folder/g"
	place=$folder/g
	expect 0 facectl gallery share 60
	export HOME=/nonexistent
	expect 0 "${member[@]}" "$FACECTL" --gallery "$place" profiles update s/1 --name Ada
	expect 0 "${member[@]}" "$FACECTL" --gallery "$place" gallery compact
	expect 77 "${stranger[@]}" "$FACECTL" --gallery "$place" profiles list
	expect 77 "${member[@]}" "$FACECTL" --gallery "$place" gallery share --private
	# the data file is the member's: nothing is changed until it is the owner's again
	expect 77 facectl gallery share --private
	[ "$(modes "$place" | paste -sd ' ')" = '2770 660' ]
	expect 0 facectl gallery compact
	expect 0 facectl gallery share --private
	expect 0 facectl profiles list -s s --format tsv
	says out Ada
	rm -r "$folder"
}
