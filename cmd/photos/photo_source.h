/*
 * Where a command's photos come from: words of the command line, a folder, a manifest or a list of paths, one at a time and never held.
 *
 * A command that looks at photos has a struct photo_source_args among its arguments, OPTION_ROWS_SOURCE (photo_options.h) in its table,
 * and a struct photo_source beside it. Its prepare opens the source,
 *
 *	FC_TRY(photo_source_open(&args->source, &args->photos, ctx, err));
 *
 * which tells main how many workers are wanted; its run gives the source to report_begin and report_source(&report) to the request, so
 * that limits, progress, the list of failures and the summary are the same everywhere; its release releases the source. A command
 * that only wants the photos, without a report, takes OPTION_ROWS_PLACES and asks photo_source_next itself.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTO_SOURCE_H
#define FC_CMD_PHOTO_SOURCE_H

#include "command.h"
#include "photos/photos.h"
#include "service/input/folder.h"
#include "service/input/manifest.h"

/* How folders and files tell whom a photo shows. */
enum photo_layout { LAYOUT_NONE, LAYOUT_DIRS, LAYOUT_FLAT };
extern const char *const photo_layouts[]; /* the words of --layout */

/* What OPTION_ROWS_SOURCE, OPTION_ROWS_LAYOUT and OPTION_ROW_UNORDERED fill in. */
struct photo_source_args {
	struct option_texts photos;
	const char *from, *manifest, *files_from, *files0_from, *root;
	struct option_texts include, exclude;
	unsigned layout; /* enum photo_layout */
	const char *pattern;
	bool allow_empty, unordered;
	/* of the run; see run_limits.h */
	struct option_number max_time, max_errors;
	const char *failed_to;
};

struct photo_source {
	const struct photo_source_args *args;
	struct photo_list list; /* the words, unless it streams */
	bool streams;           /* photos come out of a folder or a list, nobody knows how many */
	struct fc_folder *folder;
	/* Walks ahead to count; NULL when nobody asks, and when it is through. */
	struct fc_folder *counter;
	uint64_t counted;
	bool has_total;
	struct fc_manifest *manifest;
	uint64_t list_bytes; /* 0 when the list is no file */
	struct stat_identity {
		uint64_t device, inode;
	} list_file;
	/* Above every number that a folder tells; 0 until they were looked at. */
	uint64_t number_from;
	struct fc_error place_error; /* why the photo at hand tells no person */
	enum photo_layout layout;    /* as the arguments say; see photo_source_need_person */
	bool has_number;             /* this is the person in every photo that tells nobody */
	uint64_t number;
	bool needs_person; /* a photo is wrong when neither its place nor its list tells anybody */
};

/*
 * Open what the arguments name, which must outlive the source, and set ctx->photos.
 * Errors: FC_INVALID_ARGUMENT (no photos at all, or from two places), FC_UNREADABLE, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status photo_source_open(struct photo_source *source,
					     const struct photo_source_args *args,
					     struct command_context *ctx, struct fc_error *err);
void photo_source_release(struct photo_source *source);

/*
 * Every photo must show a person: the one that its place or its row tells, else the one of this number. Without a number and a layout,
 * folders tell persons. Call it before the first photo.
 */
void photo_source_need_person(struct photo_source *source, const struct option_number *person_id);

/* The next photo, or *end = true. Its strings live until the next call. Errors end the run. */
FC_MUST_USE enum fc_status photo_source_next(struct photo_source *source, struct fc_photo *out,
					     bool *end, struct fc_error *err);

/* Whether photo_source_next would answer at once; waits for that up to wait_ms. */
bool photo_source_ready(struct photo_source *source, int wait_ms);

/* Count the photos of a folder little by little from now on, so that progress can tell the total. */
void photo_source_count(struct photo_source *source);

/* How many photos there are, as soon as that is known. */
bool photo_source_total(const struct photo_source *source, uint64_t *out);

/* The share of a list that is read, 0 to 1; NAN when there is none or it is no file. */
double photo_source_share(const struct photo_source *source);

/* After a run over `photos` photos: FC_NOT_FOUND when a folder or list had none, unless --allow-empty. */
FC_MUST_USE enum fc_status photo_source_check_empty(const struct photo_source *source,
						    uint64_t photos, struct fc_error *err);

/* What a folder's walk passed over; NULL for other sources. */
const struct fc_folder_skipped *photo_source_skipped(const struct photo_source *source);

#endif
