/* The real worker program with the models in the box: what comes back, and what its loss costs. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "vision/image/encode.h"
#include "vision/image/photo_size.h"
#include "vision/image/signature.h"
#include "vision/models/models.h"
#include "vision/worker/process.h"
#include "vision/worker/wire_socket.h"
#include "vision/worker/workers.h"

enum {
	PHOTO_TIMEOUT = 120000, /* milliseconds, in tests that are not about time */
	BMP_SIDE = 64,
};

struct stage {
	struct fc_model *detector, *embedder;
	struct fc_workers_options options;
	struct fc_buffer png, bmp;
};

static const char *from_environment(const char *name)
{
	const char *value = getenv(name);
	assert_non_null(value);
	return value;
}

/* A grey ramp: an image without faces. */
static void make_png(struct fc_buffer *png)
{
	static uint8_t pixels[FC_CROP_BYTES];
	for (size_t i = 0; i < sizeof(pixels); i++) {
		pixels[i] = (uint8_t)(i / 150);
	}
	assert_int_equal(fc_crop_encode(pixels, png, NULL), FC_OK);
}

/* The same idea as an uncompressed Windows bitmap: headers of 14 and 40 bytes, 24 bits a pixel. */
static void make_bmp(struct fc_buffer *bmp)
{
	const uint32_t size = BMP_SIDE * BMP_SIDE * 3;
	fc_buffer_append(bmp, "BM", 2);
	fc_buffer_put_u32(bmp, 54 + size);
	fc_buffer_put_u32(bmp, 0);
	fc_buffer_put_u32(bmp, 54);
	fc_buffer_put_u32(bmp, 40);
	fc_buffer_put_u32(bmp, BMP_SIDE);
	fc_buffer_put_u32(bmp, BMP_SIDE);
	fc_buffer_put_u16(bmp, 1);
	fc_buffer_put_u16(bmp, 24);
	fc_buffer_put_u32(bmp, 0);
	fc_buffer_put_u32(bmp, size);
	for (int i = 0; i < 4; i++) {
		fc_buffer_put_u32(bmp, 0);
	}
	for (uint32_t i = 0; i < size; i++) {
		fc_buffer_put_u8(bmp, (uint8_t)(i / 64));
	}
	assert_true(fc_buffer_ok(bmp));
}

static int make_stage(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	assert_non_null(stage);
	const char *directory = from_environment("FACECTL_TEST_MODELS");
	const struct fc_model_path path = { &directory, 1 };
	assert_int_equal(
		fc_model_load(&path, "facectl-detect", FC_ROLE_DETECTOR, &stage->detector, NULL),
		FC_OK);
	assert_int_equal(
		fc_model_load(&path, "facectl-embed-2", FC_ROLE_EMBEDDER, &stage->embedder, NULL),
		FC_OK);
	stage->options = (struct fc_workers_options){
		.program = from_environment("FACECTL_TEST_WORKER"),
		.codecs_module = from_environment("FACECTL_TEST_CODECS"),
		.detector = stage->detector,
		.embedder = stage->embedder,
		.limits = usual_limits,
		.count = 1,
		.photo_timeout = PHOTO_TIMEOUT,
		.sandbox = FC_SANDBOX_BEST_EFFORT,
	};
	make_png(&stage->png);
	make_bmp(&stage->bmp);
	*state = stage;
	return 0;
}

static int free_stage(void **state)
{
	struct stage *stage = *state;
	fc_model_free(stage->detector);
	fc_model_free(stage->embedder);
	fc_buffer_release(&stage->png);
	fc_buffer_release(&stage->bmp);
	free(stage);
	return 0;
}

