/* Pack and unpack the frames between facectl and its workers: headers and requests. Responses are in wire_answer.c. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "base/memory.h"

/* "FCW" and the version of the frames, so that a worker of another build is detected by its first frame. */
static const uint32_t MAGIC = 0x06574346;

enum {
	LENGTH_OFFSET = 8,
	/* Upper bounds of a face without template and crop, and of a response without faces. */
	FACE_MAXIMUM = 256,
	ANSWER_MAXIMUM = 1024 + FC_WIRE_TEXT_MAXIMUM,
};

/* The longest payload of each kind. */
static size_t payload_maximum(uint32_t kind)
{
	switch (kind) {
	case FC_WIRE_START:
		return 8 * FC_WIRE_TEXT_MAXIMUM;
	case FC_WIRE_PHOTO:
		return 64;
	case FC_WIRE_DRAW:
		return 64 + FC_WIRE_STENCILS_MAXIMUM +
		       (size_t)FC_WIRE_MARKS_MAXIMUM * (FC_WIRE_LABEL_MAXIMUM + 64);
	case FC_WIRE_READY:
		return ANSWER_MAXIMUM;
	case FC_WIRE_ANALYSIS:
		return ANSWER_MAXIMUM +
		       (size_t)FC_FACES_MAXIMUM *
			       (FACE_MAXIMUM + FC_TEMPLATE_MAXIMUM * sizeof(float) + FC_CROP_BYTES);
	case FC_WIRE_PICTURE:
		return FC_WIRE_PICTURE_MAXIMUM + ANSWER_MAXIMUM;
	case FC_WIRE_STENCIL:
		return FC_WIRE_STENCIL_MAXIMUM;
	case FC_WIRE_FONTS:
		return 64 + FC_WIRE_VARIABLES_MAXIMUM * (FC_WIRE_TEXT_MAXIMUM + 4);
	case FC_WIRE_TEXT:
		return 64 + FC_WIRE_TEXT_MAXIMUM;
	default:
		return 0;
	}
}

void fc_wire_begin(struct fc_buffer *frame, enum fc_wire_kind kind)
{
	fc_buffer_clear(frame);
	fc_buffer_put_u32(frame, MAGIC);
	fc_buffer_put_u32(frame, kind);
	fc_buffer_put_u32(frame, 0);
}

void fc_wire_end(struct fc_buffer *frame)
{
	if (!fc_buffer_ok(frame)) {
		return;
	}
	size_t length = frame->length - FC_WIRE_HEADER_SIZE;
	if (length > UINT32_MAX) {
		frame->failed = true;
		return;
	}
	for (size_t i = 0; i < sizeof(uint32_t); i++) {
		frame->data[LENGTH_OFFSET + i] = (uint8_t)(length >> (8 * i));
	}
}

bool fc_wire_header(const uint8_t header[FC_WIRE_HEADER_SIZE], enum fc_wire_kind *kind,
		    size_t *length)
{
	struct fc_reader reader = fc_reader_of(header, FC_WIRE_HEADER_SIZE);
	uint32_t magic = fc_reader_u32(&reader);
	uint32_t number = fc_reader_u32(&reader);
	uint32_t size = fc_reader_u32(&reader);
	if (magic != MAGIC || number < FC_WIRE_START || number > FC_WIRE_LAST ||
	    size > payload_maximum(number)) {
		return false;
	}
	*kind = (enum fc_wire_kind)number;
	*length = size;
	return true;
}

static const struct fc_field limits_fields[] = {
	FC_FIELD(struct fc_image_limits, bytes),
	FC_FIELD(struct fc_image_limits, pixels),
	FC_FIELD(struct fc_image_limits, side),
	{ 0 },
};

static const struct fc_field file_fields[] = {
	FC_FIELD_OF_TEXT(struct fc_model_file, path, FC_WIRE_TEXT_MAXIMUM),
	FC_FIELD(struct fc_model_file, bytes),
	FC_FIELD(struct fc_model_file, sha256),
	FC_FIELD(struct fc_model_file, grow),
	{ 0 },
};

