/* Another embedder for a gallery: all templates at once or none, and faces that are kept without one. */
/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gallery/maintain/reembed.h"
#include "gallery/rows/calibration.h"
#include "gallery/search/segments.h"

/* The first 400 persons have two faces, and the others one. */
enum { FACES = 9000, PERSONS = 8600, OTHER_SEED = 1000000 };

struct stage {
	struct scratch *scratch;
	struct fc_gallery *gallery;
	uint32_t space;
	struct enrolment faces[FACES];
	size_t count;
};

static enum fc_status enrol_all(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct stage *stage = context;
	struct fc_space space;
	for (size_t i = 0; i < stage->count; i++) {
		stage->faces[i] = (struct enrolment){ .space = i % 2 ? "odd" : "even",
						      .number = i % PERSONS + 1,
						      .seed = i };
		FC_TRY(enrol(txn, &stage->faces[i], err));
	}
	FC_TRY(fc_space_find(txn, "even", &space, err));
	stage->space = space.id;
	return FC_OK;
}

static void fill(struct stage *stage, size_t count)
{
	stage->count = count;
	must_write(stage->gallery, enrol_all, stage);
}

static int setup(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	if (!stage || enter_scratch((void **)&stage->scratch) != 0) {
		return -1;
	}
	stage->gallery = must_open(stage->scratch, FC_GALLERY_CREATE);
	*state = stage;
	return 0;
}

static int teardown(void **state)
{
	struct stage *stage = *state;
	fc_gallery_close(stage->gallery);
	int left = leave_scratch((void **)&stage->scratch);
	free(stage);
	return left;
}

/* ---- the other embedder ---- */

/* Its template of a face is made from the face's id. */
struct source {
	uint64_t sets_aside; /* every so many-th face; 0: none */
	uint64_t fails_at;   /* the so many-th face asked for; 0: none */
	uint64_t asked;
};

static enum fc_status template_of(void *context, uint32_t space, uint64_t face, float *out,
				  bool *has, struct fc_error *err)
{
	struct source *source = context;
	(void)space;
	if (++source->asked == source->fails_at) {
		return fc_fail(err, FC_IO, "no more");
	}
	*has = source->sets_aside == 0 || face % source->sets_aside != 0;
	make_template(OTHER_SEED + face, out);
	return FC_OK;
}

static struct fc_embedder_pin other_pin(void)
{
	struct fc_embedder_pin pin = make_pin();
	memset(pin.sha256.bytes, 0xCD, sizeof(pin.sha256.bytes));
	strcpy(pin.name, "other seeds");
	return pin;
}

static enum fc_status reembed(struct stage *stage, struct source *source, struct fc_reembedded *out)
{
	const struct fc_reembedding reembedding = {
		.from = make_pin(),
		.to = other_pin(),
		.template_of = template_of,
		.context = source,
	};
	return fc_gallery_reembed(stage->gallery, &reembedding, out, NULL);
}

/* Whose face is nearest to a template, and is it the template itself. */
static bool finds(struct fc_gallery_txn *txn, uint32_t space, uint64_t seed, uint64_t face)
{
	struct fc_search_hit hit = { 0 };
	struct fc_person_similarity similarity;
	float probe[DIMENSION];
	size_t count = 0;
	make_template(seed, probe);
	assert_int_equal(find_nearest(txn, space, seed, &hit, &count, NULL), FC_OK);
	assert_int_equal(count, 1);
	assert_int_equal(fc_search_person(txn, &hit.pid, probe, DIMENSION, &similarity, NULL),
			 FC_OK);
	assert_true(similarity.score == hit.score);
	return similarity.face == face && similarity.face_score > 0.9999F;
}

static const char *pin_of(struct fc_gallery_txn *txn)
{
	static struct fc_embedder_pin pin;
	assert_int_equal(fc_gallery_pin(txn, &pin, NULL), FC_OK);
	return pin.name;
}

/* ---- tests ---- */

