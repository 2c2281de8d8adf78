/* Frames: what is packed comes out again, and an answer with any field off is refused. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "vision/worker/wire_socket.h"

enum { DIMENSION = 4, FACES = 2 };

static const struct fc_wire_request request = {
	.serial = 7,
	.want = FC_WANT_TEMPLATES | FC_WANT_CROPS | FC_WANT_ATTRIBUTES,
	.dimension = DIMENSION,
	.limits = { .bytes = 1 << 20, .pixels = 1 << 20, .side = 2000 },
};

static const struct fc_error fine = { .status = FC_OK };

/* A plausible answer, whose faces a test then spoils. */
struct sample {
	struct fc_analysis analysis;
	struct fc_face faces[FACES];
	float embeddings[FACES][DIMENSION];
	uint8_t crops[FACES][FC_CROP_BYTES];
	struct fc_buffer frame;
};

static int make_sample(void **state)
{
	struct sample *sample = calloc(1, sizeof(*sample));
	assert_non_null(sample);
	sample->analysis = (struct fc_analysis){
		.format = FC_IMAGE_JPEG,
		.width = 640,
		.height = 480,
		.orientation = 6,
		.bytes = 1234,
		.sha256 = { .bytes = { 1, 2, 3 } },
		.dimension = DIMENSION,
		.faces = sample->faces,
		.face_count = FACES,
		.decode_ms = 1.5f,
		.detect_ms = 2.5f,
		.embed_ms = 3.5f,
	};
	for (int i = 0; i < FACES; i++) {
		struct fc_face *face = &sample->faces[i];
		face->box = (struct fc_box){ 10, 20, 110, 140 };
		face->confidence = 0.9f - 0.1f * (float)i;
		face->quality =
			(struct fc_quality){ .sharpness = 0.5f, .pan = -12.0f, .frontality = 0.9f };
		for (int k = 0; k < FC_LANDMARKS; k++) {
			face->landmarks[k] = (struct fc_point){ 30.0f + (float)k, 40.0f };
		}
		face->attributes = (struct fc_attributes){
			.has_age = true,
			.has_arousal = true,
			.age = 41.5f,
			.arousal = -0.25f,
			.sex = FC_SEX_FEMALE,
			.emotion = FC_MOOD_SURPRISE,
			.has_glasses = true,
			.glasses = 0.75f,
			.sex_probability = 0.875f,
			.emotion_probability = 0.5f,
			.has_occlusion = true,
			.occlusion = { [FC_REGION_EYES] = 0.75f, [FC_REGION_MOUTH] = 0.25f },
			.has_emotions = true,
			.emotions = { [FC_MOOD_FEAR] = 0.25f, [FC_MOOD_SURPRISE] = 0.5f },
		};
		sample->embeddings[i][i] = 1.0f;
		sample->crops[i][5] = (uint8_t)(i + 1);
		face->embedding = sample->embeddings[i];
		face->crop = sample->crops[i];
	}
	*state = sample;
	return 0;
}

static int free_sample(void **state)
{
	struct sample *sample = *state;
	fc_buffer_release(&sample->frame);
	free(sample);
	return 0;
}

/* What the other side says of the sample; NULL when it takes it. */
static const char *answer(struct sample *sample, const struct fc_error *result,
			  struct fc_analysis *out)
{
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	fc_wire_put_analysis(&sample->frame, &request, result, &sample->analysis);
	struct fc_reader payload = fc_wire_payload(&sample->frame, &kind);
	assert_int_equal(kind, FC_WIRE_ANALYSIS);
	const char *objection = fc_wire_get_analysis(&payload, &request, &said, out);
	if (!objection) {
		assert_int_equal(said.status, result->status);
		assert_string_equal(said.text, result->text);
	}
	return objection;
}

static void assert_refused(struct sample *sample)
{
	struct fc_analysis out = { 0 };
	assert_non_null(answer(sample, &fine, &out));
	assert_int_equal(out.face_count, 0);
}

