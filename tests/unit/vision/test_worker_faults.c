/*
 * What the pool does about workers that misbehave. Most workers here are shell scripts that write prepared frames to descriptor 3; no
 * network and no picture is involved.
 */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "vision/worker/pool.h"
#include "vision/worker/wire_socket.h"
#include "vision/worker/workers.h"

enum { PHOTO_TIMEOUT = 60000 /* milliseconds, in tests that are not about time */ };

struct stage {
	char folder[64];
	char program[80];
	struct fc_model detector;
	struct fc_workers_options options;
};

static int make_stage(void **state)
{
	static char name[] = "detector", path[] = "/nonexistent/detector.onnx";
	struct stage *stage = calloc(1, sizeof(*stage));
	assert_non_null(stage);
	snprintf(stage->folder, sizeof(stage->folder), "/tmp/facectl-faults-XXXXXX");
	assert_non_null(mkdtemp(stage->folder));
	snprintf(stage->program, sizeof(stage->program), "%s/worker", stage->folder);
	stage->detector = (struct fc_model){ .name = name,
					     .file_count = 1,
					     .files = { { .name = name, .path = path } } };
	stage->options = (struct fc_workers_options){
		.program = stage->program,
		.detector = &stage->detector,
		.limits = usual_limits,
		.count = 1,
		.photo_timeout = PHOTO_TIMEOUT,
	};
	*state = stage;
	return 0;
}

static int remove_stage(void **state)
{
	struct stage *stage = *state;
	char command[128];
	snprintf(command, sizeof(command), "rm -rf '%s'", stage->folder);
	int failed = system(command);
	free(stage);
	return failed;
}

static void put_file(const struct stage *stage, const char *name, const void *data, size_t length,
		     unsigned mode)
{
	FC_CLEANUP(fc_free) char *path = fc_path_join(stage->folder, name);
	assert_int_equal(fc_file_replace(path, data, length, mode, NULL), FC_OK);
}

/* The worker's script; it runs in its own folder. */
static void put_script(const struct stage *stage, const char *body)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	fc_buffer_printf(&text, "#!/bin/sh\ncd '%s'\n%s\n", stage->folder, body);
	put_file(stage, "worker", text.data, text.length, 0700);
}

static void put_ready(const struct stage *stage, enum fc_status status, const char *words)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	struct fc_error result = { .status = status };
	const struct fc_protections protections = { .seccomp = true, .text = "nearly all" };
	snprintf(result.text, sizeof(result.text), "%s", words);
	fc_wire_put_ready(&frame, &result, &protections);
	put_file(stage, "ready", frame.data, frame.length, 0600);
}

/* The answer with one face of this confidence, about a photo with these bytes, to the request of this serial. */
static void put_answer_about(const struct stage *stage, const char *name, uint64_t serial,
			     float confidence, const char *bytes)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	const struct fc_error fine = { .status = FC_OK };
	const struct fc_wire_request request = { .serial = serial };
	struct fc_face face = { .box = { 1, 2, 30, 40 }, .confidence = confidence };
	struct fc_analysis analysis = { .format = FC_IMAGE_PNG,
					.width = 64,
					.height = 48,
					.orientation = 1,
					.bytes = strlen(bytes),
					.faces = &face,
					.face_count = 1 };
	analysis.sha256 = fc_sha256_of(bytes, strlen(bytes));
	fc_wire_put_analysis(&frame, &request, &fine, &analysis);
	put_file(stage, name, frame.data, frame.length, 0600);
}

static void put_answer(const struct stage *stage, const char *name, uint64_t serial,
		       float confidence)
{
	put_answer_about(stage, name, serial, confidence, "");
}

static void submit_bytes(struct fc_workers *workers, uint64_t ticket, const char *bytes)
{
	int fd = fc_file_in_memory(bytes, strlen(bytes));
	assert_true(fd >= 0);
	assert_int_equal(fc_workers_submit(workers, ticket, fd, FC_WANT_FACES, NULL), FC_OK);
}

static void submit(struct fc_workers *workers, uint64_t ticket)
{
	submit_bytes(workers, ticket, "");
}

static struct fc_workers *start(const struct stage *stage)
{
	struct fc_workers *workers = NULL;
	assert_int_equal(fc_workers_start(&stage->options, &workers, NULL), FC_OK);
	return workers;
}

