/*
 * The frames between facectl and its workers, and their checks.
 *
 * A frame is a header (magic with the version, kind, payload length; 12 bytes) and its payload, little-endian. The worker
 * trusts what it is told; this side believes a worker nothing: every field of a reply is checked before it becomes a value.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WIRE_H
#define FC_VISION_WIRE_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/face.h"
#include "vision/models/model.h"
#include "vision/worker/worker.h"

enum fc_wire_kind {
	FC_WIRE_START = 1, /* to a worker: models and limits, first and once */
	FC_WIRE_PHOTO,     /* to a worker, a descriptor with it: analyse this */
	FC_WIRE_DRAW,      /* to a worker, a descriptor with it: draw on this */
	FC_WIRE_READY,     /* answers START: locked in, or why not */
	FC_WIRE_ANALYSIS,  /* answers PHOTO */
	FC_WIRE_PICTURE,   /* answers DRAW */
};

enum {
	FC_WIRE_HEADER_SIZE = 12,
	FC_WIRE_TEXT_MAXIMUM = 4096, /* bytes of a path or a message */
	FC_WIRE_LABEL_MAXIMUM = 256, /* bytes of a mark's label */
	FC_WIRE_MARKS_MAXIMUM = FC_FACES_MAXIMUM,
	FC_WIRE_PICTURE_MAXIMUM = 1 << 29, /* bytes of an annotated picture */
};

/* Put the header of a frame; its length is filled in by fc_wire_end once the payload is there. */
void fc_wire_begin(struct fc_buffer *frame, enum fc_wire_kind kind);
void fc_wire_end(struct fc_buffer *frame);

/* Magic, kind, and a length that such a frame may have; false otherwise. */
FC_MUST_USE bool fc_wire_header(const uint8_t header[FC_WIRE_HEADER_SIZE], enum fc_wire_kind *kind,
				size_t *length);

/* What a worker is told before anything else. The models hold just what loading and running a network takes. */
struct fc_wire_start {
	uint32_t parent; /* process id */
	uint32_t photo_timeout;
	enum fc_sandbox_rule sandbox;
	struct fc_image_limits limits;
	char *codecs_module; /* empty: none */
	struct fc_model *detector;
	struct fc_model *embedder;   /* NULL: none */
	struct fc_model *liveness;   /* NULL: none */
	struct fc_model *attributes; /* NULL: none */
};

void fc_wire_put_start(struct fc_buffer *frame, const struct fc_workers_options *options,
		       bool codecs, uint32_t parent);
FC_MUST_USE bool fc_wire_get_start(struct fc_reader *payload, struct fc_wire_start *out);
void fc_wire_start_release(struct fc_wire_start *start);

/* A request's serial comes back with its answer. */
void fc_wire_put_photo(struct fc_buffer *frame, uint64_t serial, enum fc_want want);
FC_MUST_USE bool fc_wire_get_photo(struct fc_reader *payload, uint64_t *serial, enum fc_want *want);

struct fc_wire_draw {
	uint64_t serial;
	enum fc_image_format format;
	struct fc_mark *marks; /* labels are owned too */
	size_t count;
};

/* Labels longer than FC_WIRE_LABEL_MAXIMUM are cut at a character. */
void fc_wire_put_draw(struct fc_buffer *frame, uint64_t serial, const struct fc_drawing *drawing);
FC_MUST_USE bool fc_wire_get_draw(struct fc_reader *payload, struct fc_wire_draw *out);
void fc_wire_draw_release(struct fc_wire_draw *draw);

void fc_wire_put_ready(struct fc_buffer *frame, const struct fc_error *result,
		       const struct fc_protections *protections);
FC_MUST_USE bool fc_wire_get_ready(struct fc_reader *payload, struct fc_error *result,
				   struct fc_protections *protections);

/* What the answer to a request has to agree with. */
struct fc_wire_request {
	uint64_t serial;
	enum fc_want want;
	size_t dimension; /* of the templates, when they are wanted */
	struct fc_image_limits limits;
};

void fc_wire_put_analysis(struct fc_buffer *frame, const struct fc_wire_request *request,
			  const struct fc_error *result, const struct fc_analysis *analysis);

/*
 * Check and unpack an answer. Returns NULL and fills result and out (the caller's to release), or says what is wrong with it;
 * out is empty then.
 */
FC_MUST_USE const char *fc_wire_get_analysis(struct fc_reader *payload,
					     const struct fc_wire_request *request,
					     struct fc_error *result, struct fc_analysis *out);

/* picture: the bytes of an image file of the format that was asked for, when result is FC_OK. */
void fc_wire_put_picture(struct fc_buffer *frame, const struct fc_wire_draw *draw,
			 const struct fc_error *result, const struct fc_buffer *picture);

/* As fc_wire_get_analysis; the bytes are appended to picture. */
FC_MUST_USE const char *fc_wire_get_picture(struct fc_reader *payload, uint64_t serial,
					    enum fc_image_format format, struct fc_error *result,
					    struct fc_buffer *picture);

#endif