static void an_analysis_arrives_as_it_was_sent(void **state)
{
	struct sample *sample = *state;
	FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
	assert_null(answer(sample, &fine, &out));
	assert_int_equal(out.format, FC_IMAGE_JPEG);
	assert_int_equal(out.width, 640);
	assert_int_equal(out.height, 480);
	assert_int_equal(out.orientation, 6);
	assert_int_equal(out.bytes, 1234);
	assert_memory_equal(&out.sha256, &sample->analysis.sha256, sizeof(out.sha256));
	assert_int_equal(out.dimension, DIMENSION);
	assert_int_equal(out.face_count, FACES);
	assert_float_equal(out.embed_ms, 3.5, 0.0);
	for (int i = 0; i < FACES; i++) {
		const struct fc_face *face = &out.faces[i];
		assert_memory_equal(&face->box, &sample->faces[i].box, sizeof(face->box));
		assert_memory_equal(face->landmarks, sample->faces[i].landmarks,
				    sizeof(face->landmarks));
		assert_memory_equal(&face->quality, &sample->faces[i].quality,
				    sizeof(face->quality));
		assert_float_equal(face->confidence, sample->faces[i].confidence, 0.0);
		assert_true(face->attributes.has_age && face->attributes.has_arousal);
		assert_false(face->attributes.has_valence);
		assert_float_equal(face->attributes.age, 41.5, 0.0);
		assert_float_equal(face->attributes.arousal, -0.25, 0.0);
		assert_int_equal(face->attributes.sex, FC_SEX_FEMALE);
		assert_int_equal(face->attributes.emotion, FC_MOOD_SURPRISE);
		assert_true(face->attributes.has_glasses && face->attributes.has_emotions);
		assert_false(face->attributes.has_smile);
		assert_float_equal(face->attributes.glasses, 0.75, 0.0);
		assert_true(face->attributes.has_occlusion);
		assert_memory_equal(face->attributes.occlusion,
				    sample->faces[i].attributes.occlusion,
				    sizeof(face->attributes.occlusion));
		assert_float_equal(face->attributes.sex_probability, 0.875, 0.0);
		assert_float_equal(face->attributes.emotion_probability, 0.5, 0.0);
		assert_memory_equal(face->attributes.emotions, sample->faces[i].attributes.emotions,
				    sizeof(face->attributes.emotions));
		assert_memory_equal(face->embedding, sample->embeddings[i],
				    sizeof(sample->embeddings[i]));
		assert_memory_equal(face->crop, sample->crops[i], FC_CROP_BYTES);
	}
}

static void a_refusal_arrives_with_its_words_and_what_is_known(void **state)
{
	struct sample *sample = *state;
	FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
	const struct fc_error refusal = { .status = FC_TOO_LARGE, .text = "far too large" };
	sample->analysis.width = 30000;
	sample->analysis.height = 30000;
	assert_null(answer(sample, &refusal, &out));
	assert_int_equal(out.width, 30000);
	assert_int_equal(out.face_count, 0);
}

static void words_are_made_harmless(void **state)
{
	struct sample *sample = *state;
	FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
	const struct fc_error hostile = { .status = FC_BAD_IMAGE, .text = "\x1b[2J\xff" };
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	fc_wire_put_analysis(&sample->frame, &request, &hostile, &sample->analysis);
	struct fc_reader payload = fc_wire_payload(&sample->frame, &kind);
	assert_null(fc_wire_get_analysis(&payload, &request, &said, &out));
	assert_string_equal(said.text, "\\x1b[2J\\xff");
}

static void statuses_that_no_worker_has_are_refused(void **state)
{
	struct sample *sample = *state;
	for (int status = FC_OK; status < FC_STATUS_COUNT + 2; status++) {
		FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
		const struct fc_error result = { .status = (enum fc_status)status };
		bool known = status == FC_OK || status == FC_BAD_IMAGE || status == FC_TOO_LARGE ||
			     status == FC_UNREADABLE || status == FC_NO_MEMORY ||
			     status == FC_MODEL_MISMATCH || status == FC_INTERNAL;
		assert_int_equal(answer(sample, &result, &out) == NULL, known);
	}
}