/* Wait for the photo of this ticket; its status, and its words in err. */
static enum fc_status photo_status(struct fc_workers *workers, uint64_t expected_ticket,
				   struct fc_error *photo_err)
{
	FC_CLEANUP(fc_analysis_release) struct fc_analysis analysis = { 0 };
	enum fc_status status = FC_INTERNAL;
	uint64_t ticket = 0;
	struct fc_error err = { 0 };
	if (fc_workers_wait(workers, &ticket, &analysis, &status, photo_err, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	assert_int_equal(ticket, expected_ticket);
	return status;
}

static void assert_photo_ends(const struct stage *stage, enum fc_status status, const char *words)
{
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	struct fc_error err = { 0 };
	submit(workers, 5);
	assert_int_equal(photo_status(workers, 5, &err), status);
	if (!strstr(err.text, words)) {
		fail_msg("'%s' says nothing of '%s'", err.text, words);
	}
	assert_int_equal(fc_workers_pending(workers), 0);
}

static void assert_photo_dies(const struct stage *stage, const char *words)
{
	assert_photo_ends(stage, FC_WORKER_DIED, words);
}

/* No worker can load: every wait fails. */
static void assert_no_worker(const struct stage *stage, enum fc_status expected, const char *words)
{
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 5);
	for (int i = 0; i < 2; i++) {
		struct fc_analysis analysis;
		enum fc_status status;
		uint64_t ticket;
		struct fc_error err = { 0 };
		assert_int_equal(fc_workers_wait(workers, &ticket, &analysis, &status, NULL, &err),
				 expected);
		if (!strstr(err.text, words)) {
			fail_msg("'%s' says nothing of '%s'", err.text, words);
		}
	}
	assert_int_equal(fc_workers_pending(workers), 1);
}

static size_t sent(const struct fc_workers *workers)
{
	size_t count = 0;
	for (size_t i = 0; i < workers->job_count; i++) {
		count += workers->jobs[i].state == FC_JOB_SENT;
	}
	return count;
}

static void photos_wait_until_there_is_memory_for_their_pixels(void **state)
{
	/* The header of a PNG of 5 by 2 pixels. */
	static const char header[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\5\0\0\0\2";
	static const struct {
		uint64_t budget;
		size_t headers, others; /* how many of three photos are sent */
	} cases[] = { { UINT64_MAX, 3, 3 }, { 20, 2, 1 }, { 19, 1, 1 }, { 1, 1, 1 } };
	struct stage *stage = *state;
	put_script(stage, "exec sleep 1000");
	stage->options.count = 2;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		for (int known = 0; known < 2; known++) {
			FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
			workers->pixel_budget = cases[i].budget;
			for (uint64_t ticket = 0; ticket < 3; ticket++) {
				int fd = fc_file_in_memory(header, known ? sizeof(header) - 1 : 16);
				assert_true(fd >= 0);
				assert_int_equal(
					fc_workers_submit(workers, ticket, fd, FC_WANT_FACES, NULL),
					FC_OK);
			}
			assert_int_equal(sent(workers), known ? cases[i].headers : cases[i].others);
		}
	}
}

static void a_missing_program_fails_at_the_start(void **state)
{
	const struct stage *stage = *state;
	struct fc_workers *workers = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(fc_workers_start(&stage->options, &workers, &err), FC_IO);
	assert_non_null(strstr(err.text, stage->program));
	put_file(stage, "worker", "not executable", 14, 0600);
	assert_int_equal(fc_workers_start(&stage->options, &workers, &err), FC_PERMISSION);
	assert_null(workers);
}

static void a_missing_network_fails_at_the_start(void **state)
{
	struct stage *stage = *state;
	struct fc_workers *workers = NULL;
	put_script(stage, "exec sleep 1000");
	stage->detector.files[0].path = NULL;
	assert_int_equal(fc_workers_start(&stage->options, &workers, NULL), FC_MODEL_MISSING);
	assert_null(workers);
}

static void a_worker_that_cannot_load_is_retried_a_few_times(void **state)
{
	const struct stage *stage = *state;
	put_script(stage, "echo started >>log; exit 3");
	assert_no_worker(stage, FC_IO, "exited with status 3 while it loaded");
	FC_CLEANUP(fc_buffer_release) struct fc_buffer log = { 0 };
	FC_CLEANUP(fc_free) char *path = fc_path_join(stage->folder, "log");
	assert_int_equal(fc_file_read(path, 4096, &log, NULL), FC_OK);
	assert_in_range(log.length / strlen("started\n"), 1, 3);
}

static void a_worker_says_why_it_cannot_load(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_MODEL_MISMATCH, "SHA-256 this, not that");
	put_script(stage, "cat ready >&3; exec sleep 1000");
	assert_no_worker(stage, FC_MODEL_MISMATCH, "SHA-256 this, not that");
}

