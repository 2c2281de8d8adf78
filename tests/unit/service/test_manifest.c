/* Lists of photos: TSV, CSV and NDJSON, plain paths, and rows that are wrong. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "service/input/manifest.h"
#include "service/input/manifest_row.h"

static int memory_file(const void *bytes, size_t length)
{
	int fd = memfd_create("list", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static struct fc_manifest *open_bytes(const char *name, enum fc_manifest_kind kind,
				      const char *root, const void *bytes, size_t length)
{
	struct fc_manifest *manifest = NULL;
	const struct fc_manifest_options options = { kind, name, root };
	assert_int_equal(fc_manifest_open(memory_file(bytes, length), &options, &manifest, NULL),
			 FC_OK);
	return manifest;
}

/* "path|number|person|origin|user_data" of every row, or "!error". */
static enum fc_status read_all(struct fc_manifest *manifest, struct fc_buffer *out,
			       struct fc_error *err)
{
	for (;;) {
		struct fc_photo photo;
		bool end = false;
		FC_TRY(fc_manifest_next(manifest, &photo, &end, err));
		if (end) {
			return FC_OK;
		}
		assert_string_equal(photo.name, photo.path);
		if (photo.status != FC_OK) {
			fc_buffer_printf(out, "%s!%s\n", photo.path, photo.error);
			continue;
		}
		fc_buffer_printf(out, "%s|", photo.path);
		if (photo.has_number) {
			fc_buffer_printf(out, "%" PRIu64, photo.number);
		}
		fc_buffer_printf(out, "%s|%s|%s|%s\n", photo.has_pid ? "pid" : "",
				 photo.person ? photo.person : "", photo.origin ? photo.origin : "",
				 photo.user_data ? photo.user_data : "");
	}
}

static void expect_bytes(const char *name, enum fc_manifest_kind kind, const char *root,
			 const void *bytes, size_t length, const char *wanted)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	FC_CLEANUP(fc_manifest_closep)
	struct fc_manifest *manifest = open_bytes(name, kind, root, bytes, length);
	assert_int_equal(read_all(manifest, &out, NULL), FC_OK);
	assert_string_equal(fc_buffer_text(&out), wanted);
	assert_int_equal(fc_manifest_offset(manifest), length);
}

static void expect(const char *name, const char *text, const char *wanted)
{
	expect_bytes(name, FC_MANIFEST_TABLE, NULL, text, strlen(text), wanted);
}

static void refuse(const char *name, const char *text, const char *words)
{
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	FC_CLEANUP(fc_manifest_closep)
	struct fc_manifest *manifest =
		open_bytes(name, FC_MANIFEST_TABLE, NULL, text, strlen(text));
	assert_int_equal(read_all(manifest, &out, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, words));
}

static void tsv_has_columns_in_any_order_and_others_besides(void **state)
{
	(void)state;
	expect("a.tsv",
	       "person_id\tshot at\tpath\tuser_data\tname\torigin\n"
	       "7\tnoon\ta.jpg\tnote\tAnna\tdoor\n"
	       "\t\tb.jpg\t\t\t\n",
	       "a.jpg|7|Anna|door|note\nb.jpg||||\n");
}

static void the_group_of_a_photo_is_known_until_the_next(void **state)
{
	(void)state;
	static const char tsv[] = "path\tgroup\na.jpg\t30 to 39\nb.jpg\t\n";
	static const char ndjson[] = "{\"path\":\"a.jpg\",\"group\":\"30 to 39\"}\n"
				     "{\"path\":\"b.jpg\",\"group\":[1]}\n";
	static const char *const lists[] = { tsv, ndjson };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(lists); i++) {
		FC_CLEANUP(fc_manifest_closep)
		struct fc_manifest *manifest =
			open_bytes("list", FC_MANIFEST_TABLE, NULL, lists[i], strlen(lists[i]));
		struct fc_photo photo;
		bool end;
		assert_int_equal(fc_manifest_next(manifest, &photo, &end, NULL), FC_OK);
		assert_string_equal(fc_manifest_group(manifest), "30 to 39");
		assert_int_equal(fc_manifest_next(manifest, &photo, &end, NULL), FC_OK);
		assert_int_equal(photo.status, FC_OK);
		assert_null(fc_manifest_group(manifest));
	}
}

