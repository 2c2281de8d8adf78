#!/usr/bin/env bats
# detect, verify, identify, findsimilars and group of the Azure Face API on the local engine.

load helper
load azure
load azure_faces

missing=00000000-0000-4000-8000-000000000000

@test "detect: a faceId can be used by the other operations" {
	draw ada.jpg ada 1
	draw ada2.jpg ada 2
	draw bruno.jpg bruno 1
	call 200 POST detect @ada.jpg
	ada=$(value '[0].faceId')
	ada2=$(face_id ada2.jpg)
	bruno=$(face_id bruno.jpg)
	call 200 POST verify "{\"faceId1\":\"$ada\",\"faceId2\":\"$ada2\"}"
	[ "$(value isIdentical)" = True ]
	call 200 POST verify "{\"faceId1\":\"$ada\",\"faceId2\":\"$bruno\"}"
	[ "$(value isIdentical)" = False ]
	# upper case is the same id
	call 200 POST verify "{\"faceId1\":\"${ada^^}\",\"faceId2\":\"$ada\"}"
	[ "$(value confidence)" = 1 ]
	expect 0 "$FACECTL" gallery stats --format ndjson
	says out '"detected":3'
	expect 0 "$FACECTL" gallery check
}

@test "detect --with face-id: ids for verify, of the model and for the time that is given" {
	draw ada.jpg ada 1
	draw pair.jpg ada 2
	"$DRAW_FACES" --group pair.jpg ada bruno
	detect() {
		expect 0 "$FACECTL" --format ndjson detect --with face-id "$@"
		sed 's/.*"face_id":"\([^"]*\)".*/\1/' out >ids
	}
	detect ada.jpg
	lacks out '"template"'
	detect pair.jpg
	[ "$(sort -u ids | wc -l)" = 2 ]
	mapfile -t pair <ids
	detect ada.jpg
	status=0
	for id in "${pair[@]}"; do
		"$FACECTL" verify "$(cat ids)" "$id" >>verified || status=$?
	done
	[ "$status" = 1 ]
	[ "$(grep -c 'same person *yes' verified)" = 1 ]
	expect 0 "$FACECTL" verify "$(cat ids)" ada.jpg
	detect --recognition-model recognition_03 --ttl 1h ada.jpg
	expect 2 "$FACECTL" verify "$(cat ids)" "${pair[0]}"
	# A template as well, but only on request.
	expect 0 "$FACECTL" --format ndjson detect --with face-id,template ada.jpg
	says out '"template":"'
	says out '"face_id":"'
	expect 2 "$FACECTL" detect --ttl 1h ada.jpg
	says err "need --with face-id"
	expect 2 "$FACECTL" detect --with face-id --ttl 25h ada.jpg
	expect 2 "$FACECTL" detect --with face-id --detection-model detection_04 ada.jpg
	says err "is not detection_01 to detection_03"
	expect 0 "$FACECTL" gallery stats --format ndjson
	says out '"detected":7'
	# Without faceIds no gallery is created.
	expect 0 "$FACECTL" --gallery none detect ada.jpg
	[ ! -e none ]
}

@test "detect: largest face first, all of them, small ones left out" {
	"$DRAW_FACES" --portrait crowd.jpg ada bruno chidi
	call 200 POST 'detect?returnFaceId=false' @crowd.jpg
	lacks body faceId
	python3 - <<-'END'
		import json
		faces = json.load(open("body"))
		areas = [f["faceRectangle"]["width"] * f["faceRectangle"]["height"] for f in faces]
		assert len(areas) == 3 and areas == sorted(areas, reverse=True), areas
	END
	# faces below 36 pixels are not reported, although detect finds them
	"$DRAW_FACES" --place 640x480:0.06 small.jpg ada
	expect 0 "$FACECTL" detect small.jpg --format ndjson
	says out '"result":"face"'
	call 200 POST detect @small.jpg
	[ "$(cat body)" = "[]" ]
	"$DRAW_FACES" --noise 300x200 nothing.jpg
	call 200 POST detect @nothing.jpg
	[ "$(cat body)" = "[]" ]
}

