/* Words of the command line and --meta become the photos of a request. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "output/answer_shape.h"
#include "photos/photo_source.h"

struct outcome {
	enum fc_status status;
	struct photo_list list;
	struct fc_error err;
	struct command_context ctx;
};

static const struct command smarty_command = { .shape = &smarty_shape };
static struct out json_out = { .format = FORMAT_JSON };

static enum fc_status parse_meta(const char *text, struct fc_smarty_request *out,
				 struct fc_error *err)
{
	return fc_smarty_request_parse(text, strlen(text), "--meta", out, err);
}

static struct outcome take(const char *const *words, const char *meta_text)
{
	struct outcome outcome = { .ctx = { .command = &smarty_command, .out = &json_out } };
	const char *items[16];
	struct option_texts texts = { .items = items };
	struct fc_smarty_request meta = { 0 };
	for (; words[texts.count]; texts.count++) {
		items[texts.count] = words[texts.count];
	}
	if (meta_text) {
		assert_int_equal(parse_meta(meta_text, &meta, &outcome.err), FC_OK);
	}
	outcome.status = photo_list_from_words(&texts, &outcome.list, &outcome.err);
	if (outcome.status == FC_OK) {
		outcome.status = photo_list_match(&outcome.list, &meta, &outcome.ctx, &outcome.err);
	}
	fc_smarty_request_release(&meta);
	return outcome;
}

#define TAKE(meta, ...) take((const char *const[]){ __VA_ARGS__, NULL }, meta)

static void release(struct outcome *outcome)
{
	photo_list_release(&outcome->list);
	fc_buffer_release(&json_out.data);
}

static void photos_are_named_by_their_place(void **state)
{
	(void)state;
	struct outcome a = TAKE(NULL, "a.jpg", "anna=b.jpg", "-");
	assert_int_equal(a.status, FC_OK);
	assert_int_equal(a.list.count, 3);
	assert_string_equal(a.list.items[0].name, "file_0");
	assert_string_equal(a.list.items[0].path, "a.jpg");
	assert_string_equal(a.list.items[1].name, "anna");
	assert_string_equal(a.list.items[1].path, "b.jpg");
	assert_string_equal(a.list.items[2].name, "file_2");
	assert_string_equal(a.list.items[2].path, "-");
	release(&a);
}

static void a_file_whose_name_holds_an_equals_sign_is_that_file(void **state)
{
	(void)state;
	char folder[] = "/tmp/facectl-photos-XXXXXX";
	assert_non_null(mkdtemp(folder));
	char *path = fc_path_join(folder, "x=y.jpg");
	assert_int_equal(fc_file_replace(path, "", 0, 0600, NULL), FC_OK);
	struct outcome a = TAKE(NULL, path);
	assert_string_equal(a.list.items[0].path, path);
	assert_string_equal(a.list.items[0].name, "file_0");
	release(&a);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	free(path);
}

static void names_are_different_and_fit_to_show(void **state)
{
	(void)state;
	assert_string_equal(TAKE(NULL, "a=1.jpg", "a=2.jpg").err.text, "two photos are named 'a'");
	assert_int_equal(TAKE(NULL, "file_1=a", "b").status, FC_INVALID_ARGUMENT);
	assert_int_equal(TAKE(NULL, "\033[2J=a").status, FC_INVALID_ARGUMENT);
	assert_int_equal(TAKE(NULL, "a=").status, FC_INVALID_ARGUMENT);
	assert_int_equal(TAKE(NULL, "-", "b=-").status, FC_INVALID_ARGUMENT);
}

static void meta_gives_order_and_numbers(void **state)
{
	(void)state;
	struct outcome a = TAKE("{\"images\":[{\"name\":\"b\",\"person_id\":2},"
				"{\"name\":\"a\",\"person_id\":1}]}",
				"a=1.jpg", "b=2.jpg");
	assert_int_equal(a.status, FC_OK);
	assert_string_equal(a.list.items[0].name, "b");
	assert_int_equal(a.list.items[0].number, 2);
	assert_string_equal(a.list.items[1].path, "1.jpg");
	assert_true(a.list.items[1].has_number);
	release(&a);
}

/* The tutorial's call: images without names, and recognize without images at all. */
static void meta_may_leave_out_what_the_client_fills_in(void **state)
{
	(void)state;
	struct outcome a = TAKE("{\"space\":\"1\", \"images\":[{\"person_id\":1}]}", "rachel.jpg");
	assert_int_equal(a.status, FC_OK);
	assert_string_equal(a.list.items[0].name, "file_0");
	assert_int_equal(a.list.items[0].number, 1);
	release(&a);
	struct outcome b = TAKE("{\"space\":\"1\", \"create_new\":false}", "friends.jpg");
	assert_int_equal(b.status, FC_OK);
	assert_int_equal(b.list.count, 1);
	assert_false(b.list.items[0].has_number);
	release(&b);
}

