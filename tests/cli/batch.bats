# Enrolling many photos: what is remembered, what is judged, and what an interruption leaves.

load helper

# Once, so that drawing is paid once: tree/ with two persons of two photos each, and one photo without a face.
tree() {
	mkdir -p tree/anna tree/bruno
	draw tree/anna/1.jpg ada 0
	draw tree/anna/2.jpg ada 1
	draw tree/bruno/1.jpg bruno 0
	draw tree/bruno/2.jpg bruno 1
	"$DRAW_FACES" --noise 300x200 tree/bruno/none.jpg
	settle
}

# enrol ARGUMENT...: set --from tree, as TSV.
enrol() {
	"$FACECTL" --gallery g --format tsv set --space s --from tree "$@"
}

# column NAME: that column of the TSV in out.
column() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' out
}

# results: how often each came, "2 enrolled 1 rejected".
results() {
	column result | sort | uniq -c | awk '{ printf "%s%s %s", sep, $1, $2; sep = " " }'
}

# ---- the ledger ----

@test "a second run looks at no photo and writes nothing" {
	tree
	expect 3 enrol
	[ "$(results)" = "4 enrolled 1 rejected" ]
	[ "$(column examined | sort -u)" = yes ]
	cksum g/data.mdb >before
	expect 0 enrol
	[ "$(results)" = "1 skipped 4 unchanged" ]
	[ "$(column examined | sort -u)" = no ]
	[ "$(column reason | grep -c no_face)" -eq 1 ]
	[ "$(column person | sort | uniq -c | awk '{ printf "%s %s ", $1, $2 }')" = "1  2 person1 2 person2 " ]
	[ "$(column name | sort -u | paste -sd ,)" = ",anna,bruno" ]
	cksum g/data.mdb | diff before -
	# Nor are the files opened.
	chmod 0 tree/*/*.jpg
	expect 0 enrol
	[ "$(results)" = "1 skipped 4 unchanged" ]
}

@test "what is only remembered is counted and not listed, unless somebody asks" {
	tree
	expect 3 "$FACECTL" --gallery g set --space s --from tree
	[ "$(wc -l <out)" -eq 6 ]
	expect 0 "$FACECTL" --gallery g set --space s --from tree
	[ "$(wc -l <out)" -le 1 ]
	says err "5 photos: 4 unchanged, 1 skipped"
	expect 0 "$FACECTL" --gallery g -v set --space s --from tree
	[ "$(wc -l <out)" -eq 6 ]
}

@test "a second run starts no worker" {
	command -v strace >/dev/null || skip "no strace"
	tree
	expect 3 enrol
	expect 0 env ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" strace -f -e trace=execve,fork,vfork,clone,clone3 -o calls "$FACECTL" --gallery g -q set --space s --from tree
	lacks calls facectl-worker
	expect 0 env ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" strace -f -e trace=openat -o calls "$FACECTL" --gallery g -q set --space s --from tree
	lacks calls .jpg
}

@test "a file that moved is known, whatever it is called" {
	tree
	expect 3 enrol
	mv tree/anna/1.jpg tree/anna/renamed.jpg
	mkdir tree/anna/2019
	mv tree/anna/2.jpg tree/anna/2019/2.jpg
	cp tree/bruno/1.jpg tree/bruno/copy.jpg
	settle
	expect 0 enrol
	[ "$(results)" = "1 skipped 5 unchanged" ]
	[ "$(column examined | sort -u)" = no ]
	expect 0 "$FACECTL" --gallery g gallery check
	# And by its new path alone from then on.
	chmod 0 tree/*/*.jpg tree/anna/2019/2.jpg
	expect 0 enrol
	[ "$(results)" = "1 skipped 5 unchanged" ]
}

@test "a file that was touched is hashed and known" {
	tree
	expect 3 enrol
	touch -d yesterday tree/anna/1.jpg
	settle
	expect 0 enrol
	[ "$(results)" = "1 skipped 4 unchanged" ]
	[ "$(column examined | sort -u)" = no ]
}

