#!/usr/bin/env bats
# Times on the command line and in text.

load helper

count() {
	expect 0 "$FACECTL" --gallery g --format tsv --no-header entries list "$@"
	wc -l <out
}

@test "--since and --until take every form of a time, local unless a zone is given" {
	draw ada.jpg ada
	expect 0 "$FACECTL" --gallery g set --space s --person-id 1 ada.jpg
	export TZ=UTC-5
	hour=$(date '+%Y-%m-%d %H:%M' -d '1 hour ago')
	[ "$(count --since "$hour")" -eq 1 ]
	[ "$(TZ=UTC count --since "$hour")" -eq 0 ]
	for time in 2d 30s 1w "2 days ago" yesterday "yesterday 00:00" "@$(($(date +%s) - 60))" "$(date -u '+%Y-%m-%dT%H:%M:%SZ' -d '1 hour ago')"; do
		[ "$(count --since "$time")" -eq 1 ] || { echo "$time"; return 1; }
		[ "$(count --until "$time")" -eq 0 ] || { echo "$time"; return 1; }
	done
	expect 0 "$FACECTL" --gallery g profiles list --since 2d --no-header --fields person_id
	[ "$(cat out)" = 1 ]
	expect 2 "$FACECTL" --gallery g entries list --since 1w --until 2w
	says err "--since is later than --until"
	expect 2 "$FACECTL" --gallery g entries list --since soon
	says err "'yesterday 14:00', 2d"
}

@test "text shows local times with their offset, and records UTC" {
	draw ada.jpg ada
	expect 0 "$FACECTL" --gallery g set --space s --person-id 1 ada.jpg
	TZ=UTC-5 expect 0 "$FACECTL" --gallery g entries list --fields created --no-header
	grep -Eq '^20[0-9-]+T[0-9:]+[+]05:00$' out
	TZ=UTC-5 expect 0 "$FACECTL" --gallery g --format ndjson entries list --fields created
	grep -Eq '"20[0-9-]+T[0-9:.]+Z"' out
	[ "$(TZ=UTC-5 "$FACECTL" --gallery g entries list --fields created --no-header | date -f - +%s)" -eq "$("$FACECTL" --gallery g --format tsv entries list --fields created --no-header | date -f - +%s)" ]
}
