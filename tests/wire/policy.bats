#!/usr/bin/env bats
# Two services behind one command: who answers, what is said of it, and that nothing but the answer changes.

load wire

# enrol NUMBER NAME: this person of the cast is known here and there. Leaves the photo NAME.png.
enrol() {
	both "$2.png" "$2"
	expect 0 vk set --space 5 --person-id "$1" "$2.png"
	expect 0 "$FACECTL" set --space 5 --person-id "$1" "$2.png"
}

# both NAME.png NAME [POSE]: a photo of a person of the cast that the fake sees the same person in.
both() {
	local kept=$BATS_FILE_TMPDIR/$2-${3:-0}.png
	[ -f "$kept" ] || "$DRAW_FACES" "$kept" "$2" "${3:-0}"
	"$BATS_TEST_DIRNAME/photo.py" "$1" "$2@60,60,180,190" "$kept"
}

down() {
	set_key url https://127.0.0.1:1
	set_key retries 1
}

@test "fallback: the remote service answers as long as it does" {
	enrol 1 ada
	expect 0 vk --policy fallback --format ndjson recognize --space 5 ada.png
	[ "$(fields person answered_by agrees)" = "person1 vk -" ]
	empty err
	expect 0 vk --policy fallback --format json recognize --space 5 ada.png
	says out '"similarity": 0.9721'
}

@test "fallback: what is down is answered here, and said so" {
	enrol 1 ada
	both again.png ada 1
	down
	expect 75 vk recognize --space 5 again.png
	expect 0 vk --policy fallback --format ndjson recognize --space 5 --threshold 0.4 again.png
	[ "$(fields person answered_by)" = "person1 local" ]
	says err "'again.png': service 'vk': cannot connect to '127.0.0.1'"
	says err "answered by 'local' instead"
	set_key policy fallback
	expect 0 vk --format json recognize --space 5 --threshold 0.4 again.png
	says out '"tag": "person1"'
}

@test "fallback: a batch is answered in order, each photo once, and the rest of it here" {
	enrol 1 ada
	for i in $(seq 20 39); do
		both "$i.png" ada
	done
	set_key max-photos 1
	set_key jobs 1
	set_key retries 0
	control faults '["503:0"]'
	expect 0 vk --policy fallback --format ndjson recognize --space 5 --threshold 0.4 [23]?.png
	[ "$(fields answered_by | sort | uniq -c | tr -s ' \n' ' ')" = " 1 local 19 vk " ]
	[ "$(fields path person)" = "$(seq -f '%g.png person1' 20 39)" ]
	control faults '["503:0","503:0","503:0"]'
	expect 0 vk --policy fallback --format ndjson recognize --space 5 --threshold 0.4 [23]?.png
	[ "$(fields answered_by | sort | uniq -c | tr -s ' \n' ' ')" = " 20 local " ]
	[ "$(fields path person)" = "$(seq -f '%g.png person1' 20 39)" ]
}

@test "fallback: what is refused for good stays refused, and so does a token" {
	enrol 1 ada
	photo poison.png poison
	expect 7 vk --policy fallback recognize --space 5 poison.png
	lacks err instead
	echo another-token-than-that >token
	expect 77 vk --policy fallback recognize --space 5 ada.png
	lacks err instead
}

@test "fallback: with nobody to stand in the failure is the service's" {
	photo ada.png ada
	down
	expect 75 vk --policy fallback --format ndjson recognize --space 5 ada.png
	[ "$(fields status answered_by)" = "busy vk" ]
	says err "no fallback: there is no gallery"
}

@test "fallback: a service that is down before the first photo is told once, and nobody for it too" {
	for i in 20 21; do
		both $i.png ada
		head -c 1200 /dev/zero >>$i.png
	done
	cat >>"$HOME/.config/facectl/facectl.conf" <<-END
		[service "face"]
			type = azure
			token-file = $PWD/token
			url = https://127.0.0.1:1
			retries = 0
	END
	face=("$FACECTL" --service face --policy fallback --format ndjson recognize --space 5 --threshold 0.4)
	expect 75 "${face[@]}" 2?.png
	empty out
	says err "cannot connect to '127.0.0.1'"
	says err "no fallback: there is no gallery"
	expect 0 "$FACECTL" set --space 5 --person-id 1 20.png
	expect 0 "${face[@]}" 2?.png
	[ "$(fields path person answered_by)" = "20.png person1 local
21.png person1 local" ]
	[ "$(grep -c "answered by 'local' instead" err)" = 1 ]
}

@test "compare: both answers, and that they agree" {
	enrol 1 ada
	expect 0 vk --policy compare --format ndjson recognize --space 5 --threshold 0.4 ada.png
	[ "$(fields person answered_by agrees)" = "person1 vk True
person1 local True" ]
	empty err
	expect 0 vk --policy compare --format json recognize --space 5 --threshold 0.4 ada.png
	[ "$(grep -c '"name"' out)" = 1 ]
	says out '"similarity": 0.9721'
}

@test "compare: where they disagree it is said, and the status is 1" {
	enrol 1 ada
	enrol 2 bruno
	expect 0 vk delete --space 5 --person-id 2
	both again.png bruno 1
	expect 1 vk --policy compare --format ndjson recognize --space 5 --threshold 0.4 ada.png again.png
	[ "$(fields path person answered_by agrees)" = "ada.png person1 vk True
ada.png person1 local True
again.png - vk False
again.png person2 local False" ]
	says err "'again.png': 'vk' and 'local' disagree"
	says err "the services disagree about 1 of 2 photos"
	expect 1 vk --policy compare recognize --space 5 --threshold 0.4 again.png
}

@test "compare: a photo that one of them fails at is no disagreement, and failures keep their status" {
	enrol 1 ada
	control faults '["503:0","503:0"]'
	set_key retries 1
	expect 75 vk --policy compare --format ndjson recognize --space 5 --threshold 0.4 ada.png
	[ "$(fields status answered_by agrees)" = "busy vk -
ok local -" ]
}

@test "local and remote, and which word counts" {
	enrol 1 ada
	down
	expect 0 vk --policy local recognize --space 5 --threshold 0.4 ada.png
	set_key policy local
	expect 0 vk recognize --space 5 --threshold 0.4 ada.png
	expect 75 vk --policy remote recognize --space 5 ada.png
	FACECTL_POLICY=remote expect 75 vk recognize --space 5 ada.png
	# what changes persons goes to the service whatever the policy
	expect 75 vk set --space 5 --person-id 3 ada.png
	expect 2 vk --policy both recognize --space 5 ada.png
	says err "must be one of remote, local, fallback, compare"
}

@test "what changes persons is not for two services" {
	enrol 1 ada
	for policy in fallback compare; do
		expect 2 vk --policy $policy recognize --space 5 --create-new ada.png
		says err "--create-new changes persons"
		expect 2 vk --policy $policy recognize --space 5 --update-embedding ada.png
	done
}

@test "a verb that the remote service lacks is not made up for" {
	both ada.png ada
	expect 2 vk --policy fallback profiles search --space 5 ada.png
	says err "a service of type smarty does not support 'profiles search'"
}