@test "a file that changed replaces its face, and leaves it when the new photo is refused" {
	tree
	expect 3 enrol
	draw tree/anna/1.jpg ada 3
	"$DRAW_FACES" --noise 301x200 tree/anna/2.jpg
	settle
	expect 3 enrol
	[ "$(results)" = "1 rejected 1 replaced 1 skipped 2 unchanged" ]
	expect 0 "$FACECTL" --gallery g --format tsv spaces list
	says out $'\ts\t2\t4\t'
	expect 0 "$FACECTL" --gallery g gallery check
	expect 0 enrol
	[ "$(results)" = "2 skipped 3 unchanged" ]
	# Good again: what the file held first goes now.
	draw tree/anna/2.jpg ada 4
	settle
	expect 0 enrol
	[ "$(results)" = "1 replaced 1 skipped 3 unchanged" ]
	expect 0 "$FACECTL" --gallery g --format tsv spaces list
	says out $'\ts\t2\t4\t'
}

@test "a changed file whose old photo is elsewhere still takes nothing away" {
	tree
	cp tree/anna/1.jpg tree/anna/copy.jpg
	settle
	expect 3 enrol
	draw tree/anna/1.jpg ada 3
	settle
	expect 0 enrol
	[ "$(results)" = "1 enrolled 1 skipped 4 unchanged" ]
	expect 0 "$FACECTL" --gallery g --format tsv spaces list
	says out $'\ts\t2\t5\t'
}

# faces: each stored face with its UUID, in order.
stored() {
	"$FACECTL" --gallery g --format tsv faces list --space s >out || return 1
	column face | sort
}

@test "photos of a person that are renamed in turn keep their faces" {
	tree
	for i in 3 4 5; do draw tree/anna/$i.jpg ada $i; done
	settle
	expect 3 enrol
	stored >before
	for i in 5 4 3 2 1; do mv tree/anna/$i.jpg tree/anna/$((i + 1)).jpg; done
	settle
	expect 0 enrol
	[ "$(column examined | sort -u)" = no ]
	stored | diff before -
	expect 0 enrol
	[ "$(results)" = "1 skipped 7 unchanged" ]
	stored | diff before -
	# Two photos that take each other's place, and one that is overwritten.
	mv tree/anna/2.jpg aside
	mv tree/anna/3.jpg tree/anna/2.jpg
	mv aside tree/anna/3.jpg
	mv tree/anna/5.jpg tree/anna/6.jpg
	settle
	expect 0 enrol
	[ "$(stored | wc -l)" = $(($(wc -l <before) - 1)) ]
	stored | comm -13 before - >added
	empty added
	expect 0 enrol
	[ "$(results)" = "1 skipped 6 unchanged" ]
	expect 0 "$FACECTL" --gallery g gallery check
}

@test "a run that ends early does not remove the faces of photos that it has not reached" {
	tree
	expect 3 enrol
	stored >before
	mv tree/anna/2.jpg tree/anna/3.jpg
	mv tree/anna/1.jpg tree/anna/2.jpg
	settle
	echo path,name >list.csv
	echo tree/anna/2.jpg,anna >>list.csv
	for i in {1..300}; do echo absent$i.jpg,anna; done >>list.csv
	echo tree/anna/3.jpg,anna >>list.csv
	expect 75 "$FACECTL" --gallery g -j 1 set --space s --manifest list.csv --max-errors 1
	stored | diff before -
	expect 0 enrol
	stored | diff before -
}

@test "who is deleted is enrolled again" {
	tree
	expect 3 enrol
	expect 0 "$FACECTL" --gallery g --format tsv profiles list --space s --name anna
	pid=$(column pid)
	expect 0 "$FACECTL" --gallery g profiles delete "$pid"
	expect 0 enrol
	[ "$(results)" = "2 enrolled 1 skipped 2 unchanged" ]
	expect 0 "$FACECTL" --gallery g truncate --space s --yes
	expect 3 enrol
	[ "$(results)" = "4 enrolled 1 rejected" ]
	expect 0 "$FACECTL" --gallery g gallery check
}

@test "failures are looked at again when they should be" {
	tree
	expect 3 enrol
	expect 3 enrol --retry-failed
	[ "$(results)" = "1 rejected 4 unchanged" ]
	[ "$(column examined | paste -sd ' ')" = "no no no no yes" ]
	expect 3 enrol --no-ledger
	[ "$(column examined | sort -u)" = yes ]
	# Words are always looked at.
	expect 4 "$FACECTL" --gallery g set --space s --person-id 1 tree/bruno/none.jpg
	says err "no face found"
}

