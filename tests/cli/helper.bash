# What the tests of the program from outside share: load it with "load helper".
#
# FACECTL and DRAW_FACES name the programs; meson sets them, and any other facectl can be tried the same way. Every test has a folder
# of its own, and a home without configuration or gallery in it.

: "${FACECTL:?the facectl to test}"
: "${DRAW_FACES:?the program that draws photos}"

setup() {
	while IFS='=' read -r name _; do
		case $name in
		FACECTL | FACECTL_TEST_*) ;;
		FACECTL_* | XDG_* | NO_COLOR) unset "$name" ;;
		esac
	done < <(env)
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir -p "$HOME"
	[ "${FACECTL_TEST_STORE:-}" != postgres ] || use_postgres
	cd "$BATS_TEST_TMPDIR" || return 1
}

# use_postgres: the gallery is in a new database of the server that tests/tools/with_postgres runs.
use_postgres() {
	local name=t$BATS_SUITE_TEST_NUMBER-$$-$RANDOM
	psql -q -h "$FACECTL_TEST_POSTGRES" -U facectl -d postgres -c "CREATE DATABASE \"$name\""
	export FACECTL_GALLERY="postgresql://facectl@/$name?host=$FACECTL_TEST_POSTGRES"
}

# run_split COMMAND...: $status, and what it said in the files out and err.
run_split() {
	status=0
	"$@" >out 2>err || status=$?
	keep_records "$@"
}

# keep_records COMMAND...: keep what the command wrote to the file out, for the check at the end of the suite: records, or a document of
# --format json, which has several lines.
keep_records() {
	local start='' folder=${FACECTL_TEST_RECORDS:-$BATS_FILE_TMPDIR}
	IFS= read -r -n 11 start <out || true
	case $start in
	'{"type":"'*) cat out >>"$folder/records.ndjson" ;;
	$'type\tschema'*) { head -n 2 out | cut -c 1-4000 && echo; } | head -n 2 >>"$folder/tsv" ;;
	esac
	if [[ $start == '{' || $start == '['* ]]; then
		{ printf '%q ' "$@" && printf '\n' && cat out && printf '\0'; } >>"$folder/documents"
	fi
	# objects of --progress json
	grep -E '^\{"type":"(progress|summary)"' err >>"$folder/records.ndjson" || true
}

# Everything that a suite printed follows the schemas.
teardown_file() {
	python3 "$BATS_TEST_DIRNAME/../cli/validate.py" "$BATS_TEST_DIRNAME/../../share/schema" "$BATS_FILE_TMPDIR"
}

# expect STATUS COMMAND...: run_split, and the status is this one.
expect() {
	local wanted=$1
	shift
	run_split "$@"
	if [ "$status" -ne "$wanted" ]; then
		echo "$*: status $status instead of $wanted"
		sed 's/^/out: /' out
		sed 's/^/err: /' err
		return 1
	fi
}

# log_all [OPTION...]: photos without an origin have entries of all results, not only of new and reinit.
log_all() {
	"$FACECTL" "$@" origins update cli --save-entries all >/dev/null
}

# says FILE TEXT: the file holds the text; its content is shown if not.
says() {
	if ! grep -qF -e "$2" "$1"; then
		echo "$1 does not say '$2' but:"
		cat "$1"
		return 1
	fi
}

# lacks FILE TEXT: says, turned round.
lacks() {
	if grep -qF -e "$2" "$1"; then
		echo "$1 should not say '$2' but is:"
		cat -v "$1"
		return 1
	fi
}

# empty FILE
empty() {
	if [ -s "$1" ]; then
		echo "$1 should be empty but is:"
		cat "$1"
		return 1
	fi
}

# settle: wait until every file here is old enough for its times to be trusted: the ledger does not trust a change of the last 20 ms.
settle() {
	while find . -type f -newerct '0.05 seconds ago' | grep -q .; do sleep 0.01; done
}

# draw NAME.jpg IDENTITY [POSE]: a photo of one person, made once for all tests.
draw() {
	local kept=$BATS_FILE_TMPDIR/photos/${2}-${3:-0}.jpg
	mkdir -p "$BATS_FILE_TMPDIR/photos"
	if [ ! -f "$kept" ]; then
		"$DRAW_FACES" "$kept" "${@:2}" || return 1
	fi
	cp "$kept" "$1"
}

# other_model NAME [MIRROR]: an embedder along --model-path ./described, of sface's signature.
other_model() {
	mkdir -p described
	[ -f described/other.onnx ] || python3 "$BATS_TEST_DIRNAME/../tools/make_network.py" described/other.onnx
	cat >"described/$1.json" <<JSON
{ "name": "$1", "role": "embedder", "file": "other.onnx", "bytes": $(stat -c %s described/other.onnx),
  "sha256": "$(sha256sum described/other.onnx | cut -d ' ' -f 1)", "licence": "made up", "source": "a test", "preprocessing": 1,
  "input": { "width": 112, "height": 112, "order": "RGB", "scale": 1, "mean": [0, 0, 0], "deviation": [1, 1, 1] },
  "dimension": 128, "mirror": ${2:-false} }
JSON
}