static void a_ready_that_is_cut_is_no_worker(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	fc_wire_begin(&frame, FC_WIRE_READY);
	fc_buffer_put_u8(&frame, 0);
	fc_wire_end(&frame);
	put_file(stage, "ready", frame.data, frame.length, 0600);
	put_script(stage, "cat ready >&3; exec sleep 1000");
	assert_no_worker(stage, FC_IO, "sent an invalid response: it is malformed");
}

static void garbage_instead_of_ready_is_no_worker(void **state)
{
	const struct stage *stage = *state;
	put_script(stage, "echo garbage and more garbage >&3; exec sleep 1000");
	assert_no_worker(stage, FC_IO, "not a response");
}

static void an_answer_before_ready_is_no_worker(void **state)
{
	const struct stage *stage = *state;
	put_answer(stage, "answer", 1, 0.5f);
	put_script(stage, "cat answer >&3; exec sleep 1000");
	assert_no_worker(stage, FC_IO, "not a response");
}

static void a_proper_answer_is_taken(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_OK, "");
	put_answer(stage, "answer", 1, 0.5f);
	put_script(stage, "cat ready answer >&3; exec sleep 1000");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 5);
	assert_int_equal(photo_status(workers, 5, NULL), FC_OK);
}

static void implausible_answers_cost_the_photo(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready answer >&3; exec sleep 1000");
	put_answer(stage, "answer", 1, NAN);
	assert_photo_dies(stage, "invalid response");
	put_answer(stage, "answer", 2, 0.5f);
	assert_photo_dies(stage, "another request");
	put_script(stage, "cat ready ready >&3; exec sleep 1000");
	assert_photo_dies(stage, "not a response");
	put_script(stage, "cat ready >&3; exec cat /dev/urandom >&3");
	assert_photo_dies(stage, "not a response");
}

static void an_answer_of_the_largest_size_is_read_and_refused(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	enum fc_wire_kind kind;
	size_t length;
	put_ready(stage, FC_OK, "");
	put_answer(stage, "answer", 1, 0.5f);
	/* The longest length that a header may name, found by halving. */
	uint32_t low = 0, high = UINT32_MAX;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2 + 1;
		fc_wire_begin(&frame, FC_WIRE_ANALYSIS);
		frame.length -= sizeof(uint32_t);
		fc_buffer_put_u32(&frame, middle);
		if (fc_wire_header(frame.data, &kind, &length)) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}
	assert_in_range(low, 1 << 20, 1 << 27);
	fc_wire_begin(&frame, FC_WIRE_ANALYSIS);
	frame.length -= sizeof(uint32_t);
	fc_buffer_put_u32(&frame, low);
	put_file(stage, "header", frame.data, frame.length, 0600);
	put_script(stage, "cat ready header >&3; exec cat /dev/zero >&3");
	assert_photo_dies(stage, "invalid response");
}

static void a_network_that_returns_no_numbers_is_not_a_bug_of_facectl(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	const struct fc_error refusal = { .status = FC_MODEL_MISMATCH, .text = "not finite" };
	const struct fc_wire_request request = { .serial = 1 };
	fc_wire_put_analysis(&frame, &request, &refusal, &(struct fc_analysis){ 0 });
	put_ready(stage, FC_OK, "");
	put_file(stage, "answer", frame.data, frame.length, 0600);
	put_script(stage, "cat ready answer >&3; exec sleep 1000");
	assert_photo_ends(stage, FC_MODEL_MISMATCH, "not finite");
}

