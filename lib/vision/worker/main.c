/*
 * facectl-worker: the program that decodes and analyses photos. It receives over one socket which models to load, loads them, enters
 * its sandbox, and processes requests until the other side closes the socket. Only facectl starts it.
 */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "vision/faces/analyse.h"
#include "vision/faces/embedder.h"
#include "vision/faces/picture.h"
#include "vision/image/codecs.h"
#include "vision/image/signature.h"
#include "vision/models/models.h"
#include "vision/worker/counters.h"
#include "vision/worker/process.h"
#include "vision/worker/sandbox.h"
#include "vision/worker/served.h"
#include "vision/worker/wire_socket.h"

enum { EXIT_DONE = 0, EXIT_NOT_STARTED = 1, EXIT_BROKEN = 2, EXIT_CANNOT_LOAD = 3 };

struct worker {
	struct fc_wire_start start;
	struct fc_codecs *codecs;
	struct fc_error codecs_failure; /* why the codecs module cannot be loaded */
	struct fc_analyser *analyser;
	struct fc_buffer frame; /* the last received frame, or the next one to send */
};

/* The contents of the network files of a model with several networks. */
struct networks {
	struct fc_buffer bytes[FC_MODEL_FILES_MAXIMUM];
};

static void networks_release(struct networks *networks)
{
	for (size_t i = 0; i < FC_MODEL_FILES_MAXIMUM; i++) {
		fc_buffer_release(&networks->bytes[i]);
	}
}

/* The embedder is read, verified, parsed and checked in a second thread, because its network is larger than all others together. */
struct embedder_load {
	const struct fc_model *model; /* NULL: there is none to load */
	struct fc_embedder *embedder;
	struct fc_error result;
	pthread_t thread;
	bool has_thread;
};

static void *load_embedder(void *context)
{
	struct embedder_load *load = context;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	load->result.status = fc_model_read(load->model, 0, &bytes, &load->result);
	if (load->result.status == FC_OK) {
		load->result.status =
			fc_embedder_new(load->model, &bytes, &load->embedder, &load->result);
	}
	if (load->result.status == FC_OK) {
		load->result.status = fc_embedder_check(load->embedder, &load->result);
	}
	return NULL;
}

static void embedder_load_start(struct embedder_load *load)
{
	load->has_thread =
		load->model && pthread_create(&load->thread, NULL, load_embedder, load) == 0;
	if (load->model && !load->has_thread) {
		load_embedder(load);
	}
}

/* Wait for the thread: the sandbox allows none. */
static void embedder_load_join(struct embedder_load *load)
{
	if (load->has_thread) {
		FC_IGNORE(pthread_join(load->thread, NULL));
		load->has_thread = false;
	}
}

static void embedder_load_release(struct embedder_load *load)
{
	embedder_load_join(load);
	fc_embedder_free(load->embedder);
	load->embedder = NULL;
}

/* Load the models and modules: all work that needs to open files. */
static enum fc_status load(struct worker *worker, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer detector = { 0 };
	FC_CLEANUP(networks_release) struct networks liveness = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer attributes = { 0 };
	const struct fc_wire_start *start = &worker->start;
	FC_CLEANUP(embedder_load_release)
	struct embedder_load embedder = { .model = start->embedder };
	embedder_load_start(&embedder);
	FC_TRY(fc_model_read(start->detector, 0, &detector, err));
	for (size_t i = 0; start->liveness && i < start->liveness->file_count; i++) {
		FC_TRY(fc_model_read(start->liveness, i, &liveness.bytes[i], err));
	}
	if (start->attributes) {
		FC_TRY(fc_model_read(start->attributes, 0, &attributes, err));
	}
	if (start->codecs_module[0] != '\0') {
		FC_IGNORE(fc_codecs_open(start->codecs_module, &worker->codecs,
					 &worker->codecs_failure));
	}
	const struct fc_analyser_options options = {
		.detector = start->detector,
		.detector_bytes = &detector,
		.liveness = start->liveness,
		.liveness_bytes = liveness.bytes,
		.attributes = start->attributes,
		.attributes_bytes = &attributes,
		.limits = start->limits,
		.codecs = worker->codecs,
	};
	FC_TRY(fc_analyser_new(&options, &worker->analyser, err));
	FC_TRY(fc_analyser_warm_up(worker->analyser, err));
	embedder_load_join(&embedder);
	if (embedder.result.status != FC_OK) {
		*err = embedder.result;
		return err->status;
	}
	fc_analyser_set_embedder(worker->analyser, FC_STEAL(embedder.embedder));
	return FC_OK;
}

