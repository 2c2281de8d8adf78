/* Photos for operations of the Azure Face API: read a file, detect its faces, choose one of them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_PROBE_H
#define FC_CMD_COMMANDS_AZURE_PROBE_H

#include "commands/azure/call.h"
#include "service/photos.h"
#include "vision/face.h"

/* Whether a word on the command line is a faceId and not a photo. A file with such a name is ./NAME. */
bool probe_is_face_id(const char *word);

/* Move the faceIds among the words to face_ids. Errors: FC_NO_MEMORY. */
enum fc_status probe_split(struct option_texts *words, struct option_texts *face_ids,
			   struct fc_error *err);

/* Read the file of a photo; of a URL, the JSON that names it, so that the service fetches it. Errors: FC_UNREADABLE, FC_TOO_LARGE, FC_IO; the message names it. */
enum fc_status probe_read(const struct command_context *ctx, const struct fc_photo *photo,
			  struct fc_buffer *bytes, struct fc_error *err);

/* Make a photo that was read the body of a request. */
void probe_put(struct azure_call *call, const char *path, const struct fc_buffer *bytes);

/* The request that detects the faces of a photo. model: the recognition model for faceIds; NULL: without faceIds. */
struct azure_call probe_detection(struct command_context *ctx, const char *path,
				  const struct fc_buffer *bytes, const char *model);

/* Send probe_detection: call->json is the array of faces, largest first. */
enum fc_status probe_detect(struct command_context *ctx, const char *path,
			    const struct fc_buffer *bytes, const char *model,
			    struct azure_call *call, struct fc_error *err);

/*
 * Choose a face of the array. path, bytes: of the photo, as probe_read read it; main and central need its size. Errors: those of fc_face_choose;
 * FC_SEVERAL_FACES also if the size is not known.
 */
enum fc_status probe_choose(const cJSON *faces, const struct fc_face_choice *choice,
			    const char *path, const struct fc_buffer *bytes, const cJSON **out,
			    struct fc_error *err);

/* The faceId of a word: itself, or that of the chosen face of its photo. Errors: those of probe_read, probe_detect and probe_choose. */
enum fc_status probe_face_id(struct command_context *ctx, const char *word,
			     const struct fc_face_choice *choice, const char *model,
			     char out[FC_UUID_TEXT_SIZE], struct fc_error *err);

/* Whether the face of the array that overlaps most with a box (left, top, right, bottom), at least by half, is this one. */
bool probe_is_at(const cJSON *faces, size_t index, const float box[4]);

/* The face of an analysis that overlaps most with a box (left, top, right, bottom), at least by half; NULL if there is none. */
const struct fc_face *probe_find(const struct fc_analysis *analysis, const double box[4]);

/* Read the rectangle of a face: left, top, right, bottom. All are 0 if it has none. */
void probe_box(const cJSON *face, double box[4]);

/* Whether a status concerns one photo, and not the run; FC_OK does too. */
bool probe_is_of_photo(enum fc_status status);

#endif
