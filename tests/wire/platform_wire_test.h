/* What the tests of NeuroIO and SERP services share: a service at the fake, and what came back of each photo and entry. */
/* SPDX-License-Identifier: MIT */
#ifndef PLATFORM_WIRE_TEST_H
#define PLATFORM_WIRE_TEST_H

#include "smarty_wire_test.h"

#include "service/entries.h"
#include "service/origins.h"
#include "service/profiles.h"
#include "service/remote/platform/platform.h"

/* Options for the fake at FAKE_URL with its token, origin "door". */
struct fc_platform_options platform_options(enum fc_platform_kind kind);

struct fc_service *platform_open(const struct fc_platform_options *options);

/* What every verb that looks at photos takes, of an album: lines like "a new" and "b exact 96.5 30 female", see describe(). */
struct fc_profile_photos album_profiles(struct album *album);

/* create, as most tests want it. */
enum fc_status create_album(struct fc_service *service, struct album *album, struct fc_tally *tally,
			    struct fc_error *err);
enum fc_status search_album(struct fc_service *service, struct album *album, struct fc_tally *tally,
			    struct fc_error *err);

/* The profile that the last photo was told to show. */
extern struct fc_uuid last_profile;

/* One line for each entry: number, result, origin, space. */
struct fc_entry_sink entry_lines(struct fc_buffer *lines);

/* The requests that the fake has had since the last reset: "GET /v1/entries/?limit=20&offset=0", one a line. free() it. */
char *requests_of(const char *dialect);

#endif
