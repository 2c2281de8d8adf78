#!/usr/bin/env bats
# profiles search by a platform and the local engine: as policy.bats for recognize, and the ids of both are what is compared.

load wire
load ../cli/calibrated

eval "wire_$(declare -f setup)"

setup() {
	wire_setup
	calibrate
	expect 0 "$FACECTL" origins create door --space lobby
}

# platform TYPE: the service "far" is one of this type. Where to search is told with what stands in where.
platform() {
	configure <<-END
		[service "far"]
			type = $1
			url = $FAKE_URL/$([ "$1" = serp ] && echo serp/v1/ || echo neuroio)
			$([ "$1" = serp ] || echo "iam-url = $FAKE_URL/neuroio-iam")
			token-file = $PWD/token
			ca-file = $FAKE_CA
			retry-wait = 10ms
			origin = door
	END
	where=(--space lobby)
	[ "$1" = neuroio ] || where=(--origin door)
}

far() {
	"$FACECTL" --service far "$@"
}

# search POLICY [ARGUMENT...]
search() {
	far --policy "$1" --format ndjson profiles search "${where[@]}" "${@:2}"
}

# both NAME.png NAME [POSE]: a photo of a person of the cast that the fake sees the same person in.
both() {
	local kept=$BATS_FILE_TMPDIR/$2-${3:-0}.png
	[ -f "$kept" ] || "$DRAW_FACES" "$kept" "$2" "${3:-0}"
	"$BATS_TEST_DIRNAME/photo.py" "$1" "$2@60,60,180,190" "$kept"
}

# enrol NAME: a profile there, and one of the same id here. Leaves the photo NAME.png, and the id in $pid.
enrol() {
	both "$1.png" "$1"
	expect 0 far --format ndjson profiles create "$1.png"
	pid=$(fields pid)
	printf 'path,pid\n%s.png,%s\n' "$1" "$pid" >here.csv
	expect 0 "$FACECTL" profiles create --space lobby --manifest here.csv
}

down() {
	set_key url https://127.0.0.1:1
	set_key retries 1
}

@test "fallback: the platform answers as long as it does, and its JSON stays as it is" {
	for name in neuroio serp; do
		platform $name
		enrol ada
		expect 0 search fallback ada.png
		[ "$(fields pid result answered_by agrees)" = "$pid exact far -" ]
		empty err
		expect 0 far --format json profiles search "${where[@]}" ada.png
		mv out alone
		expect 0 far --policy fallback --format json profiles search "${where[@]}" ada.png
		cmp alone out
		expect 0 far --policy compare --format json profiles search "${where[@]}" ada.png
		cmp alone out
		expect 0 "$FACECTL" profiles delete "$pid"
	done
}

@test "fallback: what is down is answered here, and said so" {
	for name in neuroio serp; do
		platform $name
		enrol ada
		both again.png ada 1
		# the first request asks whose the token is, or for the origins
		asks="null,"
		control faults "[$asks\"503:0\",\"503:0\",\"503:0\"]"
		set_key retries 2
		expect 0 search fallback again.png
		[ "$(fields pid result answered_by status)" = "$pid exact local ok" ]
		says err "'again.png': service 'far': HTTP 503 after 3 tries: "
		says err "answered by 'local' instead"
		down
		expect 75 far profiles search "${where[@]}" again.png
		expect 0 search fallback again.png
		[ "$(fields pid answered_by)" = "$pid local" ]
		says err "cannot connect to '127.0.0.1'"
		says err "answered by 'local' instead"
		expect 0 far --policy fallback --format json profiles search "${where[@]}" again.png
		is 'd["result"], d["pid"]' "('exact', '$pid')"
		is 'sorted(d)' "['age', 'confidence', 'liveness', 'mood', 'pid', 'result', 'sex']"
		expect 0 "$FACECTL" profiles delete "$pid"
	done
}

@test "fallback: once three photos in a row are answered here, so is the rest" {
	for name in neuroio serp; do
		platform $name
		enrol ada
		for i in $(seq 20 29); do
			both "$i.png" ada
		done
		set_key jobs 1
		set_key retries 0
		asks="null,"
		control faults "[$asks\"503:0\"]"
		expect 0 search fallback 2?.png
		[ "$(fields answered_by | sort | uniq -c | tr -s ' \n' ' ')" = " 9 far 1 local " ]
		[ "$(fields path pid)" = "$(seq -f "%g.png $pid" 20 29)" ]
		control faults "[$asks\"503:0\",\"503:0\",\"503:0\"]"
		expect 0 search fallback 2?.png
		[ "$(fields answered_by | sort | uniq -c | tr -s ' \n' ' ')" = " 10 local " ]
		[ "$(fields path pid)" = "$(seq -f "%g.png $pid" 20 29)" ]
		expect 0 "$FACECTL" profiles delete "$pid"
	done
}