static void an_answer_may_be_as_long_as_its_kind_and_no_longer(void **state)
{
	struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	stage->options.photo_timeout = 5000;
	put_ready(stage, FC_OK, "");
	fc_wire_begin(&frame, FC_WIRE_PICTURE);
	frame.length -= sizeof(uint32_t);
	fc_buffer_put_u32(&frame, FC_WIRE_PICTURE_MAXIMUM);
	put_file(stage, "header", frame.data, frame.length, 0600);
	put_script(stage, "cat ready header >&3; exec sleep 1000");
	assert_photo_dies(stage, "not a response");
}

static void an_answer_about_other_bytes_is_refused(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_OK, "");
	put_answer_about(stage, "answer", 1, 0.5f, "other");
	put_script(stage, "cat ready answer >&3; exec sleep 1000");
	assert_photo_ends(stage, FC_UNREADABLE, "about other bytes than the file has");
	/* A new worker gives the right answer. */
	put_answer(stage, "right", 1, 0.5f);
	put_script(stage, "cat ready >&3; if mkdir first 2>/dev/null; then cat answer >&3\n"
			  "else cat right >&3; fi; exec sleep 1000");
	assert_photo_ends(stage, FC_OK, "");
}

static void a_worker_that_ends_costs_the_photo_it_held(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready >&3; head -c 1 <&3 >/dev/null; exit 7");
	assert_photo_dies(stage, "its worker exited with status 7");
	put_script(stage, "cat ready >&3; head -c 1 <&3 >/dev/null; kill -SEGV $$");
	assert_photo_dies(stage, "its worker was ended by signal 11 (Segmentation fault)");
	put_script(stage, "cat ready >&3; head -c 1 <&3 >/dev/null; kill -XCPU $$");
	assert_photo_dies(stage, "its worker was ended by signal 24 (CPU time limit exceeded)");
}

static void a_worker_killed_from_outside_does_not_blame_the_photo(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready >&3; head -c 1 <&3 >/dev/null; kill -KILL $$");
	assert_photo_ends(stage, FC_WORKER_KILLED, "its worker was ended by signal 9 (Killed)");
	put_script(stage, "cat ready >&3; head -c 1 <&3 >/dev/null; kill -TERM $$");
	assert_photo_ends(stage, FC_WORKER_KILLED, "its worker was ended by signal 15");
}

static void a_worker_that_its_sandbox_ends_does_not_blame_the_photo(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready >&3; head -c 1 <&3 >/dev/null; kill -SYS $$");
	assert_photo_ends(stage, FC_INTERNAL, "its worker was ended by signal 31");
}

static void a_worker_that_closes_its_socket_and_lives_on_is_ended(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready >&3; exec sleep 1000 3>&-");
	assert_photo_dies(stage, "its worker was ended by signal 9");
}

static void a_worker_that_is_late_is_ended(void **state)
{
	struct stage *stage = *state;
	stage->options.photo_timeout = 100;
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready >&3; exec sleep 1000");
	assert_photo_ends(stage, FC_TIMED_OUT, "did not finish within 0.1 s");
	/* Pieces of an answer gain it no time. */
	put_answer(stage, "answer", 1, 0.5f);
	put_script(stage, "cat ready >&3; head -c 20 answer >&3\n"
			  "while printf '\\0' >&3; do sleep 0.02; done");
	assert_photo_ends(stage, FC_TIMED_OUT, "did not finish within 0.1 s");
}

static void more_photos_than_there_is_room_are_refused(void **state)
{
	const struct stage *stage = *state;
	put_script(stage, "exec sleep 1000");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 1);
	submit(workers, 2);
	int fd = memfd_create("photo", MFD_CLOEXEC);
	assert_int_equal(fc_workers_submit(workers, 3, fd, FC_WANT_FACES, NULL),
			 FC_INVALID_ARGUMENT);
	assert_int_equal(fcntl(fd, F_GETFD), -1); /* taken over all the same */
	assert_int_equal(fc_workers_pending(workers), 2);
}