static void implausible_boxes_are_refused(void **state)
{
	struct sample *sample = *state;
	static const struct fc_box wrong[] = {
		{ NAN, 20, 110, 140 }, { 10, 20, INFINITY, 140 }, { 110, 20, 10, 140 },
		{ 10, 140, 110, 20 },  { 10, 20, 10, 140 },       { -700, 20, 110, 140 },
		{ 10, 20, 110, 1000 }, { 1e30f, 20, 2e30f, 140 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(wrong); i++) {
		sample->faces[1].box = wrong[i];
		assert_refused(sample);
	}
}

static void implausible_measures_are_refused(void **state)
{
	struct sample *sample = *state;
	float *const fields[] = {
		&sample->faces[0].confidence,
		&sample->faces[0].quality.sharpness,
		&sample->faces[0].quality.exposure,
		&sample->faces[0].quality.eye_distance,
		&sample->faces[0].quality.pan,
		&sample->faces[0].quality.tilt,
		&sample->faces[0].quality.roll,
		&sample->faces[0].quality.visibility,
		&sample->faces[0].quality.frontality,
		&sample->faces[0].quality.awesomeness,
		&sample->faces[0].landmarks[4].x,
		&sample->faces[0].landmarks[0].y,
		&sample->analysis.decode_ms,
		&sample->analysis.detect_ms,
		&sample->analysis.embed_ms,
		&sample->faces[1].attributes.age,
		&sample->faces[1].attributes.valence,
		&sample->faces[1].attributes.arousal,
		&sample->faces[1].attributes.smile,
		&sample->faces[1].attributes.glasses,
		&sample->faces[1].attributes.sex_probability,
		&sample->faces[1].attributes.emotion_probability,
		&sample->faces[1].attributes.emotions[FC_MOOD_SADNESS],
		&sample->faces[1].attributes.occlusion[FC_REGION_MOUTH],
	};
	static const float wrong[] = { NAN, INFINITY, -INFINITY, 1e20f, -1e20f };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(fields); i++) {
		for (size_t k = 0; k < FC_ARRAY_LENGTH(wrong); k++) {
			float before = *fields[i];
			*fields[i] = wrong[k];
			assert_refused(sample);
			*fields[i] = before;
		}
	}
}

static void words_that_nobody_knows_are_refused(void **state)
{
	struct sample *sample = *state;
	sample->faces[1].attributes.sex = FC_SEX_END;
	assert_refused(sample);
	sample->faces[1].attributes.sex = FC_SEX_UNKNOWN;
	sample->faces[1].attributes.emotion = FC_MOOD_END;
	assert_refused(sample);
}

static void liveness_is_a_probability_for_each_face(void **state)
{
	struct sample *sample = *state;
	struct fc_wire_request asked = request;
	static const float wrong[] = { NAN, INFINITY, -0.1F, 1.1F };
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	asked.want |= FC_WANT_LIVENESS;
	sample->faces[0].liveness = 0.75F;
	sample->faces[1].liveness = 1;
	for (size_t i = 0; i <= FC_ARRAY_LENGTH(wrong); i++) {
		FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
		fc_wire_put_analysis(&sample->frame, &asked, &fine, &sample->analysis);
		struct fc_reader payload = fc_wire_payload(&sample->frame, &kind);
		const char *objection = fc_wire_get_analysis(&payload, &asked, &said, &out);
		if (i == 0) {
			assert_null(objection);
			assert_float_equal(out.faces[0].liveness, 0.75, 0.0);
			assert_float_equal(out.faces[1].liveness, 1, 0.0);
		} else {
			assert_string_equal(objection, "a face's liveness is out of range");
		}
		sample->faces[1].liveness = wrong[i % FC_ARRAY_LENGTH(wrong)];
	}
}

/* The analysis of a crop has one face. */
static void a_crop_with_two_faces_is_refused(void **state)
{
	struct sample *sample = *state;
	struct fc_wire_request crop = request;
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	crop.want = FC_WANT_TEMPLATES | FC_WANT_OF_CROP;
	for (size_t count = 1; count <= FACES; count++) {
		FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
		sample->analysis.face_count = count;
		fc_wire_put_analysis(&sample->frame, &crop, &fine, &sample->analysis);
		struct fc_reader payload = fc_wire_payload(&sample->frame, &kind);
		const char *objection = fc_wire_get_analysis(&payload, &crop, &said, &out);
		assert_int_equal(objection == NULL, count == 1);
	}
}

/* Templates wanted of a face that is alone are not on the wire when there are more. */
static void faces_that_are_not_alone_come_without_templates(void **state)
{
	struct sample *sample = *state;
	struct fc_wire_request alone = request;
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	alone.want |= FC_WANT_ALONE;
	for (size_t count = 1; count <= FACES; count++) {
		FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
		sample->analysis.face_count = count;
		fc_wire_put_analysis(&sample->frame, &alone, &fine, &sample->analysis);
		struct fc_reader payload = fc_wire_payload(&sample->frame, &kind);
		assert_null(fc_wire_get_analysis(&payload, &alone, &said, &out));
		assert_int_equal(out.face_count, count);
		assert_int_equal(out.dimension, alone.dimension);
		assert_int_equal(out.faces[0].embedding != NULL, count == 1);
		assert_int_equal(out.faces[0].crop != NULL, count == 1);
	}
}

