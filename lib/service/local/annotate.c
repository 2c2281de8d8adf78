/* Copies of photos with boxes and names, drawn by a worker. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "service/local/engine.h"

enum { LETTERS_MAXIMUM = 24 /* the longest label, in heights of its capitals */ };

static void marks_free(struct fc_mark **marks)
{
	for (struct fc_mark *mark = *marks; mark && mark->label; mark++) {
		free((char *)(uintptr_t)mark->label);
		free(mark->stencil.opacity);
	}
	free(*marks);
}

/*
 * For example "anna 0.71", "person3 0.52" or "unknown". by_name false: with the person's number or the start of its
 * UUID instead of the name. The caller frees it; NULL when out of memory.
 */
static char *label_of(const struct fc_recognized_face *face, bool by_name)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	if (!face->known) {
		fc_buffer_append_text(&out, "unknown");
		return fc_buffer_steal_text(&out);
	}
	if (by_name && face->identity.name) {
		fc_buffer_append_text(&out, face->identity.name);
	} else if (face->identity.has_number) {
		fc_buffer_printf(&out, "person%llu", (unsigned long long)face->identity.number);
	} else {
		char pid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&face->identity.pid, pid);
		fc_buffer_printf(&out, "%.8s", pid);
	}
	if (face->created) {
		fc_buffer_append_text(&out, " (new)");
	} else if (face->has_similarity) {
		fc_buffer_printf(&out, " %.2f", (double)face->similarity);
	}
	return fc_buffer_steal_text(&out);
}

static bool is_ascii(const char *text)
{
	while (*text && !((unsigned char)*text & 0x80)) {
		text++;
	}
	return *text == '\0';
}

/* Draw a label if a font has it. Another process draws it, and a failure of that one is only reported, once. */
static enum fc_status draw_label(struct fc_local *local, const char *label, uint32_t letter,
				 uint32_t width_maximum, struct fc_stencil *out,
				 struct fc_error *err)
{
	struct fc_error failure = { 0 };
	enum fc_status status = fc_letterer_draw(&local->letterer, &local->options.letterer, label,
						 letter, width_maximum, out, &failure);
	if (status == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (status != FC_OK && !local->reported_letterer && local->options.report_letterer) {
		local->reported_letterer = true;
		local->options.report_letterer(local->options.workers.context, failure.text);
	}
	return FC_OK;
}

/* Fill in a mark. Without a font for its name, a person is labelled by its number or UUID. */
static enum fc_status make_mark(struct fc_local *local, const struct fc_analysis *photo,
				const struct fc_recognized_face *face, struct fc_mark *mark,
				struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *label = label_of(face, true);
	*mark = (struct fc_mark){
		.box = face->face->box,
		.known = face->known,
		.letter = fc_letter_height(photo->width, photo->height, &face->face->box),
	};
	uint32_t room = photo->width > mark->letter ? photo->width - mark->letter : 1;
	uint32_t longest = LETTERS_MAXIMUM * mark->letter;
	if (label) {
		FC_TRY(draw_label(local, label, mark->letter, longest < room ? longest : room,
				  &mark->stencil, err));
	}
	if (label && !mark->stencil.opacity && !is_ascii(label)) {
		free(label);
		label = label_of(face, false);
	}
	mark->label = FC_STEAL(label);
	return mark->label ? FC_OK : fc_fail_memory(err);
}

/* *format: FC_IMAGE_UNKNOWN is replaced by a format that suits the photo. */
static enum fc_status draw(struct fc_local *local, struct fc_local_photo *photo,
			   const struct fc_recognized_face *faces, size_t count,
			   struct fc_buffer *image, enum fc_image_format *format,
			   struct fc_error *err)
{
	FC_CLEANUP(marks_free) struct fc_mark *marks = calloc(count + 1, sizeof(*marks));
	if (!marks) {
		return fc_fail_memory(err);
	}
	size_t marked = 0;
	for (size_t i = 0; i < count; i++) {
		if (faces[i].face->page > 1) {
			continue; /* the first page is drawn */
		}
		FC_TRY(make_mark(local, &photo->analysis, &faces[i], &marks[marked++], err));
	}
	if (photo->copy < 0 || lseek(photo->copy, 0, SEEK_SET) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot read '%s' again",
				     photo->given.path);
	}
	int fd = photo->copy;
	photo->copy = -1;
	if (*format == FC_IMAGE_UNKNOWN) {
		bool png = photo->analysis.format == FC_IMAGE_PNG;
		*format = png ? FC_IMAGE_PNG : FC_IMAGE_JPEG;
	}
	const struct fc_drawing drawing = { marks, marked, *format };
	return fc_workers_draw(local->workers, fd, &drawing, image, err);
}

enum fc_status fc_local_annotate(struct fc_local *local, struct fc_local_photo *photo,
				 const struct fc_recognized_face *faces, size_t count,
				 const struct fc_annotation *annotation, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer image = { 0 };
	enum fc_image_format format = annotation->format;
	if (!annotation->take || photo->status != FC_OK) {
		return FC_OK;
	}
	photo->status = draw(local, photo, faces, count, &image, &format, &photo->error);
	return photo->status == FC_OK ? annotation->take(annotation->context, photo->given.path,
							 &image, format, err)
				      : FC_OK;
}