/* Read a whole photo with pread, because the file's offset is shared and another worker may have changed it. */
static enum fc_status read_photo(const struct worker *worker, int fd, struct fc_buffer *out,
				 struct fc_error *err)
{
	uint64_t limit = worker->start.limits.bytes;
	uint8_t block[65536];
	for (;;) {
		ssize_t got = pread(fd, block, sizeof(block), (off_t)out->length);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return fc_fail_errno(err, FC_UNREADABLE, errno, "cannot read the file");
		}
		if (got == 0) {
			break;
		}
		if (out->length + (size_t)got > limit) {
			return fc_fail(err, FC_TOO_LARGE,
				       "the file is larger than the limit of %llu bytes",
				       (unsigned long long)limit);
		}
		fc_buffer_append(out, block, (size_t)got);
	}
	if (!fc_buffer_ok(out)) {
		return fc_fail_memory(err);
	}
	/* The module may be there in the next run, so this is not a fault of the image. */
	return worker->codecs_failure.status != FC_OK &&
			       fc_format_needs_codecs(fc_signature(out->data, out->length))
		       ? fc_fail(err, FC_UNREADABLE, "%s", worker->codecs_failure.text)
		       : FC_OK;
}

/* Set the status of a photo's result to one that fc_wire_get_analysis accepts. */
static void set_photo_status(enum fc_status status, struct fc_error *result)
{
	result->status = status;
	switch (status) {
	case FC_OK:
	case FC_BAD_IMAGE:
	case FC_TOO_LARGE:
	case FC_UNREADABLE:
	case FC_MODEL_MISMATCH:
	case FC_INTERNAL:
		break;
	case FC_NO_MEMORY:
		result->status = FC_TOO_LARGE;
		fc_error_prefix(result, "the photo needs more memory than a worker may use");
		break;
	case FC_UNSUPPORTED:
		result->status = FC_BAD_IMAGE;
		break;
	default:
		result->status = FC_INTERNAL;
		break;
	}
}

static bool answer_photo(struct worker *worker, struct fc_reader *payload, int fd)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer photo = { 0 };
	FC_CLEANUP(fc_analysis_release) struct fc_analysis analysis = { 0 };
	struct fc_error result = { 0 };
	struct fc_wire_request request = { .limits = worker->start.limits };
	if (!fc_wire_get_photo(payload, &request.serial, &request.want)) {
		return false;
	}
	enum fc_status status = read_photo(worker, fd, &photo, &result);
	if (status == FC_OK) {
		status = fc_analyse(worker->analyser, photo.data, photo.length, request.want,
				    &analysis, &result);
	}
	set_photo_status(status, &result);
	request.dimension = worker->start.embedder ? worker->start.embedder->dimension : 0;
	fc_wire_put_analysis(&worker->frame, &request, &result, &analysis);
	return fc_served_send(&worker->frame);
}

static bool answer_drawing(struct worker *worker, struct fc_reader *payload, int fd)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer photo = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer picture = { 0 };
	FC_CLEANUP(fc_wire_draw_release) struct fc_wire_draw draw = { 0 };
	struct fc_error result = { 0 };
	if (!fc_wire_get_draw(payload, &draw)) {
		return false;
	}
	enum fc_status status = read_photo(worker, fd, &photo, &result);
	if (status == FC_OK) {
		const struct fc_drawing drawing = { draw.marks, draw.count, draw.format, draw.area,
						    draw.page };
		status = fc_picture_draw(&worker->start.limits, worker->codecs, &photo, &drawing,
					 &picture, &result);
	}
	set_photo_status(status, &result);
	fc_wire_put_picture(&worker->frame, &draw, &result, &picture);
	return fc_served_send(&worker->frame);
}