static void tsv_knows_the_escapes_that_facectl_writes(void **state)
{
	(void)state;
	expect("a.tsv", "path\na\\tb\\n\\\\c\\x1b\\xff.jpg\nd\\q\\x0\\x00e\\\n",
	       "a\tb\n\\c\x1b\xff.jpg||||\nd\\q\\x0\\x00e\\||||\n");
}

static void csv_quotes_as_rfc_4180_has_it(void **state)
{
	(void)state;
	expect("a.csv",
	       "Path,Name,\"user_data\"\r\n"
	       "\"a,1.jpg\",\"Anna \"\"A\"\" B\",\"two\nlines\"\r\n"
	       "b.jpg,Ben,\"\"\r\n",
	       "a,1.jpg||Anna \"A\" B||two\nlines\nb.jpg||Ben||\n");
}

static void what_is_wrong_with_csv_is_wrong_with_its_row_alone(void **state)
{
	(void)state;
	expect("a.csv",
	       "path,name\n"
	       "a.jpg,\"Anna\n" /* swallows the rest, so it is given back */
	       "b.jpg,B\"en\n"
	       "c.jpg,C\"\"y,\n"
	       "d.jpg,\"Dan\"x\n"
	       "e.jpg,Eve\n"
	       "f.jpg,\"Fay",
	       "a.csv:2!'a.csv', line 2: a quoted field is not closed\n"
	       "a.csv:3!'a.csv', line 3: a field contains a quote but does not begin with one\n"
	       "a.csv:4!'a.csv', line 4: a field contains a quote but does not begin with one\n"
	       "a.csv:5!'a.csv', line 5: unexpected text after a quoted field\n"
	       "e.jpg||Eve||\n"
	       "a.csv:7!'a.csv', line 7: a quoted field is not closed\n");
}

static void ndjson_is_known_by_its_brace_and_passes_over_other_members(void **state)
{
	(void)state;
	expect("failed",
	       "{\"type\":\"set\",\"path\":\"a.jpg\",\"person_id\":7,\"box\":[1,2],\"name\":null}\n"
	       "\n"
	       "{\"path\":\"b?.jpg\",\"path_b64\":\"Yv8uanBn\",\"person_id\":\"8\"}\r\n"
	       "{\"path\":\"c.jpg\",\"pid\":\"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4\"}",
	       "a.jpg|7|||\nb\xff.jpg|8|||\nc.jpg|pid|||\n");
}

static void what_is_wrong_with_a_row_names_its_line(void **state)
{
	(void)state;
	expect("list.ndjson",
	       "{\"path\":\"a.jpg\",\"person_id\":0}\n"
	       "[1]\n"
	       "{\"path\":17}\n"
	       "{\"name\":\"Anna\"}\n"
	       "{\"path\":\"a.jpg\",\"person_id\":1.5}\n"
	       "{\"path\":\"a.jpg\",\"pid\":\"x\"}\n"
	       "{\"path\":\"a.jpg\",\"path_b64\":\"?\"}\n"
	       "{\"path\":\"-\"}\n",
	       "list.ndjson:1!'list.ndjson', line 1: person_id must be a positive whole number\n"
	       "list.ndjson:2!'list.ndjson', line 2: the row is not a JSON object\n"
	       "list.ndjson:3!'list.ndjson', line 3: path must be a string\n"
	       "list.ndjson:4!'list.ndjson', line 4: the path is missing\n"
	       "list.ndjson:5!'list.ndjson', line 5: person_id must be a positive whole number\n"
	       "list.ndjson:6!'list.ndjson', line 6: pid is not a UUID: 'x'\n"
	       "list.ndjson:7!'list.ndjson', line 7: path_b64 must be a path encoded in base64\n"
	       "list.ndjson:8!'list.ndjson', line 8: a list cannot contain '-' (standard input); write './-' for a file of that name\n");
	expect("a.tsv", "path\tperson_id\na.jpg\nb.jpg\t1\t2\nc.jpg\t-3\nd.jpg\t9007199254740992\n",
	       "a.tsv:2!'a.tsv', line 2: the number of fields is 1, but the first line names 2 columns\n"
	       "a.tsv:3!'a.tsv', line 3: the number of fields is 3, but the first line names 2 columns\n"
	       "a.tsv:4!'a.tsv', line 4: person_id takes a whole number, not '-3'\n"
	       "a.tsv:5!'a.tsv', line 5: person_id takes 1 to 9007199254740991, not "
	       "9007199254740992\n");
	expect("a.tsv", "path\tname\na.jpg\tA\\x07\n",
	       "a.tsv:2!'a.tsv', line 2: 'name' must be 1 to 255 bytes of UTF-8 without control "
	       "characters\n");
}

