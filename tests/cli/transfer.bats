# Faces that travel: extract, gallery export, gallery import.

load helper

# A gallery with something of everything.
make_gallery() {
	draw ada.jpg ada
	draw ada2.jpg ada 2
	draw bruno.jpg bruno
	draw chidi.jpg chidi
	expect 0 "$FACECTL" --gallery gallery set --space 5 --person-id 1 ada.jpg ada2.jpg
	expect 0 "$FACECTL" --gallery gallery set --space 5 --person-id 9007199254740991 bruno.jpg
	expect 0 "$FACECTL" --gallery gallery profiles create --space door --keep-crops --name 'Chidi "C" Ü' --user-data $'two\nlines' chidi.jpg
	expect 0 "$FACECTL" --gallery gallery origins create --space door --min-facesize 900 camera
	expect 0 "$FACECTL" --gallery gallery spaces update --exact 81.25 door
}

@test "what was exported and imported is exported the same" {
	make_gallery
	expect 0 "$FACECTL" --gallery gallery gallery export --with crops,entries
	cp out first
	expect 0 "$FACECTL" --gallery other --format ndjson gallery import first
	says out '"spaces":2,"origins":1,"persons":3,"faces":4,"entries":4,"unchanged":0,"skipped":0,"failed":0'
	expect 0 "$FACECTL" --gallery other gallery export --with crops,entries
	cmp first out
	expect 0 "$FACECTL" --gallery other gallery check
	# Twice is once.
	expect 0 "$FACECTL" --gallery other --format ndjson gallery import - <first
	says out '"spaces":0,"origins":0,"persons":0,"faces":0,"entries":0'
	says out '"failed":0'
	expect 0 "$FACECTL" --gallery other gallery export --with crops,entries
	cmp first out
	expect 0 "$FACECTL" --gallery other --format tsv recognize --no-entry --space 5 ada.jpg
	says out $'\tknown\t'
}

@test "an export can be of one space or some persons, and goes to a file of the user's own" {
	local pid
	make_gallery
	expect 0 "$FACECTL" --gallery gallery gallery export --space door
	says out '"persons":1,"faces":1,"entries":0'
	lacks out '"space":"5"'
	lacks out '"crop"'
	pid=$(sed -n 's/.*"type":"person".*"pid":"\([^"]*\)".*/\1/p' out)
	umask 022
	expect 0 "$FACECTL" --gallery gallery gallery export --person "$pid" --output some.ndjson
	empty out
	[ "$(stat -c %a some.ndjson)" = 600 ]
	says some.ndjson '"spaces":0,"origins":0,"persons":1,"faces":1,"entries":0'
	expect 1 "$FACECTL" --gallery gallery gallery export --person 0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4 --output none.ndjson
	[ -z "$(find . -name 'none*')" ]
	expect 0 "$FACECTL" --gallery gallery gallery export --person 5/1 --person "${pid%-*}"
	says out '"spaces":0,"origins":0,"persons":2,"faces":3,"entries":0'
	expect 0 "$FACECTL" --gallery gallery gallery export --space 5 --person 1
	expect 1 "$FACECTL" --gallery gallery gallery export --person 5/7
	expect 1 "$FACECTL" --gallery gallery gallery export --space nowhere
	expect 5 "$FACECTL" --gallery nowhere gallery export
	# What is no file is never replaced by one.
	mkfifo pipe
	cat pipe >read &
	expect 0 "$FACECTL" --gallery gallery gallery export --person "$pid" --output pipe
	wait
	[ -p pipe ]
	cmp some.ndjson read
	expect 74 "$FACECTL" --gallery gallery gallery export --output gallery
	says err "cannot replace 'gallery': Is a directory"
}