static void an_image_without_a_photo_fails_with_the_documents_words(void **state)
{
	(void)state;
	struct outcome a =
		TAKE("{\"images\":[{\"name\":\"file_10\",\"person_id\":12}]}", "file=a.jpg");
	assert_int_equal(a.status, FC_INVALID_ARGUMENT);
	assert_non_null(strstr(a.err.text, "'file_10'"));
	assert_true(a.ctx.answered);
	assert_non_null(
		strstr(fc_buffer_text(&json_out.data),
		       "\"body\": \"could not get image by name file_10: http: no such file\""));
	release(&a);
}

static void a_photo_without_an_image_and_an_image_twice_are_refused(void **state)
{
	(void)state;
	struct outcome a = TAKE("{\"images\":[{\"name\":\"file_0\"}]}", "a.jpg", "b.jpg");
	assert_int_equal(a.status, FC_INVALID_ARGUMENT);
	assert_non_null(strstr(a.err.text, "file_1"));
	release(&a);
	struct outcome b =
		TAKE("{\"images\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", "a=1.jpg", "b=2.jpg");
	assert_int_equal(b.status, FC_INVALID_ARGUMENT);
	release(&b);
}

static void meta_takes_the_documents_types_only(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"[]",
		"{",
		"{\"space\":5}",
		"{\"create_new\":1}",
		"{\"images\":{}}",
		"{\"images\":[1]}",
		"{\"images\":[{\"person_id\":\"1\"}]}",
		"{\"images\":[{\"person_id\":1.5}]}",
		"{\"images\":[{\"person_id\":-1}]}",
		"{\"images\":[{\"person_id\":9007199254740993}]}",
		"{\"images\":[{\"name\":1}]}",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(wrong); i++) {
		struct fc_smarty_request meta = { 0 };
		struct fc_error err = { 0 };
		assert_int_equal(parse_meta(wrong[i], &meta, &err), FC_INVALID_ARGUMENT);
		assert_null(meta.images);
	}
	struct fc_smarty_request meta = { 0 };
	assert_int_equal(parse_meta("{\"azaza\":\"5\",\"update_embedding\":true,"
				    "\"images\":[{\"person_id\":0}]}",
				    &meta, NULL),
			 FC_OK);
	assert_null(meta.space);
	assert_true(meta.update_embedding);
	assert_false(meta.images[0].has_number);
	fc_smarty_request_release(&meta);
}

static void the_source_yields_the_photos_and_then_the_end(void **state)
{
	(void)state;
	const char *words[] = { "a", "b" };
	const struct photo_source_args args = { .photos = { words, 2 } };
	struct command_context ctx = { .command = &set_command };
	FC_CLEANUP(photo_source_release) struct photo_source source = { 0 };
	struct fc_photo photo = { 0 };
	bool end = true;
	assert_int_equal(photo_source_open(&source, &args, &ctx, NULL), FC_OK);
	assert_int_equal(ctx.photos, 2);
	source.has_number = true;
	source.number = 7;
	assert_int_equal(photo_source_next(&source, &photo, &end, NULL), FC_OK);
	assert_false(end);
	assert_string_equal(photo.path, "a");
	assert_int_equal(photo.number, 7);
	assert_int_equal(photo_source_next(&source, &photo, &end, NULL), FC_OK);
	assert_int_equal(photo_source_next(&source, &photo, &end, NULL), FC_OK);
	assert_true(end);
}

static void photos_come_from_one_place(void **state)
{
	(void)state;
	const char *words[] = { "a" };
	const struct photo_source_args refused[] = {
		{ .from = NULL },
		{ .photos = { words, 1 }, .from = "." },
		{ .manifest = "-", .files_from = "-" },
		{ .photos = { words, 1 }, .layout = LAYOUT_DIRS },
		{ .from = ".", .root = "." },
		{ .from = ".", .layout = LAYOUT_DIRS, .pattern = "x" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(refused); i++) {
		struct command_context ctx = { .command = &set_command };
		FC_CLEANUP(photo_source_release) struct photo_source source = { 0 };
		assert_int_equal(photo_source_open(&source, &refused[i], &ctx, NULL),
				 FC_INVALID_ARGUMENT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(photos_are_named_by_their_place),
		cmocka_unit_test(a_file_whose_name_holds_an_equals_sign_is_that_file),
		cmocka_unit_test(names_are_different_and_fit_to_show),
		cmocka_unit_test(meta_gives_order_and_numbers),
		cmocka_unit_test(meta_may_leave_out_what_the_client_fills_in),
		cmocka_unit_test(an_image_without_a_photo_fails_with_the_documents_words),
		cmocka_unit_test(a_photo_without_an_image_and_an_image_twice_are_refused),
		cmocka_unit_test(meta_takes_the_documents_types_only),
		cmocka_unit_test(the_source_yields_the_photos_and_then_the_end),
		cmocka_unit_test(photos_come_from_one_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
