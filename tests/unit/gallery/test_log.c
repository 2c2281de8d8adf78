/* The log of entries: every query against a scan of all entries, counters, and deletion. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gallery/rows/entry_day.h"
#include "gallery/rows/entry_query.h"

/* ---- one entry ---- */

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
	must_write(gallery, add_entry_to_5, &entry);
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
	expect_write(gallery_of(state), add_entry_to_5, &stranger, FC_NOT_FOUND);
	expect_write(gallery_of(state), add_entry_to_5, &strange, FC_INVALID_ARGUMENT);
	expect_write(gallery_of(state), add_entry_to_5, &not_a_number, FC_INVALID_ARGUMENT);
}

/* ---- many, made from a seed ---- */

enum { ENTRIES = 600, PERSONS = 4 };

static const char *const space_names[] = { "door", "office" };
static const char *const origin_names[] = { "cli", "camera 1", "camera 10" };

struct log {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	uint32_t spaces[FC_ARRAY_LENGTH(space_names)];
	struct fc_uuid pids[PERSONS]; /* even ones in the first space, odd ones in the second */
	struct fc_entry entries[ENTRIES];
	size_t count;
};

/* A number below limit that depends on nothing but the seed. */
static uint64_t pick(uint64_t *seed, uint64_t limit)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (*seed >> 33) % limit;
}

/* Twelve days, of which each holds many entries, some at the same microsecond, and some before 1970. */
static int64_t pick_time(uint64_t *seed)
{
	int64_t day = (int64_t)pick(seed, 12) - 6;
	int64_t rest = (int64_t)pick(seed, 4) * (FC_DAY_LENGTH / 4);
	return day * FC_DAY_LENGTH + rest + (int64_t)pick(seed, 2);
}

static struct fc_entry make_entry(const struct log *log, uint64_t *seed)
{
	static char names[FC_ARRAY_LENGTH(origin_names)][16];
	struct fc_entry entry = { .created = pick_time(seed) };
	size_t space = pick(seed, FC_ARRAY_LENGTH(log->spaces));
	size_t origin = pick(seed, FC_ARRAY_LENGTH(origin_names) + 1);
	size_t person = 2 * pick(seed, PERSONS) + space;
	entry.space = log->spaces[space];
	entry.result = (enum fc_result)(1 + pick(seed, 8));
	entry.has_pid = person < PERSONS;
	if (entry.has_pid) {
		entry.pid = log->pids[person];
	}
	entry.has_age = pick(seed, 2) == 1;
	entry.age = entry.has_age ? (uint8_t)pick(seed, 100) : 0;
	entry.sex = (enum fc_sex)pick(seed, 3);
	entry.mood = (enum fc_mood)pick(seed, 9);
	entry.liveness = (enum fc_liveness)pick(seed, 4);
	entry.photo.bytes[0] = (uint8_t)pick(seed, 5);
	if (origin < FC_ARRAY_LENGTH(origin_names)) {
		strcpy(names[origin], origin_names[origin]);
		entry.origin = names[origin];
	}
	return entry;
}

static enum fc_status fill(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct log *log = context;
	uint64_t seed = 20;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(space_names); i++) {
		struct fc_space space;
		FC_TRY(fc_space_ensure(txn, space_names[i], &space, err));
		log->spaces[i] = space.id;
	}
	for (size_t i = 0; i < PERSONS; i++) {
		struct fc_person person = { .space = log->spaces[i % 2] };
		FC_TRY(fc_person_add(txn, &person, err));
		log->pids[i] = person.pid;
	}
	for (log->count = 0; log->count < ENTRIES; log->count++) {
		struct fc_entry *entry = &log->entries[log->count];
		*entry = make_entry(log, &seed);
		FC_TRY(fc_entry_add(txn, entry, err));
	}
	return FC_OK;
}

static int setup(void **state)
{
	struct log *log = calloc(1, sizeof(*log));
	if (!log || enter_gallery((void **)&log->scratch) != 0) {
		return -1;
	}
	log->gallery = log->scratch->open;
	*state = log;
	return fc_gallery_write(log->gallery, fill, log, NULL) == FC_OK ? 0 : -1;
}

