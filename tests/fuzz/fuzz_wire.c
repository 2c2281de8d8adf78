/*
 * Any bytes as a frame's payload. The first byte picks who reads them: what comes from a worker must be refused or hold only
 * values in range, what comes from the parent must be read without harm.
 */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "fuzz.h"
#include "vision/worker/wire.h"

enum { DIMENSION = 8 };

static void read_analysis(struct fc_reader *payload, enum fc_want want)
{
	FC_CLEANUP(fc_analysis_release) struct fc_analysis photo = { 0 };
	struct fc_error said = { 0 };
	const struct fc_wire_request request = {
		.serial = 1,
		.want = want,
		.dimension = DIMENSION,
		.limits = { .bytes = 64 << 20, .pixels = 100000000, .side = 20000 },
	};
	if (fc_wire_get_analysis(payload, &request, &said, &photo)) {
		FUZZ_CHECK(!photo.faces);
		return;
	}
	FUZZ_CHECK(photo.face_count <= FC_FACES_MAXIMUM);
	for (size_t i = 0; i < photo.face_count; i++) {
		const struct fc_face *face = &photo.faces[i];
		FUZZ_CHECK(face->box.left < face->box.right && face->box.top < face->box.bottom);
		FUZZ_CHECK(face->confidence >= 0.0f && face->confidence <= 1.0f);
		FUZZ_CHECK((want & FC_WANT_TEMPLATES) == 0 || isfinite(face->embedding[0]));
		FUZZ_CHECK(((want & FC_WANT_CROPS) == 0) == !face->crop);
		FUZZ_CHECK((want & FC_WANT_LIVENESS) == 0 || isfinite(face->liveness));
		FUZZ_CHECK(face->attributes.age >= 0.0f && face->attributes.age <= FC_AGE_MAXIMUM);
		FUZZ_CHECK(face->attributes.sex < FC_SEX_END &&
			   face->attributes.emotion < FC_MOOD_END);
	}
}

static void read_picture(struct fc_reader *payload)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer picture = { 0 };
	struct fc_error said = { 0 };
	if (fc_wire_get_picture(payload, 1, FC_IMAGE_PNG, &said, &picture)) {
		FUZZ_CHECK(picture.length == 0);
	}
}

static void read_ready(struct fc_reader *payload)
{
	struct fc_protections protections = { 0 };
	struct fc_error said = { 0 };
	FUZZ_CHECK(!fc_wire_get_ready(payload, &said, &protections) ||
		   protections.landlock_abi >= 0);
}

static void read_stencil(struct fc_reader *payload)
{
	struct fc_stencil stencil = { 0 };
	FUZZ_CHECK(!fc_wire_get_stencil(payload, &stencil) || !stencil.opacity);
	free(stencil.opacity);
}

static void read_request(struct fc_reader *payload, enum fc_wire_kind kind)
{
	FC_CLEANUP(fc_wire_start_release) struct fc_wire_start start = { 0 };
	FC_CLEANUP(fc_wire_draw_release) struct fc_wire_draw draw = { 0 };
	uint64_t serial;
	enum fc_want want;
	if (kind == FC_WIRE_START) {
		FUZZ_CHECK(!fc_wire_get_start(payload, &start) || start.detector);
	} else if (kind == FC_WIRE_DRAW) {
		FUZZ_CHECK(!fc_wire_get_draw(payload, &draw) ||
			   draw.count <= FC_WIRE_MARKS_MAXIMUM);
	} else {
		FUZZ_CHECK(!fc_wire_get_photo(payload, &serial, &want) ||
			   want <= FC_WANT_EVERYTHING);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	enum fc_wire_kind kind = (enum fc_wire_kind)(data[0] & 7);
	struct fc_reader payload = fc_reader_of(data + 1, size - 1);
	switch (kind) {
	case FC_WIRE_ANALYSIS:
		read_analysis(&payload, (enum fc_want)(data[0] >> 3));
		break;
	case FC_WIRE_PICTURE:
		read_picture(&payload);
		break;
	case FC_WIRE_READY:
		read_ready(&payload);
		break;
	case FC_WIRE_STENCIL:
		read_stencil(&payload);
		break;
	default:
		read_request(&payload, kind);
		break;
	}
	return 0;
}
