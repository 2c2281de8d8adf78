#!/usr/bin/env bats
# What a service does not have: a sentence that says who has it, exit status 2, and nothing sent.

load wire

# unsupported WORDS ARGUMENT...
unsupported() {
	expect 2 vk "${@:2}"
	says err "$1"
	empty out
	state 'state["requests"]' 0
}

@test "verbs that the service does not have" {
	photo ada.png ada
	has="; the local engine (--service local)"
	unsupported "a service of type smarty does not support 'detect'$has" detect ada.png
	unsupported "a service of type smarty does not support 'verify'$has" verify ada.png ada.png
	unsupported "a service of type smarty does not support 'spaces list'$has" spaces list
	unsupported "a service of type smarty does not support 'spaces update'$has" spaces update 5 --ha 76
	unsupported "a service of type smarty does not support 'profiles list'$has" profiles list
	unsupported "a service of type smarty does not support 'entries list'$has" entries list
	unsupported "a service of type smarty does not support 'origins list'$has" origins list
}

@test "options that the service has nothing for" {
	photo ada.png ada
	has="; the local engine does (--service local)"
	for option in --threshold=0.4 --fmr=1e-4 --fpir=1%; do
		unsupported "service 'vk' (smarty) does not support choosing a threshold$has" recognize --space 5 $option ada.png
	done
	unsupported "service 'vk' (smarty) does not support crops$has" recognize --space 5 --crops crops ada.png
	unsupported "service 'vk' (smarty) does not support annotated pictures$has" recognize --space 5 --annotate out.png ada.png
	unsupported "service 'vk' (smarty) does not support liveness$has" recognize --space 5 --with liveness ada.png
	unsupported "service 'vk' (smarty) does not support choosing whether a person may occur twice$has" recognize --space 5 --allow-repeats ada.png
	unsupported "service 'vk' (smarty) does not support origins$has" recognize --space 5 --origin door ada.png
	unsupported "service 'vk' (smarty) does not support dry runs$has" recognize --space 5 --dry-run ada.png
	unsupported "service 'vk' (smarty) does not support names of persons$has" set --space 5 --person-id 1 --name Ada ada.png
	unsupported "service 'vk' (smarty) does not support crops$has" set --space 5 --person-id 1 --keep-crops ada.png
	unsupported "service 'vk' (smarty) does not support dry runs$has" set --space 5 --person-id 1 --dry-run ada.png
	unsupported "service 'vk' (smarty) does not support dry runs$has" delete --space 5 --person-id 1 --dry-run
	unsupported "service 'vk' (smarty) does not support dry runs$has" truncate --space 5 --dry-run
	unsupported "'cellar' is not a space of service 'vk'; its spaces are 0 to 9" recognize --space cellar ada.png
}

@test "asked for JSON, the sentence is in an envelope" {
	photo ada.png ada
	expect 2 vk --format json recognize --space 5 --fmr 1e-4 ada.png
	says out '"status": 400'
	says out "does not support choosing a threshold"
}

@test "services have no pictures" {
	photo ada.png ada
	a_service_of_each_type
	for option in "annotated pictures:--annotate=out.png" "crops:--crops=crops"; do
		for service in neuro serp; do
			expect 2 "$FACECTL" --service "$service" profiles search --space 5 "${option#*:}" ada.png
			says err "does not support ${option%:*}; the local engine does"
		done
		expect 2 "$FACECTL" --service face detect "${option#*:}" ada.png
		says err "does not support ${option%:*}; the local engine does"
	done
	state 'state["requests"]' 0
}

@test "eval and extract need the local engine" {
	photo ada.png ada
	mkdir -p people/ada people/bruno
	cp ada.png people/ada
	photo people/bruno/bruno.png bruno
	a_service_of_each_type
	for service in vk face neuro serp; do
		expect 2 "$FACECTL" --service "$service" eval --from people
		says err "does not support 'eval'; the local engine (--service local) does"
		expect 2 "$FACECTL" --service "$service" extract ada.png
		says err "does not support 'extract'; the local engine (--service local) does"
	done
	state 'state["requests"]' 0
}

@test "a verb that the service does not support neither creates nor opens a gallery" {
	pid=6a1b2c3d-0000-4000-8000-000000000001
	a_service_of_each_type
	mkdir damaged
	echo "not a database" >damaged/data.mdb
	refused() {
		expect 2 "$FACECTL" --service "$1" --gallery "$2" "${@:3}"
		says err "does not support '"
	}
	for gallery in absent damaged; do
		for service in neuro serp; do
			refused $service $gallery truncate --space door --yes
			refused $service $gallery delete --space door --person-id 1
		done
		refused vk $gallery spaces delete 5 --yes
		refused vk $gallery profiles delete $pid
		refused face $gallery profiles merge $pid --to $pid
	done
	[ ! -e absent ]
	[ "$(ls damaged)" = data.mdb ]
	state 'state["requests"]' 0
}
