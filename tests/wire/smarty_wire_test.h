/* What the tests of the Smarty service share: a service at the fake, photos to give it, and what came back of each. */
/* SPDX-License-Identifier: MIT */
#ifndef SMARTY_WIRE_TEST_H
#define SMARTY_WIRE_TEST_H

#include "wire.h"

#include "service/remote/smarty/smarty.h"
#include "service/service.h"

/* Options for the fake at FAKE_URL with its token. */
struct fc_smarty_options smarty_options(void);

struct fc_service *smarty_open(const struct fc_smarty_options *options);

/* Photos of one request, and a line for each outcome. */
struct album {
	struct fc_photo *photos;
	size_t count, capacity, given;
	struct fc_buffer lines; /* see describe() in smarty_wire_test.c */
	enum fc_status *statuses;
	size_t reported;
	struct fc_error last; /* of the last photo that failed */
	char last_words[200]; /* the service's own, of that photo */
};

void album_release(struct album *album);

/* A photo called `name` with these faces, 640x480. */
void album_add(struct album *album, const char *name, const char *faces, uint64_t number);
/* The same, of an own file; takes over the path. */
void album_add_file(struct album *album, const char *name, char *path, uint64_t number);
/* Give the same photos again. */
void album_rewind(struct album *album);

struct fc_photo_source album_source(struct album *album);
struct fc_photo_sink album_sink(struct album *album);

/* set and recognize in space "5". */
enum fc_status set_album(struct fc_service *service, struct album *album, struct fc_tally *tally,
			 struct fc_error *err);
enum fc_status recognize_album(struct fc_service *service, struct album *album, bool create_new,
			       struct fc_tally *tally, struct fc_error *err);

/* The album's lines since the last call are these. */
void assert_lines(struct album *album, const char *expected);

#endif
