# Persisted faces of the Azure Face API on the local engine. Each operation proves its effect by another one.

load helper
load azure

# owner KIND: the path of a container "box", or of its person, to which faces are added.
owner() {
	api 200 PUT "$1/box" --json '{"name":"x"}' || return 1
	path=$1/box
	case $1 in
	*persongroups)
		api 200 POST "$1/box/persons" --json '{"name":"Ada"}' || return 1
		path=$1/box/persons/$(member personId)
		;;
	esac
}

# stored KIND: the ids of the faces of "box", sorted.
stored() {
	case $1 in
	facelists) api 200 GET facelists/box && ids persistedFaceId ;;
	largefacelists) api 200 GET largefacelists/box/persistedfaces && ids persistedFaceId ;;
	*) api 200 GET "$path" && python3 -c 'import json; print("\n".join(json.load(open("body"))["persistedFaceIds"]))' ;;
	esac | sort
}

kinds="facelists largefacelists persongroups largepersongroups"

@test "faces are added, read, changed and deleted" {
	draw ada.jpg ada
	for kind in $kinds; do
		owner "$kind"
		[ -z "$(stored "$kind")" ]
		api 200 POST "$path/persistedfaces?userData=first%20face" --file ada.jpg
		first=$(member persistedFaceId)
		# the same photo again
		api 200 POST "$path/persistedfaces" --file ada.jpg
		second=$(member persistedFaceId)
		[ "$first" != "$second" ]
		[ "$(stored "$kind")" = "$(printf '%s\n' "$first" "$second" | sort)" ]
		if [ "$kind" = facelists ]; then
			api 200 GET facelists/box
			says body "{\"persistedFaceId\":\"$first\",\"userData\":\"first face\"}"
		else
			api 200 GET "$path/persistedfaces/$first"
			says body "{\"persistedFaceId\":\"$first\",\"userData\":\"first face\"}"
			api 200 PATCH "$path/persistedfaces/$first" --json '{}'
			api 200 GET "$path/persistedfaces/${first^^}"
			says body '"userData":"first face"'
			api 200 PATCH "$path/persistedfaces/$first" --json '{"userData":"changed"}'
			api 200 GET "$path/persistedfaces/$first"
			says body '"userData":"changed"'
			refuses 400 BadArgument "'userData' is too long." PATCH "$path/persistedfaces/$first" \
				--json "{\"userData\":\"$(printf 'x%.0s' $(seq 1025))\"}"
			for method in GET PATCH; do
				refuses 404 PersistedFaceNotFound "Persisted face is not found." $method \
					"$path/persistedfaces/00000000-0000-4000-8000-000000000001" --json '{"userData":"x"}'
			done
		fi
		refuses 404 PersistedFaceNotFound "Persisted face is not found." DELETE \
			"$path/persistedfaces/00000000-0000-4000-8000-000000000001"
		api 200 DELETE "$path/persistedfaces/$first"
		[ "$(stored "$kind")" = "$second" ]
		refuses 404 PersistedFaceNotFound "Persisted face is not found." DELETE "$path/persistedfaces/$first"
		refuses 400 BadArgument "Persisted face ID is invalid." DELETE "$path/persistedfaces/1"
	done
	expect 0 "$FACECTL" gallery check
	for kind in $kinds; do
		api 200 DELETE "$kind/box"
	done
	expect 0 "$FACECTL" --format ndjson gallery stats
	says out '"faces":0'
	expect 0 "$FACECTL" gallery check
}

