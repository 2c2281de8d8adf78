-- The tables of a gallery. facectl-gallery-postgres(5) explains them. Names are bytewise ordered (COLLATE "C"), as in a directory's gallery.
-- Times are timestamptz; templates are little-endian 4-byte floats; enumerations are the numbers of facectl-gallery(5).
CREATE SCHEMA facectl;
SET LOCAL search_path = facectl, pg_temp;
CREATE TABLE gallery (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	schema_version integer NOT NULL DEFAULT 1,
	read_format bigint NOT NULL, write_format bigint NOT NULL,
	id uuid NOT NULL, created timestamptz NOT NULL);
CREATE TABLE embedder (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	sha256 bytea NOT NULL, preprocessing bigint NOT NULL, dimension bigint NOT NULL, mirror boolean NOT NULL,
	name text COLLATE "C" NOT NULL);
CREATE TABLE relocations (
	only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), count bigint NOT NULL);
CREATE SEQUENCE space_ids;
CREATE SEQUENCE face_ids;
CREATE SEQUENCE entry_ids;
CREATE SEQUENCE origin_ids;
CREATE SEQUENCE mean_ids;
CREATE TABLE spaces (
	id bigint PRIMARY KEY, created timestamptz NOT NULL,
	person_count bigint NOT NULL, face_count bigint NOT NULL, entry_count bigint NOT NULL, next_number bigint NOT NULL,
	exact_1e4 bigint NOT NULL, ha_1e4 bigint NOT NULL, junk_1e4 bigint NOT NULL,
	name text COLLATE "C" NOT NULL UNIQUE, mean_count bigint NOT NULL);
CREATE TABLE containers (
	space bigint PRIMARY KEY REFERENCES spaces DEFERRABLE INITIALLY DEFERRED,
	trained timestamptz NOT NULL, recognition_model smallint NOT NULL, title text COLLATE "C", user_data text);
CREATE TABLE calibrations (
	space bigint PRIMARY KEY REFERENCES spaces DEFERRABLE INITIALLY DEFERRED,
	created timestamptz NOT NULL, impostor_pairs bigint NOT NULL, genuine_pairs bigint NOT NULL, source text, points bytea NOT NULL);
CREATE TABLE origins (
	id bigint PRIMARY KEY, space bigint NOT NULL, created timestamptz NOT NULL,
	min_facesize bigint NOT NULL, create_min_facesize bigint NOT NULL, flags bigint NOT NULL, save_entries bigint NOT NULL,
	storage_days bigint NOT NULL, name text COLLATE "C" NOT NULL UNIQUE);
CREATE TABLE persons (
	pid uuid PRIMARY KEY, space bigint NOT NULL REFERENCES spaces DEFERRABLE INITIALLY DEFERRED,
	number bigint, created timestamptz NOT NULL, updated timestamptz NOT NULL, face_count bigint NOT NULL,
	name text COLLATE "C", user_data text, mean bigint NOT NULL, title text);