/* The fields of a model that are sent before its files, and those that are sent after them. */
static const struct fc_field model_first_fields[] = {
	FC_FIELD_OF_TEXT(struct fc_model, name, FC_WIRE_TEXT_MAXIMUM),
	FC_FIELD_OF_CHOICES(struct fc_model, role, sizeof(uint32_t), FC_ROLE_COUNT - 1),
	{ 0 },
};

static const struct fc_field model_fields[] = {
	FC_FIELD(struct fc_model, input.width),
	FC_FIELD(struct fc_model, input.height),
	FC_FIELD_OF_CHOICES(struct fc_model, input.order, sizeof(uint32_t), FC_CHANNELS_RGB),
	FC_FIELD(struct fc_model, input.scale),
	FC_FIELD(struct fc_model, input.mean),
	FC_FIELD(struct fc_model, input.deviation),
	FC_FIELD(struct fc_model, preprocessing),
	FC_FIELD(struct fc_model, score_threshold),
	FC_FIELD(struct fc_model, nms_iou),
	FC_FIELD(struct fc_model, dimension),
	FC_FIELD(struct fc_model, mirror),
	FC_FIELD(struct fc_model, live_class),
	{ 0 },
};

static void put_model(struct fc_buffer *frame, const struct fc_model *model)
{
	fc_fields_put(frame, model_first_fields, model);
	fc_buffer_put_u32(frame, (uint32_t)model->file_count);
	for (size_t i = 0; i < model->file_count; i++) {
		fc_fields_put(frame, file_fields, &model->files[i]);
	}
	fc_fields_put(frame, model_fields, model);
	fc_buffer_put_u32(frame, (uint32_t)model->attribute_count);
	for (size_t i = 0; i < model->attribute_count; i++) {
		const struct fc_model_attribute *attribute = &model->attributes[i];
		fc_buffer_put_u32(frame, attribute->attribute);
		fc_buffer_put_u8(frame, attribute->output != NULL);
		fc_buffer_put_text(frame, attribute->output);
		fc_buffer_put_u32(frame, attribute->index);
		fc_buffer_put_f32(frame, attribute->scale);
		fc_buffer_put_f32(frame, attribute->offset);
		fc_buffer_put_u32(frame, attribute->label_count);
		fc_buffer_append(frame, attribute->labels, attribute->label_count);
		fc_buffer_put_u8(frame, attribute->probabilities);
		fc_buffer_put_f32(frame, attribute->least_probability);
		fc_buffer_put_u32(frame, attribute->age_from);
		fc_buffer_put_u32(frame, attribute->age_to);
	}
}

static void get_attribute(struct fc_reader *payload, struct fc_model_attribute *attribute)
{
	uint32_t kind = fc_reader_u32(payload);
	bool named = fc_reader_u8(payload) != 0;
	FC_CLEANUP(fc_free) char *output = fc_reader_text(payload, FC_WIRE_TEXT_MAXIMUM);
	attribute->index = fc_reader_u32(payload);
	attribute->scale = fc_reader_f32(payload);
	attribute->offset = fc_reader_f32(payload);
	uint32_t labels = fc_reader_u32(payload);
	if (payload->failed || kind >= FC_ATTRIBUTE_COUNT || labels > FC_ATTRIBUTE_LABELS_MAXIMUM) {
		payload->failed = true;
		return;
	}
	fc_reader_bytes(payload, attribute->labels, labels);
	attribute->probabilities = fc_reader_u8(payload) != 0;
	attribute->least_probability = fc_reader_f32(payload);
	attribute->age_from = fc_reader_u32(payload);
	attribute->age_to = fc_reader_u32(payload);
	attribute->attribute = (enum fc_attribute)kind;
	attribute->label_count = labels;
	attribute->output = named ? FC_STEAL(output) : NULL;
}

