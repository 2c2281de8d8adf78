/* Answer requests of the Smarty API: set, recognize, delete and truncate. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/memory.h"
#include "protocol/multipart.h"
#include "protocol/smarty.h"
#include "protocol/smarty_request.h"
#include "service/answer/smarty.h"
#include "service/api/api.h"
#include "service/api/target.h"
#include "service/photos.h"
#include "service/spaces.h"
#include "vision/image/photo_size.h"

/* VK Cloud, "Vision: limits", 2023-05-10; megabytes are taken as 10^6 bytes */
enum {
	IMAGES_MAXIMUM = 100,
	IMAGE_BYTES_MAXIMUM = 15 * 1000 * 1000,
	SIDE_MINIMUM = 5,
	LONGER_SIDE_MAXIMUM = 3840,
	SHORTER_SIDE_MAXIMUM = 2160,
	SPACE_FACES_MAXIMUM = 75000,
};

/* One request. */
struct smarty_call {
	struct fc_service *service;
	struct fc_api_response *response;
	struct fc_form form;
	struct fc_smarty_request meta;
	char space[2];
	struct fc_photo *photos; /* one for each image of meta */
	struct fc_error *errors; /* of photos that violate a limit */
	struct fc_json_writer json;
	const char *const *spaces; /* that the token may use, ends with NULL; NULL: all */
	struct fc_error refusal;   /* of the only image; see fc_answer_refuses_photo */
	bool refused;
};

static void call_release(struct smarty_call *call)
{
	fc_form_release(&call->form);
	fc_smarty_request_release(&call->meta);
	free(call->photos);
	free(call->errors);
}

/* ---- errors ---- */

/* Answer with an error envelope. The HTTP status is that of the envelope. */
static enum fc_status refuse(struct smarty_call *call, int status, const char *message)
{
	fc_buffer_clear(&call->response->body);
	call->response->status = status;
	fc_smarty_write_error(&call->response->body, status, message);
	return FC_OK;
}

static enum fc_status refuse_with(struct smarty_call *call, const struct fc_error *err)
{
	fc_buffer_clear(&call->response->body);
	call->response->status = fc_smarty_error_status(err->status);
	fc_answer_smarty_error(&call->response->body, err);
	return FC_OK;
}

/* An error that the API answers; others are passed on. */
static enum fc_status answer_error(struct smarty_call *call, enum fc_status status,
				   const struct fc_error *err)
{
	return fc_api_is_answered(status) ? refuse_with(call, err) : status;
}

static enum fc_status refuse_text(struct smarty_call *call, int status, struct fc_buffer *words,
				  struct fc_error *err)
{
	const char *text = fc_buffer_text(words);
	return text ? refuse(call, status, text) : fc_fail_memory(err);
}

/* ---- photos ---- */

static enum fc_status check_limits(const struct fc_form_part *part, struct fc_error *err)
{
	struct fc_photo_size size;
	if (part->length > IMAGE_BYTES_MAXIMUM) {
		return fc_fail(err, FC_TOO_LARGE,
			       "the image has %zu bytes; the maximum is 15000000", part->length);
	}
	enum fc_status status = fc_photo_size_of(part->data, part->length, &size, err);
	bool known =
		status == FC_OK && (size.format == FC_IMAGE_JPEG || size.format == FC_IMAGE_PNG ||
				    size.format == FC_IMAGE_TIFF);
	if (status == FC_BAD_IMAGE || (status == FC_OK && !known)) {
		return fc_fail(err, FC_BAD_IMAGE,
			       "The memory contains data of an unknown image type");
	}
	FC_TRY(status);
	uint32_t longer = size.width > size.height ? size.width : size.height;
	uint32_t shorter = size.width > size.height ? size.height : size.width;
	if (longer > 0 && (shorter < SIDE_MINIMUM || longer > LONGER_SIDE_MAXIMUM ||
			   shorter > SHORTER_SIDE_MAXIMUM)) {
		return fc_fail(err, FC_BAD_IMAGE,
			       "the image has %ux%u pixels; the range is 5x5 to 3840x2160",
			       size.width, size.height);
	}
	return FC_OK;
}