static void a_first_line_without_a_path_ends_the_list(void **state)
{
	(void)state;
	refuse("a.tsv", "a.jpg\nb.jpg\n", "'a.tsv', line 1: no column is named 'path'");
	refuse("a.tsv", "path\tpath\n", "two columns are named 'path'");
	refuse("a.csv", "path,\"x\n", "a quoted field is not closed");
}

static void a_mark_before_the_first_line_is_no_part_of_it(void **state)
{
	(void)state;
	expect("a.tsv", "\xef\xbb\xbfpath\na.jpg\n", "a.jpg||||\n");
	expect("a", "\xef\xbb\xbf{\"path\":\"a.jpg\"}\n", "a.jpg||||\n");
}

static void the_header_decides_the_separator(void **state)
{
	(void)state;
	expect("a.csv", "name;path\nBen;b,1.jpg\n\"Carl; \"\"C\"\"\";c.jpg\n",
	       "b,1.jpg||Ben||\nc.jpg||Carl; \"C\"||\n");
	expect("list", "path;name;note\na.jpg;Anna;x,y\n", "a.jpg||Anna||\n");
	expect("list", "sep=;\r\npath;name\r\na.jpg;Anna\r\n", "a.jpg||Anna||\n");
	expect("a.csv", "path\tname\na.jpg\tAnna\n", "a.jpg||Anna||\n");
	expect("a.tsv", "path,name\na.jpg,Anna\n", "a.jpg||Anna||\n");
	expect("a.csv", "path\na;b.jpg\n", "a;b.jpg||||\n");
	/* of two that fit, the suffix decides */
	expect("a.csv", "path,a;name\na.jpg,Anna\n", "a.jpg||||\n");
	refuse("a.csv", "file;name\n", "no column is named 'path'");
}

static void columns_are_trimmed_and_rows_without_values_skipped(void **state)
{
	(void)state;
	expect("a.csv", " Path ;\"name \";;\na.jpg;Anna;;\n;;;\n \"\" ;;;\n", "a.jpg||Anna||\n");
	expect("a.tsv", "path \t name\na.jpg\tAnna\n", "a.jpg||Anna||\n");
	refuse("a.csv", "path,path \n", "two columns are named 'path'");
}

static void every_line_end_is_read(void **state)
{
	(void)state;
	expect("a.csv", "path,name\ra.jpg,Anna\rb.jpg,\"Ben\"\r", "a.jpg||Anna||\nb.jpg||Ben||\n");
	expect("list", "path\r\na.jpg\r\n\r\nb.jpg\r\n", "a.jpg||||\nb.jpg||||\n");
	static const char crlf[] = "a.jpg\r\n\r\nb.jpg\r";
	expect_bytes("list", FC_MANIFEST_PATHS, NULL, crlf, sizeof(crlf) - 1,
		     "a.jpg||||\nb.jpg||||\n");
	static const char cr[] = "a.jpg\rb.jpg";
	expect_bytes("list", FC_MANIFEST_PATHS, NULL, cr, sizeof(cr) - 1, "a.jpg||||\nb.jpg||||\n");
	static const char mark[] = "\xef\xbb\xbf"
				   "a.jpg\n";
	expect_bytes("list", FC_MANIFEST_PATHS, NULL, mark, sizeof(mark) - 1, "a.jpg||||\n");
}