static struct fc_workers *start(const struct stage *stage)
{
	struct fc_workers *workers = NULL;
	struct fc_error err = { 0 };
	if (fc_workers_start(&stage->options, &workers, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	return workers;
}

/* An open file of these bytes, its offset at their end, as a writer leaves it. */
static int photo_of(const void *data, size_t length)
{
	int fd = memfd_create("photo", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, length), length);
	return fd;
}

static void submit(struct fc_workers *workers, uint64_t ticket, const void *data, size_t length)
{
	assert_int_equal(fc_workers_submit(workers, ticket, photo_of(data, length),
					   FC_WANT_TEMPLATES | FC_WANT_CROPS, NULL),
			 FC_OK);
}

struct outcome {
	uint64_t ticket;
	enum fc_status status;
	struct fc_error err;
	struct fc_analysis analysis;
};

static void outcome_release(struct outcome *outcome)
{
	fc_analysis_release(&outcome->analysis);
}

static void wait_for(struct fc_workers *workers, struct outcome *outcome)
{
	struct fc_error err = { 0 };
	if (fc_workers_wait(workers, &outcome->ticket, &outcome->analysis, &outcome->status,
			    &outcome->err, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
}

/* Process ids of our children; how many there are. */
static size_t children(pid_t *out, size_t room)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	size_t count = 0;
	assert_non_null(processes);
	while ((entry = readdir(processes)) != NULL) {
		char path[300], line[512];
		int parent = 0;
		if (!isdigit((unsigned char)entry->d_name[0])) {
			continue;
		}
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		FILE *file = fopen(path, "re");
		if (file && fgets(line, sizeof(line), file) && strrchr(line, ')') &&
		    sscanf(strrchr(line, ')') + 1, " %*c %d", &parent) == 1 && parent == getpid()) {
			assert_true(count < room);
			out[count++] = (pid_t)strtol(entry->d_name, NULL, 10);
		}
		if (file) {
			FC_IGNORE(fclose(file));
		}
	}
	FC_IGNORE(closedir(processes));
	return count;
}

static pid_t only_child(void)
{
	pid_t pids[8];
	assert_int_equal(children(pids, FC_ARRAY_LENGTH(pids)), 1);
	return pids[0];
}

/* Whether the process's memory map names a file like this. */
static bool has_mapped(pid_t pid, const char *name)
{
	char path[64], line[1024];
	bool found = false;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	FILE *maps = fopen(path, "re");
	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		found = found || strstr(line, name);
	}
	FC_IGNORE(fclose(maps));
	return found;
}

static void a_photo_without_faces_is_described(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	FC_CLEANUP(outcome_release) struct outcome outcome = { 0 };
	struct fc_sha256 sha256;
	submit(workers, 42, stage->png.data, stage->png.length);
	wait_for(workers, &outcome);
	assert_int_equal(outcome.status, FC_OK);
	assert_int_equal(outcome.ticket, 42);
	assert_int_equal(outcome.analysis.format, FC_IMAGE_PNG);
	assert_int_equal(outcome.analysis.width, FC_CROP_SIDE);
	assert_int_equal(outcome.analysis.height, FC_CROP_SIDE);
	assert_int_equal(outcome.analysis.bytes, stage->png.length);
	assert_int_equal(outcome.analysis.face_count, 0);
	sha256 = fc_sha256_of(stage->png.data, stage->png.length);
	assert_true(fc_sha256_equal(&outcome.analysis.sha256, &sha256));
}

static void refused_photos_say_why_and_cost_no_worker(void **state)
{
	struct stage *stage = *state;
	stage->options.limits.bytes = 1 << 20;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	FC_CLEANUP(fc_free) uint8_t *large = calloc(1, (1 << 20) + 1);
	const struct {
		const void *data;
		size_t length;
		enum fc_status expected;
	} photos[] = {
		{ "", 0, FC_BAD_IMAGE },
		{ "this is no photo", 16, FC_BAD_IMAGE },
		{ stage->png.data, stage->png.length / 2, FC_BAD_IMAGE },
		{ stage->bmp.data, stage->bmp.length / 2, FC_BAD_IMAGE },
		{ large, (1 << 20) + 1, FC_TOO_LARGE },
		{ stage->png.data, stage->png.length, FC_OK },
	};
	pid_t before = 0, after[8];
	for (size_t i = 0; i < FC_ARRAY_LENGTH(photos); i++) {
		FC_CLEANUP(outcome_release) struct outcome outcome = { 0 };
		submit(workers, i, photos[i].data, photos[i].length);
		wait_for(workers, &outcome);
		assert_int_equal(outcome.status, photos[i].expected);
		assert_int_equal(outcome.err.text[0] != '\0', outcome.status != FC_OK);
		before = before ? before : only_child();
	}
	size_t count = children(after, FC_ARRAY_LENGTH(after));
	assert_int_equal(count, 2); /* the second one for the bitmap */
	assert_true(after[0] == before || after[1] == before);
}

static void a_file_that_cannot_be_read_is_unreadable(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	FC_CLEANUP(outcome_release) struct outcome outcome = { 0 };
	char name[] = "/tmp/facectl-photo-XXXXXX";
	int writable = mkostemp(name, O_CLOEXEC);
	assert_true(writable >= 0);
	int write_only = open(name, O_WRONLY | O_CLOEXEC);
	assert_int_equal(unlink(name), 0);
	fc_fd_close(&writable);
	assert_int_equal(fc_workers_submit(workers, 1, write_only, FC_WANT_FACES, NULL), FC_OK);
	wait_for(workers, &outcome);
	assert_int_equal(outcome.status, FC_UNREADABLE);
}

static void a_killed_worker_costs_no_photo(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	FC_CLEANUP(outcome_release) struct outcome ready = { 0 }, first = { 0 }, second = { 0 };
	submit(workers, 1, stage->png.data, stage->png.length);
	wait_for(workers, &ready);
	/* Stopped first, so that it is sure to hold the photo when it dies. */
	pid_t worker = only_child();
	assert_int_equal(kill(worker, SIGSTOP), 0);
	submit(workers, 2, stage->png.data, stage->png.length);
	submit(workers, 3, stage->png.data, stage->png.length);
	assert_int_equal(kill(worker, SIGKILL), 0);
	wait_for(workers, &first);
	assert_int_equal(first.ticket, 2);
	assert_int_equal(first.status, FC_OK);
	wait_for(workers, &second);
	assert_int_equal(second.ticket, 3);
	assert_int_equal(second.status, FC_OK);
	assert_true(only_child() != worker);
}

static void a_stopped_worker_runs_out_of_time_and_costs_no_photo(void **state)
{
	struct stage *stage = *state;
	FC_CLEANUP(outcome_release) struct outcome ready = { 0 }, late = { 0 };
	stage->options.photo_timeout = 2000;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 1, stage->png.data, stage->png.length);
	wait_for(workers, &ready);
	pid_t stopped = only_child();
	assert_int_equal(kill(stopped, SIGSTOP), 0);
	submit(workers, 2, stage->png.data, stage->png.length);
	wait_for(workers, &late);
	assert_int_equal(late.status, FC_OK);
	assert_int_not_equal(only_child(), stopped);
}