static void every_face_gets_a_template_and_keeps_its_id(void **state)
{
	struct stage *stage = *state;
	struct source source = { 0 };
	struct fc_reembedded done;
	fill(stage, FACES);
	assert_int_equal(reembed(stage, &source, &done), FC_OK);
	assert_int_equal(done.faces, FACES);
	assert_int_equal(done.without, 0);
	struct fc_gallery_txn *after = must_read(stage->gallery);
	assert_string_equal(pin_of(after), "other seeds");
	for (size_t i = 0; i < FACES; i += 1234) {
		const struct enrolment *face = &stage->faces[i];
		assert_true(finds(after, stage->space, OTHER_SEED + face->face, face->face));
		assert_false(finds(after, stage->space, face->seed, face->face));
	}
	struct fc_segment_stats stats;
	assert_int_equal(fc_space_segments(after, stage->space, &stats, NULL), FC_OK);
	assert_int_equal(stats.packed, FC_SEGMENT_MEANS);
	fc_gallery_end_read(after);
	assert_int_equal(must_check(stage->gallery).entries, FACES);
}

/* Reads until the other side closes its pipe. Ends with 0 when all it saw was the old gallery. */
struct reader {
	struct stage *stage;
	int begun, over, theirs; /* pipe ends */
};

static int read_meanwhile(void *context)
{
	const struct reader *reader = context;
	const struct enrolment *face = &reader->stage->faces[600];
	struct fc_gallery *gallery = must_open(reader->stage->scratch, FC_GALLERY_READ);
	struct fc_gallery_txn *txn = must_read(gallery);
	char byte = 0;
	close(reader->theirs);
	bool notified = write(reader->begun, &byte, 1) == 1;
	bool waited = read(reader->over, &byte, 1) == 0;
	bool old = strcmp(pin_of(txn), "seeds") == 0 &&
		   finds(txn, reader->stage->space, face->seed, face->face);
	fc_gallery_end_read(txn);
	fc_gallery_close(gallery);
	return notified && waited && old ? 0 : 1;
}

static void who_reads_meanwhile_sees_all_of_the_old(void **state)
{
	struct stage *stage = *state;
	struct source source = { 0 };
	struct fc_reembedded done;
	int begun[2], over[2];
	char byte;
	fill(stage, 5000);
	fc_gallery_close(stage->gallery);
	stage->gallery = NULL;
	assert_int_equal(pipe2(begun, O_CLOEXEC), 0);
	assert_int_equal(pipe2(over, O_CLOEXEC), 0);
	struct reader reader = { stage, begun[1], over[0], over[1] };
	pid_t child = start_child(read_meanwhile, &reader);
	close(over[0]);
	assert_int_equal(read(begun[0], &byte, 1), 1);
	stage->gallery = must_open(stage->scratch, FC_GALLERY_WRITE);
	assert_int_equal(reembed(stage, &source, &done), FC_OK);
	close(over[1]);
	assert_int_equal(wait_for_child(child), 0);
	close(begun[0]);
	close(begun[1]);
}

static void a_failure_in_the_middle_leaves_the_gallery_as_it_was(void **state)
{
	struct stage *stage = *state;
	struct source source = { .fails_at = 700 };
	struct fc_reembedded done;
	fill(stage, 1000);
	assert_int_equal(reembed(stage, &source, &done), FC_IO);
	struct fc_gallery_txn *txn = must_read(stage->gallery);
	assert_string_equal(pin_of(txn), "seeds");
	assert_true(finds(txn, stage->space, 0, stage->faces[0].face));
	fc_gallery_end_read(txn);
	must_check(stage->gallery);
}

static struct fc_calibration_point points[] = { { 0.01, 0.3 }, { 0.001, 0.4 } };
static const struct fc_calibration calibration = {
	.impostor_pairs = 5000,
	.points = points,
	.count = 2,
	.factors = { { { 2, 1.0625 }, { 5, 1.25 } }, 2 },
};

