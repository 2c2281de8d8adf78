/* Segments: search over them equals a full scan, whatever is added, deleted, merged or damaged. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vector.h"
#include "gallery/segments.h"

enum { FACES_MAXIMUM = 24000, PERSONS = 3000, PROBES = 12, TOP = 10 };

/* What the gallery should hold. */
struct model {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	struct fc_uuid pids[PERSONS];
	uint32_t space;
	size_t count; /* faces ever added */
	struct {
		uint64_t id;
		struct fc_uuid pid;
		bool gone;
		float embedding[DIMENSION];
	} faces[FACES_MAXIMUM];
};

/* ---- adding and deleting ---- */

struct addition {
	struct model *model;
	const char *space;
	size_t count, first_person, persons;
};

static enum fc_status add_person(struct fc_gallery_txn *txn, uint32_t space, struct fc_uuid *pid,
				 struct fc_error *err)
{
	static const struct fc_uuid nobody;
	struct fc_person person = { .space = space };
	if (fc_uuid_equal(pid, &nobody)) {
		FC_TRY(fc_person_add(txn, &person, err));
		*pid = person.pid;
	}
	return FC_OK;
}

/* Every fourth face has the template of another one. */
static uint64_t seed_of(size_t face)
{
	return face % 4 == 3 ? face / 2 : face;
}

static enum fc_status add_faces(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct addition *addition = context;
	struct model *model = addition->model;
	const struct fc_embedder_pin pin = make_pin();
	struct fc_space space;
	FC_TRY(fc_gallery_set_pin(txn, &pin, err));
	FC_TRY(fc_space_ensure(txn, addition->space, &space, err));
	model->space = space.id;
	for (size_t i = model->count; i < model->count + addition->count; i++) {
		struct fc_uuid *pid = &model->pids[addition->first_person + i % addition->persons];
		FC_TRY(add_person(txn, space.id, pid, err));
		struct fc_face_record face = { .space = space.id,
					       .pid = *pid,
					       .embedding = model->faces[i].embedding,
					       .dimension = DIMENSION };
		make_template(seed_of(i), face.embedding);
		memcpy(face.photo.bytes, &i, sizeof(i));
		FC_TRY(fc_face_add(txn, &face, err));
		model->faces[i].id = face.id;
		model->faces[i].pid = *pid;
	}
	return FC_OK;
}