/* The main face of the sample, or none if two compete, comes with all that is wanted. */
static void only_the_main_face_comes_with_a_template(void **state)
{
	struct sample *sample = *state;
	struct fc_wire_request main_face = request;
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	main_face.want |= FC_WANT_MAIN;
	for (size_t largest = 0; largest <= FACES; largest++) {
		FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
		for (size_t i = 0; i < FACES; i++) {
			float half = i == largest ? 200 : 20;
			sample->analysis.faces[i].box =
				(struct fc_box){ (float)sample->analysis.width / 2 - half,
						 (float)sample->analysis.height / 2 - half,
						 (float)sample->analysis.width / 2 + half,
						 (float)sample->analysis.height / 2 + half };
		}
		fc_wire_put_analysis(&sample->frame, &main_face, &fine, &sample->analysis);
		struct fc_reader payload = fc_wire_payload(&sample->frame, &kind);
		assert_null(fc_wire_get_analysis(&payload, &main_face, &said, &out));
		assert_int_equal(out.face_count, FACES);
		for (size_t i = 0; i < FACES; i++) {
			assert_int_equal(out.faces[i].embedding != NULL, i == largest);
			assert_int_equal(out.faces[i].crop != NULL, i == largest);
		}
		/* A frame without the template of the main face is not complete. */
		if (largest < FACES) {
			struct fc_wire_request less = main_face;
			less.want &= ~(unsigned)FC_WANT_TEMPLATES;
			fc_wire_put_analysis(&sample->frame, &less, &fine, &sample->analysis);
			payload = fc_wire_payload(&sample->frame, &kind);
			assert_non_null(fc_wire_get_analysis(&payload, &main_face, &said, &out));
		}
	}
}

static void templates_that_are_not_normalised_are_refused(void **state)
{
	struct sample *sample = *state;
	static const float wrong[] = { NAN, INFINITY, 0.0f, 0.99f, 1.01f, -2.0f };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(wrong); i++) {
		sample->embeddings[0][0] = wrong[i];
		assert_refused(sample);
	}
	FC_CLEANUP(fc_analysis_release) struct fc_analysis out = { 0 };
	sample->embeddings[0][0] = 1.0005f;
	assert_null(answer(sample, &fine, &out));
}

static void photos_beyond_the_limits_are_refused(void **state)
{
	struct sample *sample = *state;
	const struct fc_analysis good = sample->analysis;
	sample->analysis.width = 2001;
	assert_refused(sample);
	sample->analysis = good;
	sample->analysis.width = 1025;
	sample->analysis.height = 1025;
	assert_refused(sample);
	sample->analysis = good;
	sample->analysis.height = 0;
	assert_refused(sample);
	sample->analysis = good;
	sample->analysis.bytes = (1 << 20) + 1;
	assert_refused(sample);
	sample->analysis = good;
	sample->analysis.orientation = 9;
	assert_refused(sample);
	sample->analysis = good;
	sample->analysis.format = FC_IMAGE_UNKNOWN;
	assert_refused(sample);
}

static void faces_out_of_order_are_refused(void **state)
{
	struct sample *sample = *state;
	sample->faces[1].confidence = 0.95f;
	assert_refused(sample);
}

static void an_answer_to_another_question_is_refused(void **state)
{
	struct sample *sample = *state;
	struct fc_wire_request other = request;
	struct fc_analysis out = { 0 };
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	other.serial++;
	fc_wire_put_analysis(&sample->frame, &other, &fine, &sample->analysis);
	struct fc_reader payload = fc_wire_payload(&sample->frame, &kind);
	assert_non_null(fc_wire_get_analysis(&payload, &request, &said, &out));
}

