# The gallery as a whole: what is in it, backing it up, making it smaller.

load helper

# template_of PHOTO: its one face's template, in base64.
template_of() {
	"$FACECTL" --gallery none --format ndjson detect --with template "$1" | sed -n 's/.*"template":"\([^"]*\)".*/\1/p'
}

# holds FILE BASE64: the bytes are somewhere in the file.
holds() {
	python3 -c 'import base64, sys; sys.exit(base64.b64decode(sys.argv[2]) not in open(sys.argv[1], "rb").read())' "$1" "$2"
}

# enrol GALLERY NUMBER PERSON [POSE]
enrol() {
	draw "$3.jpg" "${@:3}"
	expect 0 "$FACECTL" --gallery "$1" set --space s --person-id "$2" "$3.jpg"
}

# damage_template PHOTO: change one byte of the photo's template wherever the data file holds it.
damage_template() {
	python3 - "$(template_of "$1")" <<-'END'
		import base64, sys
		data = bytearray(open("gallery/data.mdb", "rb").read())
		template = base64.b64decode(sys.argv[1])
		at = data.find(template)
		assert at >= 0
		while at >= 0:
		    data[at + 5] ^= 1
		    at = data.find(template)
		open("gallery/data.mdb", "wb").write(data)
	END
}

@test "stats counts what is there" {
	enrol gallery 1 ada
	enrol gallery 2 bruno
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery stats
	says out '"type":"gallery_stats"'
	says out '"model":"facectl-embed-2"'
	says out '"persons":2,"faces":2,"entries":2,"crops":0'
	says out '"tail":2,"deleted":0'
	says out "\"bytes\":$(stat -c %s gallery/data.mdb),"
	expect 0 "$FACECTL" --gallery gallery --format tsv gallery stats --tables
	says out $'gallery_table\t1\tface\t2\t'
	expect 0 "$FACECTL" --gallery gallery gallery stats
	says out 'free pages'
	expect 5 "$FACECTL" --gallery nowhere gallery stats
}

@test "a backup is a gallery, closed to others, with a manifest that fits" {
	enrol gallery 1 ada
	umask 022
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery backup kept
	says out '"type":"backup"'
	says out '"persons":1,"faces":1,"entries":1'
	[ "$(stat -c %a kept)" = 700 ]
	[ "$(stat -c %a kept/data.mdb)" = 600 ]
	[ "$(stat -c %a kept/backup.json)" = 600 ]
	says kept/backup.json "\"sha256\":\"$(sha256sum <kept/data.mdb | cut -d ' ' -f 1)\""
	says out "$(sha256sum <kept/data.mdb | cut -d ' ' -f 1)"
	expect 0 "$FACECTL" --gallery kept --format tsv recognize --no-entry --space s ada.jpg
	says out $'\tknown\t'
	expect 0 "$FACECTL" --gallery kept gallery check
	# It has a life of its own.
	expect 0 "$FACECTL" --gallery gallery delete --space s --person-id 1
	expect 0 "$FACECTL" --gallery kept --format tsv spaces list
	says out $'\ts\t1\t1\t1\t'
}

@test "a backup replaces nothing unasked" {
	enrol gallery 1 ada
	mkdir empty full
	: >full/note
	: >file
	expect 0 "$FACECTL" --gallery gallery gallery backup empty/
	expect 4 "$FACECTL" --gallery gallery gallery backup empty
	says err "'empty' already contains a backup: use --force to replace it"
	enrol gallery 2 bruno
	expect 0 "$FACECTL" --gallery gallery gallery backup --force empty
	expect 0 "$FACECTL" --gallery empty --format tsv spaces list
	says out $'\ts\t2\t2\t2\t'
	expect 4 "$FACECTL" --gallery gallery gallery backup --force full
	[ -f full/note ]
	expect 4 "$FACECTL" --gallery gallery gallery backup --force file
	expect 2 "$FACECTL" --gallery gallery gallery backup --force gallery
	expect 2 "$FACECTL" --gallery gallery gallery backup gallery/inside
	expect 74 "$FACECTL" --gallery gallery gallery backup nowhere/kept
	# Nothing is left of what failed.
	[ -z "$(find . -name '.*.new')" ]
}

