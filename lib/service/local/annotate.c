/* The picture of a recognised photo: boxes and names, drawn by a worker. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "service/local/engine.h"

struct labels {
	struct fc_mark *marks;
	struct fc_buffer *texts;
	size_t count;
};

static void labels_release(struct labels *labels)
{
	for (size_t i = 0; labels->texts && i < labels->count; i++) {
		fc_buffer_release(&labels->texts[i]);
	}
	free(labels->texts);
	free(labels->marks);
}

/* For example "anna 0.71", "person3 0.52" or "unknown". */
static void write_label(const struct fc_recognized_face *face, struct fc_buffer *out)
{
	if (!face->known) {
		fc_buffer_append_text(out, "unknown");
		return;
	}
	if (face->identity.name) {
		fc_buffer_append_text(out, face->identity.name);
	} else if (face->identity.has_number) {
		fc_buffer_printf(out, "person%llu", (unsigned long long)face->identity.number);
	} else {
		char pid[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&face->identity.pid, pid);
		fc_buffer_printf(out, "%.8s", pid);
	}
	if (face->created) {
		fc_buffer_append_text(out, " (new)");
	} else {
		fc_buffer_printf(out, " %.2f", (double)face->similarity);
	}
}

enum fc_status fc_local_annotate(struct fc_local *local, struct fc_local_photo *photo,
				 const struct fc_photo_outcome *outcome, struct fc_buffer *image,
				 enum fc_image_format *format, struct fc_error *err)
{
	size_t count = outcome->face_count;
	FC_CLEANUP(labels_release)
	struct labels labels = {
		.marks = calloc(count + 1, sizeof(*labels.marks)),
		.texts = calloc(count + 1, sizeof(*labels.texts)),
		.count = count,
	};
	if (!labels.marks || !labels.texts) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		write_label(&outcome->faces[i], &labels.texts[i]);
		labels.marks[i] = (struct fc_mark){
			.box = outcome->faces[i].face->box,
			.label = fc_buffer_text(&labels.texts[i]),
			.known = outcome->faces[i].known,
		};
		if (!labels.marks[i].label) {
			return fc_fail_memory(err);
		}
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
	const struct fc_drawing drawing = { labels.marks, count, *format };
	return fc_workers_annotate(local->workers, fd, &drawing, image, err);
}