static void a_codecs_module_that_is_missing_costs_only_the_photos_that_need_it(void **state)
{
	struct stage *stage = *state;
	FC_CLEANUP(outcome_release) struct outcome bitmap = { 0 }, other = { 0 };
	stage->options.codecs_module = "/nonexistent/facectl-imgcodecs.so";
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 1, stage->bmp.data, stage->bmp.length);
	wait_for(workers, &bitmap);
	assert_int_equal(bitmap.status, FC_UNREADABLE);
	assert_non_null(strstr(bitmap.err.text, "cannot load '/nonexistent/"));
	submit(workers, 2, stage->png.data, stage->png.length);
	wait_for(workers, &other);
	assert_int_equal(other.status, FC_OK);
}

static void a_worker_is_the_first_to_be_ended_when_memory_runs_out(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	FC_CLEANUP(outcome_release) struct outcome outcome = { 0 };
	char path[64];
	int score = 0;
	submit(workers, 1, stage->png.data, stage->png.length);
	wait_for(workers, &outcome);
	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)only_child());
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &score), 1);
	FC_IGNORE(fclose(file));
	assert_int_equal(score, 1000);
}

static void other_bytes_than_the_descriptors_are_never_loaded(void **state)
{
	struct stage *stage = *state;
	struct outcome none = { 0 };
	struct fc_error err = { 0 };
	stage->detector->files[0].sha256.bytes[0] ^= 1;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 1, stage->png.data, stage->png.length);
	assert_int_equal(fc_workers_wait(workers, &none.ticket, &none.analysis, &none.status,
					 &none.err, &err),
			 FC_MODEL_MISMATCH);
	char expected[FC_SHA256_TEXT_SIZE];
	fc_sha256_format(&stage->detector->files[0].sha256, expected);
	assert_non_null(strstr(err.text, expected));
}