@test "photos of one group that are the same become one face" {
	tree
	cp tree/anna/1.jpg tree/anna/again.jpg
	cp tree/anna/1.jpg tree/bruno/stolen.jpg
	settle
	expect 3 enrol
	[ "$(results)" = "4 enrolled 1 failed 1 rejected 1 unchanged" ]
	says err "this photo is already a face of person 1 (anna)"
	expect 0 "$FACECTL" --gallery g --format tsv spaces list
	says out $'\ts\t2\t4\t'
}

@test "profiles create goes by the ledger too" {
	tree
	expect 3 "$FACECTL" --gallery g --format tsv profiles create --space s --from tree
	[ "$(column action | sort | uniq -c | awk '{ printf "%s %s ", $1, $2 }')" = "2 enrolled 1 rejected 2 unchanged " ]
	column pid >pids
	expect 0 "$FACECTL" --gallery g --format tsv profiles create --space s --from tree
	[ "$(column examined | sort -u)" = no ]
	[ "$(column action | sort | uniq -c | awk '{ printf "%s %s ", $1, $2 }')" = "1 skipped 4 unchanged " ]
	column pid | diff pids -
	expect 0 "$FACECTL" --gallery g gallery check
}

# ---- status ----

# standings: how often each came.
standings() {
	column standing | sort | uniq -c | awk '{ printf "%s%s %s", sep, $1, $2; sep = " " }'
}

@test "status of a list that cannot be read completely is 3" {
	draw ada.jpg ada
	printf 'path,person_id\nada.jpg,1\n,2\n' >list.csv
	expect 3 "$FACECTL" --gallery g status --space s --manifest list.csv
	grep -Eq "new +- +1" out
	says err 'there may be more photos'
}

@test "status says what a run would do, and a run leaves nothing to do" {
	tree
	expect 1 "$FACECTL" --gallery g --format tsv status --space s --from tree
	[ "$(standings)" = "5 new" ]
	[ ! -e g ]
	expect 3 enrol
	expect 0 "$FACECTL" --gallery g --format tsv status --space s --from tree
	empty err
	[ "$(standings)" = "1 failed 4 unchanged" ]
	[ "$(column reason | grep -c no_face)" -eq 1 ]
	mv tree/anna/1.jpg tree/anna/moved.jpg
	draw tree/anna/2.jpg ada 4
	draw tree/anna/3.jpg ada 5
	rm tree/bruno/2.jpg
	settle
	cksum g/data.mdb >before
	expect 1 "$FACECTL" --gallery g --format ndjson status --space s --from tree
	empty err
	python3 - <<'PYTHON'
import json
found = {r["path"].split("tree/")[1]: r["standing"] for r in map(json.loads, open("out"))}
assert found == {"anna/moved.jpg": "moved", "anna/2.jpg": "changed", "anna/3.jpg": "new", "bruno/1.jpg": "unchanged",
                 "bruno/none.jpg": "failed", "bruno/2.jpg": "gone"}, found
PYTHON
	cksum g/data.mdb | diff before -
	expect 1 "$FACECTL" --gallery g status --space s --from tree
	grep -Eq "changed +- +1" out
	grep -Eq "failed +no_face +1" out
	expect 0 enrol
	expect 0 "$FACECTL" --gallery g --format tsv status --space s --from tree
	[ "$(standings)" = "1 failed 1 gone 4 unchanged" ]
	# Other rules would look at it again.
	expect 1 "$FACECTL" --gallery g --format tsv status --space s --from tree --retry-failed
	[ "$(standings)" = "1 gone 1 new 4 unchanged" ]
	expect 0 "$FACECTL" --gallery g gallery check
}

# ---- rules ----