static struct fc_model *get_model(struct fc_reader *payload)
{
	struct fc_model *model = calloc(1, sizeof(*model));
	if (!model) {
		payload->failed = true;
		return NULL;
	}
	FC_IGNORE(fc_fields_get(payload, model_first_fields, model));
	uint32_t files = fc_reader_u32(payload);
	payload->failed = payload->failed || files < 1 || files > FC_MODEL_FILES_MAXIMUM;
	while (model->file_count < files && !payload->failed) {
		FC_IGNORE(fc_fields_get(payload, file_fields, &model->files[model->file_count++]));
	}
	FC_IGNORE(fc_fields_get(payload, model_fields, model));
	uint32_t attributes = fc_reader_u32(payload);
	payload->failed = payload->failed || attributes > FC_ATTRIBUTE_COUNT ||
			  model->dimension > FC_TEMPLATE_MAXIMUM;
	while (model->attribute_count < attributes && !payload->failed) {
		get_attribute(payload, &model->attributes[model->attribute_count++]);
	}
	return model;
}

static void put_optional_model(struct fc_buffer *frame, const struct fc_model *model)
{
	fc_buffer_put_u8(frame, model != NULL);
	if (model) {
		put_model(frame, model);
	}
}

static struct fc_model *get_optional_model(struct fc_reader *payload)
{
	return fc_reader_u8(payload) ? get_model(payload) : NULL;
}

void fc_wire_put_start(struct fc_buffer *frame, const struct fc_workers_options *options,
		       bool codecs, uint32_t parent)
{
	fc_wire_begin(frame, FC_WIRE_START);
	fc_buffer_put_u32(frame, parent);
	fc_buffer_put_u32(frame, options->photo_timeout);
	fc_buffer_put_u8(frame, (uint8_t)options->sandbox);
	fc_fields_put(frame, limits_fields, &options->limits);
	fc_buffer_put_text(frame, codecs ? options->codecs_module : NULL);
	put_model(frame, options->detector);
	put_optional_model(frame, options->embedder);
	put_optional_model(frame, options->liveness);
	put_optional_model(frame, options->attributes);
	fc_wire_end(frame);
}

bool fc_wire_get_start(struct fc_reader *payload, struct fc_wire_start *out)
{
	struct fc_wire_start start = { 0 };
	start.parent = fc_reader_u32(payload);
	start.photo_timeout = fc_reader_u32(payload);
	start.sandbox = fc_reader_u8(payload) == FC_SANDBOX_BEST_EFFORT ? FC_SANDBOX_BEST_EFFORT
									: FC_SANDBOX_STRICT;
	FC_IGNORE(fc_fields_get(payload, limits_fields, &start.limits));
	start.codecs_module = fc_reader_text(payload, FC_WIRE_TEXT_MAXIMUM);
	start.detector = get_model(payload);
	start.embedder = get_optional_model(payload);
	start.liveness = get_optional_model(payload);
	start.attributes = get_optional_model(payload);
	if (!fc_reader_done(payload)) {
		fc_wire_start_release(&start);
		return false;
	}
	*out = start;
	return true;
}

void fc_wire_start_release(struct fc_wire_start *start)
{
	free(start->codecs_module);
	fc_model_free(start->detector);
	fc_model_free(start->embedder);
	fc_model_free(start->liveness);
	fc_model_free(start->attributes);
	*start = (struct fc_wire_start){ 0 };
}

void fc_wire_put_photo(struct fc_buffer *frame, uint64_t serial, enum fc_want want)
{
	fc_wire_begin(frame, FC_WIRE_PHOTO);
	fc_buffer_put_u64(frame, serial);
	fc_buffer_put_u32(frame, want);
	fc_wire_end(frame);
}

bool fc_wire_get_photo(struct fc_reader *payload, uint64_t *serial, enum fc_want *want)
{
	uint64_t number = fc_reader_u64(payload);
	uint32_t flags = fc_reader_u32(payload);
	if (!fc_reader_done(payload) || flags > FC_WANT_EVERYTHING) {
		return false;
	}
	*serial = number;
	*want = (enum fc_want)flags;
	return true;
}