static void results_of_models_that_are_not_loaded_are_refused(void **state)
{
	const struct stage *stage = *state;
	static const struct {
		enum fc_want want;
		const char *words;
	} requests[] = {
		{ FC_WANT_TEMPLATES, "templates require an embedder" },
		{ FC_WANT_LIVENESS, "liveness requires a liveness model" },
		{ FC_WANT_ATTRIBUTES, "attributes require an attributes model" },
	};
	put_script(stage, "exec sleep 1000");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(requests); i++) {
		struct fc_error err = { 0 };
		int fd = memfd_create("photo", MFD_CLOEXEC);
		assert_int_equal(fc_workers_submit(workers, 3, fd, requests[i].want, &err),
				 FC_INVALID_ARGUMENT);
		assert_string_equal(err.text, requests[i].words);
		assert_int_equal(fcntl(fd, F_GETFD), -1);
	}
	assert_int_equal(fc_workers_pending(workers), 0);
}

static void a_wait_without_a_photo_is_refused(void **state)
{
	const struct stage *stage = *state;
	struct fc_analysis analysis;
	enum fc_status status;
	uint64_t ticket;
	struct fc_error err = { 0 };
	put_script(stage, "exec sleep 1000");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	assert_int_equal(fc_workers_wait(workers, &ticket, &analysis, &status, NULL, &err),
			 FC_INVALID_ARGUMENT);
	assert_string_equal(err.text, "no photo was submitted");
}

static void a_number_of_workers_out_of_range_is_refused(void **state)
{
	struct stage *stage = *state;
	static const unsigned counts[] = { 0, 1025 };
	put_script(stage, "echo started >>log");
	for (size_t i = 0; i < FC_ARRAY_LENGTH(counts); i++) {
		struct fc_workers *workers = NULL;
		struct fc_error err = { 0 };
		stage->options.count = counts[i];
		assert_int_equal(fc_workers_start(&stage->options, &workers, &err),
				 FC_INVALID_ARGUMENT);
		assert_non_null(strstr(err.text, "from 1 to 1024"));
		assert_null(workers);
	}
}

/*
 * This program as a worker, started by the next tests. The bytes of a photo are its instruction: "die" ends the worker, "die once PATH" does
 * so unless PATH exists, "last" ends it after its answer. An answer has the worker's process id as the time for decoding.
 */
static int work(void)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	const struct fc_error fine = { .status = FC_OK };
	const struct fc_protections protections = { .seccomp = true, .landlock = true };
	struct fc_analysis analysis = { .format = FC_IMAGE_PNG,
					.width = 1,
					.height = 1,
					.orientation = 1,
					.decode_ms = (float)getpid() };
	for (;;) {
		FC_CLEANUP(fc_fd_close) int photo = -1;
		enum fc_wire_kind kind;
		struct fc_wire_request request = { 0 };
		char order[128] = "";
		fc_buffer_clear(&frame);
		if (fc_wire_receive(FC_WORKER_SOCKET, &frame,
				    FC_WIRE_BIT(FC_WIRE_START) | FC_WIRE_BIT(FC_WIRE_PHOTO), true,
				    &photo) != FC_WIRE_WHOLE) {
			return 1;
		}
		struct fc_reader payload = fc_wire_payload(&frame, &kind);
		if (kind == FC_WIRE_START) {
			fc_wire_put_ready(&frame, &fine, &protections);
		} else if (fc_wire_get_photo(&payload, &request.serial, &request.want)) {
			ssize_t got = pread(photo, order, sizeof(order) - 1, 0);
			if (strcmp(order, "die") == 0 ||
			    (strncmp(order, "die once ", 9) == 0 && mkdir(order + 9, 0700) == 0)) {
				return 9;
			}
			analysis.bytes = got > 0 ? (uint64_t)got : 0;
			FC_IGNORE(fc_sha256_of_file(photo, "photo", &analysis.sha256, NULL));
			fc_wire_put_analysis(&frame, &request, &fine, &analysis);
		}
		if (!fc_wire_send(FC_WORKER_SOCKET, &frame, -1, PHOTO_TIMEOUT) ||
		    strcmp(order, "last") == 0) {
			return 1;
		}
	}
}