@test "a face must measure what is asked for, and the words say what it does" {
	tree
	rm tree/bruno/none.jpg
	expect 4 enrol --min-quality eyes=500
	[ "$(column reason | sort -u)" = face_too_small ]
	grep -Eq "face_too_small: [0-9]+ px between the eyes, 500 required; " err
	# Under the same rules they are passed over; under others judged anew.
	expect 0 enrol --min-quality eyes=500
	[ "$(results)" = "4 skipped" ]
	[ "$(column examined | sort -u)" = no ]
	expect 4 enrol --min-quality sharpness=1
	[ "$(column reason | sort -u)" = too_blurred ]
	expect 4 enrol --min-quality pan=0.001,tilt=0.001
	[ "$(column reason | sort -u)" = turned_away ]
	grep -Eq "turned_away: -?[0-9]+\.[0-9]{3} degrees to the side, at most 0\.001 required; " err
	expect 4 enrol --min-quality 1
	[ "$(column reason | sort -u)" = poor_quality ]
	expect 0 enrol --min-quality 0.1,eyes=20
	[ "$(results)" = "4 enrolled" ]
	expect 2 enrol --min-quality nose=3
	says err "not 'nose=3'"
	expect 2 enrol --min-quality eyes=many
	says err "eyes of --min-quality takes a number, not 'many'"
	expect 2 enrol --min-quality pan=91
	says err "pan of --min-quality takes 0 to 90, not 91"
}

@test "tiny and cut faces are not enrolled unless the limits say so" {
	"$DRAW_FACES" --place 1000x800:0.025 tiny.jpg ada 1
	draw whole.jpg ada
	mkdir cut
	"$(dirname "$DRAW_FACES")/change-photo" 0 400 0.42 cut whole.jpg
	expect 4 "$FACECTL" --gallery g --format tsv set --space s --person-id 1 tiny.jpg
	[ "$(column reason)" = face_too_small ]
	grep -Eq "face_too_small: [0-9]+ px between the eyes, 10 required; " err
	expect 4 "$FACECTL" --gallery g --format tsv set --space s --person-id 1 cut/whole.jpg
	[ "$(column reason)" = cut_off ]
	grep -Eq "cut_off: 0\.[0-9]+ of the face inside the photo, 0\.85 required; " err
	expect 0 "$FACECTL" --gallery g --format tsv recognize --create-new --space s --threshold 0.99 tiny.jpg cut/whole.jpg
	[ "$(column result | sort -u)" = unknown ]
	[ "$(column reason | sort | paste -sd ' ')" = "cut_off face_too_small" ]
	expect 0 "$FACECTL" --gallery g --format tsv recognize --create-new --min-quality eyes=0 --space s --threshold 0.99 tiny.jpg
	[ "$(column result)" = created ]
	expect 0 "$FACECTL" --gallery g set --min-quality visibility=0 --space s --person-id 2 cut/whole.jpg
	expect 2 "$FACECTL" --gallery g recognize --min-quality eyes=0 --space s tiny.jpg
	says err "--create-new"
	expect 4 "$FACECTL" --gallery g --format tsv profiles create --space p tiny.jpg
	[ "$(column reason)" = face_too_small ]
	draw other.jpg ada 2
	expect 0 "$FACECTL" --gallery g --format ndjson profiles create --space p other.jpg
	pid=$(grep -o '"pid":"[^"]*"' out | head -n 1 | cut -d'"' -f4)
	expect 4 "$FACECTL" --gallery g profiles reinit --force "$pid" cut/whole.jpg
	says err "cut_off: 0."
	expect 0 "$FACECTL" --gallery g profiles reinit --force --min-quality visibility=0 "$pid" cut/whole.jpg
}

@test "records of tiny and cut faces are for searching only, unless the limits say so" {
	"$DRAW_FACES" --place 1000x800:0.025 tiny.jpg ada 1
	expect 4 "$FACECTL" extract --name Ada tiny.jpg
	empty out
	says err "face_too_small: "
	expect 0 "$FACECTL" extract --name Ada --face all tiny.jpg
	empty out
	says err "face_too_small: "
	mkdir -p tree/ada
	cp tiny.jpg tree/ada
	expect 4 "$FACECTL" extract --layout dirs --from tree
	empty out
	expect 0 "$FACECTL" extract tiny.jpg
	[ "$(wc -l <out)" -eq 1 ]
	expect 0 "$FACECTL" extract --name Ada --min-quality eyes=0 tiny.jpg
	[ "$(wc -l <out)" -eq 1 ]
}