static void add(struct model *model, size_t count)
{
	struct addition addition = { model, "5", count, 0, PERSONS };
	struct fc_error err = { 0 };
	if (fc_gallery_write(model->gallery, add_faces, &addition, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	model->count += count;
}

struct removal {
	struct model *model;
	bool (*goes)(const struct model *model, size_t face);
};

static enum fc_status remove_faces(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct removal *removal = context;
	struct model *model = removal->model;
	for (size_t i = 0; i < model->count; i++) {
		if (!model->faces[i].gone && removal->goes(model, i)) {
			FC_TRY(fc_face_delete(txn, model->space, model->faces[i].id, err));
		}
	}
	return FC_OK;
}

static void remove_some(struct model *model, bool (*goes)(const struct model *model, size_t face))
{
	struct removal removal = { model, goes };
	struct fc_error err = { 0 };
	if (fc_gallery_write(model->gallery, remove_faces, &removal, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	for (size_t i = 0; i < model->count; i++) {
		model->faces[i].gone = model->faces[i].gone || goes(model, i);
	}
}

/* ---- comparing ---- */

static bool is_better(const struct fc_search_hit *a, const struct fc_search_hit *b)
{
	return a->score > b->score || (a->score == b->score && a->face_id < b->face_id);
}

static int by_rank(const void *a, const void *b)
{
	return is_better(a, b) ? -1 : 1;
}

/* The best face of each person by a scan of everything, best person first. */
static size_t full_scan(const struct model *model, const float *probe, struct fc_search_hit *best)
{
	static struct fc_search_hit all[FACES_MAXIMUM];
	size_t count = 0, persons = 0;
	for (size_t i = 0; i < model->count; i++) {
		if (!model->faces[i].gone) {
			all[count++] =
				(struct fc_search_hit){ model->faces[i].pid, model->faces[i].id,
							fc_dot(model->faces[i].embedding, probe,
							       DIMENSION) };
		}
	}
	qsort(all, count, sizeof(*all), by_rank);
	for (size_t i = 0; i < count && persons < TOP; i++) {
		bool known = false;
		for (size_t k = 0; k < persons; k++) {
			known = known || fc_uuid_equal(&best[k].pid, &all[i].pid);
		}
		if (!known) {
			best[persons++] = all[i];
		}
	}
	return persons;
}

static void compare(const struct model *model, struct fc_gallery_txn *txn)
{
	float probes[PROBES * DIMENSION];
	struct fc_search_hit hits[PROBES * TOP], expected[TOP];
	size_t counts[PROBES];
	struct fc_error err = { 0 };
	for (size_t i = 0; i < PROBES; i++) {
		/* Templates that are there, some twice, and templates that are not. */
		make_template(i % 2 == 0 ? i * 701 : 1000000 + i, probes + i * DIMENSION);
	}
	if (fc_search(txn, model->space, probes, PROBES, DIMENSION, TOP, hits, counts, &err) !=
	    FC_OK) {
		fail_msg("%s", err.text);
	}
	for (size_t i = 0; i < PROBES; i++) {
		size_t count = full_scan(model, probes + i * DIMENSION, expected);
		assert_int_equal(counts[i], count);
		for (size_t k = 0; k < count; k++) {
			const struct fc_search_hit *hit = &hits[i * TOP + k];
			assert_int_equal(hit->face_id, expected[k].face_id);
			assert_true(fc_uuid_equal(&hit->pid, &expected[k].pid));
			assert_true(hit->score == expected[k].score);
		}
	}
}

static struct fc_segment_stats must_equal_a_full_scan(const struct model *model)
{
	struct fc_segment_stats stats;
	struct fc_gallery_txn *txn = must_read(model->gallery);
	compare(model, txn);
	assert_int_equal(fc_space_segments(txn, model->space, &stats, NULL), FC_OK);
	fc_gallery_end_read(txn);
	must_check(model->gallery);
	return stats;
}

/* ---- setup ---- */

static int setup(void **state)
{
	struct model *model = calloc(1, sizeof(*model));
	if (!model || enter_scratch((void **)&model->scratch) != 0) {
		return -1;
	}
	model->gallery = must_open(model->scratch, FC_GALLERY_CREATE);
	*state = model;
	return 0;
}

static int teardown(void **state)
{
	struct model *model = *state;
	fc_gallery_close(model->gallery);
	int left = leave_scratch((void **)&model->scratch);
	free(model);
	return left;
}

/* ---- growing ---- */

static void faces_become_segments_as_they_are_added(void **state)
{
	struct model *model = *state;
	add(model, 1000);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 0);
	assert_int_equal(stats.tail, 1000);
	for (size_t i = 0; i < 7; i++) {
		add(model, 1500);
		stats = must_equal_a_full_scan(model);
		assert_int_equal(stats.segments, model->count / FC_SEGMENT_FACES);
		assert_int_equal(stats.packed, stats.segments * FC_SEGMENT_FACES);
		assert_int_equal(stats.tail, model->count - stats.packed);
	}
	assert_true(stats.bytes >= stats.packed * DIMENSION);
}

static enum fc_status add_and_search(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct addition *addition = context;
	FC_TRY(add_faces(txn, addition, err));
	addition->model->count = addition->count;
	compare(addition->model, txn);
	addition->model->count = 0;
	return FC_OK;
}

static void a_change_finds_what_it_has_added(void **state)
{
	struct model *model = *state;
	struct addition addition = { model, "5", 9000, 0, PERSONS };
	assert_int_equal(fc_gallery_write(model->gallery, add_and_search, &addition, NULL), FC_OK);
	model->count = addition.count;
	assert_int_equal(must_equal_a_full_scan(model).segments, 2);
}

/* Ids are the gallery's; those of two spaces that grow together are mixed. */
static void spaces_that_grow_together_have_their_own_segments(void **state)
{
	struct model *model = *state;
	struct model *other = calloc(1, sizeof(*other));
	assert_non_null(other);
	other->gallery = model->gallery;
	for (size_t i = 0; i < 90; i++) {
		struct addition addition = { other, "6", 50, 0, PERSONS };
		add(model, 100);
		/* A photo may be in two spaces. */
		assert_int_equal(fc_gallery_write(other->gallery, add_faces, &addition, NULL),
				 FC_OK);
		other->count += 50;
	}
	assert_int_equal(must_equal_a_full_scan(model).segments, 2);
	assert_int_equal(must_equal_a_full_scan(other).segments, 1);
	free(other);
}

/* ---- deleting ---- */

static bool goes_two_of_three(const struct model *model, size_t face)
{
	(void)model;
	return face % 3 != 0;
}

static bool goes_first(const struct model *model, size_t face)
{
	(void)model;
	return face < 2 * FC_SEGMENT_FACES;
}

static bool goes_tail(const struct model *model, size_t face)
{
	return face >= model->count / FC_SEGMENT_FACES * FC_SEGMENT_FACES;
}

static void deleted_faces_are_not_found_and_sparse_segments_merge(void **state)
{
	struct model *model = *state;
	add(model, 17000);
	remove_some(model, goes_two_of_three);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 4);
	assert_int_equal(stats.packed + stats.deleted, 4 * FC_SEGMENT_FACES);
	add(model, 3000);
	stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 2);
	assert_true(stats.deleted < stats.packed);
}

static void a_segment_goes_with_its_last_face(void **state)
{
	struct model *model = *state;
	add(model, 9000);
	remove_some(model, goes_first);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.segments, 0);
	assert_int_equal(stats.tail, 9000 - 2 * FC_SEGMENT_FACES);
}

