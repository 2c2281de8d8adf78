# The JSON answers of documented APIs in the file out: load it after helper.

# answers JSON: the answer is this JSON, whatever its spaces.
answers() {
	local got
	got=$(python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin), separators=(",", ":")))' <out)
	if [ "$got" != "$1" ]; then
		echo "answers $got"
		echo "instead of $1"
		return 1
	fi
}

# member NAME: a member, such as body.objects.0.status; "-" if it is null.
member() {
	python3 -c 'import json, sys
value = json.load(open("out"))
for name in sys.argv[1].split("."):
    value = value[int(name)] if name.isdigit() else value[name]
print("-" if value is None else value)' "$1"
}
