/* One photo for a remote service: opened, and held against the service's limits before anything is sent. Private to services. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_PHOTO_H
#define FC_SERVICE_REMOTE_PHOTO_H

#include <cjson/cJSON.h>

#include "service/remote/common/limits.h"
#include "service/service.h"

/* What the source gave, copied, and what became of it. */
struct fc_remote_photo {
	struct fc_photo given;
	struct fc_buffer texts; /* of given */
	const char *name, *path, *person, *origin,
		*user_data; /* of given; the last three may be NULL */
	bool has_number, has_pid;
	uint64_t number;
	struct fc_uuid pid;
	int fd;
	struct fc_analysis analysis; /* format, size, bytes and digest; no faces */
	unsigned temporary_errors;
	bool finished; /* nothing more is sent for it */
	enum fc_status status;
	struct fc_error error;
	cJSON *answer;             /* the service's about it; NULL when there is none */
	const char *service_error; /* its words for a failure, within the answer; NULL */
	void *result; /* the service's own, which goes with the photo: free()d, or released by the next */
	void (*release_result)(void *result);
};

/*
 * Open and check. service is its name, for messages. Errors: FC_NO_MEMORY; what is wrong with the photo itself is its status, and
 * it is finished then.
 */
FC_MUST_USE enum fc_status fc_remote_photo_open(const char *service,
						const struct fc_remote_limits *limits,
						const struct fc_photo *from,
						struct fc_remote_photo *out, struct fc_error *err);
void fc_remote_photo_release(struct fc_remote_photo *photo);

/* The photo is finished and failed: "'a.jpg': service 'vk': words". Returns the failure's status. */
enum fc_status fc_remote_photo_fail(struct fc_remote_photo *photo, const char *service,
				    const struct fc_error *failure);

/* Start an outcome with what every verb reports of a photo. Borrows from it. */
struct fc_photo_outcome fc_remote_photo_outcome(const struct fc_remote_photo *photo);

/* "image/jpeg" */
const char *fc_remote_photo_type(enum fc_image_format format);

#endif