/* Make a photo of each image of meta. *answered: the request was refused. */
static enum fc_status collect_photos(struct smarty_call *call, bool numbered, bool *answered,
				     struct fc_error *err)
{
	size_t count = call->meta.image_count;
	*answered = true;
	if (count == 0) {
		return refuse(call, 400, "no images have been provided");
	}
	if (count > IMAGES_MAXIMUM) {
		return refuse(call, 400, "the request has more than 100 images");
	}
	call->photos = calloc(count, sizeof(*call->photos));
	call->errors = calloc(count, sizeof(*call->errors));
	if (!call->photos || !call->errors) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		const struct fc_smarty_request_image *image = &call->meta.images[i];
		struct fc_photo *photo = &call->photos[i];
		FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
		if (!image->name || *image->name == '\0') {
			return refuse(call, 400, "an image has no name");
		}
		for (size_t k = 0; k < i; k++) {
			if (strcmp(image->name, call->meta.images[k].name) == 0) {
				return refuse(call, 400, "two images have the same name");
			}
		}
		if (numbered && !image->has_number) {
			return refuse(call, 400,
				      fc_smarty_words(FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID));
		}
		const struct fc_form_part *part = fc_form_find(&call->form, image->name);
		if (!part || !part->filename) {
			fc_smarty_missing_image(image->name, &words);
			return refuse_text(call, 400, &words, err);
		}
		if (part->length == 0 && count == 1) {
			return refuse(call, 400,
				      fc_smarty_words(FC_BAD_IMAGE, FC_CODE_EMPTY_IMAGE));
		}
		*photo = (struct fc_photo){
			.name = image->name,
			.path = part->filename,
			.in_memory = true,
			.bytes = part->data,
			.length = part->length,
			.has_number = numbered,
			.number = image->number,
		};
		photo->status = part->length == 0 ? fc_fail_code(&call->errors[i], FC_BAD_IMAGE,
								 FC_CODE_EMPTY_IMAGE, "empty image")
						  : check_limits(part, &call->errors[i]);
		photo->code = call->errors[i].code;
		photo->error = call->errors[i].text;
	}
	*answered = false;
	return FC_OK;
}

static enum fc_status write_photo(void *context, const struct fc_photo_outcome *outcome,
				  struct fc_error *err)
{
	struct smarty_call *call = context;
	(void)err;
	call->refused = call->meta.image_count == 1 && outcome->status != FC_OK &&
			fc_answer_refuses_photo(outcome, &call->refusal);
	fc_answer_photo(&call->json, outcome);
	return FC_OK;
}

/* ---- the methods ---- */

/* Whether the faces of the space and those of the request exceed the limit. A gallery that does not exist yet has no faces. */
static enum fc_status is_full(struct smarty_call *call, bool *full, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	size_t count = 0;
	enum fc_status status = fc_service_space_list(call->service, &spaces, &count, err);
	*full = false;
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	for (size_t i = 0; i < count; i++) {
		*full = *full || (strcmp(spaces[i].name, call->space) == 0 &&
				  spaces[i].faces + call->meta.image_count > SPACE_FACES_MAXIMUM);
	}
	return FC_OK;
}

