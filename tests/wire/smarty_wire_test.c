/* A service at the fake, photos to give it, and what came back of each. */
/* SPDX-License-Identifier: MIT */
#include "smarty_wire_test.h"

#include <math.h>
#include <stdio.h>

struct fc_smarty_options smarty_options(void)
{
	struct fc_smarty_options options = fc_smarty_defaults();
	options.name = "vk";
	options.http = wire_options();
	options.token.file = wire_env("FAKE_TOKEN_FILE");
	return options;
}

struct fc_service *smarty_open(const struct fc_smarty_options *options)
{
	struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	if (fc_smarty_open(options, &service, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	return service;
}

static void free_text(const char *text)
{
	free((void *)(uintptr_t)text);
}

void album_release(struct album *album)
{
	for (size_t i = 0; i < album->count; i++) {
		free_text(album->photos[i].name);
		free_text(album->photos[i].path);
	}
	free(album->photos);
	free(album->statuses);
	fc_buffer_release(&album->lines);
}

void album_add_file(struct album *album, const char *name, char *path, uint64_t number)
{
	if (album->count == album->capacity) {
		album->capacity = 2 * album->capacity + 16;
		album->photos = realloc(album->photos, album->capacity * sizeof(*album->photos));
		album->statuses =
			realloc(album->statuses, album->capacity * sizeof(*album->statuses));
		assert_non_null(album->photos);
		assert_non_null(album->statuses);
	}
	album->photos[album->count++] = (struct fc_photo){
		.name = strdup(name),
		.path = path,
		.has_number = number > 0,
		.number = number,
	};
}

void album_add(struct album *album, const char *name, const char *faces, uint64_t number)
{
	album_add_file(album, name, wire_photo(faces, 640, 480, 0), number);
}

void album_rewind(struct album *album)
{
	album->given = 0;
	album->reported = 0;
	fc_buffer_clear(&album->lines);
}

static enum fc_status give_next(void *context, struct fc_photo *out, bool *end,
				struct fc_error *err)
{
	struct album *album = context;
	(void)err;
	*end = album->given == album->count;
	if (!*end) {
		*out = album->photos[album->given++];
	}
	return FC_OK;
}

static void write_tag(struct fc_buffer *out, const struct fc_identity *identity)
{
	if (identity->has_number) {
		fc_buffer_printf(out, "%llu", (unsigned long long)identity->number);
	} else {
		fc_buffer_append_text(out, identity->name);
	}
}

/* "photo ok: 1@194,76,258,167 ?@..." where ? is an undefined face; "photo busy" for a failure. */
static void describe(struct album *album, const struct fc_photo_outcome *outcome)
{
	struct fc_buffer *out = &album->lines;
	fc_buffer_printf(out, "%s %s", outcome->name, fc_status_name(outcome->status));
	for (size_t i = 0; i < outcome->face_count; i++) {
		const struct fc_recognized_face *face = &outcome->faces[i];
		const struct fc_box *box = &face->face->box;
		fc_buffer_append_text(out, i == 0 ? ": " : " ");
		if (face->known) {
			write_tag(out, &face->identity);
		} else {
			fc_buffer_append_text(out, "?");
		}
		fc_buffer_printf(out, "@%g,%g,%g,%g", (double)box->left, (double)box->top,
				 (double)box->right, (double)box->bottom);
	}
	fc_buffer_append_text(out, "\n");
}

static enum fc_status take(void *context, const struct fc_photo_outcome *outcome,
			   struct fc_error *err)
{
	struct album *album = context;
	(void)err;
	assert_true(album->reported < album->count);
	/* in the photos' order, each once */
	assert_string_equal(outcome->path, album->photos[album->reported].path);
	assert_string_equal(outcome->name, album->photos[album->reported].name);
	album->statuses[album->reported++] = outcome->status;
	if (outcome->status != FC_OK) {
		assert_non_null(outcome->error);
		FC_IGNORE(fc_fail(&album->last, outcome->status, "%s", outcome->error));
		snprintf(album->last_words, sizeof(album->last_words), "%s",
			 outcome->service_error ? outcome->service_error : "");
	}
	assert_non_null(outcome->analysis);
	if (outcome->face_count > 0) {
		assert_ptr_equal(outcome->faces[0].face, outcome->analysis->faces);
		assert_true(isnan(outcome->threshold.value));
		assert_true(isnan(outcome->faces[0].face->quality.sharpness));
	}
	describe(album, outcome);
	return FC_OK;
}

struct fc_photo_source album_source(struct album *album)
{
	return (struct fc_photo_source){ give_next, album };
}

struct fc_photo_sink album_sink(struct album *album)
{
	return (struct fc_photo_sink){ take, album };
}

enum fc_status set_album(struct fc_service *service, struct album *album, struct fc_tally *tally,
			 struct fc_error *err)
{
	struct fc_set_request request = {
		.space = "5",
		.photos = album_source(album),
		.sink = album_sink(album),
		.origin = "cli",
	};
	album_rewind(album);
	return fc_service_set(service, &request, tally, err);
}

enum fc_status recognize_album(struct fc_service *service, struct album *album, bool create_new,
			       struct fc_tally *tally, struct fc_error *err)
{
	struct fc_recognize_request request = {
		.space = "5",
		.photos = album_source(album),
		.sink = album_sink(album),
		.create_new = create_new,
		.origin = "cli",
	};
	album_rewind(album);
	return fc_service_recognize(service, &request, tally, err);
}

void assert_lines(struct album *album, const char *expected)
{
	const char *lines = fc_buffer_text(&album->lines);
	assert_non_null(lines);
	assert_string_equal(lines, expected);
	fc_buffer_clear(&album->lines);
}