@test "an export into a pipe that is read slowly holds nothing open" {
	expect 0 "$WRITE_LOG" gallery 20000 10
	mkfifo slow
	"$FACECTL" --gallery gallery gallery export --with entries >slow &
	pid=$!
	exec 9<slow
	for _ in $(seq 100); do
		if grep -q pipe_write "/proc/$pid/wchan" || grep -q '^State:.*S' "/proc/$pid/status"; then break; fi
		sleep 0.1
	done
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery stats
	says out '"readers":0,'
	expect 0 "$FACECTL" --gallery gallery --lock-timeout 1s origins create --space door late
	cat <&9 >said
	exec 9<&-
	wait "$pid"
	says said '"entries":20000}'
}

@test "records that are no records are named and counted, and the others stored" {
	make_gallery
	expect 0 "$FACECTL" --gallery gallery gallery export
	{
		echo 'not JSON'
		grep '"type":"face"' out | head -n 1
		echo '{"type":"face","model":"facectl-embed-2","pid":"1"}'
		echo '{"type":"tree"}'
		echo
		head -c 600000 /dev/zero | tr '\0' x
		echo
		grep '"type":"face"' out | tail -n 1 | sed 's/"template":"./"template":"!/'
		grep '"type":"face"' out | tail -n 1 | sed 's/"template":"[^"]*/"template":"AACAPwAAgD8=/; s/"dimension":128/"dimension":2/'
		grep '"type":"face"' out | tail -n 1
	} >mixed
	expect 3 "$FACECTL" --gallery other --format ndjson gallery import mixed
	says out '"persons":2,"faces":2'
	says out '"failed":6'
	says err "mixed:1: "
	says err "mixed:3: 'pid' is not the UUID of a person"
	says err "mixed:4: a record of type 'tree' cannot be imported"
	says err "mixed:6: the line is too long"
	says err "mixed:7: 'template' is not 1 to 1024 32-bit floats in base64"
	says err "mixed:8: 'template' is not a vector of length 1"
	expect 4 "$FACECTL" --gallery other gallery import nowhere
	expect 0 "$FACECTL" --gallery other gallery check
}

@test "a truncated export is reported" {
	make_gallery
	"$FACECTL" --gallery gallery gallery export | head -n 7 >cut
	expect 3 "$FACECTL" --gallery other gallery import cut
	says err 'the export has no end record: it was truncated'
	"$FACECTL" --gallery gallery gallery export | sed 5d >without
	expect 3 "$FACECTL" --gallery other2 gallery import without
	says err "records of type 'person', but has"
	# A line that cannot be read is told of once.
	"$FACECTL" --gallery gallery gallery export | sed '5s/.*/{/' >broken
	expect 3 "$FACECTL" --gallery other3 --format ndjson gallery import broken
	says out '"failed":1'
	"$FACECTL" --gallery gallery gallery export | sed '5s/.*/{/; 6d' >broken
	expect 3 "$FACECTL" --gallery other4 --format ndjson gallery import broken
	lacks out '"failed":1'
}

@test "templates of another model are refused before anything is stored" {
	make_gallery
	expect 0 "$FACECTL" --gallery gallery gallery export
	cp out right
	sed 's/"model_sha256":"./&0/; s/\("model_sha256":".\{64\}\)./\1/; s/"model":"facectl-embed-2"/"model":"other"/' right >wrong
	expect 0 "$FACECTL" --gallery other gallery import right
	cp other/data.mdb before
	expect 5 "$FACECTL" --gallery other gallery import wrong
	says err "wrong:1: its template is of embedder 'other', but those of the gallery are of 'facectl-embed-2'"
	says err 'extract the photos again with --embedder facectl-embed-2'
	cmp other/data.mdb before
	# Nor is a gallery made for them, whose model is not known either.
	sed 's/"model_sha256":"[^"]*",//; s/"preprocessing":2,//' wrong >unknown
	expect 6 "$FACECTL" --gallery third gallery import unknown
	[ ! -e third ]
	# One after many right ones is named.
	cat right wrong >both
	expect 5 "$FACECTL" --gallery other gallery import both
	says err "both:$(($(wc -l <right) + 1)): its template"
}