static void a_network_that_vanished_is_missing(void **state)
{
	struct stage *stage = *state;
	struct outcome none = { 0 };
	free(stage->detector->files[0].path);
	stage->detector->files[0].path = strdup("/nonexistent/network.onnx");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 1, stage->png.data, stage->png.length);
	assert_int_equal(fc_workers_wait(workers, &none.ticket, &none.analysis, &none.status,
					 &none.err, NULL),
			 FC_MODEL_MISSING);
}

static void other_formats_go_to_a_worker_with_the_codecs(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	FC_CLEANUP(outcome_release) struct outcome png = { 0 }, bmp = { 0 };
	pid_t pids[8];
	submit(workers, 1, stage->png.data, stage->png.length);
	wait_for(workers, &png);
	pid_t plain = only_child();
	submit(workers, 2, stage->bmp.data, stage->bmp.length);
	wait_for(workers, &bmp);
	assert_int_equal(bmp.status, FC_OK);
	assert_int_equal(bmp.analysis.format, FC_IMAGE_BMP);
	assert_int_equal(bmp.analysis.width, BMP_SIDE);
	assert_int_equal(children(pids, FC_ARRAY_LENGTH(pids)), 2);
	/* What a worker has mapped is hidden from its own user, since it leaves no core dumps. */
	if (geteuid() == 0) {
		assert_false(has_mapped(plain, "imgcodecs"));
		assert_true(has_mapped(pids[0] == plain ? pids[1] : pids[0], "imgcodecs"));
	}
}

static void photos_come_back_from_several_workers(void **state)
{
	enum { PHOTOS = 24 };
	struct stage *stage = *state;
	bool seen[PHOTOS] = { false };
	size_t submitted = 0, returned = 0;
	stage->options.count = 3;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	assert_int_equal(fc_workers_room(workers), 6);
	while (returned < PHOTOS) {
		FC_CLEANUP(outcome_release) struct outcome outcome = { 0 };
		while (submitted < PHOTOS && fc_workers_room(workers) > 0) {
			submit(workers, submitted++, stage->png.data, stage->png.length);
		}
		wait_for(workers, &outcome);
		assert_int_equal(outcome.status, FC_OK);
		assert_in_range(outcome.ticket, 0, PHOTOS - 1);
		assert_false(seen[outcome.ticket]);
		seen[outcome.ticket] = true;
		returned++;
	}
	assert_int_equal(fc_workers_pending(workers), 0);
}

static void a_drawing_does_not_disturb_photos_that_are_pending(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer jpeg = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	const struct fc_mark marks[] = {
		{ .box = { 10, 10, 60, 70 }, .label = "anna", .known = true },
		{ .box = { -5, 50, 200, 300 }, .label = "?" },
	};
	const struct fc_drawing as_jpeg = { marks, FC_ARRAY_LENGTH(marks), FC_IMAGE_JPEG };
	const struct fc_drawing as_png = { marks, FC_ARRAY_LENGTH(marks), FC_IMAGE_PNG };
	submit(workers, 7, stage->png.data, stage->png.length);
	submit(workers, 8, stage->png.data, stage->png.length);
	assert_int_equal(fc_workers_draw(workers, photo_of(stage->png.data, stage->png.length),
					 &as_jpeg, &jpeg, NULL),
			 FC_OK);
	assert_int_equal(fc_signature(jpeg.data, jpeg.length), FC_IMAGE_JPEG);
	assert_int_equal(fc_workers_draw(workers, photo_of(stage->png.data, stage->png.length),
					 &as_png, &png, NULL),
			 FC_OK);
	assert_int_equal(fc_signature(png.data, png.length), FC_IMAGE_PNG);
	assert_int_equal(fc_workers_draw(workers, photo_of("nothing", 7), &as_png, &png, NULL),
			 FC_BAD_IMAGE);
	assert_int_equal(fc_workers_pending(workers), 2);
	for (int i = 0; i < 2; i++) {
		FC_CLEANUP(outcome_release) struct outcome outcome = { 0 };
		wait_for(workers, &outcome);
		assert_int_equal(outcome.status, FC_OK);
	}
}