CREATE UNIQUE INDEX persons_space ON persons (space, pid);
CREATE UNIQUE INDEX persons_number ON persons (space, number) WHERE number IS NOT NULL;
CREATE INDEX persons_name ON persons (space, name, pid) WHERE name IS NOT NULL;
CREATE TABLE faces (
	space bigint NOT NULL, id bigint NOT NULL, pid uuid NOT NULL, template bytea, created timestamptz NOT NULL,
	photo bytea NOT NULL, photo_index integer NOT NULL, box real[] NOT NULL, landmarks real[] NOT NULL,
	confidence real NOT NULL, quality real NOT NULL, origin text COLLATE "C", path bytea, uuid uuid NOT NULL,
	may_repeat boolean NOT NULL, user_data text,
	PRIMARY KEY (space, id),
	FOREIGN KEY (pid) REFERENCES persons DEFERRABLE INITIALLY DEFERRED,
	FOREIGN KEY (space) REFERENCES spaces DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX faces_person ON faces (pid, id);
CREATE INDEX faces_photo ON faces (photo, photo_index, space, id);
CREATE INDEX faces_uuid ON faces (uuid, space, id);
CREATE TABLE crops (
	space bigint NOT NULL, face bigint NOT NULL, png bytea NOT NULL, PRIMARY KEY (space, face),
	FOREIGN KEY (space, face) REFERENCES faces DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE crops ALTER png SET STORAGE EXTERNAL;
-- The template of each person. A mean is never changed: it is replaced by one with a greater id.
CREATE TABLE means (
	space bigint NOT NULL, id bigint NOT NULL, pid uuid NOT NULL, face bigint NOT NULL, templates bigint NOT NULL, sums bytea,
	PRIMARY KEY (space, id),
	FOREIGN KEY (pid) REFERENCES persons DEFERRABLE INITIALLY DEFERRED);
-- The change number of a space: caches of means remove those that were deleted since the number that they know.
CREATE TABLE removed_means (
	change bigint GENERATED ALWAYS AS IDENTITY, space bigint NOT NULL, mean bigint NOT NULL, PRIMARY KEY (space, change));
CREATE FUNCTION note_removed_mean() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO facectl.removed_means (space, mean) VALUES (OLD.space, OLD.id);
	RETURN NULL;
END $$;
CREATE TRIGGER note_removed AFTER DELETE ON means FOR EACH ROW EXECUTE FUNCTION note_removed_mean();
CREATE TABLE entries (
	id bigint NOT NULL, created timestamptz NOT NULL, space bigint NOT NULL, result smallint NOT NULL, pid uuid,
	similarity real, match real, confidence real NOT NULL, box real[] NOT NULL, face_pixels bigint NOT NULL,
	exposure real NOT NULL, sharpness real NOT NULL, pan real NOT NULL, tilt real NOT NULL, age smallint,
	sex smallint NOT NULL, mood smallint NOT NULL, liveness smallint NOT NULL, photo bytea NOT NULL, model bytea NOT NULL,
	origin text COLLATE "C", path bytea, PRIMARY KEY (id, created)) PARTITION BY RANGE (created);
CREATE INDEX entries_time ON entries (space, created, id);
CREATE INDEX entries_person ON entries (pid, created, id) WHERE pid IS NOT NULL;
CREATE INDEX entries_origin ON entries (space, origin, created, id) WHERE origin IS NOT NULL;
CREATE INDEX entries_photo ON entries (photo);
CREATE TABLE entries_other PARTITION OF entries DEFAULT;
-- Called before an entry of a month is stored for the first time. It runs as the owner, so that roles that enrol need not create tables.
CREATE FUNCTION ensure_month(at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = facectl, pg_temp
SET timezone = 'UTC' AS $$
DECLARE
	first timestamptz := date_trunc('month', at);
	part text := 'entries_' || to_char(first, 'YYYYMM');
BEGIN
	IF first < '1970-01-01' OR first >= '3000-01-01' OR to_regclass('facectl.' || part) IS NOT NULL THEN
		RETURN;
	END IF;
	PERFORM pg_advisory_xact_lock(hashtextextended('facectl:entries', 0));
	IF to_regclass('facectl.' || part) IS NULL THEN
		EXECUTE format('CREATE TABLE %I PARTITION OF entries FOR VALUES FROM (%L) TO (%L)', part, first, first + interval '1 month');
	END IF;
END $$;
CREATE TABLE entry_days (
	space bigint NOT NULL, origin text COLLATE "C" NOT NULL, day date NOT NULL, entries bigint NOT NULL,
	PRIMARY KEY (space, origin, day));
CREATE TABLE ledger_tasks (
	target bytea PRIMARY KEY, verb text COLLATE "C" NOT NULL, service text COLLATE "C" NOT NULL,
	space text COLLATE "C" NOT NULL, models bytea NOT NULL);
CREATE TABLE ledger_items (
	target bytea NOT NULL, size bigint NOT NULL, content bytea NOT NULL, person bytea NOT NULL,
	state smallint NOT NULL, reason smallint NOT NULL, rules bigint NOT NULL, time timestamptz NOT NULL, space bigint NOT NULL,
	pid uuid NOT NULL, face bigint NOT NULL, text bytea,
	PRIMARY KEY (target, size, content, person));
CREATE INDEX ledger_items_subject ON ledger_items (pid, face, target, size, content, person) WHERE space <> 0;
CREATE TABLE ledger_paths (
	target bytea NOT NULL, path_hash bytea NOT NULL, device bigint NOT NULL, inode bigint NOT NULL, file_size bigint NOT NULL,
	modified_ns bigint NOT NULL, changed_ns bigint NOT NULL, size bigint NOT NULL, content bytea NOT NULL, person bytea NOT NULL,
	path bytea, PRIMARY KEY (target, path_hash),
	FOREIGN KEY (target, size, content, person) REFERENCES ledger_items DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX ledger_paths_item ON ledger_paths (target, size, content, person, path_hash);
CREATE TABLE detected (
	face_id uuid PRIMARY KEY, template bytea, created timestamptz NOT NULL, expires timestamptz NOT NULL, photo bytea NOT NULL,
	box real[] NOT NULL, recognition smallint NOT NULL, detection smallint NOT NULL);
CREATE INDEX detected_time ON detected (expires, face_id);
CREATE TABLE snapshots (
	id uuid PRIMARY KEY, kind smallint NOT NULL, complete boolean NOT NULL, account uuid NOT NULL, created timestamptz NOT NULL,
	updated timestamptz NOT NULL, expires timestamptz NOT NULL, user_data text, scope bytea NOT NULL);
CREATE TABLE snapshot_parts (
	snapshot uuid NOT NULL, pid uuid NOT NULL, face bigint NOT NULL, record bytea NOT NULL, PRIMARY KEY (snapshot, pid, face));
CREATE TABLE snapshot_jobs (
	id uuid PRIMARY KEY, applies boolean NOT NULL, state smallint NOT NULL, kind smallint NOT NULL, account uuid NOT NULL,
	snapshot uuid NOT NULL, object text NOT NULL, created timestamptz NOT NULL, acted timestamptz NOT NULL, space bigint NOT NULL,
	last uuid NOT NULL, persons bigint NOT NULL, faces bigint NOT NULL, last_mean bigint NOT NULL, message bytea);