@test "what was stored before an error is told" {
	expect 0 "$WRITE_LOG" gallery 1 5000
	"$FACECTL" --gallery gallery gallery export | sed '$d' >records
	echo '{"type":"face","space":"s","person_id":1,"model":"other","template":"AACAPw=="}' >>records
	expect 6 "$FACECTL" --gallery other --format ndjson gallery import --dry-run records
	says out '"spaces":2,"origins":1,"persons":4'
	lacks err 'stored'
	expect 6 "$FACECTL" --gallery other --format ndjson gallery import records
	says out '"spaces":2,"origins":1,"persons":4'
	says err 'the records counted above are stored; run the same command to continue'
	says err "records:$(wc -l <records): "
	expect 0 "$FACECTL" --gallery other gallery check
}

@test "how much of a file has been imported is shown to people" {
	make_gallery
	name=$'re\e[31mcords'
	expect 0 "$FACECTL" --gallery gallery gallery export --output "$name"
	expect 0 "$FACECTL" --gallery other --progress always gallery import "$name"
	says err '[########################] 0.0 of 0.0 MB  re\x1b[31mcords'
	expect 0 "$FACECTL" --gallery other gallery import "$name"
	empty err
	expect 0 "$FACECTL" --gallery other --progress always gallery import - < <(cat "$name")
	empty err
}

@test "what is not a file of records is refused at once" {
	make_gallery
	expect 0 "$FACECTL" --gallery gallery gallery export
	cp out records
	for tool in gzip bzip2 xz zstd; do
		command -v "$tool" >/dev/null || continue
		"$tool" -c records >packed
		expect 4 "$FACECTL" --gallery other gallery import packed
		says err "'packed': the input is compressed; pass the output of '$tool -dc' instead"
		[ "$(wc -l <err)" -eq 1 ]
		[ ! -e other ]
		expect 4 "$FACECTL" --gallery gallery profiles search --space 5 --template - <packed
		[ "$(wc -l <err)" -eq 1 ]
		"$tool" -dc packed | "$FACECTL" --gallery "from_$tool" --format ndjson gallery import - >out
		says out '"persons":3,"faces":4'
	done
	expect 4 "$FACECTL" --gallery other gallery import gallery
	says err "'gallery' is a folder, not a file of records"
	expect 4 "$FACECTL" --gallery gallery profiles search --space 5 --template gallery
	gzip -c <(printf 'path\nada.jpg\n') >list.gz
	expect 4 "$FACECTL" --gallery other set --space 5 --person-id 1 --manifest list.gz
	says err "'list.gz': the input is compressed"
}

@test "spaces that records needed are counted, and those that failed make none" {
	draw ada.jpg ada
	expect 0 "$FACECTL" --gallery none extract --space s --person-id 1 ada.jpg
	cp out record
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery import --dry-run record
	says out '"spaces":1,"origins":0,"persons":1,"faces":1'
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery import record
	says out '"spaces":1,"origins":0,"persons":1,"faces":1'
	expect 4 "$FACECTL" --gallery gallery gallery import --space other <(sed 's/"person_id":1,//' record)
	expect 4 "$FACECTL" --gallery gallery gallery import --space other <(echo '{"type":"person","pid":"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4","person_id":0}')
	expect 0 "$FACECTL" --gallery gallery --format ndjson spaces list
	lacks out '"space":"other"'
	# Somebody who is known by pid is not moved by a record that names another space.
	pid=$("$FACECTL" --gallery gallery --format ndjson profiles list --space s | sed 's/.*"pid":"\([^"]*\)".*/\1/')
	expect 4 "$FACECTL" --gallery gallery gallery import --space other <(echo "{\"type\":\"person\",\"pid\":\"$pid\"}")
	says err 'its person is in another space here'
	expect 0 "$FACECTL" --gallery gallery --format ndjson spaces list
	lacks out '"space":"other"'
	# All groups of a dry run together add one.
	expect 0 "$WRITE_LOG" log 1 9000
	expect 0 "$FACECTL" --gallery log gallery export --space door
	grep '"person"' out >persons
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery import --dry-run --space new persons
	says out '"spaces":1,'
}