@test "fallback: what is refused for good stays refused, and so does a token" {
	platform neuroio
	enrol ada
	photo two.png "ada@100,50,200,150;bruno@300,76,358,160"
	expect 4 search fallback two.png
	[ "$(fields answered_by)" = far ]
	lacks err instead
	echo another-token-than-that >token
	expect 77 search fallback ada.png
	lacks err instead
}

@test "compare: what was made there is the manifest that makes it here" {
	both ada.png ada
	both bruno.png bruno
	for name in neuroio serp; do
		platform $name
		rm -rf people
		mkdir people
		cp ada.png bruno.png people
		expect 0 far --format ndjson profiles create --from people
		mv out made.ndjson
		expect 0 "$FACECTL" --format ndjson profiles create --manifest made.ndjson
		[ "$(fields result)" = "$(printf 'new\nnew')" ]
		expect 0 search compare people/*.png
		[ "$(fields agrees | sort -u)" = True ]
		expect 0 "$FACECTL" spaces delete lobby --yes
		expect 0 "$FACECTL" origins create door --space lobby
	done
}

@test "fallback: with nobody to stand in the failure is the platform's, of each photo" {
	rm -r "$HOME/.local/share/facectl/gallery"
	for i in 20 21 22 23 24; do
		both $i.png ada
	done
	platform serp
	down
	set_key retries 0
	expect 75 search fallback 2?.png
	[ "$(fields path status answered_by)" = "$(seq -f '%g.png busy far' 20 24)" ]
	says err "'24.png': no fallback: there is no gallery"
	platform neuroio
	down
	expect 75 search fallback 2?.png
	says err "service 'far': cannot connect to '127.0.0.1'"
	says err "no fallback: there is no gallery"
}

@test "compare: both answers, and whether they agree" {
	for name in neuroio serp; do
		platform $name
		enrol ada
		ada=$pid
		expect 0 search compare ada.png
		[ "$(fields pid result answered_by agrees)" = "$ada exact far True
$ada exact local True" ]
		empty err
		both nobody.png doris
		expect 0 search compare nobody.png
		[ "$(fields pid result answered_by agrees)" = "- nm far True
- nm local True" ]
		enrol bruno
		expect 0 far profiles delete "$pid"
		both again.png bruno 1
		expect 1 search compare ada.png again.png
		[ "$(fields path pid answered_by agrees)" = "ada.png $ada far True
ada.png $ada local True
again.png - far False
again.png $pid local False" ]
		says err "'again.png': 'far' and 'local' disagree"
		says err "the services disagree about 1 of 2 photos"
		expect 1 far --policy compare --format json profiles search "${where[@]}" again.png
		is 'd["result"], d["pid"]' "('nm', None)"
		expect 0 "$FACECTL" profiles delete "$pid"
		expect 0 far profiles delete "$ada"
		expect 0 "$FACECTL" profiles delete "$ada"
	done
}

@test "compare: a photo that one of them fails at is no disagreement, and failures keep their status" {
	platform neuroio
	enrol ada
	set_key retries 1
	control faults '[null,"503:0","503:0"]'
	expect 75 search compare ada.png
	[ "$(fields status answered_by agrees)" = "busy far -
ok local -" ]
}

@test "local and remote, and create goes to the platform whatever the policy" {
	platform neuroio
	enrol ada
	down
	expect 0 search local ada.png
	[ "$(fields pid answered_by)" = "$pid -" ]
	set_key policy local
	expect 0 far profiles search "${where[@]}" ada.png
	expect 75 search remote ada.png
	expect 75 far profiles create ada.png
	expect 75 far profiles delete "$pid"
}

@test "fallback and compare require a space or an origin" {
	platform neuroio
	enrol ada
	where=()
	expect 2 search fallback ada.png
	says err "requires a space; give --space or --origin"
	empty out
	expect 2 search compare ada.png
	expect 0 search remote ada.png
	printf 'path,origin\nada.png,door\n' >list.csv
	expect 0 search compare --manifest list.csv
	[ "$(fields agrees)" = "True
True" ]
}