# One face under two names: dora's photo is ada, from another side.
impostor() {
	mkdir -p tree/dora
	draw tree/dora/1.jpg ada 5
	settle
}

@test "a face that looks like another person is treated by the rule" {
	tree
	rm tree/bruno/none.jpg
	expect 0 enrol
	impostor
	expect 3 enrol --on-duplicate error
	[ "$(results)" = "1 rejected 4 unchanged" ]
	says err "duplicate: similarity 0."
	[ "$(column duplicate_name | grep -c anna)" -eq 1 ]
	expect 0 enrol --on-duplicate skip
	[ "$(results)" = "1 skipped 4 unchanged" ]
	[ "$(column examined | paste -sd ' ')" = "no no no no yes" ]
	expect 0 enrol --on-duplicate skip
	[ "$(column examined | sort -u)" = no ]
	expect 0 enrol --on-duplicate attach
	[ "$(results)" = "1 attached 4 unchanged" ]
	expect 0 "$FACECTL" --gallery g --format tsv profiles list --space s
	[ "$(column name | sort | paste -sd ' ')" = "anna bruno" ]
	expect 0 enrol --on-duplicate attach
	[ "$(results)" = "5 unchanged" ]
	expect 0 "$FACECTL" --gallery g gallery check
}

@test "new stores it all the same, and a deleted double is forgotten" {
	tree
	rm tree/bruno/none.jpg
	expect 0 enrol
	impostor
	expect 3 enrol --on-duplicate error
	expect 0 "$FACECTL" --gallery g --format tsv profiles list --space s --name anna
	expect 0 "$FACECTL" --gallery g profiles delete "$(column pid)"
	rm -r tree/anna
	expect 0 enrol --on-duplicate error
	[ "$(results)" = "1 enrolled 2 unchanged" ]
}

# ---- plans ----

# planned_as_done ARGUMENT...: the plan says what the run then says.
planned_as_done() {
	run_split enrol --dry-run "$@"
	column path >planned
	column result >>planned
	column reason >>planned
	planned_status=$status
	expect "$planned_status" enrol "$@"
	column path >carried_out
	column result >>carried_out
	column reason >>carried_out
	diff planned carried_out
}

@test "a plan says what the run does, and stores nothing" {
	tree
	impostor
	cp tree/anna/1.jpg tree/anna/again.jpg
	cp tree/anna/2.jpg tree/bruno/stolen.jpg
	settle
	expect 3 enrol --dry-run
	[ ! -e g ]
	for rule in new error skip attach; do
		rm -rf g
		planned_as_done --on-duplicate "$rule"
		draw tree/bruno/1.jpg bruno 6
		settle
		planned_as_done --on-duplicate "$rule" --min-quality 0.2
		draw tree/bruno/1.jpg bruno 0
		settle
	done
	rm -rf g
	expect 3 "$FACECTL" --gallery g --format tsv profiles create --space s --from tree --dry-run
	column action >planned
	[ ! -e g ]
	expect 3 "$FACECTL" --gallery g --format tsv profiles create --space s --from tree
	column action | diff planned -
}

# In a gallery that is there, each photo of a plan is tried on its own: what those before it would have made is known all the same.
@test "a plan gives new people their numbers, and finds those who are alike among them" {
	tree
	impostor
	expect 0 "$FACECTL" --gallery g set --space other --person-id 40 tree/anna/2.jpg
	for space in s other; do
		cp -r g before
		expect 3 "$FACECTL" --gallery g --format tsv set --space "$space" --from tree --dry-run --on-duplicate error
		paste <(column path) <(column result) <(column person) >planned
		expect 3 "$FACECTL" --gallery g --format tsv set --space "$space" --from tree --on-duplicate error
		paste <(column path) <(column result) <(column person) | diff planned -
		rm -rf g
		mv before g
	done
	# So it is where there is no gallery.
	expect 3 "$FACECTL" --gallery none --format tsv set --space s --from tree --dry-run --on-duplicate error
	says err "to person 1 (anna)"
	[ "$(column person | sort -u | paste -sd ,)" = ",person1,person2" ]
}

# ---- interruptions ----