static enum fc_status set(struct smarty_call *call, struct fc_error *err)
{
	struct fc_tally tally = { 0 };
	bool answered;
	bool full;
	FC_TRY(collect_photos(call, true, &answered, err));
	if (answered) {
		return FC_OK;
	}
	FC_TRY(is_full(call, &full, err));
	if (full) {
		return refuse(call, 400, "the space would have more than 75000 faces");
	}
	struct fc_photo_array photos = { call->photos, call->meta.image_count };
	const struct fc_set_request request = {
		.space = call->space,
		.photos = fc_photo_array_source(&photos),
		.sink = { write_photo, call },
	};
	fc_answer_begin_photos(&call->json);
	enum fc_status status = fc_service_set(call->service, &request, &tally, err);
	if (status != FC_OK) {
		return answer_error(call, status, err);
	}
	fc_answer_end_photos(&call->json, &tally.notes);
	return call->refused ? refuse_with(call, &call->refusal) : FC_OK;
}

static enum fc_status recognize(struct smarty_call *call, struct fc_error *err)
{
	struct fc_tally tally = { 0 };
	bool answered;
	FC_TRY(collect_photos(call, false, &answered, err));
	if (answered) {
		return FC_OK;
	}
	struct fc_photo_array photos = { call->photos, call->meta.image_count };
	const struct fc_recognize_request request = {
		.space = call->space,
		.photos = fc_photo_array_source(&photos),
		.sink = { write_photo, call },
		.create_new = call->meta.create_new,
		.update_embedding = call->meta.update_embedding,
	};
	fc_answer_begin_photos(&call->json);
	enum fc_status status = fc_service_recognize(call->service, &request, &tally, err);
	if (status != FC_OK) {
		return answer_error(call, status, err);
	}
	fc_answer_end_recognized(&call->json, &tally.notes);
	return call->refused ? refuse_with(call, &call->refusal) : FC_OK;
}

/* Photos are accepted and ignored: one of the documented examples has one. */
static enum fc_status delete_persons(struct smarty_call *call, struct fc_error *err)
{
	size_t count = call->meta.image_count;
	struct fc_smarty_notes notes = { 0 };
	FC_CLEANUP(fc_free) struct fc_delete_item *items = calloc(count + 1, sizeof(*items));
	if (!items) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		const struct fc_smarty_request_image *image = &call->meta.images[i];
		if (!image->name || *image->name == '\0') {
			return refuse(call, 400, "an image has no name");
		}
		items[i] = (struct fc_delete_item){ .name = image->name, .number = image->number };
		if (!image->has_number) {
			count = 0;
		}
	}
	if (count == 0) {
		return refuse(call, 400,
			      fc_smarty_words(FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID));
	}
	const struct fc_delete_request request = {
		.space = call->space,
		.items = items,
		.count = count,
		.notes = &notes,
	};
	enum fc_status status = fc_service_delete(call->service, &request, err);
	if (status != FC_OK && status != FC_PARTIAL && status != FC_GALLERY_MISSING) {
		return answer_error(call, status, err);
	}
	fc_answer_begin_photos(&call->json);
	for (size_t i = 0; i < count; i++) {
		items[i].status = status == FC_GALLERY_MISSING ? FC_NOT_FOUND : items[i].status;
		fc_answer_deleted(&call->json, &items[i], call->space);
	}
	fc_answer_end_photos(&call->json, &notes);
	return FC_OK;
}

/* A space always exists, so clearing an empty one succeeds. */
static enum fc_status truncate_space(struct smarty_call *call, struct fc_error *err)
{
	struct fc_truncate_result result = { 0 };
	const struct fc_truncate_request request = { .space = call->space };
	enum fc_status status = fc_service_truncate(call->service, &request, &result, err);
	if (status != FC_OK && status != FC_NOT_FOUND && status != FC_GALLERY_MISSING) {
		return answer_error(call, status, err);
	}
	fc_answer_truncated(&call->json, &result.notes);
	return FC_OK;
}

/* ---- dispatch ---- */

static const struct method {
	const char *name;
	enum fc_status (*run)(struct smarty_call *call, struct fc_error *err);
} methods[] = {
	{ "set", set },
	{ "recognize", recognize },
	{ "delete", delete_persons },
	{ "truncate", truncate_space },
};