static int teardown(void **state)
{
	struct log *log = *state;
	int left = leave_gallery((void **)&log->scratch);
	free(log);
	return left;
}

/* ---- the scan ---- */

static bool in_bits(unsigned bits, unsigned value)
{
	return bits == 0 || (bits & 1u << value) != 0;
}

static bool among_pids(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	for (size_t i = 0; i < query->pid_count; i++) {
		if (entry->has_pid && fc_uuid_equal(&query->pids[i], &entry->pid)) {
			return true;
		}
	}
	return query->pid_count == 0;
}

static bool among_origins(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	for (size_t i = 0; i < query->origin_count; i++) {
		if (entry->origin && strcmp(query->origins[i], entry->origin) == 0) {
			return true;
		}
	}
	return query->origin_count == 0;
}

static bool among_spaces(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	for (size_t i = 0; i < query->space_count; i++) {
		if (query->spaces[i] == entry->space) {
			return true;
		}
	}
	return query->space_count == 0;
}

static bool wanted(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	if ((query->has_since && entry->created < query->since) ||
	    (query->has_until && entry->created >= query->until) ||
	    (query->has_age_from && (!entry->has_age || entry->age < query->age_from)) ||
	    (query->has_age_to && (!entry->has_age || entry->age > query->age_to)) ||
	    (query->has_photo && memcmp(&query->photo, &entry->photo, sizeof(query->photo)) != 0)) {
		return false;
	}
	return in_bits(query->results, entry->result) && in_bits(query->sexes, entry->sex) &&
	       in_bits(query->moods, entry->mood) && in_bits(query->livenesses, entry->liveness) &&
	       among_pids(query, entry) && among_origins(query, entry) &&
	       among_spaces(query, entry);
}

static int by_time(const void *a, const void *b)
{
	const struct fc_entry *left = a, *right = b;
	if (left->created != right->created) {
		return left->created < right->created ? -1 : 1;
	}
	return (left->id > right->id) - (left->id < right->id);
}

struct seen {
	uint64_t ids[ENTRIES];
	size_t count, limit;
};

static bool note(const struct fc_entry *entry, void *context)
{
	struct seen *seen = context;
	seen->ids[seen->count++] = entry->id;
	return seen->count < seen->limit;
}

/* The ids of the entries that the scan selects, in the query's order. */
static void look(const struct log *log, const struct fc_entry_query *query, struct seen *out)
{
	struct fc_entry *sorted = malloc(sizeof(log->entries));
	assert_non_null(sorted);
	memcpy(sorted, log->entries, sizeof(log->entries));
	qsort(sorted, log->count, sizeof(*sorted), by_time);
	for (size_t i = 0; i < log->count; i++) {
		size_t index = query->oldest_first ? i : log->count - 1 - i;
		if (wanted(query, &sorted[index])) {
			out->ids[out->count++] = sorted[index].id;
		}
	}
	free(sorted);
}

static void compare(const struct log *log, const struct fc_entry_query *query, uint64_t offset,
		    size_t limit)
{
	struct seen plain = { 0 }, found = { .limit = limit };
	uint64_t count = 0;
	look(log, query, &plain);
	struct fc_gallery_txn *txn = must_read(log->gallery);
	assert_int_equal(fc_entry_each(txn, query, offset, note, &found, NULL), FC_OK);
	assert_int_equal(fc_entry_count(txn, query, &count, NULL), FC_OK);
	fc_gallery_end_read(txn);
	assert_int_equal(count, plain.count);
	size_t expected = plain.count > offset ? plain.count - offset : 0;
	expected = expected < limit ? expected : limit;
	assert_int_equal(found.count, expected);
	if (expected > 0) {
		assert_memory_equal(found.ids, plain.ids + offset, expected * sizeof(uint64_t));
	}
}

static void compare_both_ways(const struct log *log, struct fc_entry_query query)
{
	for (int way = 0; way < 2; way++) {
		query.oldest_first = way == 1;
		compare(log, &query, 0, ENTRIES);
		compare(log, &query, 7, 5);
	}
}