/* Receive one request and send the response. Returns false to end the worker. */
static bool serve(struct worker *worker, int *exit_status)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	enum fc_wire_kind kind = 0;
	fc_buffer_clear(&worker->frame);
	enum fc_wire_progress progress =
		fc_wire_receive(FC_WORKER_SOCKET, &worker->frame,
				FC_WIRE_BIT(FC_WIRE_PHOTO) | FC_WIRE_BIT(FC_WIRE_DRAW), true, &fd);
	if (progress == FC_WIRE_CLOSED && worker->frame.length == 0) {
		*exit_status = EXIT_DONE;
		return false;
	}
	*exit_status = EXIT_BROKEN;
	if (progress != FC_WIRE_WHOLE || fd < 0) {
		return false;
	}
	struct fc_reader payload = fc_wire_payload(&worker->frame, &kind);
	switch (kind) {
	case FC_WIRE_PHOTO:
		return answer_photo(worker, &payload, fd);
	case FC_WIRE_DRAW:
		return answer_drawing(worker, &payload, fd);
	default:
		return false;
	}
}

static int run(struct worker *worker)
{
	struct fc_error result = { 0 };
	struct fc_protections protections = { 0 };
	enum fc_wire_kind kind = 0;
	int exit_status = EXIT_BROKEN;
	if (fc_wire_receive(FC_WORKER_SOCKET, &worker->frame, FC_WIRE_BIT(FC_WIRE_START), true,
			    NULL) != FC_WIRE_WHOLE) {
		return EXIT_NOT_STARTED;
	}
	struct fc_reader payload = fc_wire_payload(&worker->frame, &kind);
	if (kind != FC_WIRE_START || !fc_wire_get_start(&payload, &worker->start)) {
		return EXIT_NOT_STARTED;
	}
	if (!fc_sandbox_prepare((pid_t)worker->start.parent)) {
		return EXIT_DONE;
	}
	result.status = load(worker, &result);
	if (result.status == FC_OK) {
		struct fc_error incomplete = { 0 };
		enum fc_status status =
			fc_sandbox_lock(&worker->start.limits, worker->start.photo_timeout, NULL,
					&protections, &incomplete);
		if (status != FC_OK && worker->start.sandbox == FC_SANDBOX_STRICT) {
			result = incomplete;
		}
	}
	fc_wire_put_ready(&worker->frame, &result, &protections);
	if (!fc_served_send(&worker->frame) || result.status != FC_OK) {
		return EXIT_CANNOT_LOAD;
	}
	while (serve(worker, &exit_status)) {
	}
	return exit_status;
}

/* Tensors of some megabytes are allocated and freed for each photo: do not give their pages back to the kernel in between. */
static void keep_memory(void)
{
	FC_IGNORE(mallopt(M_MMAP_THRESHOLD, 32 << 20));
	FC_IGNORE(mallopt(M_TRIM_THRESHOLD, 64 << 20));
	FC_IGNORE(mallopt(M_TOP_PAD, 16 << 20));
}

int main(void)
{
	struct worker worker = { 0 };
	if (!fc_served_is_started("facectl-worker")) {
		return EXIT_NOT_STARTED;
	}
	keep_memory();
	fc_counters_start();
	int exit_status = run(&worker);
	fc_analyser_free(worker.analyser);
	fc_codecs_close(worker.codecs);
	fc_wire_start_release(&worker.start);
	fc_buffer_release(&worker.frame);
	fc_counters_write();
	/* Skip atexit handlers: those of libraries may make system calls that kill the process. */
	_exit(exit_status);
}