@test "the image and the place of a face are checked" {
	"$DRAW_FACES" --noise 300x200 none.jpg
	"$DRAW_FACES" --group two.jpg ada bruno
	draw ada.jpg ada
	head -c 1000 ada.jpg >small.jpg
	head -c 5000 /dev/urandom >garbage.jpg
	head -c 6291457 /dev/zero >big.jpg
	for kind in facelists persongroups; do
		owner "$kind"
		refuses 400 InvalidImage "No face detected in the image." POST "$path/persistedfaces" --file none.jpg
		refuses 400 InvalidImage "There is more than 1 face in the image." POST "$path/persistedfaces" --file two.jpg
		refuses 400 InvalidImage "Decoding error, image format unsupported." POST "$path/persistedfaces" --file garbage.jpg
		refuses 400 InvalidImageSize "Image size is too small." POST "$path/persistedfaces" --file small.jpg
		refuses 400 InvalidImageSize "Image size is too big." POST "$path/persistedfaces" --file big.jpg
		refuses 400 BadArgument "'detectionModel' is invalid." POST "$path/persistedfaces?detectionModel=detection_04" --file ada.jpg
		refuses 400 BadArgument "'userData' is too long." POST \
			"$path/persistedfaces?userData=$(printf 'x%.0s' $(seq 1025))" --file ada.jpg
		refuses 400 BadArgument "Invalid argument targetFace." POST "$path/persistedfaces?targetFace=1,2,3" --file two.jpg
		refuses 400 BadArgument "Argument targetFace out of range." POST \
			"$path/persistedfaces?targetFace=90000,0,10,10" --file two.jpg
		[ -z "$(stored "$kind")" ]
	done
	refuses 404 FaceListNotFound "Face list is not found." POST facelists/none/persistedfaces --file ada.jpg
	refuses 404 PersonNotFound "Person is not found." POST \
		persongroups/box/persons/00000000-0000-4000-8000-000000000001/persistedfaces --file ada.jpg
}

