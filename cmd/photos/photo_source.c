/* Read the photo input of a command. */
/* SPDX-License-Identifier: MIT */
#include "photos/photo_source.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "vision/faces/choice.h"

/* Number of files that the counting walk reads per analysed photo: it finishes early, without a noticeable delay. */
enum { COUNT_STEP = 64 };

const char *const photo_layouts[] = { "none", "dirs", "flat", NULL };

void photo_source_release(struct photo_source *source)
{
	photo_list_release(&source->list);
	fc_folder_closep(&source->folder);
	fc_folder_watch_closep(&source->watch);
	fc_folder_closep(&source->counter);
	fc_manifest_closep(&source->manifest);
}

/* ---- opening ---- */

static enum fc_status check_places(const struct photo_source_args *args, struct fc_error *err)
{
	bool has_list = args->manifest || args->files_from || args->files0_from;
	int places = (args->photos.count > 0) + (args->from != NULL) + (args->manifest != NULL) +
		     (args->files_from != NULL) + (args->files0_from != NULL);
	if (places == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "PHOTO is missing; give photos, a folder (--from) or a list "
			       "(--manifest, --files-from, --files0-from)");
	}
	if (places > 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give only one of PHOTO, --from, --manifest, --files-from "
			       "and --files0-from");
	}
	if (!args->from && (args->include.count > 0 || args->exclude.count > 0 ||
			    args->follow_links || args->no_default_excludes || args->any_suffix ||
			    args->layout != LAYOUT_NONE || args->pattern)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"--include, --exclude, --follow-links, --no-default-excludes, --any-suffix, "
			"--layout and --pattern need --from");
	}
	if (args->pattern && args->layout != LAYOUT_FLAT) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--pattern needs --layout flat");
	}
	if (!has_list && args->root) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--root needs --manifest, --files-from or --files0-from");
	}
	return FC_OK;
}

enum fc_status photo_source_check_watch(const struct photo_source_args *args,
					const struct command_context *ctx, bool dry_run,
					struct fc_error *err)
{
	if (!args->watch) {
		return FC_OK;
	}
	if (!args->from) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--watch needs a folder: --from DIR");
	}
	if (!(ctx->command->needs & COMMAND_LEDGER) &&
	    strcmp(ctx->settings->service, "local") != 0) {
		return fc_fail(err, FC_UNSUPPORTED,
			       "%s --watch needs --service local: nothing stores which photos a "
			       "service answered, so a second run would send all of them again",
			       ctx->command->name);
	}
	if (dry_run) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give either --watch or --dry-run; a dry run without --watch shows "
			       "what happens to the photos that are there");
	}
	if (ctx->out->format == FORMAT_JSON) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--watch does not end, so it cannot write one JSON document; use "
			       "--format ndjson");
	}
	return FC_OK;
}

const char *const face_words[] = { "only",   "main", "largest", "central",
				   "index=", "box=", "rect=",   NULL };

static struct fc_folder_options folder_options(const struct photo_source_args *args,
					       enum photo_layout layout)
{
	return (struct fc_folder_options){
		.root = args->from,
		.layout = layout == LAYOUT_FLAT ? FC_LAYOUT_FLAT : FC_LAYOUT_DIRS,
		.pattern = args->pattern,
		.include = args->include.items,
		.include_count = args->include.count,
		.exclude = args->exclude.items,
		.exclude_count = args->exclude.count,
		.follow_links = args->follow_links,
		.no_default_excludes = args->no_default_excludes,
		.any_suffix = args->any_suffix,
	};
}

/* Persons given by name get numbers that are not the name of a folder in the tree. */
static void stay_above(const char *folder, void *context)
{
	struct photo_source *source = context;
	struct fc_photo named = { 0 };
	if (fc_photo_set_person(&named, folder) && named.has_number &&
	    named.number >= source->number_from) {
		source->number_from = named.number + 1;
	}
}

static enum fc_status open_folder(struct photo_source *source, struct fc_error *err)
{
	const struct fc_folder_watch_options options = {
		.folder = folder_options(source->args, source->layout),
		.in_root = stay_above,
		.context = source,
	};
	source->number_from = 1;
	if (source->args->watch) {
		return fc_folder_watch_open(&options, &source->watch, err);
	}
	FC_TRY(fc_folder_open(&options.folder, &source->folder, err));
	fc_folder_each_in_root(source->folder, stay_above, source);
	return FC_OK;
}