static void utf_16_is_read_if_it_has_a_mark(void **state)
{
	(void)state;
	static const char little[] = "\xff\xfep\0a\0t\0h\0\t\0n\0a\0m\0e\0\r\0\n\0"
				     "a\0.\0j\0p\0g\0\t\0J\0\xfc\0r\0g\0=\xd8\x00\xde\r\0\n\0";
	expect_bytes("list.txt", FC_MANIFEST_TABLE, NULL, little, sizeof(little) - 1,
		     "a.jpg||J\xc3\xbcrg\xf0\x9f\x98\x80||\n");
	static const char big[] = "\xfe\xff\0a\x20\xac\xd8\0\0b\0\n\xdc\0";
	expect_bytes("list", FC_MANIFEST_PATHS, NULL, big, sizeof(big) - 1,
		     "a\xe2\x82\xac\xef\xbf\xbd"
		     "b||||\n\xef\xbf\xbd||||\n");
}

static void an_array_of_objects_is_read(void **state)
{
	(void)state;
	expect("a.json",
	       " [\n {\"path\": \"a.jpg\", \"name\": \"]},{[\\\"\"},\n"
	       " {\"path\":\"b.jpg\",\n  \"box\": [1, {\"x\": [2]}]} ,\n{}, 7\n]\n",
	       "a.jpg||]},{[\"||\n"
	       "b.jpg||||\n"
	       "a.json:5!'a.json', line 5: the path is missing\n"
	       "a.json:5!'a.json', line 5: the row is not a JSON object\n");
	expect("a.json", "[]", "");
	expect("a.json", "[{\"path\":\"a.jpg\"},",
	       "a.jpg||||\na.json:1!'a.json', line 1: the array is not closed\n");
	expect("a.json", "[{\"path\":\"a.jpg\"}] {\"path\"",
	       "a.jpg||||\na.json:1!'a.json', line 1: the row is not JSON: error at byte 6\n");
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	fc_buffer_append_text(&bytes, "[{\"path\":[\"");
	for (size_t i = 0; i < 2 * (size_t)FC_MANIFEST_ROW_MAXIMUM; i++) {
		fc_buffer_put_u8(&bytes, 'x');
	}
	fc_buffer_append_text(&bytes, ",\"]},{\"path\":\"b.jpg\"}]");
	expect_bytes("a.json", FC_MANIFEST_TABLE, NULL, bytes.data, bytes.length,
		     "a.json:1!'a.json', line 1: too long (maximum: 1048576 bytes)\nb.jpg||||\n");
}

static void bytes_of_nul_and_long_rows_are_wrong_rows(void **state)
{
	(void)state;
	static const char with_nul[] = "path\na\0b.jpg\nc.jpg\n";
	expect_bytes("a.tsv", FC_MANIFEST_TABLE, NULL, with_nul, sizeof(with_nul) - 1,
		     "a.tsv:2!'a.tsv', line 2: it contains a NUL byte\nc.jpg||||\n");

	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	fc_buffer_append_text(&bytes, "path,name\n");
	for (size_t i = 0; i < 3 * (size_t)FC_MANIFEST_ROW_MAXIMUM; i++) {
		fc_buffer_put_u8(&bytes, i == 0 ? '"' : 'x');
	}
	fc_buffer_append_text(&bytes, "\na.jpg,Anna\n");
	expect_bytes("a.csv", FC_MANIFEST_TABLE, NULL, bytes.data, bytes.length,
		     "a.csv:2!'a.csv', line 2: too long (maximum: 1048576 bytes)\na.jpg||Anna||\n");
}

static void plain_paths_are_taken_as_they_are(void **state)
{
	(void)state;
	static const char lines[] = "a.jpg\n\n{b}.jpg\n-\n/c\t.jpg";
	expect_bytes(
		"list", FC_MANIFEST_PATHS, "root", lines, sizeof(lines) - 1,
		"root/a.jpg||||\nroot/{b}.jpg||||\n"
		"list:4!'list', line 4: a list cannot contain '-' (standard input); write './-' for a file of that name\n/c\t.jpg||||\n");
	static const char ended_by_nul[] = "a\nb.jpg\0\0\\t.jpg\0\r\0";
	expect_bytes("list", FC_MANIFEST_PATHS_0, NULL, ended_by_nul, sizeof(ended_by_nul) - 1,
		     "a\nb.jpg||||\n\\t.jpg||||\n\r||||\n");
}