/* Wait for the photo of this ticket, which succeeds; the process id of its worker. */
static pid_t worker_of(struct fc_workers *workers, uint64_t expected_ticket)
{
	FC_CLEANUP(fc_analysis_release) struct fc_analysis analysis = { 0 };
	enum fc_status status = FC_INTERNAL;
	uint64_t ticket = 0;
	assert_int_equal(fc_workers_wait(workers, &ticket, &analysis, &status, NULL, NULL), FC_OK);
	assert_int_equal(ticket, expected_ticket);
	assert_int_equal(status, FC_OK);
	return (pid_t)analysis.decode_ms;
}

static void a_photo_that_ends_two_workers_fails_and_the_next_one_does_not(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	stage->options.program = "/proc/self/exe";
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit_bytes(workers, 5, "die");
	submit(workers, 6);
	assert_int_equal(fc_workers_room(workers), 0);
	assert_int_equal(photo_status(workers, 5, &err), FC_WORKER_DIED);
	assert_non_null(strstr(err.text, "its worker exited with status 9"));
	assert_int_equal(photo_status(workers, 6, NULL), FC_OK);
	assert_int_equal(fc_workers_room(workers), 2);
}

static void a_photo_whose_worker_ends_once_is_tried_again_in_a_fresh_worker(void **state)
{
	struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer order = { 0 };
	stage->options.program = "/proc/self/exe";
	fc_buffer_printf(&order, "die once %s/first", stage->folder);
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 4);
	pid_t first = worker_of(workers, 4);
	submit_bytes(workers, 5, fc_buffer_text(&order));
	submit(workers, 6);
	pid_t second = worker_of(workers, 5);
	assert_int_not_equal(second, first);
	assert_int_equal(worker_of(workers, 6), second);
}

static void a_worker_that_ends_without_work_costs_no_photo(void **state)
{
	struct stage *stage = *state;
	stage->options.program = "/proc/self/exe";
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit_bytes(workers, 5, "last");
	pid_t first = worker_of(workers, 5);
	submit(workers, 6);
	assert_int_not_equal(worker_of(workers, 6), first);
}

static void a_worker_is_replaced_after_a_number_of_photos(void **state)
{
	struct stage *stage = *state;
	stage->options.program = "/proc/self/exe";
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	pid_t first = 0;
	for (uint64_t i = 1; i <= FC_WORKER_PHOTOS + 1; i++) {
		submit(workers, i);
		pid_t worker = worker_of(workers, i);
		first = i == 1 ? worker : first;
		assert_int_equal(worker == first, i <= FC_WORKER_PHOTOS);
	}
}

static void ignore_signal(int number)
{
	(void)number;
}

static void a_signal_ends_the_wait_and_loses_nothing(void **state)
{
	const struct stage *stage = *state;
	const struct sigaction action = { .sa_handler = ignore_signal };
	const struct itimerval soon = { .it_value = { .tv_usec = 50000 },
					.it_interval = { .tv_usec = 50000 } };
	const struct itimerval never = { 0 };
	struct fc_analysis analysis;
	enum fc_status status;
	uint64_t ticket;
	put_ready(stage, FC_OK, "");
	put_answer(stage, "answer", 1, 0.5f);
	put_script(stage, "cat ready >&3; until [ -e go ]; do sleep 0.02; done\n"
			  "cat answer >&3; exec sleep 1000");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 5);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(fc_workers_wait(workers, &ticket, &analysis, &status, NULL, NULL),
			 FC_BUSY);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	put_file(stage, "go", "", 0, 0600);
	assert_int_equal(photo_status(workers, 5, NULL), FC_OK);
}

static void a_worker_inherits_a_socket_and_nothing_else(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_fd_close) int inherited = dup2(STDOUT_FILENO, 77);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer environment = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer expected = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer descriptors = { 0 };
	FC_CLEANUP(fc_free) char *environment_path = fc_path_join(stage->folder, "environment");
	FC_CLEANUP(fc_free) char *descriptors_path = fc_path_join(stage->folder, "descriptors");
	assert_int_equal(inherited, 77);
	assert_int_equal(setenv("OPENCV_LOG_LEVEL", "junk", 1), 0);
	put_ready(stage, FC_OK, "");
	put_answer(stage, "answer", 1, 0.5f);
	put_script(stage, "cat /proc/$$/environ >environment; ls /proc/self/fd >descriptors\n"
			  "cat ready answer >&3; exec sleep 1000");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 5);
	assert_int_equal(photo_status(workers, 5, NULL), FC_OK);
	assert_int_equal(fc_file_read(environment_path, 65536, &environment, NULL), FC_OK);
	assert_int_equal(fc_file_read(descriptors_path, 65536, &descriptors, NULL), FC_OK);
	for (size_t i = 0; fc_worker_environment[i]; i++) {
		fc_buffer_append(&expected, fc_worker_environment[i],
				 strlen(fc_worker_environment[i]) + 1);
	}
	assert_int_equal(environment.length, expected.length);
	assert_memory_equal(environment.data, expected.data, expected.length);
	/* 4 is the listed folder itself. */
	assert_string_equal(fc_buffer_text(&descriptors), "0\n1\n2\n3\n4\n");
}