static const struct method *find_method(const struct fc_api_target *target)
{
	for (size_t i = 0; i < FC_ARRAY_LENGTH(methods); i++) {
		if (target->segment_count == 4 && strcmp(target->segments[0], "api") == 0 &&
		    strcmp(target->segments[1], "v1") == 0 &&
		    strcmp(target->segments[2], "persons") == 0 &&
		    strcmp(target->segments[3], methods[i].name) == 0) {
			return &methods[i];
		}
	}
	return NULL;
}

static bool is_provider(const char *provider)
{
	return provider && (strcmp(provider, "mcs") == 0 || strcmp(provider, "mr") == 0);
}

/* Read the part meta and the space. *answered: the request was refused. */
static enum fc_status read_meta(struct smarty_call *call, bool *answered, struct fc_error *err)
{
	const struct fc_form_part *part = fc_form_find(&call->form, "meta");
	struct fc_error why = { 0 };
	*answered = true;
	if (!part) {
		return refuse(call, 400, "no meta has been provided");
	}
	enum fc_status status =
		fc_smarty_request_parse(part->data, part->length, "meta", &call->meta, &why);
	if (status != FC_OK) {
		return status == FC_NO_MEMORY ? fc_fail_memory(err) : refuse(call, 400, why.text);
	}
	if (!fc_smarty_parse_space(call->meta.space ? call->meta.space : "", call->space)) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
		fc_smarty_wrong_space(call->meta.space ? call->meta.space : "", &words);
		return refuse_text(call, 400, &words, err);
	}
	bool allowed = call->spaces == NULL;
	for (size_t i = 0; !allowed && call->spaces[i]; i++) {
		allowed = strcmp(call->spaces[i], call->space) == 0;
	}
	if (!allowed) {
		return refuse(call, 403, "the token has no access to this space");
	}
	*answered = false;
	return FC_OK;
}

static enum fc_status answer(struct smarty_call *call, const struct fc_api_target *target,
			     const struct fc_api_request *request, struct fc_error *err)
{
	const struct method *method = find_method(target);
	const char *token = fc_api_parameter(target, "oauth_token");
	struct fc_error why = { 0 };
	bool answered;
	if (!method) {
		return refuse(call, 404, "404 page not found");
	}
	if (strcmp(request->method, "POST") != 0) {
		return refuse(call, 405, "the method must be POST");
	}
	if (!token || *token == '\0') {
		return refuse(call, 403, "no oauth_token has been provided");
	}
	if (!is_provider(fc_api_parameter(target, "oauth_provider"))) {
		return refuse(call, 403, "oauth_provider must be mcs or mr");
	}
	if (request->length > FC_API_BODY_MAXIMUM) {
		return refuse(call, 400, "the request has more than 30000000 bytes");
	}
	enum fc_status status = fc_form_read(request->content_type, request->body, request->length,
					     IMAGES_MAXIMUM + 1, &call->form, &why);
	if (status != FC_OK) {
		return status == FC_NO_MEMORY ? fc_fail_memory(err) : refuse(call, 400, why.text);
	}
	FC_TRY(read_meta(call, &answered, err));
	return answered ? FC_OK : method->run(call, err);
}

enum fc_status fc_smarty_api_call(struct fc_service *service, const struct fc_api_request *request,
				  struct fc_api_response *out, struct fc_error *err)
{
	FC_CLEANUP(fc_api_target_release) struct fc_api_target target = { 0 };
	FC_CLEANUP(call_release)
	struct smarty_call call = {
		.service = service,
		.response = out,
		.spaces = request->spaces,
		.json = fc_json_writer_of(&out->body, true),
	};
	out->status = 200;
	if (fc_api_target_read(request->target, &target, NULL) != FC_OK) {
		FC_TRY(refuse(&call, 404, "404 page not found"));
	} else {
		FC_TRY(answer(&call, &target, request, err));
	}
	return fc_buffer_ok(&out->body) ? FC_OK : fc_fail_memory(err);
}