/* ---- queries ---- */

static void everything_comes_newest_first_or_oldest_first(void **state)
{
	const struct log *log = *state;
	compare_both_ways(log, (struct fc_entry_query){ 0 });
}

static void persons_are_found_by_their_index(void **state)
{
	const struct log *log = *state;
	compare_both_ways(log, (struct fc_entry_query){ .pids = log->pids, .pid_count = 1 });
	compare_both_ways(log, (struct fc_entry_query){ .pids = log->pids, .pid_count = 3 });
	struct fc_uuid twice[] = { log->pids[1], log->pids[1] };
	compare_both_ways(log, (struct fc_entry_query){ .pids = twice, .pid_count = 2 });
	struct fc_uuid unknown = fc_uuid_new();
	compare_both_ways(log, (struct fc_entry_query){ .pids = &unknown, .pid_count = 1 });
}

static void one_origin_is_not_the_prefix_of_another(void **state)
{
	const struct log *log = *state;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(origin_names); i++) {
		compare_both_ways(log, (struct fc_entry_query){ .origins = &origin_names[i],
								.origin_count = 1 });
	}
	compare_both_ways(log, (struct fc_entry_query){ .origins = origin_names,
							.origin_count = 3,
							.spaces = &log->spaces[1],
							.space_count = 1 });
}

static void spans_end_before_until(void **state)
{
	const struct log *log = *state;
	uint64_t seed = 3;
	for (int i = 0; i < 40; i++) {
		struct fc_entry_query query = {
			.has_since = pick(&seed, 3) > 0,
			.has_until = pick(&seed, 3) > 0,
			.since = pick_time(&seed),
			.until = pick_time(&seed),
			.origins = origin_names,
			.origin_count = pick(&seed, 3),
			.spaces = log->spaces,
			.space_count = pick(&seed, 3),
		};
		compare_both_ways(log, query);
	}
}

static void filters_combine(void **state)
{
	const struct log *log = *state;
	uint64_t seed = 8;
	for (int i = 0; i < 60; i++) {
		struct fc_entry_query query = {
			.pids = log->pids,
			.pid_count = pick(&seed, 3),
			.origins = origin_names,
			.origin_count = pick(&seed, 3),
			.spaces = log->spaces,
			.space_count = pick(&seed, 2),
			.results = pick(&seed, 2) ? (unsigned)pick(&seed, 256) << 1 : 0,
			.sexes = pick(&seed, 3) ? 0 : 1u << (1 + pick(&seed, 2)),
			.moods = pick(&seed, 3) ? 0 : 0xF0,
			.livenesses = pick(&seed, 3) ? 0 : 1u << FC_LIVENESS_PASSED,
			.has_age_from = pick(&seed, 3) == 0,
			.age_from = 30,
			.has_age_to = pick(&seed, 3) == 0,
			.age_to = 60,
			.has_photo = pick(&seed, 4) == 0,
			.has_since = pick(&seed, 2) == 0,
			.since = pick_time(&seed),
		};
		compare_both_ways(log, query);
	}
}

static void following_goes_on_where_it_stood(void **state)
{
	const struct log *log = *state;
	struct fc_entry_query query = { .pids = log->pids, .pid_count = 2 };
	struct seen found = { .limit = ENTRIES };
	uint64_t last = 0;
	size_t expected = 0;
	struct fc_gallery_txn *txn = must_read(log->gallery);
	assert_int_equal(fc_entry_each_after(txn, &query, log->entries[299].id, note, &found, NULL),
			 FC_OK);
	assert_int_equal(fc_entry_last_id(txn, &last, NULL), FC_OK);
	fc_gallery_end_read(txn);
	for (size_t i = 300; i < log->count; i++) {
		if (wanted(&query, &log->entries[i])) {
			assert_int_equal(found.ids[expected++], log->entries[i].id);
		}
	}
	assert_int_equal(found.count, expected);
	assert_int_equal(last, log->entries[log->count - 1].id);
}

/* ---- changes ---- */

static enum fc_status delete_half(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct log *log = context;
	for (size_t i = 0; i < ENTRIES; i += 2) {
		FC_TRY(fc_entry_delete(txn, log->entries[i].id, err));
	}
	return FC_OK;
}

