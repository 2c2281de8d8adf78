/* One table of fields, four formats. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/json.h"
#include "output/record.h"

struct sample {
	const char *path;
	int64_t count;
	double score;
	enum record_flag same;
	struct record_texts names;
	struct record_reals box;
	const char *blob;
};

#define IN(member) offsetof(struct sample, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "path", IN(path), 0, "PATH" },
	{ RECORD_INTEGER, "count", IN(count), 0, "N" },
	{ RECORD_REAL, "score", IN(score), 4, "SCORE" },
	{ RECORD_FLAG, "same", IN(same) },
	{ RECORD_TEXTS, "names", IN(names) },
	{ RECORD_REALS, "box", IN(box), 1 },
	{ RECORD_TEXT, "blob", IN(blob), .json_only = true },
	{ RECORD_END },
};

static const char *const two_names[] = { "a", "b" };
static const double two_reals[] = { 1.25, -0.01 };

static const struct sample full = {
	.path = "x",
	.count = -3,
	.score = 0.48944,
	.same = RECORD_FALSE,
	.names = { two_names, 2 },
	.box = { two_reals, 2 },
	.blob = "zz",
};

static const struct sample empty = { .count = RECORD_ABSENT, .score = NAN };

static char written[8192];

#if !FC_ADDRESS_SANITIZER
/* In the place of the C library's: the allocation that fails, counted down; 0: none. */
static unsigned failing;

void *realloc(void *old, size_t size)
{
	void *(*next)(void *, size_t) = NULL;
	void *symbol = dlsym(RTLD_NEXT, "realloc");
	memcpy(&next, &symbol, sizeof(next));
	return failing > 0 && --failing == 0 ? NULL : next(old, size);
}
#endif

/* What the records look like in a format. */
static const char *write_as(enum output_format format, bool single, bool color,
			    const struct sample *const *samples, size_t count)
{
	struct fc_error err;
	int fd = memfd_create("out", MFD_CLOEXEC);
	struct out out = { .fd = fd, .message_fd = fd, .format = format, .color = color };
	struct record_writer writer = record_writer_of(&out, "sample", fields, single);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(record_write(&writer, samples[i], TONE_BAD, &err), FC_OK);
	}
	assert_int_equal(record_finish(&writer, &err), FC_OK);
	ssize_t length = pread(fd, written, sizeof(written) - 1, 0);
	assert_true(length >= 0);
	written[length] = '\0';
	record_writer_release(&writer);
	out_release(&out);
	close(fd);
	return written;
}

#define WRITE(format, ...)                                                                         \
	write_as(format, false, false, (const struct sample *const[]){ __VA_ARGS__ },              \
		 sizeof((const struct sample *const[]){ __VA_ARGS__ }) / sizeof(void *))

static void ndjson_is_one_object_a_line_without_what_is_absent(void **state)
{
	(void)state;
	assert_string_equal(WRITE(FORMAT_NDJSON, &full, &empty),
			    "{\"type\":\"sample\",\"schema\":1,\"path\":\"x\",\"count\":-3,"
			    "\"score\":0.4894,\"same\":false,\"names\":[\"a\",\"b\"],"
			    "\"box\":[1.2,0],\"blob\":\"zz\"}\n"
			    "{\"type\":\"sample\",\"schema\":1}\n");
}

static void tsv_has_a_line_of_names_and_empty_cells(void **state)
{
	(void)state;
	assert_string_equal(WRITE(FORMAT_TSV, &full, &empty),
			    "type\tschema\tpath\tcount\tscore\tsame\tnames\tbox\n"
			    "sample\t1\tx\t-3\t0.4894\tno\ta,b\t1.2,0\n"
			    "sample\t1\t\t\t\t\t\t\n");
	assert_string_equal(write_as(FORMAT_TSV, false, false, NULL, 0),
			    "type\tschema\tpath\tcount\tscore\tsame\tnames\tbox\n");
}

static void json_is_an_array_or_one_object(void **state)
{
	(void)state;
	const struct sample *const one[] = { &empty };
	assert_string_equal(WRITE(FORMAT_JSON, &empty, &empty),
			    "[\n  {\n    \"type\": \"sample\",\n    \"schema\": 1\n  },\n  {\n"
			    "    \"type\": \"sample\",\n    \"schema\": 1\n  }\n]\n");
	assert_string_equal(write_as(FORMAT_JSON, true, false, one, 1),
			    "{\n  \"type\": \"sample\",\n  \"schema\": 1\n}\n");
	assert_string_equal(write_as(FORMAT_JSON, false, false, NULL, 0), "[]\n");
}

static void text_is_a_table_of_the_fields_with_headings(void **state)
{
	(void)state;
	const struct sample long_one = { .path = "longer", .count = 1, .score = 1 };
	const struct sample *const one[] = { &full };
	assert_string_equal(WRITE(FORMAT_TEXT, &full, &empty, &long_one), "PATH    N   SCORE\n"
									  "x       -3  0.4894\n"
									  "-       -   -\n"
									  "longer  1   1\n");
	assert_string_equal(write_as(FORMAT_TEXT, true, false, one, 1), "PATH   x\n"
									"N      -3\n"
									"SCORE  0.4894\n");
	assert_string_equal(write_as(FORMAT_TEXT, false, false, NULL, 0), "");
}

