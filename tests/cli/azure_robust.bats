#!/usr/bin/env bats
# The Azure Face API on the local engine under kills, two writers, another embedder and a read-only gallery.

load helper
load azure
load azure_faces

# a_group: the untrained person group cast with one person, Ada, whose id is in $person, and a face of hers in $face.
a_group() {
	draw ada.jpg ada 1
	call 200 PUT persongroups/cast '{"name":"Cast","recognitionModel":"recognition_04"}'
	call 200 POST persongroups/cast/persons '{"name":"Ada"}'
	person=$(value personId)
	call 200 POST "persongroups/cast/persons/$person/persistedfaces?userData=front" @ada.jpg
	face=$(value persistedFaceId)
}

@test "a training that is killed is done or not done, and can be repeated" {
	command -v strace >/dev/null || skip "no strace"
	a_group
	local killed=0 n
	for n in 1 2 3 4 5; do
		status=0
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=fdatasync,fsync,msync -e inject=fdatasync,fsync,msync:signal=KILL:when=$n \
			"$FACECTL" api POST /face/v1.0/persongroups/cast/train >out 2>err || status=$?
		[ $status -ne 0 ] || break
		killed=$((killed + 1))
		run_split "$FACECTL" api GET /face/v1.0/persongroups/cast/training
		cp out body
		if [ "$status" -eq 0 ]; then
			[ "$(value status)" = succeeded ]
		else
			code=$(grep -o PersonGroupNotTrained out)
			[ "$code" = PersonGroupNotTrained ]
		fi
		call 200 GET persongroups/cast/persons
		[ "$(ids personId)" = "$person" ]
		expect 0 "$FACECTL" gallery check
	done
	[ $killed -ge 1 ]
	call 202 POST persongroups/cast/train
	call 200 GET persongroups/cast/training
	[ "$(value status)" = succeeded ]
	draw ada2.jpg ada 2
	probe=$(face_id ada2.jpg recognitionModel=recognition_04)
	call 200 POST identify "{\"personGroupId\":\"cast\",\"faceIds\":[\"$probe\"]}"
	[ "$(value '[0].candidates[0].personId')" = "$person" ]
}

@test "two processes add faces to one person, and others persons to its group: nothing is lost" {
	a_group
	add() {
		local i
		for i in 1 2 3 4 5 6; do
			"$FACECTL" api POST "/face/v1.0/persongroups/cast/persons/$person/persistedfaces?userData=$1$i" --file ada.jpg || return 1
			"$FACECTL" api POST /face/v1.0/persongroups/cast/persons --json "{\"name\":\"$1$i\"}" || return 1
		done
	}
	add a >added.a 2>err.a &
	local first=$!
	add b >added.b 2>err.b &
	wait $first
	wait $!
	grep -ohE '"persistedFaceId":"[^"]*' added.a added.b | cut -d '"' -f 4 | sort >faces
	echo "$face" | sort -o faces -m - faces
	call 200 GET "persongroups/cast/persons/$person"
	grep -oE '[0-9a-f]{8}-[0-9a-f-]{27}' body | grep -v "$person" | sort >stored
	cmp faces stored
	[ "$(uniq stored | wc -l)" = 13 ]
	call 200 GET persongroups/cast/persons
	[ "$(ids personId | sort -u | wc -l)" = 13 ]
	expect 0 "$FACECTL" gallery check
}

