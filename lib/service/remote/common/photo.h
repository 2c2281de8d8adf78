/* Open one photo for a remote service and check it against the service's limits before anything is sent. Private to lib/service. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_COMMON_PHOTO_H
#define FC_SERVICE_REMOTE_COMMON_PHOTO_H

#include <cjson/cJSON.h>

#include "service/cutout.h"
#include "service/remote/common/limits.h"
#include "service/service.h"

/* One photo: a copy of what the source supplied, and its state. */
struct fc_remote_photo {
	struct fc_photo given;
	struct fc_buffer texts; /* storage of the strings in given */
	int fd;
	/* what is in fd: the photo, the JSON with its URL, or a part of it */
	uint64_t sent_bytes;
	enum fc_image_format sent_format;
	struct fc_analysis
		analysis; /* of the photo: format, size, bytes and digest; faces if a part is sent */
	bool is_cutout;   /* a part is sent: */
	struct fc_box cutout; /* of the photo */
	size_t chosen;        /* index of the face that it shows */
	unsigned temporary_errors;
	bool finished; /* nothing more is sent for it */
	enum fc_status status;
	struct fc_error error;
	cJSON *answer; /* the service's JSON about this photo; NULL when there is none */
	/* the service's error message, within answer; NULL when there is none */
	const char *service_error;
	void *result; /* result for use by the service's code; released with the photo, by release_result or free() */
	void (*release_result)(void *result);
};

/*
 * Open and check a photo. service: the name of the service, for messages. Errors: FC_NO_MEMORY. If the photo itself is unusable,
 * this returns FC_OK, sets out->status and marks the photo as finished.
 */
enum fc_status fc_remote_photo_open(const char *service, const struct fc_remote_limits *limits,
				    const struct fc_photo *from, struct fc_remote_photo *out,
				    struct fc_error *err);
void fc_remote_photo_release(struct fc_remote_photo *photo);

/* Mark the photo as finished and failed, with the message "'a.jpg': service 'vk': FAILURE". Returns the failure's status. */
enum fc_status fc_remote_photo_fail(struct fc_remote_photo *photo, const char *service,
				    const struct fc_error *failure);

/*
 * For services that accept photos with one face only: choose the face that the photo was given for. If the photo shows others too, only a part
 * of it is sent. If no face can be chosen, the photo is marked as finished. With `main`, photos in which this machine finds no face are left to
 * the service, and with `only` all. service: its name, for messages. An error means that no face can be chosen on this machine.
 */
enum fc_status fc_remote_photo_choose_face(struct fc_remote_photo *photo, const char *service,
					   const struct fc_remote_limits *limits,
					   const struct fc_cutter *cutter, struct fc_error *err);

/* Create an outcome with the values that every command reports. It borrows strings from the photo. */
struct fc_photo_outcome fc_remote_photo_outcome(const struct fc_remote_photo *photo);

/* The media type of a format: "image/jpeg". */
const char *fc_remote_photo_type(enum fc_image_format format);

#endif