@test "a person's number is one that every command can name" {
	local record number
	for number in 0 -1 1.5 9007199254740992 1e300 '"9007199254740992"' '"18446744073709551615"' true '[]'; do
		expect 4 "$FACECTL" --gallery gallery gallery import <(echo "{\"type\":\"person\",\"space\":\"s\",\"name\":\"x\",\"person_id\":$number}")
		says err person_id
	done
	record='{"type":"person","space":"s","name":"Ada","person_id":null,"pid":null,"user_data":null,"created":null}'
	expect 0 "$FACECTL" --gallery gallery gallery import <(echo "$record")
	expect 4 "$FACECTL" --gallery gallery gallery import <(echo '{"type":"space","space":"t","next_person_id":"18446744073709551615"}')
	# A space without a number for a new person is not imported.
	expect 4 "$FACECTL" --gallery gallery gallery import <(echo '{"type":"space","space":"u","next_person_id":"9007199254740992"}')
	says err next_person_id
	# The last number is given out, and none behind it.
	draw ada.jpg ada
	draw fatma.jpg fatma
	expect 0 "$FACECTL" --gallery gallery gallery import <(echo '{"type":"space","space":"t","next_person_id":9007199254740991}')
	expect 0 "$FACECTL" --gallery gallery recognize --create-new --space t ada.jpg
	expect 5 "$FACECTL" --gallery gallery recognize --create-new --space t fatma.jpg
	says err "space 't' has no number left for a person: the maximum is 9007199254740991"
	expect 0 "$FACECTL" --gallery gallery gallery export --space t
	cp out records
	expect 0 "$FACECTL" --gallery other gallery import records
	expect 0 "$FACECTL" --gallery other delete --space t --person-id 9007199254740991
}

@test "a number that somebody else has is a conflict, and what becomes of it is a choice" {
	make_gallery
	expect 0 "$FACECTL" --gallery other set --space 5 --person-id 1 chidi.jpg
	expect 0 "$FACECTL" --gallery gallery gallery export --space 5
	cp out records
	expect 3 "$FACECTL" --gallery other --format ndjson gallery import --dry-run records
	cp out rehearsed
	expect 3 "$FACECTL" --gallery other --format ndjson gallery import records
	cmp out rehearsed
	says err "person_id 1 is already used by profile "
	says out '"persons":1,"faces":1,"entries":0,"unchanged":1,"skipped":2,"failed":1'
	expect 0 "$FACECTL" --gallery other --format ndjson gallery import --on-conflict skip records
	says out '"persons":0,"faces":0,"entries":0,"unchanged":3,"skipped":3,"failed":0'
	expect 0 "$FACECTL" --gallery other --format ndjson gallery import --on-conflict merge records
	says out '"persons":0,"faces":2,'
	expect 0 "$FACECTL" --gallery other --format ndjson gallery import --on-conflict merge records
	says out '"persons":0,"faces":0,'
	expect 0 "$FACECTL" --gallery other --format tsv spaces list
	says out $'\t5\t2\t4\t1\t'
	expect 0 "$FACECTL" --gallery other gallery check
}