static void deleted_entries_leave_no_row_and_no_count(void **state)
{
	struct log *log = *state;
	must_write(log->gallery, delete_half, log);
	for (log->count = 0; log->count < ENTRIES / 2; log->count++) {
		log->entries[log->count] = log->entries[2 * log->count + 1];
	}
	compare_both_ways(log, (struct fc_entry_query){ 0 });
	compare_both_ways(log,
			  (struct fc_entry_query){ .origins = origin_names, .origin_count = 2 });
	must_check(log->gallery);
}

static enum fc_status delete_first(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct log *log = context;
	return fc_entry_delete(txn, log->entries[0].id, err);
}

static void an_entry_is_deleted_once(void **state)
{
	struct log *log = *state;
	must_write(log->gallery, delete_first, log);
	expect_write(log->gallery, delete_first, log, FC_NOT_FOUND);
}

static enum fc_status erase_person(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct log *log = context;
	uint64_t removed;
	FC_TRY(fc_entry_delete_of_person(txn, &log->pids[0], &removed, err));
	return fc_person_delete(txn, &log->pids[1], err);
}

static void entries_are_removed_with_a_person_only_on_request(void **state)
{
	struct log *log = *state;
	size_t kept = 0;
	must_write(log->gallery, erase_person, log);
	for (size_t i = 0; i < ENTRIES; i++) {
		struct fc_entry entry = log->entries[i];
		if (entry.has_pid && fc_uuid_equal(&entry.pid, &log->pids[0])) {
			continue;
		}
		log->entries[kept++] = entry;
	}
	assert_true(kept < ENTRIES);
	log->count = kept;
	compare_both_ways(log, (struct fc_entry_query){ 0 });
	compare_both_ways(log, (struct fc_entry_query){ .pids = log->pids, .pid_count = 3 });
}

static void attributes_come_back_as_they_were(void **state)
{
	const struct log *log = *state;
	struct fc_gallery_txn *txn = must_read(log->gallery);
	for (size_t i = 0; i < log->count; i++) {
		struct fc_entry entry = { 0 };
		assert_int_equal(fc_entry_get(txn, log->entries[i].id, &entry, NULL), FC_OK);
		assert_int_equal(entry.has_age, log->entries[i].has_age);
		assert_int_equal(entry.age, log->entries[i].age);
		assert_int_equal(entry.sex, log->entries[i].sex);
		assert_int_equal(entry.mood, log->entries[i].mood);
		assert_int_equal(entry.liveness, log->entries[i].liveness);
		fc_entry_release(&entry);
	}
	fc_gallery_end_read(txn);
}

static void days_begin_at_midnight_before_1970_too(void **state)
{
	(void)state;
	assert_int_equal(fc_day_of(0), 0);
	assert_int_equal(fc_day_of(FC_DAY_LENGTH - 1), 0);
	assert_int_equal(fc_day_of(-1), -1);
	assert_int_equal(fc_day_of(-FC_DAY_LENGTH), -1);
	assert_int_equal(fc_day_of(-FC_DAY_LENGTH - 1), -2);
}

int main(void)
{
#define IN_A_LOG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		IN_A_GALLERY(an_entry_comes_back_as_it_was_given),
		IN_A_GALLERY(an_entry_of_no_such_person_or_result_is_refused),
		IN_A_LOG(everything_comes_newest_first_or_oldest_first),
		IN_A_LOG(persons_are_found_by_their_index),
		IN_A_LOG(one_origin_is_not_the_prefix_of_another),
		IN_A_LOG(spans_end_before_until),
		IN_A_LOG(filters_combine),
		IN_A_LOG(following_goes_on_where_it_stood),
		IN_A_LOG(deleted_entries_leave_no_row_and_no_count),
		IN_A_LOG(an_entry_is_deleted_once),
		IN_A_LOG(entries_are_removed_with_a_person_only_on_request),
		IN_A_LOG(attributes_come_back_as_they_were),
		cmocka_unit_test(days_begin_at_midnight_before_1970_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