@test "detect: landmarks, recognition model and measured attributes" {
	draw ada.jpg ada
	call 200 POST 'detect?returnFaceLandmarks=true&returnRecognitionModel=true&recognitionModel=recognition_04&returnFaceAttributes=headPose,blur,exposure,noise,qualityForRecognition' @ada.jpg
	[ "$(value '[0].recognitionModel')" = recognition_04 ]
	for member in pupilLeft pupilRight noseTip mouthLeft mouthRight roll yaw pitch blurLevel \
		exposureLevel noiseLevel qualityForRecognition; do
		says body "\"$member\""
	done
	# the left pupil is the one further left in the image
	python3 - <<-'END'
		import json
		marks = json.load(open("body"))[0]["faceLandmarks"]
		assert marks["pupilLeft"]["x"] < marks["noseTip"]["x"] < marks["pupilRight"]["x"]
		assert marks["mouthLeft"]["y"] > marks["noseTip"]["y"] > marks["pupilLeft"]["y"]
	END
}

@test "detect: the attribute model answers for age, gender, smile, emotion and accessories" {
	draw ada.jpg ada
	call 200 POST 'detect?returnFaceAttributes=Age,gender,smile,emotion,accessories' @ada.jpg
	for member in age gender smile accessories anger surprise; do
		says body "\"$member\""
	done
	lacks body headPose
	lacks body occlusion
	"$DRAW_FACES" bruno.ppm bruno
	draw bruno.jpg bruno
	expect 0 "$FACECTL" --format ndjson detect bruno.jpg
	"$BATS_TEST_DIRNAME/cover.py" bruno.ppm out mouth.png mouth
	call 200 POST 'detect?returnFaceAttributes=occlusion' @mouth.png
	says body '"occlusion":{"foreheadOccluded":false,"eyeOccluded":false,"mouthOccluded":true}'
	# without the model there are none
	FACECTL_ATTRIBUTE_MODEL=none run_split "$FACECTL" api POST '/face/v1.0/detect?returnFaceAttributes=age,smile,blur' --file ada.jpg
	[ "$status" -eq 77 ]
	says out "age, smile cannot be determined here"
}

@test "detect: attributes that nothing measures are refused by name" {
	draw ada.jpg ada
	call 403 POST 'detect?returnFaceAttributes=age,hair,facialHair,makeup,glasses,mask' @ada.jpg
	code UnsupportedFeature
	says body "facialHair, glasses, hair, makeup, mask cannot be determined here."
	expect 2 "$FACECTL" detect --attributes age,hair ada.jpg
	says err "--attributes takes age, sex, mood, valence, arousal, smile, glasses, occlusion, emotions, all, none, not 'hair'"
	call 400 POST 'detect?returnFaceAttributes=qualityForRecognition&recognitionModel=recognition_02' @ada.jpg
	code BadArgument
}

@test "detect: documented errors" {
	draw ada.jpg ada
	while IFS='|' read -r query http_status error message; do
		call "$http_status" POST "detect?$query" @ada.jpg
		code "$error"
		says body "$message"
	done <<-'END'
		returnFaceAttributes=beauty|400|BadArgument|Invalid argument returnFaceAttributes.
		detectionModel=detection_02&returnFaceAttributes=age|400|BadArgument|'returnFaceAttributes' is not supported by detection_02.
		detectionModel=detection_02&returnFaceLandmarks=true|400|BadArgument|'returnLandmarks' is not supported by detection_02.
		detectionModel=detection_04|400|BadArgument|'detectionModel' is invalid.
		recognitionModel=recognition_05|400|BadArgument|'recognitionModel' is invalid.
		faceIdTimeToLive=59|400|BadArgument|faceIdTimeToLive
		faceIdTimeToLive=86401|400|BadArgument|faceIdTimeToLive
	END
	call 200 POST 'detect?faceIdTimeToLive=60&detectionModel=detection_02' @ada.jpg
	head -c 1000 ada.jpg >small.jpg
	call 400 POST detect @small.jpg
	code InvalidImageSize
	says body "Image size is too small."
	head -c 6291457 /dev/zero >big.jpg
	call 400 POST detect @big.jpg
	code InvalidImageSize
	says body "Image size is too big."
	head -c 5000 /dev/zero >zeros.jpg
	call 400 POST detect @zeros.jpg
	code InvalidImage
	says body "Decoding error, image format unsupported."
}