static void every_cut_and_every_added_byte_is_refused(void **state)
{
	struct sample *sample = *state;
	fc_wire_put_analysis(&sample->frame, &request, &fine, &sample->analysis);
	const uint8_t *payload = sample->frame.data + FC_WIRE_HEADER_SIZE;
	size_t whole = sample->frame.length - FC_WIRE_HEADER_SIZE;
	for (size_t length = 0; length < whole; length += length < 1000 ? 1 : 997) {
		struct fc_reader reader = fc_reader_of(payload, length);
		struct fc_analysis out = { 0 };
		struct fc_error said = { 0 };
		assert_non_null(fc_wire_get_analysis(&reader, &request, &said, &out));
	}
	fc_buffer_put_u8(&sample->frame, 0);
	struct fc_reader reader = fc_reader_of(sample->frame.data + FC_WIRE_HEADER_SIZE, whole + 1);
	struct fc_analysis out = { 0 };
	struct fc_error said = { 0 };
	assert_non_null(fc_wire_get_analysis(&reader, &request, &said, &out));
}

static void headers_with_a_wrong_magic_kind_or_length_are_refused(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	enum fc_wire_kind kind = 0;
	size_t length = 0;
	fc_wire_put_photo(&frame, 1, FC_WANT_CROPS);
	assert_true(fc_wire_header(frame.data, &kind, &length));
	assert_int_equal(kind, FC_WIRE_PHOTO);
	assert_int_equal(length, frame.length - FC_WIRE_HEADER_SIZE);
	for (size_t i = 0; i < FC_WIRE_HEADER_SIZE; i++) {
		if (i == 8) {
			continue; /* a length of up to 64 is one that such a frame may have */
		}
		frame.data[i] ^= 0x80;
		assert_false(fc_wire_header(frame.data, &kind, &length));
		frame.data[i] ^= 0x80;
	}
}

static void a_start_arrives_as_it_was_sent(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	FC_CLEANUP(fc_wire_start_release) struct fc_wire_start start = { 0 };
	char detector_name[] = "d", detector_path[] = "/m/d", name[] = "e", path[] = "/m/e";
	const struct fc_model detector = { .name = detector_name,
					   .file_count = 1,
					   .files = { { .path = detector_path, .bytes = 12 } },
					   .input = { .scale = 1.0f, .deviation = { 1, 1, 1 } },
					   .score_threshold = 0.6f,
					   .nms_iou = 0.3f };
	const struct fc_model embedder = { .name = name,
					   .role = FC_ROLE_EMBEDDER,
					   .file_count = 1,
					   .files = { { .path = path } },
					   .dimension = 128,
					   .mirror = true,
					   .input = { .width = 112,
						      .height = 112,
						      .order = FC_CHANNELS_RGB,
						      .mean = { 1, 2, 3 } } };
	char output[] = "mood";
	const struct fc_model attributes = {
		.name = name,
		.role = FC_ROLE_ATTRIBUTES,
		.file_count = 1,
		.files = { { .path = path, .grow = 1.5f } },
		.attributes = { { .attribute = FC_ATTRIBUTE_AGE, .scale = 100, .offset = -1 },
				{ .attribute = FC_ATTRIBUTE_EMOTION,
				  .output = output,
				  .index = 3,
				  .labels = { FC_MOOD_FEAR, 0, FC_MOOD_ANGER },
				  .label_count = 3 } },
		.attribute_count = 2,
	};
	const struct fc_workers_options options = {
		.codecs_module = "/lib/codecs.so",
		.detector = &detector,
		.embedder = &embedder,
		.attributes = &attributes,
		.limits = { .bytes = 1, .pixels = 2, .side = 3 },
		.photo_timeout = 4000,
		.sandbox = FC_SANDBOX_BEST_EFFORT,
	};
	enum fc_wire_kind kind = 0;
	fc_wire_put_start(&frame, &options, true, 99);
	struct fc_reader payload = fc_wire_payload(&frame, &kind);
	assert_int_equal(kind, FC_WIRE_START);
	assert_true(fc_wire_get_start(&payload, &start));
	assert_int_equal(start.parent, 99);
	assert_int_equal(start.photo_timeout, 4000);
	assert_int_equal(start.sandbox, FC_SANDBOX_BEST_EFFORT);
	assert_string_equal(start.codecs_module, "/lib/codecs.so");
	assert_int_equal(start.limits.side, 3);
	assert_string_equal(start.detector->files[0].path, "/m/d");
	assert_float_equal(start.detector->nms_iou, 0.3f, 0.0);
	assert_int_equal(start.embedder->role, FC_ROLE_EMBEDDER);
	assert_int_equal(start.embedder->dimension, 128);
	assert_true(start.embedder->mirror);
	assert_memory_equal(&start.embedder->input, &embedder.input, sizeof(embedder.input));
	assert_int_equal(start.embedder->attribute_count, 0);
	assert_int_equal(start.attributes->attribute_count, 2);
	assert_float_equal(start.attributes->files[0].grow, 1.5f, 0.0);
	assert_null(start.attributes->attributes[0].output);
	assert_float_equal(start.attributes->attributes[0].scale, 100, 0.0);
	assert_float_equal(start.attributes->attributes[0].offset, -1, 0.0);
	assert_string_equal(start.attributes->attributes[1].output, "mood");
	assert_int_equal(start.attributes->attributes[1].index, 3);
	assert_memory_equal(start.attributes->attributes[1].labels, attributes.attributes[1].labels,
			    FC_ATTRIBUTE_LABELS_MAXIMUM);
	for (size_t length = 0; length < frame.length - FC_WIRE_HEADER_SIZE; length++) {
		struct fc_wire_start none = { 0 };
		struct fc_reader cut = fc_reader_of(frame.data + FC_WIRE_HEADER_SIZE, length);
		assert_false(fc_wire_get_start(&cut, &none));
	}
}

