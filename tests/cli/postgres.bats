# Galleries in PostgreSQL: what differs from a gallery in a folder. Other suites run on both (tests/cli/meson.build). tests/tools/with_postgres
# runs the server.

load helper

setup_file() {
	[ "${FACECTL_TEST_STORE:-}" = postgres ] || skip "no server: see tests/tools/with_postgres"
}

sql() {
	psql -q -A -t -d "$FACECTL_GALLERY" -c "$1"
}

@test "init creates the tables, and does nothing the second time" {
	expect 5 "$FACECTL" spaces list
	says err "'facectl gallery init' creates it"
	expect 0 "$FACECTL" --format ndjson gallery init
	says out '"created":true'
	cp out first
	expect 0 "$FACECTL" --format ndjson gallery init
	says out '"created":false'
	diff <(grep -o '"id":"[^"]*"' first) <(grep -o '"id":"[^"]*"' out)
	expect 0 "$FACECTL" gallery upgrade
	[ "$(sql "SELECT schema_version FROM facectl.gallery")" = 1 ]
}

@test "the database of a newer facectl is refused" {
	expect 0 "$FACECTL" gallery init
	sql "UPDATE facectl.gallery SET schema_version = 99"
	expect 5 "$FACECTL" spaces list
	says err "newer facectl"
}

@test "a password in the address and an unverified connection are refused" {
	expect 2 "$FACECTL" --gallery postgresql://me:secret@localhost/x spaces list
	says err 'must not contain a password'
	lacks err secret
	expect 2 "$FACECTL" --gallery 'postgresql://me@192.0.2.1/x' spaces list
	says err 'add sslmode=verify-full'
	expect 2 "$FACECTL" --gallery 'postgresql://me@localhost,db.example.org/x?sslmode=require' spaces list
	says err 'add sslmode=verify-full'
}

@test "a server that is not there is status 75, an unknown database status 5" {
	mkdir nothing
	expect 75 "$FACECTL" --gallery "postgresql:///x?host=$PWD/nothing" spaces list
	expect 5 "$FACECTL" --gallery "postgresql://facectl@/unknown?host=$FACECTL_TEST_POSTGRES" spaces list
	says err 'create it with createdb'
}

@test "a service names the database" {
	printf '[faces]\nhost=%s\nuser=facectl\ndbname=%s\n' "$FACECTL_TEST_POSTGRES" "$(sql 'SELECT current_database()')" >.pg_service.conf
	export PGSERVICEFILE=$PWD/.pg_service.conf
	expect 0 "$FACECTL" --gallery service=faces gallery init
	says out service=faces
}

@test "commands that do not work say so with status 2" {
	draw a.jpg 1
	expect 0 "$FACECTL" set --space 5 --person-id 1 a.jpg
	for command in 'gallery compact' 'gallery backup there' 'gallery share users' 'erase 5/1 --yes'; do
		# shellcheck disable=SC2086
		expect 2 "$FACECTL" $command
		says err 'does not work on a gallery in PostgreSQL'
	done
	expect 0 "$FACECTL" gallery check
}

@test "without the module the error names it" {
	mkdir alone
	cp "$FACECTL" alone/facectl
	expect 2 alone/facectl spaces list
	says err facectl-postgres.so
}

@test "processes that enrol the same unknown person at once make one profile" {
	draw a.jpg 1
	draw b.jpg 2
	expect 0 "$FACECTL" set --space door --person-id 1 b.jpg
	log_all
	running=()
	for i in 1 2 3 4 5 6; do
		cp a.jpg "$i.jpg"
		"$FACECTL" --jobs 1 recognize --space door --create-new "$i.jpg" >"out.$i" 2>"err.$i" &
		running+=($!)
	done
	for process in "${running[@]}"; do
		wait "$process"
	done
	[ "$(sql "SELECT count(*) FROM facectl.persons")" = 2 ]
	[ "$(sql "SELECT count(*) FROM facectl.entries WHERE result = (SELECT result FROM facectl.entries ORDER BY id LIMIT 1)")" -ge 2 ]
	[ "$(sql "SELECT count(DISTINCT pid) FROM facectl.entries WHERE path IS DISTINCT FROM 'b.jpg'")" -le 2 ]
	expect 0 "$FACECTL" gallery check
}

@test "processes that enrol different persons into new spaces lose nothing" {
	draw 1.jpg 1
	draw 2.jpg 2
	running=()
	for space in front back; do
		for i in 1 2; do
			"$FACECTL" --jobs 1 profiles create --space "$space" "$i.jpg" >"out.$space$i" 2>"err.$space$i" &
			running+=($!)
		done
	done
	for process in "${running[@]}"; do
		wait "$process"
	done
	[ "$(sql "SELECT count(*) FROM facectl.persons")" = 4 ]
	[ "$(sql "SELECT count(*) FROM facectl.spaces")" = 2 ]
	expect 0 "$FACECTL" gallery check
}

@test "an export moves between a folder and a database, in both directions" {
	draw a.jpg 1
	draw b.jpg 2
	folder=$PWD/folder
	log_all --gallery "$folder"
	expect 0 "$FACECTL" --gallery "$folder" set --space 5 --person-id 7 --name anna --keep-crops a.jpg
	expect 0 "$FACECTL" --gallery "$folder" recognize --space 5 b.jpg
	"$FACECTL" --gallery "$folder" gallery export --with crops,entries >first
	"$FACECTL" gallery import first
	"$FACECTL" gallery export --with crops,entries >second
	"$FACECTL" --gallery "$PWD/other" gallery import second
	"$FACECTL" --gallery "$PWD/other" gallery export --with crops,entries >third
	diff first second
	diff second third
	expect 0 "$FACECTL" gallery check
}