@test "persisted faces keep their ids and user data when the gallery gets another embedder" {
	mkdir described
	python3 "$BATS_TEST_DIRNAME/../tools/make_network.py" described/other.onnx
	cat >described/other.json <<-JSON
		{ "name": "other", "role": "embedder", "file": "other.onnx", "bytes": $(stat -c %s described/other.onnx),
		  "sha256": "$(sha256sum described/other.onnx | cut -d ' ' -f 1)", "licence": "made up", "source": "a test", "preprocessing": 1,
		  "input": { "width": 112, "height": 112, "order": "RGB", "scale": 1, "mean": [0, 0, 0], "deviation": [1, 1, 1] },
		  "dimension": 128, "mirror": false }
	JSON
	export FACECTL_MODEL_PATH=described FACECTL_KEEP_CROPS=yes
	a_group
	call 200 PUT facelists/seen '{"name":"Seen"}'
	call 200 POST facelists/seen/persistedfaces @ada.jpg
	for path in "persongroups/cast/persons/$person" "persongroups/cast/persons/$person/persistedfaces/$face" facelists/seen; do
		call 200 GET "$path"
		cat body
	done >before
	expect 0 "$FACECTL" snapshots take --group cast
	probe=$(face_id ada.jpg recognitionModel=recognition_04)
	expect 0 "$FACECTL" gallery reembed --embedder other
	for path in "persongroups/cast/persons/$person" "persongroups/cast/persons/$person/persistedfaces/$face" facelists/seen; do
		call 200 GET "$path"
		cat body
	done >after
	cmp before after
	# faceIds and snapshots have templates of the old embedder, and are gone
	call 404 POST verify "{\"faceId\":\"$probe\",\"personId\":\"$person\",\"personGroupId\":\"cast\"}"
	code FaceNotFound
	call 200 GET snapshots
	[ "$(cat body)" = "[]" ]
	expect 0 "$FACECTL" gallery check
}

# on_frozen COMMAND...: with the gallery on a read-only file system.
on_frozen() {
	[ -d stored ] || cp -r "$HOME/.local/share/facectl/gallery" stored
	unshare --map-root-user --mount sh -c '
		mkdir -p frozen && mount -t tmpfs -o mode=700 none frozen && cp -r stored frozen/gallery &&
		mount -o remount,ro frozen && exec "$@"' sh "$@"
}

@test "a gallery on a read-only file system: reads are answered, writes are refused with the reason" {
	unshare --map-root-user --mount mount -t tmpfs none /mnt || skip "mounting is not possible here"
	a_group
	call 202 POST persongroups/cast/train
	probe=$(face_id ada.jpg recognitionModel=recognition_04)
	expect 0 "$FACECTL" --format tsv snapshots take --group cast --fields id --no-header
	snapshot=$(cat out)
	while read -r method path json; do
		expect 0 on_frozen "$FACECTL" --gallery frozen/gallery api "$method" "/face/v1.0/$path" ${json:+--json "$json"}
	done <<-END
		GET persongroups
		GET persongroups/cast/persons/$person
		GET persongroups/cast/persons/$person/persistedfaces/$face
		GET persongroups/cast/training
		GET snapshots/$snapshot
		POST identify {"personGroupId":"cast","faceIds":["$probe"]}
		POST verify {"faceId":"$probe","personId":"$person","personGroupId":"cast"}
		POST findsimilars {"faceId":"$probe","faceIds":["$probe"]}
	END
	# faces are detected, but get no faceIds unless the request asks for them
	expect 0 on_frozen "$FACECTL" --gallery frozen/gallery api POST /face/v1.0/detect --file ada.jpg
	says out faceRectangle
	lacks out faceId
	while read -r method path json; do
		case $json in
		@*) set -- --file "${json#@}" ;;
		'') set -- ;;
		*) set -- --json "$json" ;;
		esac
		expect 77 on_frozen "$FACECTL" --gallery frozen/gallery api "$method" "/face/v1.0/$path" "$@"
		says err "is on a read-only file system: it can be read but not changed"
		empty out
	done <<-END
		PUT facelists/seen {"name":"Seen"}
		PATCH persongroups/cast {"name":"New"}
		DELETE persongroups/cast
		POST persongroups/cast/train
		POST persongroups/cast/persons {"name":"Bruno"}
		POST persongroups/cast/persons/$person/persistedfaces @ada.jpg
		DELETE persongroups/cast/persons/$person
		POST detect?returnFaceId=true @ada.jpg
		POST snapshots/$snapshot/apply {"objectId":"copy"}
		DELETE snapshots/$snapshot
	END
	expect 0 on_frozen "$FACECTL" --gallery frozen/gallery --output snap snapshots export "$snapshot"
	expect 77 on_frozen "$FACECTL" --gallery frozen/gallery snapshots import snap
}