# A photo of the same face with other bytes: a JPEG comment behind the first marker.
numbered_photo() {
	head -c 2 "$1"
	printf '\xff\xfe\x00\x06%04d' "$2"
	tail -c +3 "$1"
}

# many N: N photos of two persons in tree/.
many() {
	mkdir -p tree/anna tree/bruno
	draw ada.jpg ada
	draw bruno.jpg bruno
	for ((i = 1; i <= $1 / 2; i++)); do
		numbered_photo ada.jpg "$i" >"tree/anna/$i.jpg"
		numbered_photo bruno.jpg "$i" >"tree/bruno/$i.jpg"
	done
	settle
}

# photos GALLERY: person and photo of every face.
photos() {
	"$FACECTL" --gallery "$1" --format ndjson profiles list --space s --limit 1000 >list
	python3 - "$FACECTL" "$1" <<'PYTHON'
import json, subprocess, sys
facectl, gallery = sys.argv[1:]
rows = []
for line in open("list"):
    profile = json.loads(line)
    shown = subprocess.run([facectl, "--gallery", gallery, "--format", "ndjson", "profiles", "show", profile["pid"]],
                           check=True, capture_output=True, text=True).stdout
    rows += [(profile["name"], json.loads(face)["sha256"]) for face in shown.splitlines() if '"sha256"' in face]
print("\n".join(f"{name} {sha256}" for name, sha256 in sorted(rows)))
PYTHON
}

@test "kill -9 again and again: the same gallery, no photo lost, none twice" {
	local number pid kills=${FACECTL_TEST_BATCH_KILLS:-10}
	many 60
	expect 0 "$FACECTL" --gallery whole -q set --space s --from tree
	RANDOM=11
	for ((number = 1; number <= kills; number++)); do
		"$FACECTL" --gallery g -q --format tsv set --space s --from tree >said 2>/dev/null &
		pid=$!
		sleep "0.$((RANDOM % 6 + 1))"
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
		# What was told is there.
		if [ -e g/data.mdb ]; then
			told=$(grep -cE $'\t(enrolled|unchanged)\t' said || true)
			expect 0 "$FACECTL" --gallery g --format tsv spaces list
			[ "$(column faces)" -ge "${told:-0}" ]
		fi
	done
	expect 0 "$FACECTL" --gallery g -q --format tsv set --space s --from tree
	expect 0 "$FACECTL" --gallery g gallery check
	photos whole >wanted
	[ "$(wc -l <wanted)" -eq 60 ]
	photos g | diff wanted -
}

@test "SIGTERM finishes what is under way, and the next run goes on" {
	many 60
	# The list is a FIFO that stays open, so that the run cannot end before the signal.
	mkfifo rows
	"$FACECTL" --gallery g -j 1 --format tsv set --space s --manifest rows >out 2>err 9>&- &
	pid=$!
	exec 9>rows
	echo path,name >&9
	find tree -name '*.jpg' | sort | head -n 30 | awk -F / '{ print $0 "," $2 }' >&9
	until grep -q enrolled out; do kill -0 "$pid" && sleep 0.01 || return 1; done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	exec 9>&-
	[ "$status" -eq 143 ]
	told=$(column result | grep -c enrolled)
	[ "$told" -gt 0 ]
	[ "$told" -le 30 ]
	expect 0 "$FACECTL" --gallery g --format tsv spaces list
	[ "$(column faces)" -eq "$told" ]
	expect 0 "$FACECTL" --gallery g --format tsv set --space s --from tree
	[ "$(column result | grep -c unchanged)" -eq "$told" ]
	[ "$(column result | grep -c enrolled)" -eq $((60 - told)) ]
}

# ---- poison ----

@test "a photo that its worker does not survive is not tried again" {
	tree
	rm tree/bruno/none.jpg
	# Every worker is late where a photo has a millisecond.
	expect 75 enrol --photo-timeout 1ms
	[ "$(column reason | sort -u)" = timed_out ]
	expect 0 enrol
	[ "$(results)" = "4 skipped" ]
	[ "$(column examined | sort -u)" = no ]
	expect 0 enrol --retry-failed
	[ "$(results)" = "4 enrolled" ]
	expect 0 enrol
	[ "$(results)" = "4 unchanged" ]
}