@test "entries are in a partition of their month" {
	draw a.jpg 1
	expect 0 "$FACECTL" set --space 5 --person-id 1 a.jpg
	[[ $(sql "SELECT tableoid::regclass FROM facectl.entries") == *entries_$(date -u +%Y%m) ]]
	[ "$(sql "SELECT count(*) FROM facectl.entries_other")" = 0 ]
}

@test "a role that reads cannot change, and one that enrols creates no tables" {
	name=$(sql 'SELECT current_database()')
	suffix=_${name//-/_}
	draw a.jpg 1
	draw b.jpg 2
	expect 0 "$FACECTL" set --space 5 --person-id 1 a.jpg
	sed "s/facectl_reader/reader$suffix/g; s/facectl_enroller/enroller$suffix/g" \
		"$BATS_TEST_DIRNAME/../../share/postgres-roles.sql" >roles.sql
	psql -q -d "$FACECTL_GALLERY" -f roles.sql
	sql "ALTER ROLE reader$suffix LOGIN; ALTER ROLE enroller$suffix LOGIN"
	reader="postgresql://reader$suffix@/$name?host=$FACECTL_TEST_POSTGRES"
	enroller="postgresql://enroller$suffix@/$name?host=$FACECTL_TEST_POSTGRES"
	expect 0 "$FACECTL" --gallery "$reader" recognize --no-entry --space 5 a.jpg
	says out person1
	expect 77 "$FACECTL" --gallery "$reader" set --space 5 --person-id 2 b.jpg
	expect 0 "$FACECTL" --gallery "$enroller" set --space 5 --person-id 2 b.jpg
	sql "DROP TABLE facectl.entries_$(date -u +%Y%m)"
	expect 0 "$FACECTL" --gallery "$enroller" recognize --space 5 --create-new a.jpg
}

# copy_of: the folder of the only copy of means on this machine.
copy_of() {
	local copies=("$HOME"/.cache/facectl/galleries/*/*)
	echo "${copies[0]}"
}

@test "a search keeps a copy of the means, and refreshes it" {
	draw 1.jpg 1
	draw 2.jpg 2
	draw again.jpg 1 1
	expect 0 "$FACECTL" set --space 5 --person-id 1 1.jpg
	expect 0 "$FACECTL" recognize --space 5 again.jpg
	says out person1
	copy=$(copy_of)
	[ "$(stat -c %a "$copy" "$copy/records" "$HOME/.cache/facectl/galleries" | tr '\n' ' ')" = '700 600 700 ' ]
	one=$(stat -c %s "$copy/records")
	# Only what changed is added.
	expect 0 "$FACECTL" set --space 5 --person-id 2 2.jpg
	expect 0 "$FACECTL" recognize --space 5 again.jpg
	[ "$(stat -c %s "$copy/records")" = $((2 * one)) ]
	[ "$(stat -c %s "$copy/removed")" = 0 ]
	# A person who is deleted by another machine is not found.
	HOME=$PWD/other expect 0 "$FACECTL" delete --space 5 --person-id 1
	expect 0 "$FACECTL" recognize --space 5 again.jpg
	lacks out person1
	[ "$(stat -c %s "$copy/removed")" = 16 ]
	# The same face comes back, from another machine.
	HOME=$PWD/other expect 0 "$FACECTL" set --space 5 --person-id 3 1.jpg
	expect 0 "$FACECTL" recognize --space 5 again.jpg
	says out person3
}

@test "a damaged copy and one without access cost time, not the result" {
	draw 1.jpg 1
	draw again.jpg 1 1
	expect 0 "$FACECTL" set --space 5 --person-id 1 1.jpg
	expect 0 "$FACECTL" recognize --space 5 again.jpg
	cp out first
	copy=$(copy_of)
	for file in head records; do
		printf 'damage' | dd of="$copy/$file" bs=1 seek=40 conv=notrunc status=none
		expect 0 "$FACECTL" recognize --space 5 again.jpg
		diff first out
	done
	chmod 755 "$copy"
	expect 0 "$FACECTL" recognize --space 5 again.jpg
	diff first out
	rm -r "$HOME/.cache"
	expect 0 "$FACECTL" recognize --space 5 again.jpg
	diff first out
}

# interrupt WHEN: the server ends the connection when the first person is stored: at once, or during COMMIT.
interrupt() {
	sql "CREATE SEQUENCE facectl.once;
		CREATE FUNCTION facectl.hang_up() RETURNS trigger LANGUAGE plpgsql AS \$\$
		BEGIN
			IF nextval('facectl.once') = 1 THEN
				PERFORM pg_terminate_backend(pg_backend_pid());
			END IF;
			RETURN NULL;
		END \$\$;
		CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON facectl.persons $1
			FOR EACH ROW EXECUTE FUNCTION facectl.hang_up()"
}

@test "a connection that is lost before or during a commit: the change is stored once" {
	for when in 'NOT DEFERRABLE' 'DEFERRABLE INITIALLY DEFERRED'; do
		draw 1.jpg 1
		expect 0 "$FACECTL" gallery init
		interrupt "$when"
		expect 0 "$FACECTL" set --space 5 --person-id 1 1.jpg
		says out enrolled
		[ "$(sql 'SELECT count(*) FROM facectl.persons')" = 1 ]
		[ "$(sql 'SELECT count(*) FROM facectl.faces')" = 1 ]
		[ "$(sql 'SELECT count(*) FROM facectl.entries')" = 1 ]
		[ "$(sql "SELECT nextval('facectl.once')")" = 3 ]
		expect 0 "$FACECTL" gallery check
		sql 'DROP SCHEMA facectl CASCADE' 2>/dev/null
	done
}