static void colour_surrounds_a_row(void **state)
{
	(void)state;
	const struct sample *const one[] = { &full };
	assert_string_equal(write_as(FORMAT_TEXT, false, true, one, 1),
			    "\033[2mPATH  N   SCORE\033[0m\n\033[31mx     -3  0.4894\033[0m\n");
}

static void hostile_texts_stay_in_their_cell_and_off_the_terminal(void **state)
{
	(void)state;
	const struct sample hostile = { .path = "a\tb\n\033[2J\\\xff\xe2\x80\xae",
					.count = RECORD_ABSENT,
					.score = INFINITY };
	assert_string_equal(WRITE(FORMAT_TSV, &hostile),
			    "type\tschema\tpath\tcount\tscore\tsame\tnames\tbox\n"
			    "sample\t1\ta\\tb\\n\\x1b[2J\\\\\\xff\\xe2\\x80\\xae\t\t\t\t\t\n");
	assert_string_equal(WRITE(FORMAT_NDJSON, &hostile),
			    "{\"type\":\"sample\",\"schema\":1,\"path\":"
			    "\"a\\u0009b\\u000a\\u001b[2J\\\\\\ufffd\\u202e\","
			    "\"path_b64\":\"YQliChtbMkpc/+KArg==\"}\n");
	assert_null(strchr(WRITE(FORMAT_TEXT, &hostile), '\033'));
	cJSON *parsed = NULL;
	WRITE(FORMAT_NDJSON, &hostile);
	assert_int_equal(
		fc_json_parse(written, strlen(written), sizeof(written), "record", &parsed, NULL),
		FC_OK);
	cJSON_Delete(parsed);
}

static void a_write_that_fails_is_an_error(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	struct out out = { .fd = open("/dev/full", O_WRONLY), .format = FORMAT_NDJSON };
	struct record_writer writer = record_writer_of(&out, "sample", fields, false);
	assert_int_equal(record_write(&writer, &full, TONE_PLAIN, &err), FC_OK);
	assert_int_equal(record_finish(&writer, &err), FC_IO);
	assert_false(out.closed_pipe);
	close(out.fd);
	record_writer_release(&writer);
	out_release(&out);
}

static void a_reader_that_is_gone_is_noticed(void **state)
{
	(void)state;
	int ends[2];
	struct fc_error err = { 0 };
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_ptr_not_equal(signal(SIGPIPE, SIG_IGN), SIG_ERR);
	struct out out = { .fd = ends[1], .format = FORMAT_NDJSON };
	fc_buffer_append_text(&out.data, "x");
	assert_int_equal(out_flush(&out, &err), FC_IO);
	assert_true(out.closed_pipe);
	close(ends[1]);
	out_release(&out);
}

#if !FC_ADDRESS_SANITIZER
/* Write one record while the n-th allocation fails. Returns the status; what was written is in `written`. */
static enum fc_status write_without_memory(enum output_format format, unsigned n)
{
	int fd = memfd_create("out", MFD_CLOEXEC);
	struct out out = { .fd = fd, .message_fd = fd, .format = format };
	struct record_writer writer = record_writer_of(&out, "sample", fields, false);
	failing = n;
	enum fc_status status = record_write(&writer, &full, TONE_BAD, NULL);
	if (status == FC_OK) {
		status = record_finish(&writer, NULL);
	}
	failing = 0;
	ssize_t length = pread(fd, written, sizeof(written) - 1, 0);
	assert_true(length >= 0);
	written[length] = '\0';
	record_writer_release(&writer);
	out_release(&out);
	close(fd);
	return status;
}

static void without_memory_nothing_wrong_is_written(void **state)
{
	(void)state;
	for (int format = 0; format < 4; format++) {
		unsigned failures = 0;
		char whole[sizeof(written)];
		assert_int_equal(write_without_memory((enum output_format)format, 0), FC_OK);
		memcpy(whole, written, sizeof(whole));
		for (unsigned n = 1; n < 100; n++) {
			if (write_without_memory((enum output_format)format, n) == FC_OK) {
				assert_string_equal(written, whole);
			} else {
				assert_string_equal(written, "");
				failures++;
			}
		}
		assert_in_range(failures, 1, 98); /* all allocations were reached */
	}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#if !FC_ADDRESS_SANITIZER
		cmocka_unit_test(without_memory_nothing_wrong_is_written),
#endif
		cmocka_unit_test(ndjson_is_one_object_a_line_without_what_is_absent),
		cmocka_unit_test(tsv_has_a_line_of_names_and_empty_cells),
		cmocka_unit_test(json_is_an_array_or_one_object),
		cmocka_unit_test(text_is_a_table_of_the_fields_with_headings),
		cmocka_unit_test(colour_surrounds_a_row),
		cmocka_unit_test(hostile_texts_stay_in_their_cell_and_off_the_terminal),
		cmocka_unit_test(a_write_that_fails_is_an_error),
		cmocka_unit_test(a_reader_that_is_gone_is_noticed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
