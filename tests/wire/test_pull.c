/* Pulling a model's network from a server in every mood: see fake/files.py. */
/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "service/remote/model_pull.h"

enum { SIZE = 300000 };

#if !FC_ADDRESS_SANITIZER
/* In the place of the C library's: the allocation that fails, counted down; 0: none. */
static unsigned failing;

void *__libc_malloc(size_t size);
void *malloc(size_t size)
{
	return failing > 0 && --failing == 0 ? NULL : __libc_malloc(size);
}
#endif

/* A model, and an empty folder to pull it into. */
struct stage {
	struct fc_model model;
	char name[8];
	char folder[64];
	uint8_t content[SIZE];
	uint64_t shown; /* by the progress */
};

static int make_stage(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	assert_non_null(stage);
	for (size_t i = 0; i < SIZE; i++) {
		stage->content[i] = (uint8_t)((i * 7 + (i >> 8)) & 255);
	}
	snprintf(stage->name, sizeof(stage->name), "net");
	snprintf(stage->folder, sizeof(stage->folder), "/tmp/facectl-pull-XXXXXX");
	assert_non_null(mkdtemp(stage->folder));
	stage->model = (struct fc_model){
		.name = stage->name,
		.file_count = 1,
		.files = { { .name = stage->name, .bytes = SIZE } },
	};
	stage->model.files[0].sha256 = fc_sha256_of(stage->content, SIZE);
	*state = stage;
	return wire_reset(state);
}

static int remove_stage(void **state)
{
	char command[128];
	struct stage *stage = *state;
	snprintf(command, sizeof(command), "rm -rf '%s'", stage->folder);
	int failed = system(command);
	free(stage);
	return failed;
}

static void show(void *context, const char *file, uint64_t have, uint64_t bytes)
{
	struct stage *stage = context;
	assert_string_equal(file, "net");
	assert_int_equal(bytes, SIZE);
	assert_true(have <= bytes);
	stage->shown = have;
}

static enum fc_status pull_from(struct stage *stage, const char *from, char **path,
				struct fc_error *err)
{
	struct fc_pull_options options = {
		.model = &stage->model,
		.directory = stage->folder,
		.from = from,
		.remote = { wire_env("FACECTL_TEST_REMOTE"), FC_VERSION },
		.http = wire_options(),
		.progress = show,
		.progress_context = stage,
	};
	options.http.slow_ms = 1000;
	options.http.slow_bytes = 1024;
	options.http.retry.tries = 2;
	return fc_model_pull(&options, 0, path, err);
}

static enum fc_status pull(struct stage *stage, const char *mood, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *path = NULL;
	FC_CLEANUP(fc_free) char *url = NULL;
	assert_true(asprintf(&url, "%s/files/%s", wire_env("FAKE_URL"), mood) > 0);
	return pull_from(stage, url, &path, err);
}

/* How long a file of the folder is; -1 when it is not there. */
static long length_of(const struct stage *stage, const char *name)
{
	FC_CLEANUP(fc_free) char *path = fc_path_join(stage->folder, name);
	struct stat info;
	return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

static void is_whole(const struct stage *stage)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(fc_free) char *path = fc_path_join(stage->folder, "net");
	assert_int_equal(fc_file_read(path, SIZE, &bytes, NULL), FC_OK);
	assert_int_equal(bytes.length, SIZE);
	assert_memory_equal(bytes.data, stage->content, SIZE);
	assert_int_equal(length_of(stage, "net.part"), -1);
}

static void nothing_is_kept(const struct stage *stage)
{
	assert_int_equal(length_of(stage, "net"), -1);
	assert_int_equal(length_of(stage, "net.part"), -1);
}

static void put_part(const struct stage *stage, const void *data, size_t length)
{
	FC_CLEANUP(fc_free) char *path = fc_path_join(stage->folder, "net.part");
	assert_int_equal(fc_file_replace(path, data, length, 0600, NULL), FC_OK);
}

static void a_whole_file_gets_its_name(void **state)
{
	struct stage *stage = *state;
	assert_int_equal(pull(stage, "good", NULL), FC_OK);
	is_whole(stage);
	assert_int_equal(stage->shown, SIZE);
	assert_int_equal(wire_count("ranges"), 0);
}