static void labels_are_cut_at_a_character(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	FC_CLEANUP(fc_wire_draw_release) struct fc_wire_draw draw = { 0 };
	char label[FC_WIRE_LABEL_MAXIMUM + 4];
	memset(label, 'x', sizeof(label));
	uint8_t opacity[] = { 0, 50, 100, 150, 200, 255 };
	/* A two-byte character across the limit. */
	memcpy(label + FC_WIRE_LABEL_MAXIMUM - 1, "\xc3\xa9", 3);
	const struct fc_mark marks[] = {
		{ .box = { 1, 2, 3, 4 },
		  .label = label,
		  .known = true,
		  .letter = 9,
		  .stencil = { 3, 2, opacity } },
		{ .box = { 5, 6, 7, 8 }, .label = "anna" },
	};
	enum fc_wire_kind kind = 0;
	const struct fc_drawing drawing = {
		marks, FC_ARRAY_LENGTH(marks), FC_IMAGE_PNG, { 10, 20, 30, UINT32_MAX }, 7
	};
	fc_wire_put_draw(&frame, 3, &drawing);
	struct fc_reader payload = fc_wire_payload(&frame, &kind);
	assert_int_equal(kind, FC_WIRE_DRAW);
	assert_true(fc_wire_get_draw(&payload, &draw));
	assert_int_equal(draw.serial, 3);
	assert_int_equal(draw.format, FC_IMAGE_PNG);
	assert_int_equal(draw.count, 2);
	assert_memory_equal(&draw.area, &drawing.area, sizeof(draw.area));
	assert_int_equal(draw.page, 7);
	assert_int_equal(strlen(draw.marks[0].label), FC_WIRE_LABEL_MAXIMUM - 1);
	assert_true(draw.marks[0].known);
	assert_int_equal(draw.marks[0].letter, 9);
	assert_int_equal(draw.marks[0].stencil.width, 3);
	assert_int_equal(draw.marks[0].stencil.height, 2);
	assert_memory_equal(draw.marks[0].stencil.opacity, opacity, sizeof(opacity));
	assert_null(draw.marks[1].stencil.opacity);
	assert_string_equal(draw.marks[1].label, "anna");
	assert_false(draw.marks[1].known);
	assert_memory_equal(&draw.marks[1].box, &marks[1].box, sizeof(marks[1].box));
}

static void every_cut_of_a_drawing_is_refused(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	uint8_t opacity[4] = { 0 };
	const struct fc_mark marks[] = { { .label = "anna", .stencil = { 2, 2, opacity } },
					 { .label = "ben" } };
	const struct fc_drawing drawing = { marks, FC_ARRAY_LENGTH(marks), FC_IMAGE_JPEG };
	struct fc_wire_draw draw = { 0 };
	fc_wire_put_draw(&frame, 3, &drawing);
	for (size_t length = 0; length < frame.length - FC_WIRE_HEADER_SIZE; length++) {
		struct fc_reader cut = fc_reader_of(frame.data + FC_WIRE_HEADER_SIZE, length);
		assert_false(fc_wire_get_draw(&cut, &draw));
		assert_null(draw.marks);
	}
	enum fc_wire_kind kind = 0;
	struct fc_reader payload = fc_wire_payload(&frame, &kind);
	frame.data[FC_WIRE_HEADER_SIZE + 30] = 0xff; /* the page, after serial, format and area */
	assert_false(fc_wire_get_draw(&payload, &draw));
	frame.data[FC_WIRE_HEADER_SIZE + 30] = 0;
	frame.data[FC_WIRE_HEADER_SIZE + 8] = FC_IMAGE_WEBP; /* after the serial */
	payload = fc_wire_payload(&frame, &kind);
	assert_false(fc_wire_get_draw(&payload, &draw));
}