static enum fc_status keep_calibration(struct fc_gallery_txn *txn, void *context,
				       struct fc_error *err)
{
	const struct stage *stage = context;
	struct fc_calibration_point same_threshold[] = { points[0], { 0.001, 0.3 } };
	struct fc_calibration wrong = calibration;
	wrong.points = same_threshold;
	assert_int_equal(fc_space_set_calibration(txn, stage->space, &wrong, NULL),
			 FC_INVALID_ARGUMENT);
	assert_int_equal(fc_space_set_calibration(txn, 4711, &calibration, NULL), FC_NOT_FOUND);
	FC_TRY(fc_space_set_calibration(txn, stage->space, &calibration, err));
	return fc_space_set_calibration(txn, stage->space, &calibration, err);
}

static enum fc_status read_calibration(struct stage *stage, size_t *count)
{
	FC_CLEANUP(fc_calibration_release) struct fc_calibration found = { 0 };
	struct fc_gallery_txn *txn = must_read(stage->gallery);
	enum fc_status status = fc_space_calibration(txn, stage->space, &found, NULL);
	*count = found.count;
	if (status == FC_OK) {
		assert_int_equal(found.factors.count, 2);
		assert_int_equal(found.factors.items[1].templates, 5);
		assert_float_equal(found.factors.items[1].factor, 1.25, 0);
	}
	fc_gallery_end_read(txn);
	return status;
}

/* A threshold is one of its embedder's similarities. */
static void the_calibration_of_a_space_goes_with_its_embedder(void **state)
{
	struct stage *stage = *state;
	struct source source = { 0 };
	struct fc_reembedded done;
	size_t count = 0;
	fill(stage, 10);
	assert_int_equal(read_calibration(stage, &count), FC_NOT_FOUND);
	must_write(stage->gallery, keep_calibration, stage);
	assert_int_equal(read_calibration(stage, &count), FC_OK);
	assert_int_equal(count, 2);
	must_check(stage->gallery);
	assert_int_equal(reembed(stage, &source, &done), FC_OK);
	assert_int_equal(read_calibration(stage, &count), FC_NOT_FOUND);
	must_check(stage->gallery);
}

static void a_gallery_that_got_another_embedder_meanwhile_is_left_alone(void **state)
{
	struct stage *stage = *state;
	struct source source = { 0 };
	struct fc_reembedded done;
	fill(stage, 10);
	assert_int_equal(reembed(stage, &source, &done), FC_OK);
	assert_int_equal(reembed(stage, &source, &done), FC_CONFLICT);
}

static void faces_set_aside_are_kept_and_not_found(void **state)
{
	struct stage *stage = *state;
	struct source source = { .sets_aside = 5 };
	struct fc_reembedded done;
	fill(stage, FACES);
	assert_int_equal(reembed(stage, &source, &done), FC_OK);
	assert_int_equal(done.without, FACES / 5);
	struct fc_gallery_txn *txn = must_read(stage->gallery);
	for (size_t i = 0; i < FACES; i += 1234) {
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		const struct enrolment *enrolled = &stage->faces[i];
		bool aside = enrolled->face % 5 == 0;
		assert_int_equal(
			finds(txn, stage->space, OTHER_SEED + enrolled->face, enrolled->face),
			!aside);
		assert_int_equal(fc_face_get(txn, stage->space, enrolled->face, &face, NULL),
				 FC_OK);
		assert_int_equal(face.dimension, aside ? 0 : DIMENSION);
		assert_true(fc_uuid_equal(&face.pid, &enrolled->pid));
	}
	fc_gallery_end_read(txn);
	assert_int_equal(must_check(stage->gallery).faces, FACES);
}

struct again {
	struct stage *stage;
	size_t face;
	uint64_t number; /* whose it is to be */
	enum fc_status status;
};

/* The photo of a face once more, with a template of the embedder that the gallery has now. */
static enum fc_status give_again(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct again *again = context;
	const struct enrolment *old = &again->stage->faces[again->face];
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_face_record_release) struct fc_face_record known = { 0 };
	float embedding[DIMENSION];
	FC_TRY(fc_person_by_number(txn, again->stage->space, again->number, &person, err));
	struct fc_face_record face = { .space = again->stage->space,
				       .pid = person.pid,
				       .embedding = embedding,
				       .dimension = DIMENSION };
	memcpy(face.photo.bytes, &old->seed, sizeof(old->seed));
	make_template(7, embedding);
	assert_int_equal(fc_face_by_photo(txn, face.space, &face.photo, 0, &known, NULL),
			 FC_NOT_FOUND);
	return fc_face_add(txn, &face, err);
}