# Photos of one person by a list, as TSV, one after the other.
listed=("$FACECTL" --gallery g --jobs 1 --photo-timeout 600s --format tsv set --space s --person-id 7)

# three_photos: of one person, of the same size.
three_photos() {
	draw ada.jpg ada
	for number in 1 2 3; do
		numbered_photo ada.jpg "$number" >"$number.jpg"
	done
	printf '%s\n' 1.jpg 2.jpg 3.jpg >list
}

# start_listed: a run that has enrolled 1.jpg and waits for more paths on descriptor 9. Sets $run and $worker.
start_listed() {
	settle
	mkfifo paths
	"${listed[@]}" --files-from - <paths >out 2>err 3>&- &
	run=$!
	exec 9>paths
	echo 1.jpg >&9
	until grep -q enrolled out; do kill -0 "$run" && sleep 0.05 || return 1; done
	worker=$(pgrep -P "$run" facectl-worker)
}

# while_held COMMAND...: a run over three photos; the command while the second is in the hands of its $worker. Its status is $status.
while_held() {
	local run worker
	start_listed
	# Stopped first, so that it is sure to hold the photo.
	kill -STOP "$worker"
	echo 2.jpg >&9
	until find "/proc/$run/fd" -lname '*/2.jpg' | grep -q .; do kill -0 "$run" && sleep 0.05 || return 1; done
	"$@"
	kill -CONT "$worker" 2>/dev/null || true
	echo 3.jpg >&9
	exec 9>&-
	status=0
	wait "$run" || status=$?
}

# hit SIGNAL: while_held, its worker gets the signal.
hit() {
	three_photos
	# shellcheck disable=SC2154
	while_held eval "kill -$1 \$worker"
}

@test "a worker that is killed once costs no photo" {
	hit SEGV
	[ "$status" -eq 0 ]
	[ "$(column result | paste -sd ' ')" = "enrolled enrolled enrolled" ]
	lacks err worker
}

@test "a worker that dies without a photo costs no photo" {
	three_photos
	local run worker
	start_listed
	kill -SEGV "$worker"
	echo 2.jpg >&9
	exec 9>&-
	status=0
	wait "$run" || status=$?
	[ "$status" -eq 0 ]
	[ "$(column result | paste -sd ' ')" = "enrolled enrolled" ]
}

# poisoned SIGNAL: a run over three photos; each worker that gets the second one is ended by the signal.
poisoned() {
	three_photos
	settle
	mkdir -p poisoned
	cp "$FACECTL" poisoned/facectl
	cp "$BATS_TEST_DIRNAME/poisoned-worker" poisoned/facectl-worker
	ln -sf "$(dirname "$FACECTL")/facectl-worker" poisoned/real-worker
	ln -sf "$(dirname "$FACECTL")/share" poisoned/share
	cp 2.jpg poison
	echo "$1" >signal
	expect 3 poisoned/facectl "${listed[@]:1}" --files-from list
	[ "$(column result | paste -sd ' ')" = "enrolled failed enrolled" ]
}

@test "a photo that crashes two workers costs that photo, and is not tried again" {
	poisoned SIGSEGV
	[ "$(column reason | paste -sd ' ')" = " decoder_crashed " ]
	says err "2.jpg': its worker was ended by signal 11"
	expect 0 "${listed[@]}" --files-from list
	[ "$(column result | paste -sd ' ')" = "unchanged skipped unchanged" ]
	[ "$(column reason | paste -sd ' ')" = " decoder_crashed " ]
	[ "$(column examined | sort -u)" = no ]
	expect 0 "${listed[@]}" --files-from list --retry-failed
	[ "$(column result | paste -sd ' ')" = "unchanged enrolled unchanged" ]
	[ "$(column examined | paste -sd ' ')" = "no yes no" ]
}

@test "a photo whose workers another process killed is tried again by the next run" {
	poisoned SIGKILL
	[ "$(column reason | paste -sd ' ')" = " worker_killed " ]
	says err "2.jpg': its worker was ended by signal 9"
	expect 0 "${listed[@]}" --files-from list
	[ "$(column result | paste -sd ' ')" = "unchanged enrolled unchanged" ]
}