static void an_unfinished_file_is_gone_on_with(void **state)
{
	struct stage *stage = *state;
	put_part(stage, stage->content, 100000);
	assert_int_equal(pull(stage, "good", NULL), FC_OK);
	is_whole(stage);
	assert_int_equal(wire_count("ranges"), 1);
}

static void a_server_without_ranges_sends_it_all_again(void **state)
{
	struct stage *stage = *state;
	put_part(stage, "something else", 14);
	assert_int_equal(pull(stage, "no-ranges", NULL), FC_OK);
	is_whole(stage);
}

static void a_connection_that_breaks_leaves_a_start_for_the_next_pull(void **state)
{
	struct stage *stage = *state;
	/* each try brings half of what is missing, so that this never ends by itself but for the last byte */
	stage->model.files[0].bytes = SIZE;
	assert_int_equal(pull(stage, "cut", NULL), FC_BUSY);
	assert_int_equal(length_of(stage, "net"), -1);
	assert_true(length_of(stage, "net.part") > SIZE / 2);
	assert_int_equal(pull(stage, "good", NULL), FC_OK);
	is_whole(stage);
}

static void a_server_that_stalls_is_left(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	/* so much is there already that both tries stall on the last bytes */
	put_part(stage, stage->content, SIZE - 2);
	assert_int_equal(pull(stage, "stall", &err), FC_BUSY);
	assert_non_null(strstr(err.text, "too slow"));
	assert_int_equal(length_of(stage, "net"), -1);
	assert_true(length_of(stage, "net.part") >= SIZE - 2);
}

static void lengths_that_are_not_the_descriptors_are_refused(void **state)
{
	static const char *const moods[] = { "says-more", "says-less", "sends-more" };
	struct stage *stage = *state;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(moods); i++) {
		struct fc_error err = { 0 };
		assert_int_equal(pull(stage, moods[i], &err), FC_REFUSED);
		assert_non_null(strstr(err.text, "bytes"));
		nothing_is_kept(stage);
	}
}

static void wrong_bytes_are_not_kept_and_both_hashes_are_told(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	struct fc_sha256 wrong;
	char expected_text[FC_SHA256_TEXT_SIZE], wrong_text[FC_SHA256_TEXT_SIZE];
	fc_sha256_format(&stage->model.files[0].sha256, expected_text);
	assert_int_equal(pull(stage, "wrong", &err), FC_MODEL_MISMATCH);
	stage->content[SIZE - 1] = 0;
	wrong = fc_sha256_of(stage->content, SIZE);
	fc_sha256_format(&wrong, wrong_text);
	assert_non_null(strstr(err.text, expected_text));
	assert_non_null(strstr(err.text, wrong_text));
	nothing_is_kept(stage);
}

static void another_part_than_was_asked_for_is_refused(void **state)
{
	struct stage *stage = *state;
	put_part(stage, stage->content, 1000);
	assert_int_equal(pull(stage, "other-part", NULL), FC_REFUSED);
	nothing_is_kept(stage);
}

/* run.py fails when the other host is talked to. */
static void redirects_are_not_followed(void **state)
{
	struct stage *stage = *state;
	assert_int_equal(pull(stage, "to-file", NULL), FC_REFUSED);
	nothing_is_kept(stage);
	assert_int_equal(pull(stage, "elsewhere", NULL), FC_REFUSED);
	nothing_is_kept(stage);
	assert_int_equal(pull(stage, "missing", NULL), FC_REFUSED);
	nothing_is_kept(stage);
}

static void a_server_that_nobody_vouches_for_gets_no_request(void **state)
{
	struct stage *stage = *state;
	char *path = NULL;
	assert_int_equal(pull_from(stage, wire_env("FAKE_URL_SELF_SIGNED"), &path, NULL),
			 FC_PERMISSION);
	assert_int_equal(pull_from(stage, "http://example.org/models", &path, NULL),
			 FC_INVALID_ARGUMENT);
	assert_int_equal(pull_from(stage, "file:///etc", &path, NULL), FC_INVALID_ARGUMENT);
	nothing_is_kept(stage);
	assert_int_equal(wire_count("requests"), 0);
}

