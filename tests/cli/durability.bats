# What was acknowledged is there, whatever happens to the process.

load helper

# A photo of the same face with other bytes: a JPEG comment behind the first marker.
numbered_photo() {
	head -c 2 face.jpg
	printf '\xff\xfe\x00\x06%04d' "$1"
	tail -c +3 face.jpg
}

@test "kill -9 at a random moment of set: every acknowledged person is there" {
	local rounds=${FACECTL_TEST_KILLS:-100} acknowledged=() number pid begun usual pause
	draw face.jpg ada
	numbered_photo 0 >photo.jpg
	begun=$(date +%s%N)
	expect 0 "$FACECTL" --gallery gallery set --space s --person-id 200000 photo.jpg
	usual=$((($(date +%s%N) - begun) / 1000))
	RANDOM=7
	for ((number = 1; number <= rounds; number++)); do
		numbered_photo "$number" >photo.jpg
		"$FACECTL" --gallery gallery --format tsv set --space s --person-id "$number" photo.jpg >said 2>/dev/null &
		pid=$!
		# Up to half as long again as it usually takes, in microseconds.
		pause=$((usual * (RANDOM % 1500) / 1000))
		sleep "$((pause / 1000000)).$(printf '%06d' $((pause % 1000000)))"
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
		if grep -q $'\tenrolled\t' said; then
			acknowledged+=(--person-id "$number")
		fi
	done
	expect 0 "$FACECTL" --gallery gallery gallery check
	echo "acknowledged: $((${#acknowledged[@]} / 2)) of $rounds"
	[ "${#acknowledged[@]}" -gt 0 ]
	expect 0 "$FACECTL" --gallery gallery --format tsv delete --dry-run --space s "${acknowledged[@]}"
	lacks out not_found
	# And the gallery takes more.
	numbered_photo 9999 >photo.jpg
	expect 0 "$FACECTL" --gallery gallery set --space s --person-id 100000 photo.jpg
}

# limited LIMIT COMMAND...: with files of at most so many KiB.
limited() (
	ulimit -f "$1"
	"${@:2}"
)

@test "a limit on the size of files is told, and leaves nothing half done" {
	expect 0 "$WRITE_LOG" gallery 2000 10
	"$FACECTL" --gallery gallery gallery export --with entries >before
	expect 74 limited 100 "$FACECTL" --gallery gallery gallery backup kept
	says err "cannot write 'kept': File too large; raise the limit with ulimit -f"
	expect 74 limited 100 "$FACECTL" --gallery gallery gallery compact
	says err "cannot write 'gallery/new.mdb': File too large"
	expect 74 limited 100 "$FACECTL" --gallery gallery gallery export --with entries --output written
	says err "cannot write 'written': File too large"
	[ "$(ls -A)" = "$(printf '%s\n' before err gallery home out)" ]
	[ "$(ls gallery)" = "$(printf "%s\n" data.mdb lock.mdb reserve write.lock)" ]
	"$FACECTL" --gallery gallery gallery export --with entries | cmp before
	# What is imported is imported as far as it goes.
	expect 5 limited 100 "$FACECTL" --gallery other gallery import before
	says err "gallery 'other' cannot grow, and the change was not stored: File too large; raise the limit with ulimit -f"
	expect 0 "$FACECTL" --gallery other gallery check
	expect 0 "$FACECTL" --gallery other gallery import before
	"$FACECTL" --gallery other gallery export --with entries | cmp before
}

@test "a gallery that may not be written says so" {
	[ "$(id -u)" -ne 0 ] || skip "root may write anything"
	expect 0 "$WRITE_LOG" gallery 10
	chmod 400 gallery/*
	expect 77 "$FACECTL" --gallery gallery spaces list
	says err "Permission denied"
}

@test "nothing is acknowledged into a gallery that was removed" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	mkfifo paths
	"$FACECTL" --gallery gallery --format tsv set --space s --person-id 1 --files-from paths >out 2>err 9>&- &
	pid=$!
	exec 9>paths
	echo ada.jpg >&9
	until grep -q enrolled out; do kill -0 "$pid" && sleep 0.05 || return 1; done
	rm -r gallery
	echo bruno.jpg >&9
	exec 9>&-
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 5 ]
	[ "$(grep -c enrolled out)" -eq 1 ]
	says err "gallery 'gallery' was removed while it was in use"
	[ ! -e gallery ]
}

@test "two processes at once lose nothing" {
	local number
	draw face.jpg ada
	for number in 1 2 3 4 5 6 7 8; do
		numbered_photo "$number" >"$number.jpg"
	done
	for number in 1 3 5 7; do
		"$FACECTL" --gallery gallery set --space s --person-id "$number" "$number.jpg" >/dev/null &
		"$FACECTL" --gallery gallery set --space s --person-id $((number + 1)) $((number + 1)).jpg >/dev/null
		wait $!
	done
	expect 0 "$FACECTL" --gallery gallery --format tsv spaces list
	says out $'\ts\t8\t8\t8\t'
	expect 0 "$FACECTL" --gallery gallery gallery check
}

@test "a worker killed from outside costs one photo" {
	draw ada.jpg ada
	draw bruno.jpg bruno
	mkfifo hold
	# Standard input is read before the photo goes to a worker, so the workers stand idle until it ends.
	"$FACECTL" --jobs 1 --format tsv detect - bruno.jpg <hold >said 2>err &
	pid=$!
	exec 9>hold
	# Ready workers are locked in: they run under a seccomp filter.
	until worker=$(pgrep -P "$pid" facectl-worker) && grep -qs '^Seccomp:[[:space:]]*2' "/proc/$worker/status"; do sleep 0.01; done
	kill -9 "$worker"
	cat ada.jpg >&9
	exec 9>&-
	run_split wait "$pid"
	grep -q $'bruno.jpg\tok' said
}

@test "what search reads can be made anew, and finds the same" {
	draw face.jpg ada
	expect 0 "$FACECTL" --gallery gallery set --space s --person-id 7 face.jpg
	expect 0 "$FACECTL" --gallery gallery --format tsv recognize --no-entry --space s face.jpg
	cp out before
	expect 0 "$FACECTL" --gallery gallery --format ndjson gallery reindex
	says out '"spaces":1'
	expect 0 "$FACECTL" --gallery gallery --format tsv recognize --no-entry --space s face.jpg
	cmp out before
	expect 5 "$FACECTL" --gallery nowhere gallery reindex
}