@test "targetFace chooses a face of several" {
	"$DRAW_FACES" --group two.jpg ada bruno
	draw bruno.jpg bruno 5
	expect 0 "$FACECTL" --format ndjson detect two.jpg
	# the box of the face further right
	rect=$(python3 -c '
import json
boxes = [json.loads(line)["box"] for line in open("out") if json.loads(line).get("box")]
left, top, right, bottom = max(boxes)
print(f"{left:.0f},{top:.0f},{right - left:.0f},{bottom - top:.0f}")')
	IFS=, read -r left top width height <<<"$rect"
	api 200 PUT largepersongroups/box --json '{"name":"x"}'
	path=largepersongroups/box/persons
	api 200 POST "$path" --json '{"name":"Bruno"}'
	person=$(member personId)
	api 200 POST "$path/$person/persistedfaces?targetFace=$rect" --file two.jpg
	expect 0 "$FACECTL" recognize --space box --threshold 0.5 bruno.jpg --format ndjson
	says out '"name":"Bruno"'
	# a larger rectangle around one face, around both, and around none
	api 200 POST "$path/$person/persistedfaces?targetFace=$((left - 10)),0,$((width + 60)),4000" --file two.jpg
	refuses 400 InvalidImage "There is more than 1 face in the image." POST \
		"$path/$person/persistedfaces?targetFace=0,0,4000,4000" --file two.jpg
	refuses 400 InvalidImage "No face detected in the image." POST \
		"$path/$person/persistedfaces?targetFace=0,0,4,4" --file two.jpg
}

@test "the faces of a list come in pages" {
	draw ada.jpg ada
	owner largefacelists
	for i in 1 2 3 4 5; do
		api 200 POST "$path/persistedfaces?userData=$i" --file ada.jpg
	done
	stored largefacelists >all
	api 200 GET "$path/persistedfaces?top=2"
	[ "$(ids persistedFaceId)" = "$(sed -n 1,2p all)" ]
	api 200 GET "$path/persistedfaces?start=$(sed -n 2p all)&top=1000"
	[ "$(ids persistedFaceId)" = "$(sed -n '3,$p' all)" ]
	api 200 GET "$path/persistedfaces?start=$(sed -n 5p all)"
	[ "$(cat body)" = "[]" ]
}

@test "faces survive an export and an import" {
	draw ada.jpg ada
	for kind in facelists persongroups; do
		owner "$kind"
		for i in 1 2; do
			FACECTL_KEEP_CROPS=yes api 200 POST "$path/persistedfaces?userData=face%20$i" --file ada.jpg
		done
		stored "$kind" >"$kind.faces"
		echo "$path" >"$kind.path"
	done
	api 202 POST persongroups/box/train
	api 200 GET persongroups/box/training
	cp body training
	expect 0 "$FACECTL" gallery export --with crops
	mv out export
	for round in first second; do
		expect 0 "$FACECTL" --gallery copy gallery import export
	done
	expect 0 "$FACECTL" --gallery copy gallery check
	expect 0 "$FACECTL" --gallery copy gallery export --with crops
	diff <(sed 's/"facectl":"[^"]*"//' export) <(sed 's/"facectl":"[^"]*"//' out)
	export FACECTL_GALLERY=$PWD/copy
	for kind in facelists persongroups; do
		path=$(cat "$kind.path")
		[ "$(stored "$kind")" = "$(cat "$kind.faces")" ]
	done
	api 200 GET persongroups/box/training
	[ "$(member lastActionDateTime)" = "$(python3 -c 'import json; print(json.load(open("training"))["lastActionDateTime"])')" ]
}

@test "a person has at most 248 faces, and two processes that add find the last place once" {
	draw ada.jpg ada
	owner persongroups
	# one face is added by the API; the others are copies of its record
	api 200 POST "$path/persistedfaces" --file ada.jpg
	expect 0 "$FACECTL" gallery export
	python3 - <<-'END'
		import json, uuid
		lines = [json.loads(line) for line in open("out")]
		face = next(line for line in lines if line["type"] == "face")
		with open("more", "w") as out:
		    for line in lines:
		        if line["type"] in ("space", "person"):
		            out.write(json.dumps(line) + "\n")
		    for _ in range(246):
		        face["persisted_face_id"] = str(uuid.uuid4())
		        out.write(json.dumps(face) + "\n")
	END
	expect 0 "$FACECTL" gallery import more
	[ "$(stored persongroups | wc -l)" -eq 247 ]
	add() {
		local code=0
		"$FACECTL" api POST "/face/v1.0/$path/persistedfaces" --file ada.jpg >"answer$1" 2>&1 || code=$?
		echo "$code" >"status$1"
	}
	add 1 &
	add 2 &
	wait
	[ "$(sort -n status1 status2 | tr '\n' ' ')" = "0 77 " ]
	cat answer1 answer2 >answers12
	says answers12 '"code":"QuotaExceeded","message":"Persisted face number per person reached limit."'
	[ "$(stored persongroups | wc -l)" -eq 248 ]
	refuses 403 QuotaExceeded "Persisted face number per person reached limit." POST "$path/persistedfaces" --file ada.jpg
	expect 0 "$FACECTL" gallery check
}

@test "a process that is killed while it adds a face leaves the face or nothing" {
	draw ada.jpg ada
	owner largefacelists
	local acknowledged=0 i
	for i in 1 2 4 8; do
		: >"answer"
		"$FACECTL" api POST "/face/v1.0/$path/persistedfaces" --file ada.jpg >answer 2>err &
		# a different time each round; whatever is interrupted, the gallery is sound
		sleep "0.$i"
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		grep -q persistedFaceId answer && acknowledged=$((acknowledged + 1))
	done
	expect 0 "$FACECTL" gallery check
	local count
	count=$(stored largefacelists | wc -l)
	[ "$count" -ge "$acknowledged" ] && [ "$count" -le 4 ]
}

@test "deleted faces leave no template after a compaction" {
	draw ada.jpg ada
	for kind in facelists persongroups; do
		owner "$kind"
		api 200 POST "$path/persistedfaces" --file ada.jpg
	done
	expect 0 "$FACECTL" gallery export
	cp out export
	api 200 DELETE facelists/box
	api 200 DELETE persongroups/box
	expect 0 "$FACECTL" gallery compact
	python3 - <<-'END'
		import base64, json, os
		templates = [base64.b64decode(json.loads(line)["template"]) for line in open("export") if '"type":"face"' in line]
		assert len(templates) == 2
		data = open(os.environ["HOME"] + "/.local/share/facectl/gallery/data.mdb", "rb").read()
		for template in templates:
		    for start in range(0, len(template) - 16, 16):
		        assert template[start : start + 16] not in data
	END
}