/* The length of the label. If it is too long, it is cut at the end of a UTF-8 character. */
static size_t label_length(const char *text)
{
	size_t length = strnlen(text, FC_WIRE_LABEL_MAXIMUM + 1);
	if (length <= FC_WIRE_LABEL_MAXIMUM) {
		return length;
	}
	length = FC_WIRE_LABEL_MAXIMUM;
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
		length--;
	}
	return length;
}

static const struct fc_field mark_fields[] = {
	FC_FIELD_AS(FC_FIELD_FLOATS, struct fc_mark, box),
	FC_FIELD(struct fc_mark, known),
	FC_FIELD(struct fc_mark, letter),
	{ 0 },
};

static const struct fc_field area_fields[] = {
	FC_FIELD(struct fc_area, left),
	FC_FIELD(struct fc_area, top),
	FC_FIELD(struct fc_area, width),
	FC_FIELD(struct fc_area, height),
	{ 0 },
};

void fc_wire_put_draw(struct fc_buffer *frame, uint64_t serial, const struct fc_drawing *drawing)
{
	size_t room = FC_WIRE_STENCILS_MAXIMUM;
	fc_wire_begin(frame, FC_WIRE_DRAW);
	fc_buffer_put_u64(frame, serial);
	fc_buffer_put_u32(frame, drawing->format);
	fc_fields_put(frame, area_fields, &drawing->area);
	fc_buffer_put_u32(frame, drawing->page);
	fc_buffer_put_u32(frame, (uint32_t)drawing->count);
	for (size_t i = 0; i < drawing->count; i++) {
		const struct fc_mark *mark = &drawing->marks[i];
		const char *label = mark->label ? mark->label : "";
		size_t length = label_length(label);
		fc_fields_put(frame, mark_fields, mark);
		fc_buffer_put_u32(frame, (uint32_t)length);
		fc_buffer_append(frame, label, length);
		size_t bytes = (size_t)mark->stencil.width * mark->stencil.height;
		bool fits = bytes <= room;
		fc_wire_put_stencil(frame, fits ? &mark->stencil : &(struct fc_stencil){ 0 });
		room -= fits ? bytes : 0;
	}
	fc_wire_end(frame);
}

bool fc_wire_get_draw(struct fc_reader *payload, struct fc_wire_draw *out)
{
	struct fc_wire_draw draw = { .serial = fc_reader_u64(payload) };
	uint32_t format = fc_reader_u32(payload);
	FC_IGNORE(fc_fields_get(payload, area_fields, &draw.area));
	uint32_t page = fc_reader_u32(payload);
	uint32_t count = fc_reader_u32(payload);
	if (payload->failed || page > FC_PAGES_MAXIMUM || count > FC_WIRE_MARKS_MAXIMUM ||
	    (format != FC_IMAGE_JPEG && format != FC_IMAGE_PNG)) {
		return false;
	}
	draw.format = (enum fc_image_format)format;
	draw.page = (uint16_t)page;
	draw.marks = calloc(count + 1, sizeof(*draw.marks));
	draw.labels = calloc(count + 1, sizeof(*draw.labels));
	if (!draw.marks || !draw.labels) {
		fc_wire_draw_release(&draw);
		return false;
	}
	for (; draw.count < count && !payload->failed; draw.count++) {
		struct fc_mark *mark = &draw.marks[draw.count];
		FC_IGNORE(fc_fields_get(payload, mark_fields, mark));
		draw.labels[draw.count] = fc_reader_text(payload, FC_WIRE_LABEL_MAXIMUM);
		mark->label = draw.labels[draw.count];
		FC_IGNORE(fc_wire_get_stencil(payload, &mark->stencil));
	}
	if (!fc_reader_done(payload)) {
		fc_wire_draw_release(&draw);
		return false;
	}
	*out = draw;
	return true;
}

void fc_wire_draw_release(struct fc_wire_draw *draw)
{
	for (size_t i = 0; i < draw->count; i++) {
		free(draw->labels[i]);
		free(draw->marks[i].stencil.opacity);
	}
	free(draw->labels);
	free(draw->marks);
	*draw = (struct fc_wire_draw){ 0 };
}