static void a_folder_serves_as_well(void **state)
{
	struct stage *stage = *state;
	FC_CLEANUP(fc_free) char *path = NULL;
	char *none = NULL;
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_free) char *source = fc_path_join(stage->folder, "mirror");
	assert_int_equal(pull_from(stage, source, &none, &err), FC_UNREADABLE);
	assert_int_equal(mkdir(source, 0700), 0);
	FC_CLEANUP(fc_free) char *file = fc_path_join(source, "net");
	assert_int_equal(fc_file_replace(file, "short", 5, 0600, NULL), FC_OK);
	assert_int_equal(pull_from(stage, source, &none, &err), FC_MODEL_MISMATCH);
	nothing_is_kept(stage);
	assert_int_equal(fc_file_replace(file, stage->content, SIZE, 0600, NULL), FC_OK);
	assert_int_equal(pull_from(stage, source, &path, &err), FC_OK);
	is_whole(stage);
}

/* A limit for files in the place of a full disk. */
static void a_file_that_does_not_fit_is_not_kept(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	char *path = NULL;
	struct rlimit before, low;
	FC_CLEANUP(fc_free) char *source = fc_path_join(stage->folder, "mirror");
	FC_CLEANUP(fc_free) char *file = fc_path_join(source, "net");
	assert_int_equal(mkdir(source, 0700), 0);
	assert_int_equal(fc_file_replace(file, stage->content, SIZE, 0600, NULL), FC_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	low = (struct rlimit){ .rlim_cur = SIZE / 2, .rlim_max = before.rlim_max };
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	enum fc_status status = pull_from(stage, source, &path, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	FC_IGNORE(signal(SIGXFSZ, handler));
	assert_int_equal(status, FC_IO);
	assert_non_null(strstr(err.text, "cannot write"));
	nothing_is_kept(stage);
}

static void a_model_without_an_address_says_so(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	char *path = NULL;
	assert_int_equal(pull_from(stage, NULL, &path, &err), FC_MODEL_MISSING);
	assert_non_null(strstr(err.text, "--from"));
	nothing_is_kept(stage);
}

/* Pull from the addresses of the descriptor, here those of two moods. */
static enum fc_status pull_from_publisher(struct stage *stage, const char *first,
					  const char *second, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *path = NULL;
	char first_url[128], second_url[128];
	char *urls[] = { first_url, second_url };
	snprintf(first_url, sizeof(first_url), "%s/files/%s/net", wire_env("FAKE_URL"), first);
	snprintf(second_url, sizeof(second_url), "%s/files/%s/net", wire_env("FAKE_URL"), second);
	stage->model.files[0].urls = urls;
	stage->model.files[0].url_count = FC_ARRAY_LENGTH(urls);
	enum fc_status status = pull_from(stage, NULL, &path, err);
	stage->model.files[0].urls = NULL;
	stage->model.files[0].url_count = 0;
	return status;
}

static void an_address_that_refuses_is_followed_by_the_next_one(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	assert_int_equal(pull_from_publisher(stage, "missing", "good", &err), FC_OK);
	is_whole(stage);
	assert_int_equal(wire_count("requests"), 2);
}

static void the_last_address_that_refuses_is_named(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	assert_int_equal(pull_from_publisher(stage, "missing", "says-more", &err), FC_REFUSED);
	assert_non_null(strstr(err.text, "/files/says-more/net'"));
	nothing_is_kept(stage);
}

/* The start of the file is from the first address, so that the next pull must continue there. */
static void an_address_that_is_interrupted_is_not_followed_by_another(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	assert_int_equal(pull_from_publisher(stage, "cut", "good", &err), FC_BUSY);
	assert_non_null(strstr(err.text, "/files/cut/net'"));
	assert_int_equal(length_of(stage, "net"), -1);
	assert_true(length_of(stage, "net.part") > SIZE / 2);
}

static void a_file_that_is_being_pulled_is_left_to_the_other_process(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_free) char *path = fc_path_join(stage->folder, "net.part");
	put_part(stage, "", 0);
	FC_CLEANUP(fc_fd_close) int other = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(pull(stage, "good", &err), FC_BUSY);
	assert_non_null(strstr(err.text, "another facectl is pulling"));
	assert_int_equal(length_of(stage, "net.part"), 0);
	assert_int_equal(wire_count("requests"), 0);
	fc_fd_close(&other);
	assert_int_equal(pull(stage, "good", &err), FC_OK);
	is_whole(stage);
}

static void a_link_in_the_place_of_the_unfinished_file_is_not_followed(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_free) char *part = fc_path_join(stage->folder, "net.part");
	FC_CLEANUP(fc_free) char *victim = fc_path_join(stage->folder, "victim");
	assert_int_equal(fc_file_replace(victim, "precious", 8, 0600, NULL), FC_OK);
	assert_int_equal(symlink(victim, part), 0);
	assert_int_equal(pull(stage, "good", &err), FC_IO);
	assert_non_null(strstr(err.text, "cannot open"));
	assert_int_equal(length_of(stage, "victim"), 8);
}

