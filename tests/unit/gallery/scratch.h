/* A directory for each test, galleries in it, and what is put into them: persons and faces made from seeds. */
/* SPDX-License-Identifier: MIT */
#ifndef SCRATCH_H
#define SCRATCH_H

#include "unit.h"

#include <stdbool.h>
#include <sys/types.h>

#include "gallery/gallery.h"
#include "gallery/maintain/maintain.h"
#include "gallery/rows/parts.h"
#include "gallery/search/search.h"
#include "gallery/store/store.h"

enum { DIMENSION = 128 };

struct scratch {
	char directory[64];
	char gallery[128];       /* within directory, or the address of a database */
	char file[192];          /* of scratch_file */
	struct fc_gallery *open; /* of enter_gallery */
};

/* Setup and teardown of a cmocka test; *state is a struct scratch. No gallery is made yet. */
int enter_scratch(void **state);
int leave_scratch(void **state);

/* As those, with a new gallery that is open for writing, and in which the check finds nothing wrong whatever the test did. */
int enter_gallery(void **state);
int leave_gallery(void **state);
#define IN_A_GALLERY(test) cmocka_unit_test_setup_teardown(test, enter_gallery, leave_gallery)
struct fc_gallery *gallery_of(void **state);

/* Whether the galleries of the tests are in a PostgreSQL database: FACECTL_TEST_STORE=postgres. */
bool is_in_postgres(void);

/* For tests of what only a gallery in a directory does. */
#define SKIP_IN_POSTGRES()                                                                         \
	do {                                                                                       \
		if (is_in_postgres()) {                                                            \
			skip();                                                                    \
		}                                                                                  \
	} while (0)

/* The path of a file in the gallery; good until the next call. */
const char *scratch_file(struct scratch *scratch, const char *name);

/* Open with a lock timeout of 10 seconds. */
enum fc_status try_open(const struct scratch *scratch, enum fc_gallery_mode mode,
			struct fc_gallery **out, struct fc_error *err);
/* As try_open, and must succeed. */
struct fc_gallery *must_open(const struct scratch *scratch, enum fc_gallery_mode mode);
struct fc_gallery_txn *must_read(struct fc_gallery *gallery);
struct fc_space must_find_space(struct fc_gallery *gallery, const char *name);

/* fc_gallery_write, which must end so. */
void must_write(struct fc_gallery *gallery, fc_gallery_change *change, void *context);
void expect_write(struct fc_gallery *gallery, fc_gallery_change *change, void *context,
		  enum fc_status expected);

/* Changes that put a struct fc_person, or a struct fc_entry, into space "5". */
fc_gallery_change add_person_to_5, add_entry_to_5;

/* The person of a space that is nearest to the template of a seed: *count is 1, or 0 in an empty space. */
enum fc_status find_nearest(struct fc_gallery_txn *txn, uint32_t space, uint64_t seed,
			    struct fc_search_hit *hit, size_t *count, struct fc_error *err);

/* A template of length 1 that depends on nothing but seed. */
void make_template(uint64_t seed, float out[DIMENSION]);

/* Whether the data file contains the template of a seed. */
bool file_has_template(struct scratch *scratch, uint64_t seed);
struct fc_embedder_pin make_pin(void);

/* One photo of one person: the space, the person if new, a face, and an entry of it. */
struct enrolment {
	const char *space;
	uint64_t number; /* the person's */
	uint64_t seed;   /* of the template and the photo's digest */
	/* results */
	struct fc_uuid pid;
	uint64_t face, entry;
};

enum fc_status enrol(struct fc_gallery_txn *txn, void *enrolment, struct fc_error *err);
void must_enrol(struct fc_gallery *gallery, const char *space, uint64_t number, uint64_t seed);

/* The check finds no problem; its report. */
struct fc_check_report must_check(struct fc_gallery *gallery);
/* Check, tolerate damage: how many problems there are, -1 when the check could not end. */
long count_problems(struct fc_gallery *gallery);

/* Run in a child process, which ends with what run returns. */
pid_t start_child(int (*run)(void *context), void *context);
/* Wait for a child; its exit status, or 128 + N after signal N. */
int wait_for_child(pid_t child);

#endif