# serve: offer this folder on loopback; its URL in $server.
serve() {
	python3 -u -m http.server 0 --bind 127.0.0.1 >served 2>&1 &
	echo $! >server.pid
	until grep -q 'port [0-9]' served; do sleep 0.05; done
	server=http://127.0.0.1:$(grep -oE 'port [0-9]+' served | grep -oE '[0-9]+')
}

teardown() {
	[ ! -f server.pid ] || kill "$(cat server.pid)"
	validate_answers
}

@test "an image by its URL; private addresses only if allowed" {
	draw ada.jpg ada
	head -c 6291457 /dev/zero >big.jpg
	serve
	call 200 POST detect @ada.jpg
	rectangle=$(value '[0].faceRectangle')
	call 400 POST detect "{\"url\":\"$server/ada.jpg\"}"
	code InvalidURL
	says body "has no public address"
	lacks served GET
	export FACECTL_FETCH_URLS=any
	call 200 POST detect "{\"url\":\"$server/ada.jpg?size=%20full#face\"}"
	[ "$(value '[0].faceRectangle')" = "$rectangle" ]
	[ "$(value '[0].faceId')" != None ]
	says served '"GET /ada.jpg?size=%20full HTTP'
	call 400 POST detect "{\"url\":\"$server/none.jpg\"}"
	code InvalidURL
	says body "Invalid image URL or error downloading from target server."
	call 400 POST detect "{\"url\":\"$server/big.jpg\"}"
	code InvalidImageSize
	for url in file:///etc/passwd ftp://127.0.0.1/a nonsense "$server/a b"; do
		call 400 POST detect "{\"url\":\"$url\"}"
		code InvalidURL
	done
	export FACECTL_FETCH_URLS=no
	call 400 POST detect "{\"url\":\"$server/ada.jpg\"}"
	code InvalidURL
	says body "core.fetch-urls"
}

@test "faceIds: unknown, of other models, expired" {
	draw ada.jpg ada
	call 404 POST verify "{\"faceId1\":\"$missing\",\"faceId2\":\"$missing\"}"
	code FaceNotFound
	old=$(face_id ada.jpg)
	new=$(face_id ada.jpg recognitionModel=recognition_03)
	call 404 POST verify "{\"faceId1\":\"$old\",\"faceId2\":\"$missing\"}"
	code FaceNotFound
	call 400 POST verify "{\"faceId1\":\"$old\",\"faceId2\":\"$new\"}"
	code BadArgument
	says body "'recognitionModel' is incompatible."
	call 400 POST findsimilars "{\"faceId\":\"$old\",\"faceIds\":[\"$new\"]}"
	code BadArgument
	call 400 POST group "{\"faceIds\":[\"$old\",\"$new\"]}"
	code BadArgument
	call 400 POST group "{\"faceIds\":[\"$old\",\"$missing\"]}"
	code FaceNotFound
	call 400 POST verify '{"faceId1":"x","faceId2":"y"}'
	code BadArgument
	says body "Face ID is invalid."
}