static void workers_start_without_standard_descriptors(void **state)
{
	const struct stage *stage = *state;
	put_ready(stage, FC_OK, "");
	put_answer(stage, "answer", 1, 0.5f);
	put_script(stage, "cat ready answer >&3; exec sleep 1000");
	int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 100);
	assert_true(saved >= 0);
	assert_int_equal(close(STDIN_FILENO), 0);
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	submit(workers, 5);
	assert_int_equal(photo_status(workers, 5, NULL), FC_OK);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(close(saved), 0);
}

static void a_probe_returns_what_the_worker_reports(void **state)
{
	const struct stage *stage = *state;
	struct fc_protections protections = { 0 };
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready >&3; exec sleep 1000");
	assert_int_equal(fc_workers_probe(&stage->options, &protections, NULL), FC_OK);
	assert_true(protections.seccomp);
	assert_false(protections.landlock);
	assert_string_equal(protections.text, "nearly all");
	put_script(stage, "exit 1");
	assert_int_equal(fc_workers_probe(&stage->options, &protections, NULL), FC_IO);
}

static void a_drawing_fails_with_its_worker_like_a_photo(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer picture = { 0 };
	const struct fc_mark mark = { .box = { 1, 2, 3, 4 }, .label = "anna" };
	const struct fc_drawing drawing = { &mark, 1, FC_IMAGE_PNG };
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready >&3; head -c 1 <&3 >/dev/null; exit 4");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	assert_int_equal(fc_workers_draw(workers, memfd_create("photo", MFD_CLOEXEC), &drawing,
					 &picture, NULL),
			 FC_WORKER_DIED);
	assert_int_equal(picture.length, 0);
	put_script(stage, "exit 4");
	assert_int_equal(fc_workers_draw(workers, memfd_create("photo", MFD_CLOEXEC), &drawing,
					 &picture, NULL),
			 FC_IO);
}

static enum fc_status draw(struct fc_workers *workers, size_t marks, enum fc_image_format format,
			   struct fc_error *err)
{
	static const struct fc_mark none[FC_WIRE_MARKS_MAXIMUM + 1];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer picture = { 0 };
	const struct fc_drawing drawing = { none, marks, format };
	enum fc_status status = fc_workers_draw(workers, memfd_create("photo", MFD_CLOEXEC),
						&drawing, &picture, err);
	assert_int_equal(picture.length, 0);
	return status;
}

static void a_drawing_that_a_worker_cannot_make_is_refused(void **state)
{
	const struct stage *stage = *state;
	struct fc_error err = { 0 };
	put_script(stage, "exec sleep 1000");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	assert_int_equal(draw(workers, FC_WIRE_MARKS_MAXIMUM + 1, FC_IMAGE_PNG, &err),
			 FC_INVALID_ARGUMENT);
	assert_int_equal(draw(workers, 1, FC_IMAGE_WEBP, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "JPEG or PNG"));
}

static void a_photo_that_cannot_be_drawn_on_has_its_reason(void **state)
{
	const struct stage *stage = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	const struct fc_error refusal = { .status = FC_BAD_IMAGE, .text = "empty image" };
	const struct fc_wire_draw request = { .serial = 1, .format = FC_IMAGE_PNG };
	struct fc_error err = { 0 };
	fc_wire_put_picture(&frame, &request, &refusal, &(struct fc_buffer){ 0 });
	put_file(stage, "answer", frame.data, frame.length, 0600);
	put_ready(stage, FC_OK, "");
	put_script(stage, "cat ready answer >&3; exec sleep 1000");
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	assert_int_equal(draw(workers, 1, FC_IMAGE_PNG, &err), FC_BAD_IMAGE);
	assert_string_equal(err.text, "empty image");
}