# hold FOLDER: keep it locked until fd 8 is closed, like a backup that is running.
hold() {
	mkdir -p "$1"
	exec 8<"$1"
	flock 8
}

@test "a second backup to the same folder waits, then reports that it is busy" {
	enrol gallery 1 ada
	expect 0 "$FACECTL" --gallery gallery gallery backup kept
	sha256sum kept/data.mdb >before
	hold .kept.new
	expect 75 "$FACECTL" --gallery gallery --lock-timeout 20ms gallery backup --force kept
	says err "another backup to 'kept' is running: waited 0.0 s"
	expect 0 sha256sum --quiet -c before
	[ -d .kept.new ]
	# Another name is not affected.
	expect 0 "$FACECTL" --gallery gallery --lock-timeout 20ms gallery backup other
	[ -d .kept.new ]
	exec 8<&-
	expect 0 "$FACECTL" --gallery gallery gallery backup --force kept
	expect 0 "$FACECTL" --gallery kept gallery check
	[ -z "$(find . -name '.*.new')" ]
}

@test "the backup that ends second replaces the first only with --force" {
	enrol gallery 1 ada
	hold .kept.new
	"$FACECTL" --gallery gallery --lock-timeout 20s gallery backup kept 2>said 8<&- &
	enrol other 1 bruno
	expect 0 "$FACECTL" --gallery other gallery backup done
	mv done kept
	exec 8<&-
	run_split wait $!
	[ "$status" -eq 4 ]
	says said "'kept' already contains a backup: use --force to replace it"
	[ -z "$(find . -name '.*.new')" ]
}

@test "what a killed backup left is reported by doctor and removed by the next backup" {
	enrol gallery 1 ada
	expect 0 "$FACECTL" --gallery gallery gallery backup kept
	mkdir -p .kept-1.new .kept-2.new/new .kept-3.new .kept-4.new/old .kept-5.new/new .mine.new
	chmod 700 .kept-*.new
	cp kept/data.mdb .kept-1.new # as older versions did
	cp kept/data.mdb kept/lock.mdb .kept-2.new/new
	cp kept/data.mdb .kept-3.new
	cp kept/data.mdb .kept-4.new/old # killed between two renames
	cp kept/backup.json .kept-5.new/new # killed while it was removed
	cp kept/data.mdb .mine.new
	: >.mine.new/note
	hold .kept-3.new
	run_split "$FACECTL" --gallery gallery doctor
	says out ".kept-1.new"
	says out ".kept-2.new"
	says out ".kept-5.new"
	lacks out ".kept-3.new"
	lacks out ".mine.new"
	expect 0 "$FACECTL" --gallery gallery gallery backup other
	[ "$(find . -maxdepth 1 -name '.*.new' | sort | xargs)" = "./.kept-3.new ./.mine.new" ]
	exec 8<&-
	cmp kept-4/data.mdb kept/data.mdb
	run_split "$FACECTL" --gallery gallery doctor
	says out ".kept-3.new"
	expect 0 "$FACECTL" --gallery gallery gallery backup --force kept-3
	[ "$(find . -maxdepth 1 -name '.*.new')" = "./.mine.new" ]
	run_split "$FACECTL" --gallery gallery doctor
	lacks out ".new"
}

@test "a backup beside a writer is one moment" {
	local number
	enrol gallery 1 ada
	for number in 2 3 4 5 6 7 8; do
		head -c 2 ada.jpg >"$number.jpg"
		printf '\xff\xfe\x00\x06%04d' "$number" >>"$number.jpg"
		tail -c +3 ada.jpg >>"$number.jpg"
	done
	for number in 2 3 4 5 6 7 8; do
		"$FACECTL" --gallery gallery set --space s --person-id "$number" "$number.jpg" >/dev/null
	done &
	for number in 1 2 3 4 5; do
		expect 0 "$FACECTL" --gallery gallery gallery backup --force kept
		expect 0 "$FACECTL" --gallery kept gallery check
	done
	wait
	expect 0 "$FACECTL" --gallery gallery gallery check
}