static void a_refusal_has_neither_faces_nor_a_picture(void **state)
{
	struct sample *sample = *state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer got = { 0 };
	const struct fc_wire_draw draw = { .serial = 5, .format = FC_IMAGE_PNG };
	const struct fc_error refusal = { .status = FC_BAD_IMAGE, .text = "not an image" };
	const struct fc_error foreign = { .status = FC_CONFLICT };
	struct fc_analysis out = { 0 };
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;

	fc_wire_put_analysis(&sample->frame, &request, &fine, &sample->analysis);
	sample->frame.data[FC_WIRE_HEADER_SIZE + 8] = FC_BAD_IMAGE; /* after the serial */
	struct fc_reader payload = fc_wire_payload(&sample->frame, &kind);
	assert_string_equal(fc_wire_get_analysis(&payload, &request, &said, &out),
			    "a refused photo has faces");

	fc_wire_put_picture(&sample->frame, &draw, &refusal, &got);
	payload = fc_wire_payload(&sample->frame, &kind);
	assert_null(fc_wire_get_picture(&payload, 5, FC_IMAGE_PNG, &said, &got));
	assert_int_equal(said.status, FC_BAD_IMAGE);
	assert_string_equal(said.text, "not an image");
	fc_buffer_append_text(&sample->frame, "more");
	fc_wire_end(&sample->frame);
	payload = fc_wire_payload(&sample->frame, &kind);
	assert_string_equal(fc_wire_get_picture(&payload, 5, FC_IMAGE_PNG, &said, &got),
			    "a refused photo has a picture");
	fc_wire_put_picture(&sample->frame, &draw, &foreign, &got);
	payload = fc_wire_payload(&sample->frame, &kind);
	assert_string_equal(fc_wire_get_picture(&payload, 5, FC_IMAGE_PNG, &said, &got),
			    "its status is unknown");
	assert_int_equal(got.length, 0);
}

static void a_picture_must_be_of_the_kind_that_was_asked_for(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer picture = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer got = { 0 };
	const struct fc_wire_draw draw = { .serial = 5, .format = FC_IMAGE_PNG };
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	fc_buffer_append(&picture, "\x89PNG\r\n\x1a\n and more", 17);
	fc_wire_put_picture(&frame, &draw, &fine, &picture);
	struct fc_reader payload = fc_wire_payload(&frame, &kind);
	struct fc_reader again = payload, third = payload;
	assert_int_equal(kind, FC_WIRE_PICTURE);
	assert_non_null(fc_wire_get_picture(&payload, 5, FC_IMAGE_JPEG, &said, &got));
	assert_non_null(fc_wire_get_picture(&again, 6, FC_IMAGE_PNG, &said, &got));
	assert_int_equal(got.length, 0);
	assert_null(fc_wire_get_picture(&third, 5, FC_IMAGE_PNG, &said, &got));
	assert_int_equal(got.length, 17);
}

static void a_ready_arrives_as_it_was_sent(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	const struct fc_protections sent = {
		.seccomp = true, .no_core_dumps = true, .landlock_abi = 4, .text = "no Landlock"
	};
	struct fc_protections got = { 0 };
	struct fc_error said = { 0 };
	enum fc_wire_kind kind = 0;
	fc_wire_put_ready(&frame, &fine, &sent);
	struct fc_reader payload = fc_wire_payload(&frame, &kind);
	assert_int_equal(kind, FC_WIRE_READY);
	assert_true(fc_wire_get_ready(&payload, &said, &got));
	assert_int_equal(said.status, FC_OK);
	assert_true(got.seccomp && got.no_core_dumps && !got.landlock && !got.memory_limit);
	assert_int_equal(got.landlock_abi, 4);
	assert_string_equal(got.text, "no Landlock");
}