/* The drawing is with the first worker when the second one fails. */
static void a_drawing_ends_when_no_more_workers_can_be_started(void **state)
{
	struct stage *stage = *state;
	struct fc_error err = { 0 };
	put_ready(stage, FC_MODEL_MISMATCH, "other bytes");
	put_script(stage, "if mkdir first 2>/dev/null; then exec sleep 1000; fi\n"
			  "cat ready >&3; exec sleep 1000");
	stage->options.count = 2;
	FC_CLEANUP(fc_workers_stopp) struct fc_workers *workers = start(stage);
	assert_int_equal(draw(workers, 1, FC_IMAGE_PNG, &err), FC_MODEL_MISMATCH);
	assert_string_equal(err.text, "other bytes");
	assert_int_equal(draw(workers, 1, FC_IMAGE_PNG, &err), FC_MODEL_MISMATCH);
}

#define STAGE_TEST(test) cmocka_unit_test_setup_teardown(test, make_stage, remove_stage)

int main(int count, char **arguments)
{
	if (count == 1 && strcmp(arguments[0], "exe") == 0) {
		return work();
	}
	const struct CMUnitTest tests[] = {
		STAGE_TEST(photos_wait_until_there_is_memory_for_their_pixels),
		STAGE_TEST(a_missing_program_fails_at_the_start),
		STAGE_TEST(a_missing_network_fails_at_the_start),
		STAGE_TEST(a_worker_that_cannot_load_is_retried_a_few_times),
		STAGE_TEST(a_worker_says_why_it_cannot_load),
		STAGE_TEST(a_ready_that_is_cut_is_no_worker),
		STAGE_TEST(garbage_instead_of_ready_is_no_worker),
		STAGE_TEST(an_answer_before_ready_is_no_worker),
		STAGE_TEST(a_proper_answer_is_taken),
		STAGE_TEST(implausible_answers_cost_the_photo),
		STAGE_TEST(an_answer_of_the_largest_size_is_read_and_refused),
		STAGE_TEST(a_network_that_returns_no_numbers_is_not_a_bug_of_facectl),
		STAGE_TEST(an_answer_may_be_as_long_as_its_kind_and_no_longer),
		STAGE_TEST(an_answer_about_other_bytes_is_refused),
		STAGE_TEST(a_worker_that_ends_costs_the_photo_it_held),
		STAGE_TEST(a_worker_killed_from_outside_does_not_blame_the_photo),
		STAGE_TEST(a_worker_that_closes_its_socket_and_lives_on_is_ended),
		STAGE_TEST(a_worker_that_is_late_is_ended),
		STAGE_TEST(a_worker_that_its_sandbox_ends_does_not_blame_the_photo),
		STAGE_TEST(a_photo_that_ends_two_workers_fails_and_the_next_one_does_not),
		STAGE_TEST(a_photo_whose_worker_ends_once_is_tried_again_in_a_fresh_worker),
		STAGE_TEST(a_worker_that_ends_without_work_costs_no_photo),
		STAGE_TEST(more_photos_than_there_is_room_are_refused),
		STAGE_TEST(results_of_models_that_are_not_loaded_are_refused),
		STAGE_TEST(a_wait_without_a_photo_is_refused),
		STAGE_TEST(a_number_of_workers_out_of_range_is_refused),
		STAGE_TEST(a_worker_is_replaced_after_a_number_of_photos),
		STAGE_TEST(a_signal_ends_the_wait_and_loses_nothing),
		STAGE_TEST(a_worker_inherits_a_socket_and_nothing_else),
		STAGE_TEST(workers_start_without_standard_descriptors),
		STAGE_TEST(a_probe_returns_what_the_worker_reports),
		STAGE_TEST(a_drawing_fails_with_its_worker_like_a_photo),
		STAGE_TEST(a_drawing_that_a_worker_cannot_make_is_refused),
		STAGE_TEST(a_photo_that_cannot_be_drawn_on_has_its_reason),
		STAGE_TEST(a_drawing_ends_when_no_more_workers_can_be_started),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
