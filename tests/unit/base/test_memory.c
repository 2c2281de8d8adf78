/* Cleanup of pointers and structs, growing arrays. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void fc_free_frees_and_sets_null(void **state)
{
	(void)state;
	char *text = strdup("text");
	fc_free(&text);
	assert_null(text);
	fc_free(&text);
}

static void an_array_grows_and_keeps_its_items(void **state)
{
	(void)state;
	struct fc_error err;
	uint64_t *items = NULL;
	size_t count = 0, capacity = 0, growths = 0;
	while (count < 1000) {
		size_t before = capacity;
		assert_int_equal(fc_array_grow(&items, sizeof(*items), count, &capacity, &err),
				 FC_OK);
		assert_true(capacity > count);
		growths += capacity != before;
		items[count] = count;
		count++;
	}
	assert_true(growths < 10);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(items[i], i);
	}
	free(items);
}

static void an_array_that_cannot_grow_is_unchanged(void **state)
{
	(void)state;
	struct fc_error err;
	char first = 'a';
	char *items = &first;
	size_t capacity = 1;
	assert_int_equal(fc_array_grow(&items, SIZE_MAX / 4, 1, &capacity, &err), FC_NO_MEMORY);
	capacity = SIZE_MAX / 2 + 1;
	assert_int_equal(fc_array_grow(&items, 1, capacity, &capacity, &err), FC_NO_MEMORY);
	assert_ptr_equal(items, &first);
	assert_int_equal(capacity, SIZE_MAX / 2 + 1);
}

struct pair {
	char *first;
	int second;
};

static void a_stolen_struct_leaves_zeros(void **state)
{
	(void)state;
	char text[] = "text";
	struct pair pair = { text, 2 };
	struct pair stolen = FC_STEAL_STRUCT(pair);
	assert_ptr_equal(stolen.first, text);
	assert_int_equal(stolen.second, 2);
	assert_null(pair.first);
	assert_int_equal(pair.second, 0);
}

static void pair_free(struct pair *pair)
{
	if (pair) {
		pair->second++;
	}
}

FC_DEFINE_CLEANUP(struct pair *, pair_free);

static void a_defined_cleanup_releases_once(void **state)
{
	(void)state;
	struct pair pair = { NULL, 0 };
	{
		FC_CLEANUP(pair_freep) struct pair *held = &pair;
		pair_freep(&held);
		assert_null(held);
	}
	assert_int_equal(pair.second, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fc_free_frees_and_sets_null),
		cmocka_unit_test(an_array_grows_and_keeps_its_items),
		cmocka_unit_test(an_array_that_cannot_grow_is_unchanged),
		cmocka_unit_test(a_stolen_struct_leaves_zeros),
		cmocka_unit_test(a_defined_cleanup_releases_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