@test "records of detect and extract are imported into a space" {
	draw ada.jpg ada
	expect 0 "$FACECTL" --gallery none --format ndjson detect --with template ada.jpg
	sed 's/"type"/"person_id":7,"type"/' out >detected
	expect 4 "$FACECTL" --gallery gallery gallery import detected
	says err 'space missing: use --space'
	expect 0 "$FACECTL" --gallery gallery gallery import --space s detected
	expect 0 "$FACECTL" --gallery gallery --format ndjson recognize --no-entry --space s ada.jpg
	says out '"person_id":7'
	says out '"similarity":1,'
	expect 0 "$FACECTL" --gallery none extract --person-id 7 ada.jpg
	cp out extracted
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery import --space s extracted
	says out '"faces":0,"entries":0,"unchanged":1'
	expect 4 "$FACECTL" --gallery gallery gallery import --space s <(sed 's/"person_id":7,//' extracted)
	says err 'person missing: a pid, person_id or name is required'
	[ ! -e none ]
}

@test "extract takes one face a photo, or all of them, and needs no gallery" {
	draw ada.jpg ada
	"$DRAW_FACES" --group two.jpg ada bruno
	expect 3 "$FACECTL" --gallery none extract --space 5 --name 'Ada L' ada.jpg two.jpg
	[ "$(wc -l <out)" -eq 1 ]
	says out '{"type":"face","schema":1,"space":"5","name":"Ada L","model":"facectl-embed-2","model_sha256":"'
	says out '"origin":"cli","path":"ada.jpg"'
	says err "two.jpg"
	expect 0 "$FACECTL" --gallery none extract --face all two.jpg
	[ "$(wc -l <out)" -eq 2 ]
	says out '"face":1,'
	expect 4 "$FACECTL" --gallery none extract two.jpg
	empty out
	[ ! -e none ]
	expect 2 "$FACECTL" --gallery none extract --space 'no space' ada.jpg
}

# What of a gallery does not depend on when and by whom it was made: who has which templates.
essence() {
	"$FACECTL" --gallery "$1" gallery export | python3 -c '
import json, sys
number, faces = {}, []
for line in sys.stdin:
    record = json.loads(line)
    if record["type"] == "person":
        number[record["pid"]] = record["person_id"]
    elif record["type"] == "face":
        who = number[record.pop("pid")]
        record.pop("created")
        record.pop("persisted_face_id")
        faces.append((who, json.dumps(record, sort_keys=True)))
print(*sorted(faces), sep="\n")'
}

