/* Bodies of type multipart/form-data: what curl writes, what is not well-formed, and what facectl writes. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "protocol/multipart.h"

static const char type[] = "multipart/form-data; boundary=----d74496d6";

static enum fc_status read_text(const char *content_type, const char *body, struct fc_form *form)
{
	return fc_form_read(content_type, body, strlen(body), 3, form, NULL);
}

static void a_body_of_curl_is_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_form_release) struct fc_form form = { 0 };
	assert_int_equal(
		read_text(type,
			  "------d74496d6\r\nContent-Disposition: form-data; name=\"file\"; "
			  "filename=\"a \\\"b\\\".jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
			  "\r\n--bytes\r\n\r\n------d74496d6\r\ncontent-disposition: form-data; "
			  "name=meta\r\n\r\n{\"space\": \"5\"}\r\n------d74496d6\r\n"
			  "Content-Disposition: form-data; filename=\"empty.jpg\"; "
			  "name=\"empty\"\r\n\r\n\r\n------d74496d6--\r\n",
			  &form),
		FC_OK);
	assert_int_equal(form.count, 3);
	const struct fc_form_part *file = fc_form_find(&form, "file");
	assert_string_equal(file->filename, "a \"b\".jpg");
	assert_string_equal(file->content_type, "image/jpeg");
	assert_int_equal(file->length, 11);
	assert_memory_equal(file->data, "\r\n--bytes\r\n", 11);
	const struct fc_form_part *meta = fc_form_find(&form, "meta");
	assert_null(meta->filename);
	assert_null(meta->content_type);
	assert_int_equal(meta->length, 14);
	assert_string_equal(fc_form_find(&form, "empty")->filename, "empty.jpg");
	assert_int_equal(fc_form_find(&form, "empty")->length, 0);
	assert_null(fc_form_find(&form, "filename"));
}

static void what_is_not_well_formed_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *type, *body;
		enum fc_status status;
	} cases[] = {
		{ NULL, "", FC_UNSUPPORTED },
		{ "application/json", "{}", FC_UNSUPPORTED },
		{ "multipart/form-data", "--x\r\n", FC_INVALID_ARGUMENT },
		{ "multipart/form-data; boundary=\"\"", "--\r\n", FC_INVALID_ARGUMENT },
		{ "multipart/form-data; boundary=\"x", "--x--", FC_INVALID_ARGUMENT },
		{ type, "", FC_INVALID_ARGUMENT },
		{ type, "------d74496d6", FC_INVALID_ARGUMENT },
		{ type, "------d74496d6\r\n\r\n", FC_INVALID_ARGUMENT },
		{ type, "------d74496d6\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nopen",
		  FC_INVALID_ARGUMENT },
		{ type,
		  "------d74496d6\r\nContent-Disposition: form-data\r\n\r\n\r\n------d74496d6--",
		  FC_INVALID_ARGUMENT },
		{ type,
		  "------d74496d6\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"
		  "------d74496d6\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"
		  "------d74496d6--",
		  FC_INVALID_ARGUMENT },
		{ type,
		  "------d74496d6\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"
		  "------d74496d6\r\nContent-Disposition: form-data; name=b\r\n\r\n\r\n"
		  "------d74496d6\r\nContent-Disposition: form-data; name=c\r\n\r\n\r\n"
		  "------d74496d6\r\nContent-Disposition: form-data; name=d\r\n\r\n\r\n"
		  "------d74496d6--",
		  FC_TOO_LARGE },
		{ type, "------d74496d6--\r\n", FC_OK },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		FC_CLEANUP(fc_form_release) struct fc_form form = { 0 };
		if (read_text(cases[i].type, cases[i].body, &form) != cases[i].status) {
			fail_msg("case %zu", i);
		}
	}
}

static void what_is_written_can_be_read(void **state)
{
	(void)state;
	static const struct fc_form_part parts[] = {
		{ .name = "meta", .data = "{}", .length = 2 },
		{ .name = "a\"b",
		  .filename = "x.png",
		  .content_type = "image/png",
		  .data = "\0\r\n--",
		  .length = 5 },
	};
	FC_CLEANUP(fc_buffer_release) struct fc_buffer body = { 0 };
	FC_CLEANUP(fc_form_release) struct fc_form form = { 0 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(parts); i++) {
		fc_form_append(&body, "b", &parts[i]);
	}
	fc_buffer_append_text(&body, "--b--\r\n");
	assert_int_equal(fc_form_read("multipart/form-data; boundary=b", body.data, body.length, 3,
				      &form, NULL),
			 FC_OK);
	assert_int_equal(form.count, 2);
	assert_string_equal(form.parts[1].name, "a%22b");
	assert_string_equal(form.parts[1].filename, "x.png");
	assert_int_equal(form.parts[1].length, 5);
	assert_memory_equal(form.parts[1].data, parts[1].data, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_of_curl_is_read),
		cmocka_unit_test(what_is_not_well_formed_is_refused),
		cmocka_unit_test(what_is_written_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