static void a_tail_may_go_and_come_back(void **state)
{
	struct model *model = *state;
	add(model, 5000);
	remove_some(model, goes_tail);
	assert_int_equal(must_equal_a_full_scan(model).tail, 0);
	add(model, 8000);
	assert_true(must_equal_a_full_scan(model).segments >= 2);
}

static enum fc_status delete_persons(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	const struct model *model = context;
	for (size_t i = 0; i < PERSONS; i += 2) {
		FC_TRY(fc_person_delete(txn, &model->pids[i], err));
	}
	return FC_OK;
}

static void deleting_persons_deletes_them_from_segments(void **state)
{
	struct model *model = *state;
	add(model, 9000);
	assert_int_equal(fc_gallery_write(model->gallery, delete_persons, model, NULL), FC_OK);
	for (size_t i = 0; i < model->count; i++) {
		model->faces[i].gone = i % PERSONS % 2 == 0;
	}
	assert_int_equal(must_equal_a_full_scan(model).deleted, FC_SEGMENT_FACES);
}

static enum fc_status truncate_space(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	const struct model *model = context;
	uint64_t persons, faces;
	return fc_space_truncate(txn, model->space, &persons, &faces, err);
}

static void a_truncated_space_has_no_segments_and_fills_again(void **state)
{
	struct model *model = *state;
	add(model, 9000);
	assert_int_equal(fc_gallery_write(model->gallery, truncate_space, model, NULL), FC_OK);
	for (size_t i = 0; i < model->count; i++) {
		model->faces[i].gone = true;
	}
	memset(model->pids, 0, sizeof(model->pids));
	assert_int_equal(must_equal_a_full_scan(model).segments, 0);
	add(model, 5000);
	assert_int_equal(must_equal_a_full_scan(model).segments, 1);
}

/* ---- merging persons ---- */

static enum fc_status merge_persons(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct model *model = context;
	uint64_t faces, entries;
	for (size_t i = 0; i < 100; i += 2) {
		FC_TRY(fc_person_merge(txn, &model->pids[i], &model->pids[i + 1], &faces, &entries,
				       err));
	}
	return FC_OK;
}

static enum fc_status find_id(struct fc_gallery_txn *txn, struct model *model, size_t face,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record record = { 0 };
	struct fc_sha256 photo = { { 0 } };
	memcpy(photo.bytes, &face, sizeof(face));
	FC_TRY(fc_face_by_photo(txn, model->space, &photo, 0, &record, err));
	model->faces[face].id = record.id;
	model->faces[face].pid = record.pid;
	return FC_OK;
}

static void merged_persons_are_found_under_the_one_that_is_kept(void **state)
{
	struct model *model = *state;
	add(model, 6000);
	assert_int_equal(fc_gallery_write(model->gallery, merge_persons, model, NULL), FC_OK);
	struct fc_gallery_txn *txn = must_read(model->gallery);
	for (size_t i = 0; i < model->count; i++) {
		assert_int_equal(find_id(txn, model, i, NULL), FC_OK);
	}
	fc_gallery_end_read(txn);
	assert_true(fc_uuid_equal(&model->faces[1].pid, &model->pids[0]));
	must_equal_a_full_scan(model);
}

/* ---- making them anew ---- */

