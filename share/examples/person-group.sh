#!/bin/sh
# The person-group quickstart of the Azure Face API, offline: create a group, add persons with their faces, train, then identify and verify.
# Usage: person-group.sh FOLDER PHOTO...      FOLDER has a folder of photos for each person, such as FOLDER/amy/amy1.png.
# With FACECTL_SERVICE=NAME, or --service in the configuration, the same commands use an Azure service.
set -eu

facectl=${FACECTL:-facectl}
folder=$1
shift
group=quickstart

# 1. a person group; an older one is replaced
"$facectl" --quiet persongroups delete "$group" --yes >/dev/null || [ $? -eq 1 ]
"$facectl" persongroups create "$group" --name "Quickstart" --recognition-model recognition_04 >/dev/null

# 2. a person for each folder, with the face of each photo
for place in "$folder"/*/; do
	name=$(basename "$place")
	"$facectl" persons create --group "$group" --name "$name" >/dev/null
	"$facectl" faces add --group "$group" --person "$name" --face largest --from "$place" >/dev/null
	echo "added $name"
done

# 3. the training makes the faces known to identify
"$facectl" persongroups train "$group" >/dev/null

# 4. who is in these photos?
"$facectl" identify --group "$group" --fields path,result,name,confidence "$@"

# 5. the same by requests, as a program sends them: detect, then verify with the person that was found
face=$("$facectl" api POST '/face/v1.0/detect?returnFaceId=true&recognitionModel=recognition_04' --file "$1" |
	sed 's/.*"faceId": *"\([^"]*\)".*/\1/')
person=$("$facectl" identify --group "$group" --format tsv --no-header --fields pid "$face")
"$facectl" api POST /face/v1.0/verify \
	--json "{\"faceId\":\"$face\",\"personId\":\"$person\",\"personGroupId\":\"$group\"}"

# 6. nothing is left
"$facectl" persongroups delete "$group" --yes >/dev/null