static enum fc_status cut_part(struct fc_workers *workers, const struct fc_buffer *photo,
			       struct fc_area area, struct fc_buffer *out)
{
	const struct fc_drawing part = { .format = FC_IMAGE_JPEG, .area = area };
	fc_buffer_clear(out);
	return fc_workers_draw(workers, photo_of(photo->data, photo->length), &part, out, NULL);
}

static void a_part_of_a_photo_is_cut_out(void **state)
{
	struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer jpeg = { 0 };
	struct fc_photo_size whole, size;
	assert_int_equal(fc_photo_size_of(stage->png.data, stage->png.length, &whole, NULL), FC_OK);
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	const struct fc_area inside = { 3, 4, 20, 10 };
	const struct fc_area beyond = { whole.width - 5, whole.height - 6, UINT32_MAX, UINT32_MAX };
	assert_int_equal(cut_part(workers, &stage->png, inside, &jpeg), FC_OK);
	assert_int_equal(fc_photo_size_of(jpeg.data, jpeg.length, &size, NULL), FC_OK);
	assert_int_equal(size.format, FC_IMAGE_JPEG);
	assert_int_equal(size.width, 20);
	assert_int_equal(size.height, 10);
	assert_int_equal(cut_part(workers, &stage->png, beyond, &jpeg), FC_OK);
	assert_int_equal(fc_photo_size_of(jpeg.data, jpeg.length, &size, NULL), FC_OK);
	assert_int_equal(size.width, 5);
	assert_int_equal(size.height, 6);
}

static void a_part_outside_of_its_photo_or_of_a_refused_one_is_refused(void **state)
{
	struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	const struct fc_area outside[] = { { UINT32_MAX, 0, 1, 1 }, { 0, UINT32_MAX, 1, 1 } };
	const struct fc_area inside = { 0, 0, 5, 5 };
	stage->options.limits.pixels = 1 << 20;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(outside); i++) {
		assert_int_equal(cut_part(workers, &stage->png, outside[i], &out), FC_INTERNAL);
	}
	/* the header of a PNG of 1025 by 1025 pixels, which has more than the limit */
	FC_CLEANUP(fc_buffer_release) struct fc_buffer large = { 0 };
	fc_buffer_append(&large, stage->png.data, stage->png.length);
	memcpy(large.data + 16, "\0\0\x04\x01\0\0\x04\x01", 8);
	assert_int_equal(cut_part(workers, &large, inside, &out), FC_TOO_LARGE);
	/* the file ends before its pixels do */
	FC_CLEANUP(fc_buffer_release) struct fc_buffer cut = { 0 };
	fc_buffer_append(&cut, stage->png.data, stage->png.length / 2);
	assert_int_equal(cut_part(workers, &cut, inside, &out), FC_BAD_IMAGE);
	assert_int_equal(out.length, 0);
	assert_int_equal(cut_part(workers, &stage->png, inside, &out), FC_OK);
}

/* A line of /proc/PID/status. */
static void assert_kernel_says(pid_t pid, const char *expected)
{
	char path[64], line[256];
	bool found = false;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *status = fopen(path, "re");
	assert_non_null(status);
	while (fgets(line, sizeof(line), status)) {
		found = found || strcmp(line, expected) == 0;
	}
	FC_IGNORE(fclose(status));
	assert_true(found);
}