static void reindexing_leaves_nothing_of_deleted_faces(void **state)
{
	struct model *model = *state;
	uint64_t spaces = 9;
	add(model, 13000);
	assert_int_equal(fc_gallery_reindex(model->gallery, FC_REINDEX_DELETED, &spaces, NULL),
			 FC_OK);
	assert_int_equal(spaces, 0);
	remove_some(model, goes_two_of_three);
	assert_true(must_equal_a_full_scan(model).deleted > 8000);
	assert_int_equal(fc_gallery_reindex(model->gallery, FC_REINDEX_DELETED, &spaces, NULL),
			 FC_OK);
	assert_int_equal(spaces, 1);
	struct fc_segment_stats stats = must_equal_a_full_scan(model);
	assert_int_equal(stats.deleted, 0);
	assert_int_equal(stats.segments, 1);
	assert_int_equal(fc_gallery_reindex(model->gallery, FC_REINDEX_ALL, &spaces, NULL), FC_OK);
	assert_int_equal(spaces, 1);
	assert_int_equal(must_equal_a_full_scan(model).segments, 1);
}

/* ---- damage ---- */

struct damage {
	enum fc_database database;
	struct fc_key key;
	size_t place;
	uint8_t bit;
};

/* Flip a bit near certain bytes of the data file, so that no CRC is made to fit. Twice is back again. */
static void flip(struct model *model, const uint8_t *bytes, size_t length, ptrdiff_t place)
{
	fc_gallery_close(model->gallery);
	int fd = open(scratch_file(model->scratch, "data.mdb"), O_RDWR);
	assert_true(fd >= 0);
	off_t size = lseek(fd, 0, SEEK_END);
	uint8_t *image = malloc((size_t)size);
	assert_non_null(image);
	assert_int_equal(pread(fd, image, (size_t)size, 0), size);
	const uint8_t *found = memmem(image, (size_t)size, bytes, length);
	assert_non_null(found);
	uint8_t flipped = found[place] ^ 4;
	assert_int_equal(pwrite(fd, &flipped, 1, found - image + place), 1);
	close(fd);
	free(image);
	model->gallery = must_open(model->scratch, FC_GALLERY_WRITE);
}

static void copy_codes(struct model *model, uint8_t *out, size_t length)
{
	struct fc_key key = fc_key_in_space(model->space, 1);
	struct fc_reader payload;
	struct fc_gallery_txn *txn = must_read(model->gallery);
	assert_int_equal(fc_store_get(txn, FC_DB_CODES, &key, &payload, NULL), FC_OK);
	memcpy(out, payload.data + FC_SEGMENT_PAD, length);
	fc_gallery_end_read(txn);
}

static void damaged_codes_are_noticed_by_the_check_and_made_anew(void **state)
{
	struct model *model = *state;
	uint8_t codes[64];
	uint64_t spaces;
	add(model, 5000);
	copy_codes(model, codes, sizeof(codes));
	flip(model, codes, sizeof(codes), 5);
	assert_true(count_problems(model->gallery) >= 2);

	/* No wrong score, whatever is found: those come from the faces. */
	float probe[DIMENSION];
	struct fc_search_hit hit;
	size_t count;
	make_template(2, probe);
	struct fc_gallery_txn *txn = must_read(model->gallery);
	assert_int_equal(fc_search(txn, model->space, probe, 1, DIMENSION, 1, &hit, &count, NULL),
			 FC_OK);
	assert_int_equal(hit.face_id, model->faces[2].id);
	fc_gallery_end_read(txn);

	assert_int_equal(fc_gallery_reindex(model->gallery, FC_REINDEX_ALL, &spaces, NULL), FC_OK);
	must_equal_a_full_scan(model);
}

static enum fc_status search_one(struct model *model)
{
	float probe[DIMENSION];
	struct fc_search_hit hit;
	size_t count;
	make_template(2, probe);
	struct fc_gallery_txn *txn = must_read(model->gallery);
	enum fc_status status =
		fc_search(txn, model->space, probe, 1, DIMENSION, 1, &hit, &count, NULL);
	fc_gallery_end_read(txn);
	return status;
}

/* What LMDB says of the codes' pages: their number, flags and count, 64 bytes before the codes. */
static void codes_on_pages_that_make_no_sense_are_not_read(void **state)
{
	struct model *model = *state;
	const ptrdiff_t places[] = { -64 + 6, -64 + 10, -64 + 12 };
	uint8_t codes[64];
	add(model, 5000);
	copy_codes(model, codes, sizeof(codes));
	for (size_t i = 0; i < FC_ARRAY_LENGTH(places); i++) {
		flip(model, codes, sizeof(codes), places[i]);
		enum fc_status status = search_one(model);
		flip(model, codes, sizeof(codes), places[i]);
		if (status != FC_DAMAGED) {
			fail_msg("place %d: %s", (int)places[i], fc_status_name(status));
		}
	}
	assert_int_equal(search_one(model), FC_OK);
}