/* Open a list, which may be a pipe. */
static enum fc_status open_file(struct photo_source *source, const char *path, int *out,
				struct fc_error *err)
{
	struct stat info;
	bool is_input = strcmp(path, "-") == 0;
	FC_CLEANUP(fc_fd_close)
	int fd = is_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) != 0) {
		return fc_fail_errno(err, FC_UNREADABLE, errno, "cannot open '%s'", path);
	}
	if (S_ISDIR(info.st_mode)) {
		return fc_fail(err, FC_UNREADABLE,
			       "'%s' is a folder, not a list; use --from for the photos in it",
			       path);
	}
	source->list_bytes = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
	source->list_file = (struct stat_identity){ info.st_dev, info.st_ino };
	*out = fd;
	fd = -1;
	return FC_OK;
}

static enum fc_status open_list(struct photo_source *source, const char *path,
				enum fc_manifest_kind kind, struct fc_error *err)
{
	int fd = -1;
	bool is_input = strcmp(path, "-") == 0;
	const char *name = fc_path_name(path);
	/* paths of a manifest are relative to its own folder, those of a plain list to the working folder */
	bool has_own_root = kind == FC_MANIFEST_TABLE && !is_input && name > path;
	FC_CLEANUP(fc_free)
	char *own = has_own_root ? strndup(path, (size_t)(name - path) - 1) : NULL;
	if (has_own_root && !own) {
		return fc_fail_memory(err);
	}
	const struct fc_manifest_options options = {
		.kind = kind,
		.name = is_input ? "standard input" : path,
		.root = source->args->root ? source->args->root : own,
	};
	FC_TRY(open_file(source, path, &fd, err));
	return fc_manifest_open(fd, &options, &source->manifest, err);
}

enum fc_status photo_source_open(struct photo_source *source, const struct photo_source_args *args,
				 struct command_context *ctx, struct fc_error *err)
{
	source->args = args;
	source->layout = (enum photo_layout)args->layout;
	FC_TRY(check_places(args, err));
	source->streams = args->photos.count == 0;
	ctx->photos = source->streams ? PHOTOS_UNKNOWN : args->photos.count;
	source->face.rule = source->streams ? FC_FACE_MAIN : FC_FACE_ONLY;
	FC_TRY(args->face ? fc_face_choice_parse(args->face, &source->face, err) : FC_OK);
	if (args->from) {
		return open_folder(source, err);
	}
	if (args->manifest) {
		return open_list(source, args->manifest, FC_MANIFEST_TABLE, err);
	}
	if (args->files_from) {
		return open_list(source, args->files_from, FC_MANIFEST_PATHS, err);
	}
	if (args->files0_from) {
		return open_list(source, args->files0_from, FC_MANIFEST_PATHS_0, err);
	}
	FC_TRY(photo_list_from_words(&args->photos, &source->list, err));
	return photo_list_refuse_folders(&source->list, ctx->command->name, err);
}

void photo_source_need_person(struct photo_source *source, const struct option_number *person_id)
{
	source->has_number = person_id->given;
	source->number = person_id->value;
	source->needs_person = true;
	if (source->layout == LAYOUT_NONE && !source->has_number) {
		source->layout = LAYOUT_DIRS;
	}
}

/* ---- photos ---- */

/* Set the person of a photo from the name of its folder or file. If that gives no person and one is required, the photo fails. */
static void set_person(struct photo_source *source, struct fc_photo *photo, const char *place)
{
	bool by_place = source->layout != LAYOUT_NONE;
	if (by_place && place && fc_photo_set_person(photo, place)) {
		return;
	}
	if (source->has_number || !by_place || (!place && !source->needs_person)) {
		return;
	}
	const char *what = source->layout == LAYOUT_DIRS ? "folder" : "name";
	photo->status = FC_INVALID_ARGUMENT;
	photo->error = source->place_error.text;
	if (place) {
		FC_IGNORE(fc_fail(
			&source->place_error, FC_INVALID_ARGUMENT,
			"'%s': its %s cannot be the name of a person, which must have 1 to 255 bytes of "
			"text without control characters",
			photo->path, what));
	} else {
		FC_IGNORE(fc_fail(&source->place_error, FC_INVALID_ARGUMENT,
				  "'%s': its %s does not name a person; %s", photo->path, what,
				  source->layout == LAYOUT_DIRS
					  ? "move it to a folder with the person's name, or give "
					    "--layout flat or --person-id N"
					  : "rename it, change --pattern or give --person-id N"));
	}
}

/*
 * Set the person of a photo that has none to that of --person-id. The photo fails if a person is required and that is not given.
 */
static void set_default_person(struct photo_source *source, struct fc_photo *photo)
{
	if (source->has_number) {
		photo->has_number = true;
		photo->number = source->number;
	} else if (source->manifest && source->needs_person) {
		photo->status = fc_fail_code(
			&source->place_error, FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID,
			"'%s': the list has no person for this photo; --person-id sets one for photos "
			"without a person",
			photo->path);
		photo->code = FC_CODE_NO_PERSON_ID;
		photo->error = source->place_error.text;
	}
}