static void a_face_set_aside_gives_way_to_its_photo(void **state)
{
	struct stage *stage = *state;
	struct source source = { .sets_aside = 5 };
	struct fc_reembedded done;
	fill(stage, 2000);
	assert_int_equal(reembed(stage, &source, &done), FC_OK);
	size_t i = 0;
	while (stage->faces[i].face % 5 != 0 || i % 2 != 0) {
		i++;
	}
	struct again again = { stage, i, stage->faces[i].number % PERSONS + 2, FC_OK };
	expect_write(stage->gallery, give_again, &again, FC_CONFLICT);
	again.number = stage->faces[i].number;
	must_write(stage->gallery, give_again, &again);
	struct fc_check_report report = must_check(stage->gallery);
	assert_int_equal(report.faces, 2000);
}

static enum fc_status delete_many(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct stage *stage = context;
	for (size_t i = 0; i < stage->count; i += 2) {
		if (i % 6 != 0) {
			FC_TRY(fc_face_delete(txn, stage->space, stage->faces[i].face, err));
		}
	}
	return FC_OK;
}

static enum fc_status merge_two(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct stage *stage = context;
	uint64_t faces, entries;
	return fc_person_merge(txn, &stage->faces[0].pid, &stage->faces[2].pid, &faces, &entries,
			       err);
}

/* Segments count their faces; those without a template are none of theirs. */
static void faces_set_aside_may_be_deleted_and_carried_over(void **state)
{
	struct stage *stage = *state;
	struct source source = { .sets_aside = 3 };
	struct fc_reembedded done;
	uint64_t spaces;
	fill(stage, FACES);
	assert_int_equal(reembed(stage, &source, &done), FC_OK);
	must_write(stage->gallery, delete_many, stage);
	must_check(stage->gallery);
	must_write(stage->gallery, merge_two, stage);
	must_check(stage->gallery);
	assert_int_equal(fc_gallery_reindex(stage->gallery, &spaces, NULL), FC_OK);
	must_check(stage->gallery);
}

/* The same embedder again: only those without a template are asked for. */
static void faces_set_aside_can_get_their_template_later(void **state)
{
	struct stage *stage = *state;
	struct source source = { .sets_aside = 5 };
	struct fc_reembedded done;
	fill(stage, 2000);
	assert_int_equal(reembed(stage, &source, &done), FC_OK);
	const struct fc_reembedding later = {
		.from = other_pin(),
		.to = other_pin(),
		.template_of = template_of,
		.context = &(struct source){ .sets_aside = 25 },
	};
	assert_int_equal(fc_gallery_reembed(stage->gallery, &later, &done, NULL), FC_OK);
	assert_int_equal(done.faces, 2000 / 5 - 2000 / 25);
	assert_int_equal(done.without, 2000 / 25);
	must_check(stage->gallery);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_A_STAGE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		IN_A_STAGE(every_face_gets_a_template_and_keeps_its_id),
		IN_A_STAGE(who_reads_meanwhile_sees_all_of_the_old),
		IN_A_STAGE(a_failure_in_the_middle_leaves_the_gallery_as_it_was),
		IN_A_STAGE(the_calibration_of_a_space_goes_with_its_embedder),
		IN_A_STAGE(a_gallery_that_got_another_embedder_meanwhile_is_left_alone),
		IN_A_STAGE(faces_set_aside_are_kept_and_not_found),
		IN_A_STAGE(a_face_set_aside_gives_way_to_its_photo),
		IN_A_STAGE(faces_set_aside_may_be_deleted_and_carried_over),
		IN_A_STAGE(faces_set_aside_can_get_their_template_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