static enum fc_status spoil(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct damage *damage = context;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer copy = { 0 };
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, damage->database, &damage->key, &payload, err));
	fc_buffer_append(&copy, payload.data, payload.left);
	copy.data[damage->place] ^= damage->bit;
	return fc_store_put(txn, damage->database, &damage->key, &copy, FC_STORE_REPLACE, err);
}

static void segments_that_contradict_the_faces_are_noticed(void **state)
{
	struct model *model = *state;
	struct fc_key key;
	add(model, 5000);
	key = fc_key_in_space(model->space, 1);
	size_t pids = fc_segment_length(&(struct fc_segment){ .count = FC_SEGMENT_FACES,
							      .dimension = DIMENSION }) -
		      FC_SEGMENT_FACES * sizeof(struct fc_uuid);
	struct damage damages[] = {
		{ FC_DB_CODES, key, FC_SEGMENT_PAD + 1, 1 },            /* a code */
		{ FC_DB_CODES, key, pids - 8 * FC_SEGMENT_FACES, 128 }, /* a face's id */
		{ FC_DB_CODES, key, pids, 1 },                          /* a person */
		{ FC_DB_SEGMENT, key, 0, 1 },                           /* the last id */
		{ FC_DB_SEGMENT, key, 12, 1 },                          /* the count of deleted */
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(damages); i++) {
		assert_int_equal(fc_gallery_write(model->gallery, spoil, &damages[i], NULL), FC_OK);
		if (count_problems(model->gallery) < 1) {
			fail_msg("damage %zu is not noticed", i);
		}
		assert_int_equal(fc_gallery_write(model->gallery, spoil, &damages[i], NULL), FC_OK);
		must_check(model->gallery);
	}
}

static enum fc_status drop_codes(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct model *model = context;
	struct fc_key key = fc_key_in_space(model->space, 1);
	return fc_store_delete(txn, FC_DB_CODES, &key, err);
}

static void missing_codes_fail_a_search_and_nothing_else(void **state)
{
	struct model *model = *state;
	float probe[DIMENSION];
	struct fc_search_hit hit;
	size_t count;
	uint64_t spaces;
	struct fc_error err = { 0 };
	add(model, 5000);
	assert_int_equal(fc_gallery_write(model->gallery, drop_codes, model, NULL), FC_OK);
	make_template(2, probe);
	struct fc_gallery_txn *txn = must_read(model->gallery);
	assert_int_equal(fc_search(txn, model->space, probe, 1, DIMENSION, 1, &hit, &count, &err),
			 FC_DAMAGED);
	assert_non_null(strstr(err.text, "its codes are not there"));
	assert_non_null(strstr(err.text, "reindex"));
	fc_gallery_end_read(txn);
	assert_true(count_problems(model->gallery) > 0);
	add(model, 5000);
	remove_some(model, goes_two_of_three);
	assert_int_equal(fc_gallery_reindex(model->gallery, FC_REINDEX_ALL, &spaces, NULL), FC_OK);
	must_equal_a_full_scan(model);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(faces_become_segments_as_they_are_added),
		CASE(a_change_finds_what_it_has_added),
		CASE(spaces_that_grow_together_have_their_own_segments),
		CASE(deleted_faces_are_not_found_and_sparse_segments_merge),
		CASE(a_segment_goes_with_its_last_face),
		CASE(a_tail_may_go_and_come_back),
		CASE(deleting_persons_deletes_them_from_segments),
		CASE(a_truncated_space_has_no_segments_and_fills_again),
		CASE(merged_persons_are_found_under_the_one_that_is_kept),
		CASE(reindexing_leaves_nothing_of_deleted_faces),
		CASE(damaged_codes_are_noticed_by_the_check_and_made_anew),
		CASE(codes_on_pages_that_make_no_sense_are_not_read),
		CASE(segments_that_contradict_the_faces_are_noticed),
		CASE(missing_codes_fail_a_search_and_nothing_else),
	};
	return cmocka_run_group_tests_name("gallery/segments", tests, NULL, NULL);
}