static void a_path_that_no_file_can_have_is_a_wrong_row(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	for (size_t i = 0; i < 4096; i++) {
		fc_buffer_put_u8(&bytes, 'x');
	}
	expect_bytes("list", FC_MANIFEST_PATHS, NULL, bytes.data, bytes.length,
		     "list:1!'list', line 1: the path is too long: 4096 bytes (maximum: 4095)\n");
}

static void a_pipe_is_ready_when_a_whole_row_is_there(void **state)
{
	(void)state;
	int ends[2];
	struct fc_manifest *manifest = NULL;
	struct fc_photo photo;
	bool end = false;
	const struct fc_manifest_options options = { FC_MANIFEST_PATHS, "list", NULL };
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fc_manifest_open(ends[0], &options, &manifest, NULL), FC_OK);
	assert_false(fc_manifest_ready(manifest, 0));
	assert_int_equal(write(ends[1], "a.j", 3), 3);
	assert_false(fc_manifest_ready(manifest, 0));
	assert_int_equal(write(ends[1], "pg\nb", 4), 4);
	assert_true(fc_manifest_ready(manifest, 0));
	assert_int_equal(fc_manifest_next(manifest, &photo, &end, NULL), FC_OK);
	assert_string_equal(photo.path, "a.jpg");
	assert_false(fc_manifest_ready(manifest, 0));
	assert_int_equal(close(ends[1]), 0);
	assert_true(fc_manifest_ready(manifest, 0));
	assert_int_equal(fc_manifest_next(manifest, &photo, &end, NULL), FC_OK);
	assert_string_equal(photo.path, "b");
	assert_true(fc_manifest_ready(manifest, 0));
	assert_int_equal(fc_manifest_next(manifest, &photo, &end, NULL), FC_OK);
	assert_true(end);
	fc_manifest_close(manifest);
}

static void folders_name_persons_by_number_or_name(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t number;
	} cases[] = {
		{ "7", 7 },   { "person7", 7 },    { "person_12", 12 },
		{ "007", 7 }, { "Anna Smith", 0 }, { "person", 0 },
		{ "0", 0 },   { "person_", 0 },    { "7a", 0 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_photo photo = { 0 };
		assert_true(fc_photo_set_person(&photo, cases[i].text));
		assert_int_equal(photo.has_number, cases[i].number != 0);
		assert_int_equal(photo.number, cases[i].number);
		assert_ptr_equal(photo.person, cases[i].number ? NULL : cases[i].text);
	}
	struct fc_photo photo = { 0 };
	assert_false(fc_photo_set_person(&photo, "\xff"));
	assert_false(fc_photo_set_person(&photo, "\x1b[31m"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tsv_has_columns_in_any_order_and_others_besides),
		cmocka_unit_test(the_group_of_a_photo_is_known_until_the_next),
		cmocka_unit_test(tsv_knows_the_escapes_that_facectl_writes),
		cmocka_unit_test(csv_quotes_as_rfc_4180_has_it),
		cmocka_unit_test(what_is_wrong_with_csv_is_wrong_with_its_row_alone),
		cmocka_unit_test(ndjson_is_known_by_its_brace_and_passes_over_other_members),
		cmocka_unit_test(what_is_wrong_with_a_row_names_its_line),
		cmocka_unit_test(a_first_line_without_a_path_ends_the_list),
		cmocka_unit_test(a_mark_before_the_first_line_is_no_part_of_it),
		cmocka_unit_test(the_header_decides_the_separator),
		cmocka_unit_test(columns_are_trimmed_and_rows_without_values_skipped),
		cmocka_unit_test(every_line_end_is_read),
		cmocka_unit_test(utf_16_is_read_if_it_has_a_mark),
		cmocka_unit_test(an_array_of_objects_is_read),
		cmocka_unit_test(bytes_of_nul_and_long_rows_are_wrong_rows),
		cmocka_unit_test(plain_paths_are_taken_as_they_are),
		cmocka_unit_test(a_path_that_no_file_can_have_is_a_wrong_row),
		cmocka_unit_test(a_pipe_is_ready_when_a_whole_row_is_there),
		cmocka_unit_test(folders_name_persons_by_number_or_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