static void a_folder_in_the_place_of_the_file_stays(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	FC_CLEANUP(fc_free) char *target = fc_path_join(stage->folder, "net");
	assert_int_equal(mkdir(target, 0700), 0);
	assert_int_equal(pull(stage, "good", &err), FC_IO);
	assert_non_null(strstr(err.text, "cannot keep"));
	assert_int_equal(rmdir(target), 0);
	nothing_is_kept(stage);
}

#if !FC_ADDRESS_SANITIZER
static void without_memory_nothing_is_kept(void **state)
{
	struct stage *stage = *state;
	FC_CLEANUP(fc_free) char *source = fc_path_join(stage->folder, "mirror");
	FC_CLEANUP(fc_free) char *file = fc_path_join(source, "net");
	assert_int_equal(mkdir(source, 0700), 0);
	assert_int_equal(fc_file_replace(file, stage->content, SIZE, 0600, NULL), FC_OK);
	unsigned failures = 0;
	for (unsigned n = 1; n < 100; n++) {
		FC_CLEANUP(fc_free) char *path = NULL;
		struct fc_error err = { 0 };
		failing = n;
		enum fc_status status = pull_from(stage, source, &path, &err);
		failing = 0;
		if (status == FC_OK) {
			is_whole(stage);
			assert_int_equal(unlink(path), 0);
		} else {
			assert_int_equal(status, FC_NO_MEMORY);
			assert_int_equal(length_of(stage, "net"), -1);
			failures++;
		}
	}
	assert_in_range(failures, 4, 98); /* all allocations were reached */
}
#endif

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, remove_stage)
	const struct CMUnitTest tests[] = {
		TEST(a_whole_file_gets_its_name),
		TEST(an_unfinished_file_is_gone_on_with),
		TEST(a_server_without_ranges_sends_it_all_again),
		TEST(a_connection_that_breaks_leaves_a_start_for_the_next_pull),
		TEST(a_server_that_stalls_is_left),
		TEST(lengths_that_are_not_the_descriptors_are_refused),
		TEST(wrong_bytes_are_not_kept_and_both_hashes_are_told),
		TEST(another_part_than_was_asked_for_is_refused),
		TEST(redirects_are_not_followed),
		TEST(a_server_that_nobody_vouches_for_gets_no_request),
		TEST(a_folder_serves_as_well),
		TEST(a_file_that_does_not_fit_is_not_kept),
		TEST(a_model_without_an_address_says_so),
		TEST(an_address_that_refuses_is_followed_by_the_next_one),
		TEST(the_last_address_that_refuses_is_named),
		TEST(an_address_that_is_interrupted_is_not_followed_by_another),
		TEST(a_file_that_is_being_pulled_is_left_to_the_other_process),
		TEST(a_link_in_the_place_of_the_unfinished_file_is_not_followed),
		TEST(a_folder_in_the_place_of_the_file_stays),
#if !FC_ADDRESS_SANITIZER
		TEST(without_memory_nothing_is_kept),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
