/* The assignment of persons to faces against trying every possibility. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdint.h>
#include <stdlib.h>

#include "service/match/assign.h"

/* The best sum over all assignments, by recursion over the rows. */
static double best_sum(const double *gains, size_t rows, size_t columns, size_t row, unsigned used)
{
	if (row == rows) {
		return 0;
	}
	double best = best_sum(gains, rows, columns, row + 1, used);
	for (size_t column = 0; column < columns; column++) {
		double gain = gains[row * columns + column];
		if (gain > 0 && !(used & 1u << column)) {
			double sum =
				gain + best_sum(gains, rows, columns, row + 1, used | 1u << column);
			best = sum > best ? sum : best;
		}
	}
	return best;
}

static double sum_of(const double *gains, size_t rows, size_t columns, const size_t *chosen)
{
	double sum = 0;
	unsigned used = 0;
	for (size_t row = 0; row < rows; row++) {
		if (chosen[row] == FC_UNASSIGNED) {
			continue;
		}
		assert_true(chosen[row] < columns);
		assert_false(used & 1u << chosen[row]);
		assert_true(gains[row * columns + chosen[row]] > 0);
		used |= 1u << chosen[row];
		sum += gains[row * columns + chosen[row]];
	}
	return sum;
}

static void finds_the_best_sum_of_every_small_case(void **state)
{
	(void)state;
	uint32_t seed = 1;
	for (int round = 0; round < 2000; round++) {
		double gains[25];
		size_t chosen[5];
		size_t rows = (size_t)(round % 5) + 1;
		size_t columns = (size_t)(round / 5 % 6);
		for (size_t i = 0; i < rows * columns; i++) {
			seed = seed * 1664525u + 1013904223u;
			gains[i] = (double)(seed >> 8) / (1 << 24) - 0.4;
		}
		assert_int_equal(fc_assign(gains, rows, columns, chosen, NULL), FC_OK);
		assert_float_equal(sum_of(gains, rows, columns, chosen),
				   best_sum(gains, rows, columns, 0, 0), 1e-9);
	}
}

static void gives_the_second_best_person_when_that_serves_both_faces(void **state)
{
	(void)state;
	const double gains[] = { 0.30, 0.25, 0.28, -1 };
	size_t chosen[2];
	assert_int_equal(fc_assign(gains, 2, 2, chosen, NULL), FC_OK);
	assert_int_equal(chosen[0], 1);
	assert_int_equal(chosen[1], 0);
}

static void leaves_faces_without_a_possible_person_alone(void **state)
{
	(void)state;
	const double gains[] = { 0, -0.1, 0, 0 };
	size_t chosen[2];
	assert_int_equal(fc_assign(gains, 2, 2, chosen, NULL), FC_OK);
	assert_true(chosen[0] == FC_UNASSIGNED && chosen[1] == FC_UNASSIGNED);
	assert_int_equal(fc_assign(gains, 0, 0, chosen, NULL), FC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_best_sum_of_every_small_case),
		cmocka_unit_test(gives_the_second_best_person_when_that_serves_both_faces),
		cmocka_unit_test(leaves_faces_without_a_possible_person_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
