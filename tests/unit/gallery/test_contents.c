/* Spaces, persons, faces and entries: what is refused, what is counted, what goes when something is deleted. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"

struct contents {
	struct scratch *scratch;
	struct fc_gallery *gallery;
};

static int setup(void **state)
{
	struct contents *contents = calloc(1, sizeof(*contents));
	if (!contents || enter_scratch((void **)&contents->scratch) != 0) {
		return -1;
	}
	contents->gallery = must_open(contents->scratch, FC_GALLERY_CREATE);
	*state = contents;
	return 0;
}

static int teardown(void **state)
{
	struct contents *contents = *state;
	must_check(contents->gallery);
	fc_gallery_close(contents->gallery);
	int left = leave_scratch((void **)&contents->scratch);
	free(contents);
	return left;
}

static struct fc_gallery *gallery_of(void **state)
{
	const struct contents *contents = *state;
	return contents->gallery;
}

static struct fc_space must_find_space(struct fc_gallery *gallery, const char *name)
{
	struct fc_space space = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_space_find(txn, name, &space, NULL), FC_OK);
	fc_gallery_end_read(txn);
	return space;
}

static void write_expecting(struct fc_gallery *gallery, fc_gallery_change *change, void *context,
			    enum fc_status expected)
{
	struct fc_error err = { 0 };
	enum fc_status status = fc_gallery_write(gallery, change, context, &err);
	if (status != expected) {
		fail_msg("%s instead of %s: %s", fc_status_name(status), fc_status_name(expected),
			 err.text);
	}
}

/* ---- spaces ---- */

static enum fc_status ensure_space(struct fc_gallery_txn *txn, void *name, struct fc_error *err)
{
	struct fc_space space;
	return fc_space_ensure(txn, name, &space, err);
}