@test "findsimilars: sorted by similarity; matchPerson leaves out other persons" {
	for pose in 1 2 3; do draw "ada$pose.jpg" ada "$pose"; done
	draw bruno.jpg bruno
	probe=$(face_id ada1.jpg)
	ada2=$(face_id ada2.jpg)
	ada3=$(face_id ada3.jpg)
	bruno=$(face_id bruno.jpg)
	ids="[\"$bruno\",\"$ada2\",\"$ada3\",\"$probe\"]"
	call 200 POST findsimilars "{\"faceId\":\"$probe\",\"faceIds\":$ids}"
	[ "$(value '[0].faceId')" = "$probe" ]
	[ "$(value '[0].confidence')" = 1 ]
	lacks body "$bruno"
	says body "$ada2"
	call 200 POST findsimilars "{\"faceId\":\"$probe\",\"faceIds\":$ids,\"mode\":\"matchFace\"}"
	[ "$(value '[3].faceId')" = "$bruno" ]
	call 200 POST findsimilars "{\"faceId\":\"$probe\",\"faceIds\":$ids,\"mode\":\"matchFace\",\"maxNumOfCandidatesReturned\":2}"
	lacks body "$bruno"
	call 200 POST findsimilars "{\"faceId\":\"$probe\",\"faceIds\":[\"$bruno\"]}"
	[ "$(cat body)" = "[]" ]
	while IFS='|' read -r json message; do
		call 400 POST findsimilars "$json"
		code BadArgument
		says body "$message"
	done <<-END
		{"faceId":"$probe"}|LargeFaceListId, faceListId and faceIds are all null.
		{"faceId":"$probe","faceIds":["$bruno"],"faceListId":"a"}|2 or more of largeFaceListId, faceListId and faceIds are not null.
		{"faceId":"$probe","faceIds":["$bruno"],"mode":"matchAll"}|Mode is invalid.
		{"faceId":"$probe","faceIds":["$bruno"],"maxNumOfCandidatesReturned":1001}|The argument maxNumOfCandidatesReturned is not valid.
		{"faceId":"$probe","faceIds":[]}|The length of faceIds is not in a valid range.
	END
	call 400 POST findsimilars "{\"faceId\":\"$missing\",\"faceIds\":[\"$bruno\"]}"
	code FaceNotFound
}

@test "group: a group per person, largest first, the rest in messyGroup" {
	local ids=() id
	for photo in ada:1 ada:2 ada:3 bruno:1 bruno:2 chidi:1; do
		draw photo.jpg "${photo%:*}" "${photo#*:}"
		ids+=("$(face_id photo.jpg)")
	done
	printf -v list '"%s",' "${ids[4]}" "${ids[5]}" "${ids[0]}" "${ids[3]}" "${ids[2]}" "${ids[1]}"
	call 200 POST group "{\"faceIds\":[${list%,}]}"
	python3 - "${ids[@]}" <<-'END'
		import json, sys
		ids = sys.argv[1:]
		answer = json.load(open("body"))
		assert [set(g) for g in answer["groups"]] == [set(ids[:3]), set(ids[3:5])], answer
		assert answer["messyGroup"] == [ids[5]], answer
	END
	# no messyGroup if each face has a counterpart
	call 200 POST group "{\"faceIds\":[\"${ids[0]}\",\"${ids[1]}\"]}"
	lacks body messyGroup
	call 400 POST group "{\"faceIds\":[\"${ids[0]}\"]}"
	code BadArgument
	says body "The length of faceIds is not in a valid range."
}

