/*
 * The frames between facectl and its workers, and their checks.
 *
 * A frame is a header (magic with the version, kind, payload length; 12 bytes) and its payload, little-endian. A worker trusts
 * facectl. facectl does not trust a worker: it checks every field of a response.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_WORKER_WIRE_H
#define FC_VISION_WORKER_WIRE_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/face.h"
#include "vision/models/model.h"
#include "vision/worker/worker.h"

enum fc_wire_kind {
	FC_WIRE_START = 1, /* to a worker: models and limits, first and once */
	FC_WIRE_PHOTO, /* to a worker: analyse the photo whose descriptor is passed with the frame */
	FC_WIRE_DRAW, /* to a worker: draw on the photo whose descriptor is passed with the frame */
	FC_WIRE_READY,    /* response to START: the sandbox is entered, or why not */
	FC_WIRE_ANALYSIS, /* response to PHOTO */
	FC_WIRE_PICTURE,  /* response to DRAW */
	FC_WIRE_STENCIL,  /* response to TEXT */
	FC_WIRE_FONTS, /* to facectl-lettering: where fonts are, first and once; the response is READY */
	FC_WIRE_TEXT, /* to facectl-lettering: draw a text */
	FC_WIRE_LAST = FC_WIRE_TEXT,
};

#define FC_WIRE_BIT(kind) (1u << (kind))

enum {
	FC_WIRE_HEADER_SIZE = 12,
	FC_WIRE_TEXT_MAXIMUM = 4096, /* bytes of a path or a message */
	FC_WIRE_LABEL_MAXIMUM = 256, /* bytes of a mark's label */
	FC_WIRE_MARKS_MAXIMUM = FC_FACES_MAXIMUM,
	FC_WIRE_PICTURE_MAXIMUM = 1 << 29,  /* bytes of an annotated picture */
	FC_WIRE_STENCILS_MAXIMUM = 1 << 26, /* bytes of all stencils of a drawing */
	FC_WIRE_STENCIL_MAXIMUM = 1 << 22,  /* bytes of the response to one text */
	FC_WIRE_VARIABLES_MAXIMUM = 16,     /* variables of an environment */
};

/* Begin a frame with its header. fc_wire_end fills in the length after the payload. */
void fc_wire_begin(struct fc_buffer *frame, enum fc_wire_kind kind);
void fc_wire_end(struct fc_buffer *frame);

/* Check the magic, the kind, and whether a frame of this kind may have this length. Returns false if one is invalid. */
FC_MUST_USE bool fc_wire_header(const uint8_t header[FC_WIRE_HEADER_SIZE], enum fc_wire_kind *kind,
				size_t *length);

/* What the functions that check a response return when the receiver has no memory: the response may be valid. */
extern const char fc_wire_out_of_memory[];

/* The first request to a worker. Only those members of the models are set that are needed to load and run a network. */
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

/* Write the request. serial: a number that the response repeats. */
void fc_wire_put_photo(struct fc_buffer *frame, uint64_t serial, enum fc_want want);
FC_MUST_USE bool fc_wire_get_photo(struct fc_reader *payload, uint64_t *serial, enum fc_want *want);

/* The members of struct fc_drawing. */
struct fc_wire_draw {
	uint64_t serial;
	enum fc_image_format format;
	struct fc_area area;
	uint16_t page;
	struct fc_mark *marks;
	char **labels; /* owned; the marks borrow them, and own their stencils */
	size_t count;
};

/* Labels longer than FC_WIRE_LABEL_MAXIMUM are cut at the end of a UTF-8 character. Stencils beyond FC_WIRE_STENCILS_MAXIMUM are left out. */
void fc_wire_put_draw(struct fc_buffer *frame, uint64_t serial, const struct fc_drawing *drawing);
FC_MUST_USE bool fc_wire_get_draw(struct fc_reader *payload, struct fc_wire_draw *out);
void fc_wire_draw_release(struct fc_wire_draw *draw);

void fc_wire_put_ready(struct fc_buffer *frame, const struct fc_error *result,
		       const struct fc_protections *protections);
FC_MUST_USE bool fc_wire_get_ready(struct fc_reader *payload, struct fc_error *result,
				   struct fc_protections *protections);

/* The request with which a response is compared. */
struct fc_wire_request {
	uint64_t serial;
	enum fc_want want;
	size_t dimension; /* of the templates, when they are requested */
	struct fc_image_limits limits;
};

void fc_wire_put_analysis(struct fc_buffer *frame, const struct fc_wire_request *request,
			  const struct fc_error *result, const struct fc_analysis *analysis);

/*
 * Check and unpack a response. Returns NULL and fills in result and out (to be released by the caller). If the response is
 * invalid, returns the reason and leaves out empty.
 */
FC_MUST_USE const char *fc_wire_get_analysis(struct fc_reader *payload,
					     const struct fc_wire_request *request,
					     struct fc_error *result, struct fc_analysis *out);

/* picture: the bytes of an image file in the requested format, if result is FC_OK. */
void fc_wire_put_picture(struct fc_buffer *frame, const struct fc_wire_draw *draw,
			 const struct fc_error *result, const struct fc_buffer *picture);

/* Like fc_wire_get_analysis; the bytes of the image file are appended to picture. */
FC_MUST_USE const char *fc_wire_get_picture(struct fc_reader *payload, uint64_t serial,
					    enum fc_image_format format, struct fc_error *result,
					    struct fc_buffer *picture);

/* ---- wire_letters.c ---- */

struct fc_wire_fonts {
	uint32_t parent; /* process id */
	uint32_t timeout;
	enum fc_sandbox_rule sandbox;
	char *environment[FC_WIRE_VARIABLES_MAXIMUM +
			  1]; /* "NAME=value"; NULL after the last one */
};

void fc_wire_put_fonts(struct fc_buffer *frame, const struct fc_letterer_options *options,
		       uint32_t parent);
/* The caller frees the strings of out->environment, also after a failure. */
FC_MUST_USE bool fc_wire_get_fonts(struct fc_reader *payload, struct fc_wire_fonts *out);

void fc_wire_put_text(struct fc_buffer *frame, const char *text, uint32_t letter,
		      uint32_t width_maximum);
/* The caller frees *text. */
FC_MUST_USE bool fc_wire_get_text(struct fc_reader *payload, char **text, uint32_t *letter,
				  uint32_t *width_maximum);

/* Append a stencil to a frame. */
void fc_wire_put_stencil(struct fc_buffer *frame, const struct fc_stencil *stencil);
/* Read a stencil; *out is unchanged if it is empty. The caller frees out->opacity. Returns NULL, or what is wrong. */
FC_MUST_USE const char *fc_wire_get_stencil(struct fc_reader *payload, struct fc_stencil *out);

#endif