@test "a damaged gallery makes no backup, and is not compacted" {
	enrol gallery 1 ada
	damage_template ada.jpg
	expect 5 "$FACECTL" --gallery gallery gallery backup kept
	says err "no backup of gallery 'gallery' was created: record face/"
	[ ! -e kept ]
	[ -z "$(find . -name '.*.new')" ]
	cp gallery/data.mdb before
	expect 5 "$FACECTL" --gallery gallery gallery compact
	says err "gallery 'gallery' was not rewritten: "
	cmp gallery/data.mdb before
	[ ! -e gallery/new.mdb ]
}

@test "check names each damaged record and ends with 5" {
	enrol gallery 1 ada
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery check
	says out '"problems":0'
	empty err
	damage_template ada.jpg
	expect 5 "$FACECTL" --gallery gallery --format ndjson gallery check
	says err 'record face/'
	says out '"faces":'
	lacks out '"problems":0'
}

@test "compact leaves nothing of a deleted template, and all of the others" {
	local number gone kept
	enrol gallery 1 ada
	for number in 2 3 4 5 6; do
		enrol gallery "$number" bruno "$number"
	done
	enrol gallery 7 emeka
	gone=$(template_of emeka.jpg)
	kept=$(template_of ada.jpg)
	holds gallery/data.mdb "$gone"
	expect 0 "$FACECTL" --gallery gallery delete --space s --person-id 7
	holds gallery/data.mdb "$gone"
	expect 0 "$FACECTL" --gallery gallery --format tsv recognize --no-entry --space s ada.jpg
	cp out before
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery compact
	says out "\"bytes\":$(stat -c %s gallery/data.mdb),"
	run_split holds gallery/data.mdb "$gone"
	[ "$status" -eq 1 ]
	holds gallery/data.mdb "$kept"
	[ "$(stat -c %a gallery/data.mdb)" = 600 ]
	[ ! -e gallery/new.mdb ]
	expect 0 "$FACECTL" --gallery gallery gallery check
	expect 0 "$FACECTL" --gallery gallery --format tsv recognize --no-entry --space s ada.jpg
	cmp out before
	# And it takes more.
	enrol gallery 8 emeka
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery stats
	says out '"persons":7,'
}

@test "compact waits for those who have the gallery open" {
	enrol gallery 1 ada
	mkfifo hold
	# A reader of standard input that has the gallery open.
	"$FACECTL" --gallery gallery --jobs 1 recognize --space s ada.jpg - <hold >/dev/null 2>&1 &
	pid=$!
	exec 9>hold
	for _ in $(seq 100); do
		if grep -q gallery/data.mdb "/proc/$pid/maps"; then break; fi
		sleep 0.1
	done
	expect 75 "$FACECTL" --gallery gallery --lock-timeout 200ms gallery compact
	says err "in use by process $pid:"
	cat ada.jpg >&9
	exec 9>&-
	wait "$pid"
	expect 0 "$FACECTL" --gallery gallery gallery compact
}

@test "writers and a compaction at once lose nothing" {
	local number
	enrol gallery 1 ada
	for number in 2 3 4 5 6 7 8 9; do
		head -c 2 ada.jpg >"$number.jpg"
		printf '\xff\xfe\x00\x06%04d' "$number" >>"$number.jpg"
		tail -c +3 ada.jpg >>"$number.jpg"
	done
	for number in 2 3 4 5 6 7 8 9; do
		"$FACECTL" --gallery gallery set --space s --person-id "$number" "$number.jpg" >/dev/null || : >failed
	done &
	for number in 1 2 3 4 5 6; do
		expect 0 "$FACECTL" --gallery gallery gallery compact
	done
	wait
	[ ! -e failed ]
	expect 0 "$FACECTL" --gallery gallery --format tsv spaces list
	says out $'\ts\t9\t9\t9\t'
	expect 0 "$FACECTL" --gallery gallery gallery check
}