@test "identify and verify with persons of a space, which is a large person group" {
	draw ada1.jpg ada 1
	draw bruno1.jpg bruno 1
	expect 0 "$FACECTL" set --space cast --person-id 1 ada1.jpg
	expect 0 "$FACECTL" set --space cast --person-id 2 bruno1.jpg
	expect 0 "$FACECTL" profiles list --space cast --format ndjson
	ada=$(grep -F '"person_id":1' out | grep -oE '[0-9a-f-]{36}' | head -n 1)
	bruno=$(grep -F '"person_id":2' out | grep -oE '[0-9a-f-]{36}' | head -n 1)
	draw ada2.jpg ada 2
	draw chidi.jpg chidi
	probe=$(face_id ada2.jpg)
	stranger=$(face_id chidi.jpg)
	call 200 POST identify "{\"largePersonGroupId\":\"cast\",\"faceIds\":[\"$probe\",\"$stranger\"]}"
	[ "$(value '[0].candidates[0].personId')" = "$ada" ]
	[ "$(value '[1].candidates')" = "[]" ]
	call 200 POST identify "{\"largePersonGroupId\":\"cast\",\"faceIds\":[\"$stranger\"],\"confidenceThreshold\":0,\"maxNumOfCandidatesReturned\":2}"
	[ "$(value '[0].candidates[1].confidence')" != None ]
	call 200 POST verify "{\"faceId\":\"$probe\",\"personId\":\"$ada\",\"largePersonGroupId\":\"cast\"}"
	[ "$(value isIdentical)" = True ]
	call 200 POST verify "{\"faceId\":\"$probe\",\"personId\":\"$bruno\",\"largePersonGroupId\":\"cast\"}"
	[ "$(value isIdentical)" = False ]

	while IFS='|' read -r operation http_status json error message; do
		call "$http_status" POST "$operation" "$json"
		code "$error"
		says body "$message"
	done <<-END
		verify|404|{"faceId":"$probe","personId":"$missing","largePersonGroupId":"cast"}|PersonNotFound|Person is not found.
		verify|400|{"faceId":"$probe","personId":"$ada","largePersonGroupId":"none"}|LargePersonGroupNotFound|Large person group is not found.
		verify|400|{"faceId":"$probe","personId":"$ada","personGroupId":"cast"}|PersonGroupNotFound|Person group is not found.
		verify|400|{"faceId":"$probe","personId":"x","personGroupId":"cast"}|BadArgument|Person ID is invalid.
		identify|400|{"faceIds":["$probe"],"personGroupId":"cast"}|PersonGroupNotFound|Person group is not found.
		identify|400|{"faceIds":["$probe"]}|PersonGroupIdAndLargePersonGroupIdBothNull|both null
		identify|400|{"faceIds":["$probe"],"personGroupId":"a","largePersonGroupId":"b"}|PersonGroupIdAndLargePersonGroupIdBothNotNull|both not null
		identify|400|{"faceIds":["$probe"],"personGroupId":"A"}|BadArgument|Person group ID is invalid.
		identify|400|{"faceIds":["$missing"],"largePersonGroupId":"cast"}|FaceNotFound|Face is not found.
		identify|400|{"faceIds":[],"largePersonGroupId":"cast"}|BadArgument|The length of faceIds is not in a valid range.
		identify|400|{"faceIds":["$probe"],"largePersonGroupId":"cast","maxNumOfCandidatesReturned":101}|BadArgument|The argument maxNumOfCandidatesReturned is not valid.
		identify|400|{"faceIds":["$probe"],"largePersonGroupId":"cast","confidenceThreshold":1.5}|BadArgument|The argument confidenceThreshold is not valid.
	END
	other=$(face_id ada2.jpg recognitionModel=recognition_02)
	call 400 POST identify "{\"faceIds\":[\"$other\"],\"largePersonGroupId\":\"cast\"}"
	code BadArgument
	says body "'recognitionModel' is incompatible."
}

@test "faceIds are in no export, and go with compact, erase and reembed" {
	draw ada.jpg ada
	id=$(face_id ada.jpg)
	expect 0 "$FACECTL" gallery export
	lacks out "$id"
	expect 0 "$FACECTL" gallery compact
	call 200 POST verify "{\"faceId1\":\"$id\",\"faceId2\":\"$id\"}"
	expect 0 "$FACECTL" set --space a --person-id 1 ada.jpg
	expect 0 "$FACECTL" erase --whole-space a --yes
	call 404 POST verify "{\"faceId1\":\"$id\",\"faceId2\":\"$id\"}"
	code FaceNotFound
}