static enum fc_status next_of_folder(struct photo_source *source, struct fc_photo *out, bool *end,
				     struct fc_error *err)
{
	struct fc_folder_photo photo = source->arrived;
	if (source->watch) {
		FC_TRY(source->failed == FC_OK
			       ? FC_OK
			       : fc_fail(err, source->failed, "%s", source->failure.text));
		*end = !source->has_arrived;
		source->has_arrived = false;
	} else {
		FC_TRY(fc_folder_next(source->folder, &photo, end, err));
	}
	if (!*end) {
		*out = (struct fc_photo){
			.name = photo.path,
			.path = photo.path,
			.number_from = source->layout == LAYOUT_DIRS ? source->number_from : 0,
			.status = photo.error ? FC_UNREADABLE : FC_OK,
			.error = photo.error,
			.no_photo = photo.error != NULL,
		};
	}
	if (!*end && out->status == FC_OK) {
		set_person(source, out, photo.person);
	}
	return FC_OK;
}

/* Advance the counting walk by some files. If it fails, the total stays unknown. */
static void count_on(struct photo_source *source)
{
	for (size_t i = 0; source->counter && i < COUNT_STEP; i++) {
		struct fc_folder_photo photo;
		bool end = false;
		enum fc_status status = fc_folder_next(source->counter, &photo, &end, NULL);
		source->has_total = status == FC_OK && end;
		if (status != FC_OK || end) {
			fc_folder_closep(&source->counter);
		} else {
			source->counted++;
		}
	}
}

enum fc_status photo_source_next(struct photo_source *source, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	if (source->folder || source->watch) {
		count_on(source);
		FC_TRY(next_of_folder(source, out, end, err));
	} else if (source->manifest) {
		FC_TRY(fc_manifest_next(source->manifest, out, end, err));
	} else {
		struct photo_list *list = &source->list;
		*end = list->next >= list->count;
		if (!*end) {
			*out = list->items[list->next++];
		}
	}
	if (!*end && !out->has_face) {
		out->face = source->face;
	}
	if (!*end) {
		out->is_url = source->urls && photo_is_url(out->path);
	}
	if (!*end && out->status == FC_OK && !(out->has_number || out->has_pid || out->person)) {
		set_default_person(source, out);
	}
	return FC_OK;
}

bool photo_source_ready(struct photo_source *source, int wait_ms)
{
	if (source->watch && !source->has_arrived && source->failed == FC_OK) {
		source->failed = fc_folder_watch_next(source->watch, wait_ms, &source->arrived,
						      &source->has_arrived, &source->failure);
	}
	if (source->watch) {
		return source->has_arrived || source->failed != FC_OK;
	}
	return !source->manifest || fc_manifest_ready(source->manifest, wait_ms);
}

bool photo_source_is_idle(const struct photo_source *source)
{
	return source->watch && !source->has_arrived && fc_folder_watch_is_idle(source->watch);
}

const char *photo_source_notice(struct photo_source *source)
{
	return source->watch ? fc_folder_watch_notice(source->watch) : NULL;
}

enum fc_status photo_source_check_empty(const struct photo_source *source, uint64_t photos,
					struct fc_error *err)
{
	const struct photo_source_args *args = source->args;
	const char *list = args->manifest
				   ? args->manifest
				   : (args->files_from ? args->files_from : args->files0_from);
	if (!source->streams || photos > 0 || args->allow_empty || args->watch) {
		return FC_OK;
	}
	return fc_fail(err, FC_NOT_FOUND, "no photos found in '%s'",
		       args->from ? args->from : list);
}

/* ---- progress ---- */

void photo_source_count(struct photo_source *source)
{
	const struct fc_folder_options options = folder_options(source->args, source->layout);
	if (source->folder && !source->counter && !source->has_total &&
	    fc_folder_open(&options, &source->counter, NULL) != FC_OK) {
		source->counter = NULL;
	}
}

bool photo_source_total(const struct photo_source *source, uint64_t *out)
{
	*out = source->streams ? source->counted : source->list.count;
	return !source->streams || source->has_total;
}

double photo_source_share(const struct photo_source *source)
{
	return source->list_bytes > 0
		       ? (double)fc_manifest_offset(source->manifest) / (double)source->list_bytes
		       : NAN;
}

const struct fc_folder_skipped *photo_source_skipped(const struct photo_source *source)
{
	if (source->watch) {
		return fc_folder_watch_skipped(source->watch);
	}
	return source->folder ? fc_folder_skipped(source->folder) : NULL;
}