static void a_frame_crosses_a_socket_in_pieces_with_its_descriptor(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer incoming = { 0 };
	FC_CLEANUP(fc_fd_close) int passed = -1;
	const unsigned kinds = FC_WIRE_BIT(FC_WIRE_PHOTO);
	int pair[2], pipes[2];
	char byte = 'x';
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(pipe(pipes), 0);
	fc_wire_put_photo(&frame, 9, FC_WANT_FACES);
	assert_int_equal(fc_wire_receive(pair[1], &incoming, kinds, false, &passed),
			 FC_WIRE_PARTIAL);
	assert_int_equal(write(pair[0], frame.data, 5), 5);
	assert_int_equal(fc_wire_receive(pair[1], &incoming, kinds, false, &passed),
			 FC_WIRE_PARTIAL);
	frame.length -= 5;
	memmove(frame.data, frame.data + 5, frame.length);
	assert_true(fc_wire_send(pair[0], &frame, pipes[1], 1000));
	assert_int_equal(fc_wire_receive(pair[1], &incoming, kinds, false, &passed), FC_WIRE_WHOLE);
	assert_true(passed >= 0);
	assert_int_equal(write(passed, &byte, 1), 1);
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	fc_buffer_clear(&incoming);
	assert_int_equal(close(pair[0]), 0);
	assert_int_equal(fc_wire_receive(pair[1], &incoming, kinds, false, &passed),
			 FC_WIRE_CLOSED);
	/* The other side is closed: refused, without SIGPIPE. */
	fc_wire_put_photo(&frame, 9, FC_WANT_FACES);
	assert_false(fc_wire_send(pair[1], &frame, -1, 1000));
	assert_int_equal(close(pair[1]) | close(pipes[0]) | close(pipes[1]), 0);
}

static void a_frame_that_is_not_read_is_given_up(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer frame = { 0 };
	static const uint8_t block[1 << 20];
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fc_wire_begin(&frame, FC_WIRE_PICTURE);
	for (int i = 0; i < 8; i++) {
		fc_buffer_append(&frame, block, sizeof(block)); /* more than a socket keeps */
	}
	fc_wire_end(&frame);
	assert_false(fc_wire_send(pair[0], &frame, -1, 1));
	assert_int_equal(close(pair[0]) | close(pair[1]), 0);
}

#define SAMPLE_TEST(test) cmocka_unit_test_setup_teardown(test, make_sample, free_sample)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(an_analysis_arrives_as_it_was_sent),
		SAMPLE_TEST(a_refusal_arrives_with_its_words_and_what_is_known),
		SAMPLE_TEST(words_are_made_harmless),
		SAMPLE_TEST(statuses_that_no_worker_has_are_refused),
		SAMPLE_TEST(implausible_boxes_are_refused),
		SAMPLE_TEST(implausible_measures_are_refused),
		SAMPLE_TEST(words_that_nobody_knows_are_refused),
		SAMPLE_TEST(liveness_is_a_probability_for_each_face),
		SAMPLE_TEST(a_crop_with_two_faces_is_refused),
		SAMPLE_TEST(faces_that_are_not_alone_come_without_templates),
		SAMPLE_TEST(only_the_main_face_comes_with_a_template),
		SAMPLE_TEST(templates_that_are_not_normalised_are_refused),
		SAMPLE_TEST(photos_beyond_the_limits_are_refused),
		SAMPLE_TEST(faces_out_of_order_are_refused),
		SAMPLE_TEST(an_answer_to_another_question_is_refused),
		SAMPLE_TEST(every_cut_and_every_added_byte_is_refused),
		cmocka_unit_test(headers_with_a_wrong_magic_kind_or_length_are_refused),
		cmocka_unit_test(a_start_arrives_as_it_was_sent),
		cmocka_unit_test(labels_are_cut_at_a_character),
		cmocka_unit_test(every_cut_of_a_drawing_is_refused),
		SAMPLE_TEST(a_refusal_has_neither_faces_nor_a_picture),
		cmocka_unit_test(a_frame_that_is_not_read_is_given_up),
		cmocka_unit_test(a_picture_must_be_of_the_kind_that_was_asked_for),
		cmocka_unit_test(a_ready_arrives_as_it_was_sent),
		cmocka_unit_test(a_frame_crosses_a_socket_in_pieces_with_its_descriptor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