static void a_probe_reports_what_the_kernel_confirms(void **state)
{
	const struct stage *stage = *state;
	struct fc_protections protections = { 0 };
	FC_CLEANUP(outcome_release) struct outcome ready = { 0 };
	assert_int_equal(fc_workers_probe(&stage->options, &protections, NULL), FC_OK);
	assert_true(protections.own_environment);
	assert_true(protections.no_new_privileges);
	assert_true(protections.no_core_dumps);
	assert_int_equal(protections.landlock, protections.landlock_abi > 0);
	bool all = protections.seccomp && protections.landlock && protections.memory_limit;
	assert_int_equal(all, protections.text[0] == '\0');
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 1, stage->png.data, stage->png.length);
	wait_for(workers, &ready);
	assert_kernel_says(only_child(), "NoNewPrivs:\t1\n");
	assert_kernel_says(only_child(), protections.seccomp ? "Seccomp:\t2\n" : "Seccomp:\t0\n");
}

static void nothing_is_left_when_the_workers_stop(void **state)
{
	struct stage *stage = *state;
	pid_t pids[8];
	stage->options.count = 2;
	struct fc_workers *workers = start(stage);
	submit(workers, 1, stage->png.data, stage->png.length);
	assert_int_equal(children(pids, FC_ARRAY_LENGTH(pids)), 2);
	fc_workers_stop(workers);
	assert_int_equal(children(pids, FC_ARRAY_LENGTH(pids)), 0);
	fc_workers_stop(NULL);
}

static void killed_workers_end_before_they_are_stopped(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	FC_CLEANUP(outcome_release) struct outcome first = { 0 };
	siginfo_t info = { 0 };
	submit(workers, 1, stage->png.data, stage->png.length);
	wait_for(workers, &first);
	pid_t worker = only_child();
	fc_workers_kill(workers);
	/* it has ended, but it is fc_workers_stop that reaps it */
	assert_int_equal(waitid(P_PID, (id_t)worker, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(info.si_status, SIGKILL);
}

static void real_faces_come_with_unit_templates_and_crops(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(outcome_release) struct outcome outcome = { 0 };
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/faces/group/bbt5.jpg",
		 from_environment("FACECTL_TEST_SHARED"));
	int fd = -1;
	if (fc_file_open(path, &fd, NULL, NULL) != FC_OK) {
		print_message("skipped: there is no '%s'\n", path);
		skip();
	}
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	assert_int_equal(fc_workers_submit(workers, 1, fd, FC_WANT_TEMPLATES | FC_WANT_CROPS, NULL),
			 FC_OK);
	wait_for(workers, &outcome);
	assert_int_equal(outcome.status, FC_OK);
	assert_int_equal(outcome.analysis.face_count, 5);
	assert_int_equal(outcome.analysis.dimension, stage->embedder->dimension);
	for (size_t i = 0; i < outcome.analysis.face_count; i++) {
		assert_non_null(outcome.analysis.faces[i].embedding);
		assert_non_null(outcome.analysis.faces[i].crop);
	}
}

/* ---- the worker's side of the connection ---- */

/* A worker that has loaded its models if parent is this process. */
static struct fc_worker_process start_process(const struct stage *stage, pid_t parent)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	struct fc_worker_process process = { 0 };
	assert_int_equal(fc_worker_process_start(stage->options.program, &process, NULL), FC_OK);
	fc_wire_put_start(&frame, &stage->options, false, (uint32_t)parent);
	assert_true(fc_wire_send(process.socket, &frame, -1, PHOTO_TIMEOUT));
	if (parent == getpid()) {
		enum fc_wire_kind kind = 0;
		fc_buffer_clear(&frame);
		assert_int_equal(fc_wire_receive(process.socket, &frame, FC_WIRE_BIT(FC_WIRE_READY),
						 true, NULL),
				 FC_WIRE_WHOLE);
		FC_IGNORE(fc_wire_payload(&frame, &kind));
		assert_int_equal(kind, FC_WIRE_READY);
	}
	return process;
}

/* Send nothing more. The worker ends by itself, without a response. */
static void assert_ends(struct fc_worker_process *process, const char *text)
{
	struct fc_worker_end end;
	char byte;
	assert_int_equal(shutdown(process->socket, SHUT_WR), 0);
	assert_true(read(process->socket, &byte, 1) <=
		    0); /* ended, or reset if it left bytes unread */
	fc_worker_process_wait_end(process);
	fc_worker_process_end(process, &end);
	assert_string_equal(end.text, text);
}