@test "kill -9 at a random moment of compact leaves a good gallery" {
	local rounds=$((${FACECTL_TEST_KILLS:-100} / 5)) pid round
	expect 0 "$WRITE_LOG" gallery 20000 50
	expect 0 "$FACECTL" --gallery gallery --format tsv spaces list
	cp out before
	RANDOM=11
	for ((round = 1; round <= rounds; round++)); do
		"$FACECTL" --gallery gallery gallery compact >/dev/null 2>&1 &
		pid=$!
		sleep "0.$(printf '%03d' $((RANDOM % 150)))"
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
		"$FACECTL" --gallery gallery --format tsv spaces list >after
		cmp before after
	done
	expect 0 "$FACECTL" --gallery gallery gallery check
	# What a killed one left goes with the next that writes.
	: >gallery/new.mdb
	expect 0 "$FACECTL" --gallery gallery gallery compact
	[ ! -e gallery/new.mdb ]
}

# on_frozen COMMAND...: with a gallery and a backup of it on a read-only file system, which lacks the lock files of the backup.
on_frozen() {
	unshare --map-root-user --mount sh -c '
		mkdir -p frozen && mount -t tmpfs -o mode=700 none frozen &&
		cp -r backup frozen/backup && rm -f frozen/backup/*lock* &&
		cp -r gallery frozen/gallery && mount -o remount,ro frozen && exec "$@"' sh "$@"
}

@test "a gallery on a read-only file system is read and not changed" {
	unshare --map-root-user --mount mount -t tmpfs none /mnt || skip "mounting is not possible here"
	enrol gallery 1 ada
	expect 0 "$FACECTL" --gallery gallery gallery backup backup
	expect 0 "$FACECTL" --gallery gallery gallery export
	cp out records
	for place in frozen/gallery frozen/backup; do
		expect 0 on_frozen "$FACECTL" --gallery "$place" gallery check
		expect 0 on_frozen "$FACECTL" --gallery "$place" gallery stats
		expect 0 on_frozen "$FACECTL" --gallery "$place" gallery backup --force "copy"
		expect 0 on_frozen "$FACECTL" --gallery "$place" gallery export
		cmp records out
		expect 0 on_frozen "$FACECTL" --gallery "$place" --format tsv recognize --no-entry --space s ada.jpg
		says out $'\tknown\t'
		expect 77 on_frozen "$FACECTL" --gallery "$place" gallery import records
		says err "gallery '$place' is on a read-only file system: it can be read but not changed"
		expect 77 on_frozen "$FACECTL" --gallery "$place" recognize --space s ada.jpg
		# Two readers at once: a line that is no record tells when the second one failed.
		expect 0 on_frozen sh -c '{ cat records && sleep 0.1 && "$@" gallery stats >/dev/null || echo no; } |
			"$@" profiles search --space s --template -' sh "$FACECTL" --gallery "$place"
	done
	expect 77 on_frozen "$FACECTL" --gallery frozen/new gallery import records
}

@test "a folder that is no gallery is called that, whatever its mode" {
	mkdir -m 755 papers
	echo dear >papers/letter.txt
	expect 5 "$FACECTL" --gallery papers gallery stats
	says err "there is no gallery in 'papers'"
	lacks err chmod
	expect 5 "$FACECTL" --gallery /etc gallery stats
	says err "there is no gallery in '/etc'"
}

# A gallery of format 1: persons 1 to 4 of space 5 with 1, 2, 3 and 5 faces, three persons of space 6 with one face each.
unpack_format_1() {
	mkdir -m 700 gallery
	(umask 077 && gzip -dc "$BATS_TEST_DIRNAME/gallery-format-1.mdb.gz" >gallery/data.mdb)
}

@test "a gallery of format 1 is upgraded on request, and keeps everything" {
	unpack_format_1
	cp gallery/data.mdb before
	expect 5 "$FACECTL" --gallery gallery gallery stats
	says err "gallery 'gallery' has format 1, which is too old: 'facectl gallery upgrade' converts it to format 5"
	expect 5 "$FACECTL" --gallery gallery gallery check
	cmp gallery/data.mdb before
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery upgrade
	says out '"type":"upgrade"'
	says out '"format_before":1,"format":5'
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery check
	says out '"spaces":2,"persons":7,"faces":14,"entries":0'
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery stats
	says out '"format":5,'
	says out '"tail":7,'
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery upgrade
	says out '"format_before":5,"format":5'
	expect 0 "$FACECTL" --gallery gallery gallery export
	[ "$(grep -c '"type":"face"' out)" = 14 ]
}

@test "kill -9 at a random moment of an upgrade leaves the old gallery or the new one" {
	unpack_format_1
	cp gallery/data.mdb before
	for _ in 1 2 3 4 5; do
		cp before gallery/data.mdb
		"$FACECTL" --gallery gallery gallery upgrade >/dev/null 2>&1 &
		sleep "0.00$((RANDOM % 10))"
		kill -9 $! 2>/dev/null || true
		wait $! || true
		expect 0 "$FACECTL" --gallery gallery gallery upgrade
		expect 0 "$FACECTL" --gallery gallery --format ndjson gallery check
		says out '"persons":7,"faces":14,"entries":0'
	done
}

@test "a damaged mean of a person is found by check and repaired by reindex" {
	draw first.jpg ada
	draw second.jpg ada 2
	expect 0 "$FACECTL" --gallery gallery set --space s --person-id 1 first.jpg second.jpg
	expect 0 "$FACECTL" --gallery gallery gallery check
	python3 - <<-'END'
		data = bytearray(open("gallery/data.mdb", "rb").read())
		# a mean of two faces: the face 0, the count, the dimension, then the sum
		head = bytes(8) + (2).to_bytes(4, "little") + (128).to_bytes(4, "little")
		place = data.find(head)
		assert place >= 0
		while place >= 0:
		    data[place + len(head) + 40] ^= 1
		    place = data.find(head, place + len(head))
		open("gallery/data.mdb", "wb").write(data)
	END
	expect 5 "$FACECTL" --gallery gallery gallery check
	says err "mean/"
	expect 0 "$FACECTL" --gallery gallery gallery reindex
	expect 0 "$FACECTL" --gallery gallery gallery check
}

@test "a person with two photos is compared by the mean, and the most similar face is named" {
	draw first.jpg ada
	draw second.jpg ada 2
	draw other.jpg bruno
	expect 0 "$FACECTL" --gallery gallery --format ndjson set --space s --person-id 1 first.jpg second.jpg
	expect 0 "$FACECTL" --gallery gallery set --space s --person-id 2 other.jpg
	expect 0 "$FACECTL" --gallery gallery --format ndjson recognize --no-entry --space s second.jpg
	says out '"person_id":1'
	says out '"best_face":2,"best_similarity":1'
	says out '"threshold_basis":"fmr 0.001, for the mean of 2 photos"'
	two=$(sed 's/.*"threshold":\([0-9.]*\).*/\1/' out)
	# the mean of two different templates is neither of them
	lacks out '"similarity":1,'
	expect 0 "$FACECTL" --gallery gallery --format ndjson profiles search --no-entry --space s first.jpg
	says out '"best_face":1,"best_similarity":1'
	lacks out '"similarity":1,'
	expect 0 "$FACECTL" --gallery gallery --format ndjson recognize --no-entry --space s other.jpg
	says out '"similarity":1,'
	says out '"best_face":3,"best_similarity":1'
	says out '"threshold_basis":"fmr 0.001"'
	# the mean of several photos needs a higher similarity
	one=$(sed 's/.*"threshold":\([0-9.]*\).*/\1/' out)
	awk -v one="$one" -v two="$two" 'BEGIN { exit !(two > one * 1.01 && two < one * 1.1) }'
	# a number is used as it is
	expect 0 "$FACECTL" --gallery gallery --format ndjson recognize --no-entry --space s --threshold 0.5 second.jpg
	says out '"threshold":0.5,"threshold_basis":"given"'
}
