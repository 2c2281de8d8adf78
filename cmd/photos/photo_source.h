/*
 * The photo input of a command: operands, a folder, a manifest or a list of paths, read one photo at a time.
 *
 * A command with photo input has a struct photo_source_args among its arguments, OPTION_ROWS_SOURCE (photo_options.h) in its table,
 * and a struct photo_source. Its prepare opens the source,
 *
 *	FC_TRY(photo_source_open(&args->source, &args->photos, ctx, err));
 *
 * which also sets the number of workers; its run gives the source to report_begin and report_source(&report) to the request, so
 * that limits, progress, the list of failures and the summary are the same everywhere; its release releases the source. A command
 * that only reads the photos, without a report, uses OPTION_ROWS_PLACES and calls photo_source_next itself.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_PHOTO_SOURCE_H
#define FC_CMD_PHOTOS_PHOTO_SOURCE_H

#include "command.h"
#include "photos/photos.h"
#include "service/input/folder_watch.h"
#include "service/input/manifest.h"

/* How --from finds the person of a photo. */
enum photo_layout { LAYOUT_NONE, LAYOUT_DIRS, LAYOUT_FLAT };
extern const char *const photo_layouts[]; /* the words of --layout */

/* Values of OPTION_ROWS_SOURCE, OPTION_ROWS_LAYOUT and OPTION_ROW_UNORDERED. */
struct photo_source_args {
	struct option_texts photos;
	const char *from, *manifest, *files_from, *files0_from, *root;
	struct option_texts include, exclude;
	unsigned layout; /* enum photo_layout */
	const char *pattern;
	bool allow_empty, unordered, follow_links, no_default_excludes, any_suffix, watch;
	const char *
		face; /* value of OPTION_ROW_FACE; NULL: only for operands, main for folders and lists */
	/* limits of the run; see run_limits.h */
	struct option_number max_time, max_errors;
	const char *failed_to;
};

struct photo_source {
	const struct photo_source_args *args;
	struct photo_list list; /* the operands, if `streams` is false */
	/* photos come from a folder or a list, and their number is unknown */
	bool streams;
	struct fc_folder *folder;
	struct fc_folder_watch *watch; /* instead of folder */
	bool has_arrived;              /* arrived is the next photo of the watch */
	struct fc_folder_photo arrived;
	enum fc_status failed; /* of the watch, reported with the next photo */
	struct fc_error failure;
	/* a second walk of the folder that counts the photos; NULL if not needed or finished */
	struct fc_folder *counter;
	uint64_t counted;
	bool has_total;
	struct fc_manifest *manifest;
	uint64_t list_bytes; /* 0 if the list is not a file */
	struct stat_identity {
		uint64_t device, inode;
	} list_file;
	/* first number for persons given by name, above the numbers of all folders */
	uint64_t number_from;
	struct fc_error place_error; /* why the current photo has no person */
	enum photo_layout layout;    /* see photo_source_need_person */
	bool has_number;             /* --person-id was given: the person of photos without one */
	uint64_t number;
	struct fc_face_choice face; /* of photos without one of their own */
	bool needs_person;          /* a photo without a person is an error */
	bool urls; /* set after photo_source_open: paths that are URLs are fetched by the service */
};

/*
 * Open the source and set ctx->photos. args must outlive the source. Errors: FC_INVALID_ARGUMENT (no photo input or more than one
 * kind of it), FC_UNREADABLE, FC_NO_MEMORY.
 */
enum fc_status photo_source_open(struct photo_source *source, const struct photo_source_args *args,
				 struct command_context *ctx, struct fc_error *err);
void photo_source_release(struct photo_source *source);

/* Check --watch against the options that it cannot be combined with. Call it before photo_source_open. Errors: FC_INVALID_ARGUMENT, FC_UNSUPPORTED. */
enum fc_status photo_source_check_watch(const struct photo_source_args *args,
					const struct command_context *ctx, bool dry_run,
					struct fc_error *err);

/*
 * Require a person for every photo: that of its folder, file name or list row, else person_id. If neither a number nor a layout
 * is given, the layout is dirs. Call it before the first photo.
 */
void photo_source_need_person(struct photo_source *source, const struct option_number *person_id);

/* Read the next photo, or set *end. Its strings are valid until the next call. An error ends the run. */
enum fc_status photo_source_next(struct photo_source *source, struct fc_photo *out, bool *end,
				 struct fc_error *err);

/* Wait up to wait_ms until photo_source_next would not block. Returns false on timeout or after a signal. */
bool photo_source_ready(struct photo_source *source, int wait_ms);

/* Whether every photo that is in a watched folder was taken. */
bool photo_source_is_idle(const struct photo_source *source);

/* Return a message about a watched folder that was not returned before; NULL if there is none. */
const char *photo_source_notice(struct photo_source *source);

/* Start counting the photos of a folder in small steps, so that progress can show the total. */
void photo_source_count(struct photo_source *source);

/* Get the number of photos. Returns false if it is unknown. */
bool photo_source_total(const struct photo_source *source, uint64_t *out);

/* The share of a list that has been read, 0 to 1; NAN if there is no list or it is not a file. */
double photo_source_share(const struct photo_source *source);

/* Call after a run over `photos` photos. Errors: FC_NOT_FOUND (a folder or list had no photo, and neither --allow-empty nor --watch is given). */
enum fc_status photo_source_check_empty(const struct photo_source *source, uint64_t photos,
					struct fc_error *err);

/* Counts of files that the walk of a folder skipped; NULL for other sources. */
const struct fc_folder_skipped *photo_source_skipped(const struct photo_source *source);

#endif