static void a_worker_ends_when_it_does_not_get_its_start(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer other = { 0 }, empty = { 0 };
	fc_wire_put_photo(&other, 1, FC_WANT_FACES);
	fc_wire_begin(&empty, FC_WIRE_START);
	fc_wire_end(&empty);
	const struct {
		const void *data;
		size_t length;
	} inputs[] = {
		{ "", 0 },
		{ "this is not a frame", 19 },
		{ other.data, other.length },
		{ empty.data, empty.length },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(inputs); i++) {
		struct fc_worker_process process;
		assert_int_equal(fc_worker_process_start(stage->options.program, &process, NULL),
				 FC_OK);
		assert_int_equal(write(process.socket, inputs[i].data, inputs[i].length),
				 inputs[i].length);
		assert_ends(&process, "exited with status 1");
	}
}

static void a_worker_of_another_process_ends_at_once(void **state)
{
	struct fc_worker_process process = start_process(*state, getppid());
	assert_ends(&process, "exited with status 0");
}

static void a_worker_ends_with_its_connection(void **state)
{
	struct fc_worker_process process = start_process(*state, getpid());
	assert_ends(&process, "exited with status 0");
}

static void a_worker_ends_when_a_request_is_not_valid(void **state)
{
	FC_CLEANUP(fc_fd_close) int photo = memfd_create("photo", MFD_CLOEXEC);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	const enum fc_wire_kind kinds[] = { FC_WIRE_PHOTO, FC_WIRE_DRAW, FC_WIRE_START };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(kinds); i++) {
		struct fc_worker_process process = start_process(*state, getpid());
		fc_wire_begin(&frame, kinds[i]);
		fc_buffer_put_u8(&frame, 1); /* too short */
		fc_wire_end(&frame);
		assert_true(fc_wire_send(process.socket, &frame, photo, PHOTO_TIMEOUT));
		assert_ends(&process, "exited with status 2");
	}
	struct fc_worker_process process = start_process(*state, getpid());
	fc_wire_put_photo(&frame, 1, FC_WANT_FACES);
	assert_true(fc_wire_send(process.socket, &frame, -1, PHOTO_TIMEOUT)); /* no photo */
	assert_ends(&process, "exited with status 2");
}

#define STAGE_TEST(test) cmocka_unit_test_setup_teardown(test, make_stage, free_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_photo_without_faces_is_described),
		STAGE_TEST(refused_photos_say_why_and_cost_no_worker),
		STAGE_TEST(a_file_that_cannot_be_read_is_unreadable),
		STAGE_TEST(a_killed_worker_costs_no_photo),
		STAGE_TEST(a_codecs_module_that_is_missing_costs_only_the_photos_that_need_it),
		STAGE_TEST(a_worker_is_the_first_to_be_ended_when_memory_runs_out),
		STAGE_TEST(a_stopped_worker_runs_out_of_time_and_costs_no_photo),
		STAGE_TEST(other_bytes_than_the_descriptors_are_never_loaded),
		STAGE_TEST(a_network_that_vanished_is_missing),
		STAGE_TEST(other_formats_go_to_a_worker_with_the_codecs),
		STAGE_TEST(photos_come_back_from_several_workers),
		STAGE_TEST(a_drawing_does_not_disturb_photos_that_are_pending),
		STAGE_TEST(a_part_of_a_photo_is_cut_out),
		STAGE_TEST(a_part_outside_of_its_photo_or_of_a_refused_one_is_refused),
		STAGE_TEST(a_probe_reports_what_the_kernel_confirms),
		STAGE_TEST(nothing_is_left_when_the_workers_stop),
		STAGE_TEST(killed_workers_end_before_they_are_stopped),
		STAGE_TEST(real_faces_come_with_unit_templates_and_crops),
		STAGE_TEST(a_worker_ends_when_it_does_not_get_its_start),
		STAGE_TEST(a_worker_of_another_process_ends_at_once),
		STAGE_TEST(a_worker_ends_with_its_connection),
		STAGE_TEST(a_worker_ends_when_a_request_is_not_valid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