@test "a photo whose workers were ended by SIGTERM or the sandbox is tried again by the next run" {
	poisoned SIGSYS
	[ "$(column reason | paste -sd ' ')" = " internal " ]
	expect 3 poisoned/facectl "${listed[@]:1}" --files-from list
	[ "$(column result | paste -sd ' ')" = "unchanged failed unchanged" ]
	echo SIGTERM >signal
	expect 3 poisoned/facectl "${listed[@]:1}" --files-from list
	[ "$(column reason | paste -sd ' ')" = " worker_killed " ]
}

@test "without the codecs module only the photos that need it fail" {
	draw ada.jpg ada
	mkdir bare
	cp "$FACECTL" "$(dirname "$FACECTL")/facectl-worker" bare
	ln -s "$(dirname "$FACECTL")/share" bare/share
	printf 'RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0' >w.jpg
	[ ! -e /usr/local/libexec/facectl/facectl-imgcodecs.so ] || skip "a module is installed"
	expect 3 bare/facectl --format tsv detect w.jpg ada.jpg
	says out ada.jpg
	says err "w.jpg': cannot load '"
}

@test "a photo that changes between two looks is remembered as what was looked at" {
	three_photos
	# The second is hashed before it is looked at, as it has the size of the first.
	while_held cp list 2.jpg
	[ "$status" -eq 3 ]
	[ "$(column result | paste -sd ' ')" = "enrolled rejected enrolled" ]
	numbered_photo ada.jpg 2 >2.jpg
	settle
	expect 0 "${listed[@]}" --files-from list
	[ "$(column result | paste -sd ' ')" = "unchanged enrolled unchanged" ]
	expect 0 "${listed[@]}" --files-from list
	[ "$(column result | paste -sd ' ')" = "unchanged unchanged unchanged" ]
}

# open_in PROCESS FILE: it has a descriptor of the file.
open_in() {
	find "/proc/$1/fd" -lname "*/$2" | grep -q .
}

@test "a photo that was still empty is looked at when it is there" {
	three_photos
	: >3.jpg
	settle
	mkfifo paths
	"${listed[@]}" --jobs 2 --files-from - <paths >out 2>err 3>&- &
	run=$!
	exec 9>paths
	echo 1.jpg >&9
	until grep -q enrolled out; do kill -0 "$run" && sleep 0.05 || return 1; done
	mapfile -t workers < <(pgrep -P "$run" facectl-worker)
	kill -STOP "${workers[@]}"
	# In one write: what comes later waits until the second is done.
	printf '%s\n' 2.jpg 3.jpg >both
	cat both >&9
	until open_in "$run" 2.jpg && open_in "$run" 3.jpg; do kill -0 "$run" && sleep 0.05 || return 1; done
	# The third is answered, and not told of before the second.
	kill -CONT "${workers[1]}"
	while open_in "$run" 3.jpg; do sleep 0.05; done
	numbered_photo ada.jpg 3 >3.jpg
	settle
	kill -CONT "${workers[0]}"
	exec 9>&-
	status=0
	wait "$run" || status=$?
	[ "$status" -eq 3 ]
	[ "$(column reason | paste -sd ' ')" = "  bad_image" ]
	expect 0 "${listed[@]}" --files-from list
	[ "$(column result | paste -sd ' ')" = "unchanged unchanged enrolled" ]
}

@test "a photo that moved to the folder of another person is a conflict in every run" {
	mkdir -p tree/anna tree/bruno
	draw tree/anna/1.jpg ada 0
	draw tree/bruno/1.jpg bruno 0
	settle
	expect 0 enrol
	mv tree/bruno/1.jpg tree/anna/2.jpg
	for ((i = 0; i < 3; i++)); do
		expect 3 enrol
		[ "$(results)" = "1 failed 1 unchanged" ]
		[ "$(column reason | paste -sd ,)" = ,conflict ]
		says err "'tree/anna/2.jpg': this photo is already a face of person 2 (bruno)"
	done
	expect 0 "$FACECTL" --gallery g --format tsv status --space s --from tree
	grep -q 'tree/anna/2.jpg	failed	conflict' out
	mkdir tree/bruno || true
	mv tree/anna/2.jpg tree/bruno/1.jpg
	expect 0 enrol
	[ "$(results)" = "2 unchanged" ]
}
