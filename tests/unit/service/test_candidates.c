/* The choice among candidates, with values made by hand. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "service/match/assign.h"
#include "service/match/candidates.h"

enum { FACES = 2, MOST = 3 };

static void name(struct fc_candidates *candidates, size_t face, uint8_t person, float score)
{
	fc_candidates_of(candidates, face)[candidates->counts[face]++] =
		(struct fc_candidate){ { { person } }, score };
}

static void one_person_is_one_face(void **state)
{
	(void)state;
	FC_CLEANUP(fc_candidates_release) struct fc_candidates candidates = { 0 };
	size_t chosen[FACES];
	assert_int_equal(fc_candidates_init(&candidates, FACES, MOST, NULL), FC_OK);
	name(&candidates, 0, 1, 0.9F);
	name(&candidates, 0, 2, 0.8F);
	name(&candidates, 1, 1, 0.7F);
	name(&candidates, 1, 2, 0.3F);
	/* the second face may be none but the first person */
	assert_int_equal(fc_candidates_choose(&candidates, 0.5, false, chosen, NULL), FC_OK);
	assert_int_equal(chosen[0], 1);
	assert_int_equal(chosen[1], 0);
	/* a floor above that face's scores leaves it unassigned, and the first face may have its best candidate again */
	assert_int_equal(fc_candidates_choose(&candidates, 0.75, false, chosen, NULL), FC_OK);
	assert_int_equal(chosen[0], 0);
	assert_int_equal(chosen[1], FC_UNASSIGNED);
}

static void repeats_are_each_ones_likeliest(void **state)
{
	(void)state;
	FC_CLEANUP(fc_candidates_release) struct fc_candidates candidates = { 0 };
	size_t chosen[FACES];
	assert_int_equal(fc_candidates_init(&candidates, FACES, MOST, NULL), FC_OK);
	name(&candidates, 0, 1, 0.9F);
	name(&candidates, 1, 1, 0.7F);
	assert_int_equal(fc_candidates_choose(&candidates, 0.5, true, chosen, NULL), FC_OK);
	assert_int_equal(chosen[0], 0);
	assert_int_equal(chosen[1], 0);
	assert_int_equal(fc_candidates_choose(&candidates, 0.8, true, chosen, NULL), FC_OK);
	assert_int_equal(chosen[1], FC_UNASSIGNED);
}

static void the_floor_itself_is_accepted(void **state)
{
	(void)state;
	FC_CLEANUP(fc_candidates_release) struct fc_candidates candidates = { 0 };
	size_t chosen[FACES];
	assert_int_equal(fc_candidates_init(&candidates, FACES, MOST, NULL), FC_OK);
	name(&candidates, 0, 1, 0.5F);
	assert_int_equal(fc_candidates_choose(&candidates, 0.5, false, chosen, NULL), FC_OK);
	assert_int_equal(chosen[0], 0);
	assert_int_equal(chosen[1], FC_UNASSIGNED);
	assert_int_equal(fc_candidates_choose(&candidates, 0.5001, false, chosen, NULL), FC_OK);
	assert_int_equal(chosen[0], FC_UNASSIGNED);
}

static void a_person_may_need_more_than_the_floor(void **state)
{
	(void)state;
	FC_CLEANUP(fc_candidates_release) struct fc_candidates candidates = { 0 };
	size_t chosen[FACES];
	assert_int_equal(fc_candidates_init(&candidates, FACES, MOST, NULL), FC_OK);
	name(&candidates, 0, 1, 0.60F);
	name(&candidates, 0, 2, 0.55F);
	name(&candidates, 1, 1, 0.70F);
	fc_candidates_of(&candidates, 0)[0].needed = 0.65;
	fc_candidates_of(&candidates, 1)[0].needed = 0.65;
	for (int repeats = 0; repeats <= 1; repeats++) {
		assert_int_equal(fc_candidates_choose(&candidates, 0.5, repeats, chosen, NULL),
				 FC_OK);
		assert_int_equal(chosen[0], 1);
		assert_int_equal(chosen[1], 0);
		assert_int_equal(fc_candidates_choose(&candidates, 0.58, repeats, chosen, NULL),
				 FC_OK);
		assert_int_equal(chosen[0], FC_UNASSIGNED);
	}
}

/* Needing more does not make a person rank lower. */
static void among_accepted_persons_the_most_similar_one_is_chosen(void **state)
{
	(void)state;
	FC_CLEANUP(fc_candidates_release) struct fc_candidates candidates = { 0 };
	size_t chosen[FACES];
	assert_int_equal(fc_candidates_init(&candidates, FACES, MOST, NULL), FC_OK);
	name(&candidates, 0, 1, 0.70F);
	name(&candidates, 0, 2, 0.69F);
	fc_candidates_of(&candidates, 0)[0].needed = 0.65;
	for (int repeats = 0; repeats <= 1; repeats++) {
		assert_int_equal(fc_candidates_choose(&candidates, 0.5, repeats, chosen, NULL),
				 FC_OK);
		assert_int_equal(chosen[0], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_person_is_one_face),
		cmocka_unit_test(repeats_are_each_ones_likeliest),
		cmocka_unit_test(the_floor_itself_is_accepted),
		cmocka_unit_test(a_person_may_need_more_than_the_floor),
		cmocka_unit_test(among_accepted_persons_the_most_similar_one_is_chosen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