static void spaces_are_listed_by_name_with_ids_of_their_own(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	const char *const names[] = { "zoo", "5", "office_2", "5" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		char name[16];
		strcpy(name, names[i]);
		write_expecting(gallery, ensure_space, name, FC_OK);
	}
	struct fc_space *spaces = NULL;
	size_t count = 0;
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_space_list(txn, &spaces, &count, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(count, 3);
	assert_string_equal(spaces[0].name, "5");
	assert_string_equal(spaces[1].name, "office_2");
	assert_string_equal(spaces[2].name, "zoo");
	assert_int_equal(spaces[2].id, 1);
	assert_int_equal(spaces[0].id, 2);
	assert_int_equal(spaces[0].next_number, 1);
	free(spaces);
}

static void a_space_needs_a_fit_name(void **state)
{
	char upper[] = "Office", empty[] = "", path[] = "a/b";
	char long_name[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	write_expecting(gallery_of(state), ensure_space, upper, FC_INVALID_ARGUMENT);
	write_expecting(gallery_of(state), ensure_space, empty, FC_INVALID_ARGUMENT);
	write_expecting(gallery_of(state), ensure_space, path, FC_INVALID_ARGUMENT);
	write_expecting(gallery_of(state), ensure_space, long_name, FC_INVALID_ARGUMENT);
	struct fc_space space;
	struct fc_gallery_txn *txn = must_read(gallery_of(state));
	assert_int_equal(fc_space_find(txn, "", &space, NULL), FC_NOT_FOUND);
	assert_int_equal(fc_space_find(txn, "nowhere", &space, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
}

/* ---- persons ---- */

static enum fc_status add_person(struct fc_gallery_txn *txn, void *person, struct fc_error *err)
{
	struct fc_person *added = person;
	struct fc_space space;
	FC_TRY(fc_space_ensure(txn, "5", &space, err));
	added->space = space.id;
	return fc_person_add(txn, added, err);
}

static enum fc_status update_person(struct fc_gallery_txn *txn, void *person, struct fc_error *err)
{
	return fc_person_update(txn, person, err);
}

static void a_person_is_found_by_pid_and_by_number(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char name[] = "Анна", user_data[] = "{\"room\": 7}\n";
	struct fc_person person = {
		.has_number = true, .number = 41, .name = name, .user_data = user_data
	};
	int64_t before = fc_clock_now();
	write_expecting(gallery, add_person, &person, FC_OK);
	assert_true(person.created >= before && person.updated == person.created);

	FC_CLEANUP(fc_person_release) struct fc_person by_pid = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person by_number = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_get(txn, &person.pid, &by_pid, NULL), FC_OK);
	assert_int_equal(fc_person_by_number(txn, person.space, 41, &by_number, NULL), FC_OK);
	assert_int_equal(fc_person_by_number(txn, person.space, 42, &by_number, NULL),
			 FC_NOT_FOUND);
	assert_int_equal(fc_person_by_number(txn, person.space + 1, 41, &by_number, NULL),
			 FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_true(fc_uuid_equal(&by_number.pid, &person.pid));
	assert_string_equal(by_pid.name, name);
	assert_string_equal(by_pid.user_data, user_data);
	assert_int_equal(by_pid.number, 41);
	assert_int_equal(must_find_space(gallery, "5").next_number, 42);
}

/* Whom the space with id 1 knows by a name. */
static enum fc_status look_up(struct fc_gallery *gallery, const char *name, struct fc_uuid *pid)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	enum fc_status status = fc_person_by_name(txn, 1, name, &person, NULL);
	*pid = person.pid;
	fc_gallery_end_read(txn);
	return status;
}

static void a_person_is_found_by_a_name_that_nobody_else_has(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char anna[] = "Anna", ann[] = "Ann", longest[FC_LABEL_MAXIMUM + 1];
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	struct fc_person first = { .name = anna }, second = { .name = ann };
	struct fc_person third = { .name = longest };
	struct fc_uuid pid;
	write_expecting(gallery, add_person, &first, FC_OK);
	write_expecting(gallery, add_person, &second, FC_OK);
	write_expecting(gallery, add_person, &third, FC_OK);
	assert_int_equal(look_up(gallery, "Ann", &pid), FC_OK);
	assert_true(fc_uuid_equal(&pid, &second.pid));
	assert_int_equal(look_up(gallery, longest, &pid), FC_OK);
	assert_int_equal(look_up(gallery, "An", &pid), FC_NOT_FOUND);

	second.name = anna;
	write_expecting(gallery, update_person, &second, FC_OK);
	assert_int_equal(look_up(gallery, "Ann", &pid), FC_NOT_FOUND);
	assert_int_equal(look_up(gallery, "Anna", &pid), FC_CONFLICT);
	first.name = NULL;
	write_expecting(gallery, update_person, &first, FC_OK);
	assert_int_equal(look_up(gallery, "Anna", &pid), FC_OK);
	assert_true(fc_uuid_equal(&pid, &second.pid));
}

static void a_number_or_pid_is_taken_once(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_person first = { .has_number = true, .number = 1 };
	write_expecting(gallery, add_person, &first, FC_OK);
	struct fc_person same_number = { .has_number = true, .number = 1 };
	struct fc_person same_pid = { .pid = first.pid, .has_number = true, .number = 2 };
	write_expecting(gallery, add_person, &same_number, FC_CONFLICT);
	write_expecting(gallery, add_person, &same_pid, FC_CONFLICT);
	assert_int_equal(must_find_space(gallery, "5").person_count, 1);
}

/* What a caller does that takes "there is one already" for an answer. */
static enum fc_status add_and_tolerate(struct fc_gallery_txn *txn, void *person,
				       struct fc_error *err)
{
	enum fc_status status = add_person(txn, person, err);
	return status == FC_CONFLICT ? FC_OK : status;
}

static void a_conflict_leaves_nothing_behind_in_a_change_that_goes_on(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_person first = { .has_number = true, .number = 1 };
	write_expecting(gallery, add_person, &first, FC_OK);
	struct fc_person same_number = { .has_number = true, .number = 1 };
	struct fc_person same_pid = { .pid = first.pid, .has_number = true, .number = 2 };
	write_expecting(gallery, add_and_tolerate, &same_number, FC_OK);
	write_expecting(gallery, add_and_tolerate, &same_pid, FC_OK);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.persons, 1);
}

static void a_persons_texts_are_checked(void **state)
{
	char bell[] = "a\ab", broken[] = "\xC3", *long_data = calloc(1, FC_USER_DATA_MAXIMUM + 2);
	assert_non_null(long_data);
	memset(long_data, 'x', FC_USER_DATA_MAXIMUM + 1);
	struct fc_person with_bell = { .name = bell }, with_broken = { .user_data = broken },
			 with_long = { .user_data = long_data };
	write_expecting(gallery_of(state), add_person, &with_bell, FC_INVALID_ARGUMENT);
	write_expecting(gallery_of(state), add_person, &with_broken, FC_INVALID_ARGUMENT);
	write_expecting(gallery_of(state), add_person, &with_long, FC_INVALID_ARGUMENT);
	long_data[FC_USER_DATA_MAXIMUM] = '\0';
	write_expecting(gallery_of(state), add_person, &with_long, FC_OK);
	free(long_data);
}

static void an_update_replaces_texts_and_keeps_the_rest(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char name[] = "Anna", renamed[] = "Anne";
	struct fc_person person = { .has_number = true, .number = 3, .name = name };
	write_expecting(gallery, add_person, &person, FC_OK);
	struct fc_person change = { .pid = person.pid, .user_data = renamed };
	write_expecting(gallery, update_person, &change, FC_OK);

	FC_CLEANUP(fc_person_release) struct fc_person stored = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_get(txn, &person.pid, &stored, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_null(stored.name);
	assert_string_equal(stored.user_data, renamed);
	assert_int_equal(stored.number, 3);
	assert_int_equal(stored.created, person.created);
	assert_true(stored.updated > person.updated);

	struct fc_person stranger = { .pid = fc_uuid_new() };
	write_expecting(gallery, update_person, &stranger, FC_NOT_FOUND);
}

struct walked {
	size_t count, stop_at;
	struct fc_uuid pids[64];
};

static bool note_pid(const struct fc_person *person, void *context)
{
	struct walked *walked = context;
	walked->pids[walked->count++] = person->pid;
	return walked->count != walked->stop_at;
}

static void persons_are_walked_in_pid_order_page_by_page(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	for (size_t i = 0; i < 20; i++) {
		struct fc_person person = { 0 };
		write_expecting(gallery, add_person, &person, FC_OK);
	}
	must_enrol(gallery, "other", 1, 1);
	uint32_t space = must_find_space(gallery, "5").id;
	struct walked whole = { 0 }, paged = { .stop_at = 7 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_person_each(txn, space, NULL, note_pid, &whole, NULL), FC_OK);
	assert_int_equal(fc_person_each(txn, space, NULL, note_pid, &paged, NULL), FC_OK);
	assert_int_equal(paged.count, 7);
	paged.stop_at = 0;
	assert_int_equal(fc_person_each(txn, space, &paged.pids[6], note_pid, &paged, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(whole.count, 20);
	assert_int_equal(paged.count, 20);
	for (size_t i = 0; i < 20; i++) {
		assert_true(fc_uuid_equal(&whole.pids[i], &paged.pids[i]));
		assert_true(i == 0 || memcmp(&whole.pids[i - 1], &whole.pids[i], 16) < 0);
	}
}

/* ---- faces ---- */

static void a_face_comes_back_as_it_was_given(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 77 };
	write_expecting(gallery, enrol, &enrolment, FC_OK);
	uint32_t space = must_find_space(gallery, "5").id;
	float embedding[DIMENSION];
	make_template(77, embedding);

	FC_CLEANUP(fc_face_record_release) struct fc_face_record by_id = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record by_photo = { 0 };
	struct fc_sha256 photo = { { 77 } };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_face_get(txn, space, enrolment.face, &by_id, NULL), FC_OK);
	assert_int_equal(fc_face_by_photo(txn, space, &photo, 0, &by_photo, NULL), FC_OK);
	assert_int_equal(fc_face_by_photo(txn, space, &photo, 1, &by_photo, NULL), FC_NOT_FOUND);
	assert_int_equal(fc_face_get(txn, space, enrolment.face + 1, &by_photo, NULL),
			 FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_int_equal(by_photo.id, enrolment.face);
	assert_true(fc_uuid_equal(&by_id.pid, &enrolment.pid));
	assert_memory_equal(by_id.embedding, embedding, sizeof(embedding));
	assert_string_equal(by_id.origin, "cli");
	assert_null(by_id.path);
}

static void the_same_face_of_a_photo_is_added_once_in_a_space(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	must_enrol(gallery, "5", 1, 10);
	struct enrolment again = { .space = "5", .number = 2, .seed = 10 };
	write_expecting(gallery, enrol, &again, FC_CONFLICT);
	must_enrol(gallery, "6", 1, 10);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.faces, 2);
	assert_int_equal(report.persons, 2);
}

static enum fc_status add_face(struct fc_gallery_txn *txn, void *face, struct fc_error *err)
{
	return fc_face_add(txn, face, err);
}

static void a_template_must_be_of_length_1_and_of_the_pins_dimension(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	write_expecting(gallery, enrol, &enrolment, FC_OK);
	float embedding[DIMENSION];
	make_template(2, embedding);
	struct fc_face_record face = { .space = must_find_space(gallery, "5").id,
				       .pid = enrolment.pid,
				       .photo = { { 2 } },
				       .embedding = embedding,
				       .dimension = DIMENSION - 1 };
	write_expecting(gallery, add_face, &face, FC_INCOMPATIBLE);
	face.dimension = DIMENSION;
	embedding[0] += 0.1F;
	write_expecting(gallery, add_face, &face, FC_INVALID_ARGUMENT);
	embedding[0] = NAN;
	write_expecting(gallery, add_face, &face, FC_INVALID_ARGUMENT);
	make_template(2, embedding);
	face.landmarks[3] = INFINITY;
	write_expecting(gallery, add_face, &face, FC_INVALID_ARGUMENT);
	face.landmarks[3] = 0;
	face.pid = fc_uuid_new();
	write_expecting(gallery, add_face, &face, FC_NOT_FOUND);
	face.pid = enrolment.pid;
	write_expecting(gallery, add_face, &face, FC_OK);
}

static void a_gallery_without_a_pin_takes_no_face(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_person person = { 0 };
	write_expecting(gallery, add_person, &person, FC_OK);
	float embedding[DIMENSION];
	make_template(2, embedding);
	struct fc_face_record face = { .space = person.space,
				       .pid = person.pid,
				       .embedding = embedding,
				       .dimension = DIMENSION };
	write_expecting(gallery, add_face, &face, FC_INCOMPATIBLE);
}

static enum fc_status set_pin(struct fc_gallery_txn *txn, void *pin, struct fc_error *err)
{
	return fc_gallery_set_pin(txn, pin, err);
}

static void a_gallery_keeps_the_embedder_it_was_pinned_to(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct fc_embedder_pin pin = make_pin(), other = make_pin(), stored;
	struct fc_error err = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_gallery_pin(txn, &stored, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	write_expecting(gallery, set_pin, &pin, FC_OK);
	write_expecting(gallery, set_pin, &pin, FC_OK);
	other.sha256.bytes[0] ^= 1;
	strcpy(other.name, "another");
	assert_int_equal(fc_gallery_write(gallery, set_pin, &other, &err), FC_INCOMPATIBLE);
	assert_non_null(strstr(err.text, "'seeds'"));
	assert_non_null(strstr(err.text, "'another'"));
	other = make_pin();
	other.preprocessing++;
	write_expecting(gallery, set_pin, &other, FC_INCOMPATIBLE);
	other.dimension = 0;
	write_expecting(gallery, set_pin, &other, FC_INVALID_ARGUMENT);
	txn = must_read(gallery);
	assert_int_equal(fc_gallery_pin(txn, &stored, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_true(fc_sha256_equal(&stored.sha256, &pin.sha256));
	assert_string_equal(stored.name, "seeds");
}

struct face_walk {
	size_t count;
	uint64_t ids[8];
};

static bool note_face(const struct fc_face_record *face, void *context)
{
	struct face_walk *walk = context;
	walk->ids[walk->count++] = face->id;
	return true;
}

static void a_persons_faces_are_walked_in_the_order_they_came(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1 };
	for (uint64_t seed = 1; seed <= 6; seed++) {
		must_enrol(gallery, "5", 2, 100 + seed);
		enrolment.seed = seed;
		write_expecting(gallery, enrol, &enrolment, FC_OK);
	}
	struct face_walk walk = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_face_each_of_person(txn, &enrolment.pid, note_face, &walk, NULL),
			 FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(walk.count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(walk.ids[i], 2 * (i + 1));
	}
}

/* ---- entries ---- */

static enum fc_status add_entry(struct fc_gallery_txn *txn, void *entry, struct fc_error *err)
{
	struct fc_entry *added = entry;
	struct fc_space space;
	FC_TRY(fc_space_ensure(txn, "5", &space, err));
	added->space = space.id;
	return fc_entry_add(txn, added, err);
}

static void an_entry_comes_back_as_it_was_given(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	char origin[] = "camera 1", path[] = "in/\xFF.jpg";
	struct fc_entry entry = { .created = -5,
				  .result = FC_RESULT_NF,
				  .has_similarity = true,
				  .similarity = 0.25F,
				  .confidence = 0.5F,
				  .box = { 1, 2, 3, 4 },
				  .face_pixels = 4,
				  .exposure = 1,
				  .sharpness = 2,
				  .pan = -3,
				  .tilt = 4,
				  .photo = { { 1 } },
				  .model = { { 2 } },
				  .origin = origin,
				  .path = path };
	write_expecting(gallery, add_entry, &entry, FC_OK);
	FC_CLEANUP(fc_entry_release) struct fc_entry stored = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_entry_get(txn, entry.id, &stored, NULL), FC_OK);
	struct fc_entry none;
	assert_int_equal(fc_entry_get(txn, entry.id + 1, &none, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_int_equal(stored.created, -5);
	assert_int_equal(stored.result, FC_RESULT_NF);
	assert_false(stored.has_pid);
	assert_true(stored.has_similarity);
	assert_float_equal(stored.similarity, 0.25F, 0);
	assert_memory_equal(stored.box, entry.box, sizeof(entry.box));
	assert_float_equal(stored.tilt, 4, 0);
	assert_string_equal(stored.origin, origin);
	assert_string_equal(stored.path, path);
	assert_int_equal(must_find_space(gallery, "5").entry_count, 1);
}

static void an_entry_of_no_such_person_or_result_is_refused(void **state)
{
	struct fc_entry stranger = { .result = FC_RESULT_EXACT, .has_pid = true, .pid = { { 1 } } };
	struct fc_entry strange = { .result = (enum fc_result)9 };
	struct fc_entry not_a_number = { .result = FC_RESULT_DET, .pan = NAN };
	write_expecting(gallery_of(state), add_entry, &stranger, FC_NOT_FOUND);
	write_expecting(gallery_of(state), add_entry, &strange, FC_INVALID_ARGUMENT);
	write_expecting(gallery_of(state), add_entry, &not_a_number, FC_INVALID_ARGUMENT);
}

/* ---- deleting ---- */

struct deletion {
	uint32_t space;
	uint64_t face;
	struct fc_uuid pid;
	uint64_t persons, faces;
};

static enum fc_status delete_face(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct deletion *deletion = context;
	return fc_face_delete(txn, deletion->space, deletion->face, err);
}

static enum fc_status delete_person(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct deletion *deletion = context;
	return fc_person_delete(txn, &deletion->pid, err);
}

static enum fc_status truncate_space(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct deletion *deletion = context;
	return fc_space_truncate(txn, deletion->space, &deletion->persons, &deletion->faces, err);
}

static enum fc_status delete_space(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct deletion *deletion = context;
	return fc_space_delete(txn, deletion->space, err);
}

static void a_deleted_face_is_forgotten_and_its_id_is_not_used_again(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	write_expecting(gallery, enrol, &enrolment, FC_OK);
	uint64_t first = enrolment.face;
	struct deletion deletion = { .space = must_find_space(gallery, "5").id, .face = first };
	write_expecting(gallery, delete_face, &deletion, FC_OK);
	write_expecting(gallery, delete_face, &deletion, FC_NOT_FOUND);
	assert_int_equal(must_find_space(gallery, "5").face_count, 0);
	assert_int_equal(must_find_space(gallery, "5").person_count, 1);
	write_expecting(gallery, enrol, &enrolment, FC_OK);
	assert_true(enrolment.face > first);
}

static void deleting_a_person_takes_its_faces_and_leaves_its_entries(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment gone = { .space = "5", .number = 1 };
	for (gone.seed = 1; gone.seed <= 5; gone.seed++) {
		write_expecting(gallery, enrol, &gone, FC_OK);
	}
	must_enrol(gallery, "5", 2, 100);
	struct deletion deletion = { .pid = gone.pid };
	write_expecting(gallery, delete_person, &deletion, FC_OK);
	write_expecting(gallery, delete_person, &deletion, FC_NOT_FOUND);

	struct fc_space space = must_find_space(gallery, "5");
	assert_int_equal(space.person_count, 1);
	assert_int_equal(space.face_count, 1);
	assert_int_equal(space.entry_count, 6);
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_gallery_txn *txn = must_read(gallery);
	assert_int_equal(fc_entry_get(txn, gone.entry, &entry, NULL), FC_OK);
	assert_int_equal(fc_person_by_number(txn, space.id, 1, &person, NULL), FC_NOT_FOUND);
	fc_gallery_end_read(txn);
	assert_false(entry.has_pid);
	assert_int_equal(entry.result, FC_RESULT_NEW);
	must_enrol(gallery, "5", 1, 1);
}

static void truncating_empties_one_space_and_keeps_its_entries(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	for (uint64_t seed = 1; seed <= 30; seed++) {
		must_enrol(gallery, "5", seed / 2, seed);
		must_enrol(gallery, "6", seed, seed);
	}
	struct deletion deletion = { .space = must_find_space(gallery, "5").id };
	write_expecting(gallery, truncate_space, &deletion, FC_OK);
	assert_int_equal(deletion.persons, 16);
	assert_int_equal(deletion.faces, 30);
	struct fc_space space = must_find_space(gallery, "5");
	assert_int_equal(space.person_count + space.face_count, 0);
	assert_int_equal(space.entry_count, 30);
	assert_int_equal(must_find_space(gallery, "6").face_count, 30);
	write_expecting(gallery, truncate_space, &deletion, FC_OK);
	assert_int_equal(deletion.persons + deletion.faces, 0);
}

static void deleting_a_space_leaves_nothing_of_it(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	must_enrol(gallery, "6", 1, 1);
	for (uint64_t seed = 1; seed <= 10; seed++) {
		must_enrol(gallery, "5", seed / 2, seed);
	}
	struct fc_entry of_nobody = { .result = FC_RESULT_DET };
	write_expecting(gallery, add_entry, &of_nobody, FC_OK);
	uint32_t id = must_find_space(gallery, "5").id;
	struct deletion deletion = { .space = id };
	write_expecting(gallery, delete_space, &deletion, FC_OK);
	write_expecting(gallery, delete_space, &deletion, FC_NOT_FOUND);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.spaces, 1);
	assert_int_equal(report.persons, 1);
	assert_int_equal(report.faces, 1);
	assert_int_equal(report.entries, 1);
	must_enrol(gallery, "5", 1, 1);
	assert_true(must_find_space(gallery, "5").id > id);
}

/* ---- changes ---- */

static enum fc_status enrol_and_fail(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	FC_TRY(enrol(txn, context, err));
	return fc_fail(err, FC_NO_FACE, "changed my mind");
}

static void a_change_that_fails_leaves_nothing(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	write_expecting(gallery, enrol_and_fail, &enrolment, FC_NO_FACE);
	struct fc_check_report report = must_check(gallery);
	assert_int_equal(report.spaces + report.persons + report.faces + report.entries, 0);
}

static enum fc_status write_inside(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_gallery *gallery = context;
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	(void)txn;
	return fc_gallery_write(gallery, enrol, &enrolment, err);
}

static void misuse_is_refused_and_does_no_harm(void **state)
{
	struct fc_gallery *gallery = gallery_of(state);
	write_expecting(gallery, write_inside, gallery, FC_INTERNAL);
	struct enrolment enrolment = { .space = "5", .number = 1, .seed = 1 };
	struct fc_gallery_txn *txn = must_read(gallery);
	write_expecting(gallery, enrol, &enrolment, FC_INTERNAL);
	fc_gallery_end_read(txn);
	write_expecting(gallery, enrol, &enrolment, FC_OK);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(spaces_are_listed_by_name_with_ids_of_their_own),
		CASE(a_space_needs_a_fit_name),
		CASE(a_person_is_found_by_pid_and_by_number),
		CASE(a_person_is_found_by_a_name_that_nobody_else_has),
		CASE(a_number_or_pid_is_taken_once),
		CASE(a_conflict_leaves_nothing_behind_in_a_change_that_goes_on),
		CASE(a_persons_texts_are_checked),
		CASE(an_update_replaces_texts_and_keeps_the_rest),
		CASE(persons_are_walked_in_pid_order_page_by_page),
		CASE(a_face_comes_back_as_it_was_given),
		CASE(the_same_face_of_a_photo_is_added_once_in_a_space),
		CASE(a_template_must_be_of_length_1_and_of_the_pins_dimension),
		CASE(a_gallery_without_a_pin_takes_no_face),
		CASE(a_gallery_keeps_the_embedder_it_was_pinned_to),
		CASE(a_persons_faces_are_walked_in_the_order_they_came),
		CASE(an_entry_comes_back_as_it_was_given),
		CASE(an_entry_of_no_such_person_or_result_is_refused),
		CASE(a_deleted_face_is_forgotten_and_its_id_is_not_used_again),
		CASE(deleting_a_person_takes_its_faces_and_leaves_its_entries),
		CASE(truncating_empties_one_space_and_keeps_its_entries),
		CASE(deleting_a_space_leaves_nothing_of_it),
		CASE(a_change_that_fails_leaves_nothing),
		CASE(misuse_is_refused_and_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