@test "extracting in several processes and importing is what set does" {
	command -v parallel >/dev/null || skip "GNU parallel is not installed"
	local person number=0
	for person in ada bruno chidi doris emeka; do
		number=$((number + 1))
		mkdir -p "photos/$number"
		draw "photos/$number/a.jpg" "$person"
		draw "photos/$number/b.jpg" "$person" 3
		expect 0 "$FACECTL" --gallery one set --space 5 --person-id "$number" "photos/$number/a.jpg" "photos/$number/b.jpg"
	done
	parallel --will-cite -j 2 "$FACECTL" --jobs 1 --gallery none extract --space 5 --person-id {/} {}/a.jpg {}/b.jpg ::: photos/* |
		"$FACECTL" --gallery many --format ndjson gallery import - >said
	says said '"persons":5,"faces":10'
	essence one >expected
	essence many >made
	[ "$(wc -l <made)" -eq 10 ]
	cmp expected made
	[ ! -e none ]
}

@test "kill -9 at a random moment of import, and again: the same gallery" {
	local rounds=$((${FACECTL_TEST_KILLS:-100} / 10)) pid round
	expect 0 "$WRITE_LOG" gallery 20000 2000
	expect 0 "$FACECTL" --gallery gallery gallery export --with entries
	cp out records
	RANDOM=13
	for ((round = 1; round <= rounds; round++)); do
		"$FACECTL" --gallery other gallery import records >/dev/null 2>&1 &
		pid=$!
		sleep "0.$(printf '%03d' $((RANDOM % 300)))"
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	expect 0 "$FACECTL" --gallery other gallery import records
	expect 0 "$FACECTL" --gallery other gallery check
	expect 0 "$FACECTL" --gallery other gallery export --with entries
	cmp records out
}

# answers FORMAT-OPTIONS...: what a search tells of persons, without what it tells of photos.
answers() {
	python3 -c '
import json, sys
keys = ["result", "pid", "person_id", "name", "match_confidence", "similarity", "space", "match_pids",
        "match_results", "match_confidences", "match_similarities", "match_best_faces", "match_best_similarities", "sha256", "box", "landmarks", "confidence", "awesomeness"]
for line in sys.stdin:
    record = json.loads(line)
    print({key: record.get(key) for key in keys})'
}

@test "a search by template finds what a search by photo finds, without any worker" {
	make_gallery
	draw emeka.jpg emeka
	expect 0 "$FACECTL" --gallery gallery --format ndjson profiles search --no-entry --space 5 --top 3 ada.jpg bruno.jpg emeka.jpg
	answers <out >by_photo
	expect 0 "$FACECTL" --gallery gallery extract ada.jpg bruno.jpg emeka.jpg
	cp out records
	# Without the program of the workers beside it, facectl can look at no photo.
	mkdir -p alone
	cp "$FACECTL" alone/facectl
	expect 0 alone/facectl --model-path "$(dirname "$FACECTL")/share/models" --gallery gallery --format ndjson profiles search --space 5 --top 3 --template records
	answers <out >by_template
	cmp by_photo by_template
	expect 0 "$FACECTL" --gallery gallery --format ndjson profiles search --space 5 --top 3 --template - <records
	answers <out >by_template
	cmp by_photo by_template
	# Nothing is logged.
	expect 0 "$FACECTL" --gallery gallery --format tsv spaces list
	says out $'\t5\t2\t3\t3\t'
	expect 0 "$FACECTL" --gallery gallery --format json profiles search --space 5 --template records
	python3 -c 'import json; assert len(json.load(open("out"))) == 3'
}

@test "templates to search with may come from anywhere" {
	make_gallery
	expect 0 "$FACECTL" --gallery gallery gallery export
	cp out records
	expect 0 "$FACECTL" --gallery gallery --format tsv profiles search --space 5 --template records --require-match
	[ "$(wc -l <out)" -eq 5 ]
	expect 0 "$FACECTL" --gallery gallery --format ndjson detect --with template ada.jpg
	cp out detected
	expect 0 "$FACECTL" --gallery gallery --format tsv profiles search --space 5 --template detected
	says out $'\texact\t'
	says out 'ada.jpg'
	{ cat detected; echo '{"template":"AAAA","model":"x"}'; cat detected; } >mixed
	expect 3 "$FACECTL" --gallery gallery --format ndjson profiles search --space 5 --template mixed
	[ "$(grep -c '"result":"exact"' out)" -eq 2 ]
	says err "mixed:2: 'template' is not 1 to 1024 32-bit floats in base64"
	expect 4 "$FACECTL" --gallery gallery profiles search --space 5 --template <(echo no)
	sed 's/"model":"[^"]*"/"model":"other"/; s/,"model_sha256":"[^"]*"//' detected >other
	expect 5 "$FACECTL" --gallery gallery profiles search --space 5 --template other
	says err "other:1: its template is of embedder 'other'"
	sed 's/"model_sha256":"[^"]*"/"model_sha256":"0000000000000000000000000000000000000000000000000000000000000000"/' detected >version
	expect 5 "$FACECTL" --gallery gallery profiles search --space 5 --template version
	says err "another version of 'facectl-embed-2'"
	expect 2 "$FACECTL" --gallery gallery profiles search --space 5 --template detected ada.jpg
	expect 2 "$FACECTL" --gallery gallery profiles search --space 5
	expect 4 "$FACECTL" --gallery gallery profiles search --space 5 --template nowhere
	expect 5 "$FACECTL" --gallery nowhere profiles search --space 5 --template detected
	expect 1 "$FACECTL" --gallery gallery profiles search --space door --template <(head -n 5 records | tail -n 1) --require-match
}
