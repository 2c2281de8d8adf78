/* Find the descriptors and network files of models in the model path, and read network files with their checks. */
/* SPDX-License-Identifier: MIT */
#include "vision/models/models.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "vision/models/descriptor.h"

static const char SUFFIX[] = ".json";

static bool has_suffix(const char *name)
{
	size_t length = strlen(name);
	size_t suffix = strlen(SUFFIX);
	return length > suffix && strcmp(name + length - suffix, SUFFIX) == 0;
}

static bool is_regular_file(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* Replace the status of an error and keep the text. */
static enum fc_status restate(struct fc_error *err, enum fc_status status)
{
	if (err) {
		err->status = status;
	}
	return status;
}

/* Find the first regular file of that name in the model path. *out: its path, to be freed; NULL when there is none. */
static enum fc_status find_file(const struct fc_model_path *path, const char *name, char **out,
				struct fc_error *err)
{
	for (size_t i = 0; i < path->count; i++) {
		FC_CLEANUP(fc_free) char *candidate = fc_path_join(path->directories[i], name);
		if (!candidate) {
			return fc_fail_memory(err);
		}
		if (is_regular_file(candidate)) {
			*out = FC_STEAL(candidate);
			return FC_OK;
		}
	}
	*out = NULL;
	return FC_OK;
}

/* Load the descriptor at file. expected_name NULL: the model may have any name. */
static enum fc_status load_descriptor(const struct fc_model_path *path, const char *file,
				      const char *expected_name, struct fc_model **out,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	FC_CLEANUP(fc_free) char *quoted = NULL;
	enum fc_status status = fc_file_read(file, FC_MODEL_DESCRIPTOR_MAXIMUM, &text, err);
	if (status != FC_OK) {
		return status == FC_NO_MEMORY || status == FC_IO
			       ? status
			       : restate(err, FC_INVALID_ARGUMENT);
	}
	if (asprintf(&quoted, "'%s'", file) < 0 || !fc_buffer_text(&text)) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_model_parse((const char *)text.data, text.length, quoted, &model, err));
	if (expected_name && strcmp(model->name, expected_name) != 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' describes a model named '%s'", file,
			       model->name);
	}
	model->descriptor_path = strdup(file);
	if (!model->descriptor_path) {
		return fc_fail_memory(err);
	}
	size_t folder = (size_t)(fc_path_name(file) - file); /* length of the folder's path */
	for (size_t i = 0; i < model->file_count; i++) {
		/* A network file is in the descriptor's folder or in the model path. */
		struct fc_model_file *network = &model->files[i];
		FC_CLEANUP(fc_free) char *sibling = NULL;
		if (asprintf(&sibling, "%.*s%s", (int)folder, file, network->name) < 0) {
			sibling = NULL;
			return fc_fail_memory(err);
		}
		if (is_regular_file(sibling)) {
			network->path = FC_STEAL(sibling);
		} else {
			FC_TRY(find_file(path, network->name, &network->path, err));
		}
	}
	*out = FC_STEAL(model);
	return FC_OK;
}

/* Find a descriptor. *file: its path. *expected: the name that its model must have; NULL: any. */
static enum fc_status find_descriptor(const struct fc_model_path *path, const char *name,
				      char **file, const char **expected, struct fc_error *err)
{
	if (strchr(name, '/')) {
		if (!has_suffix(name)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "'%s' is neither a model's name nor the path of a .json",
				       name);
		}
		*expected = NULL;
		*file = is_regular_file(name) ? strdup(name) : NULL;
		return *file ? FC_OK
			     : fc_fail(err, FC_MODEL_MISSING,
				       "the model descriptor '%s' does not exist", name);
	}
	FC_CLEANUP(fc_free) char *base = NULL;
	if (asprintf(&base, "%s%s", name, SUFFIX) < 0) {
		base = NULL;
		return fc_fail_memory(err);
	}
	*expected = name;
	FC_TRY(find_file(path, base, file, err));
	if (*file) {
		return FC_OK;
	}
	FC_CLEANUP(fc_buffer_release) struct fc_buffer places = { 0 };
	for (size_t i = 0; i < path->count; i++) {
		fc_buffer_printf(&places, "%s'%s'", i > 0 ? ", " : "", path->directories[i]);
	}
	const char *text = fc_buffer_text(&places);
	return fc_fail(err, FC_MODEL_MISSING, "no model '%s': there is no '%s%s' in %s", name, name,
		       SUFFIX, text && *text ? text : "the model path, which is empty");
}

enum fc_status fc_model_load(const struct fc_model_path *path, const char *name,
			     enum fc_model_role role, struct fc_model **out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *file = NULL;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	const char *expected = NULL;
	FC_TRY(find_descriptor(path, name, &file, &expected, err));
	FC_TRY(load_descriptor(path, file, expected, &model, err));
	if (model->role != role) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "model '%s' has the role %s, not %s",
			       model->name, fc_model_role_name(model->role),
			       fc_model_role_name(role));
	}
	*out = FC_STEAL(model);
	return FC_OK;
}

void fc_model_list_release(struct fc_model_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		fc_model_free(list->models[i]);
	}
	free(list->models);
	*list = (struct fc_model_list){ 0 };
}

/* Add the model that this file describes, unless the list has one of that name. */
static enum fc_status list_file(const struct fc_model_path *path, const char *directory,
				const char *file, struct fc_model_list *list, size_t *unusable,
				struct fc_error *err)
{
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	FC_CLEANUP(fc_free) char *whole = fc_path_join(directory, file);
	FC_CLEANUP(fc_free) char *name = strdup(file);
	if (!whole || !name) {
		return fc_fail_memory(err);
	}
	if (!has_suffix(name)) {
		return FC_OK;
	}
	name[strlen(name) - strlen(SUFFIX)] = '\0';
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->models[i]->name, name) == 0) {
			return FC_OK;
		}
	}
	enum fc_status status = load_descriptor(path, whole, name, &model, err);
	if (status == FC_NO_MEMORY) {
		return status;
	}
	if (status != FC_OK) {
		(*unusable)++;
		return FC_OK;
	}
	FC_TRY(fc_array_grow(&list->models, sizeof(struct fc_model *), list->count, &list->capacity,
			     err));
	list->models[list->count++] = FC_STEAL(model);
	return FC_OK;
}

/* Add the models of one directory. A directory that does not exist is skipped. */
static enum fc_status list_directory(const struct fc_model_path *path, const char *directory,
				     struct fc_model_list *list, size_t *unusable,
				     struct fc_error *err)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, NULL, alphasort);
	enum fc_status status = FC_OK;
	if (count < 0 && errno != ENOENT && errno != ENOTDIR) {
		return fc_fail_errno(err, errno == ENOMEM ? FC_NO_MEMORY : FC_UNREADABLE, errno,
				     "cannot read the folder '%s' of the model path", directory);
	}
	for (int i = 0; i < count; i++) {
		if (status == FC_OK) {
			status =
				list_file(path, directory, entries[i]->d_name, list, unusable, err);
		}
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int compare_models(const void *left, const void *right)
{
	const struct fc_model *const *a = left;
	const struct fc_model *const *b = right;
	if ((*a)->role != (*b)->role) {
		return (*a)->role < (*b)->role ? -1 : 1;
	}
	return strcmp((*a)->name, (*b)->name);
}

enum fc_status fc_model_list(const struct fc_model_path *path, struct fc_model_list *out,
			     size_t *unusable, struct fc_error *err)
{
	FC_CLEANUP(fc_model_list_release) struct fc_model_list list = { 0 };
	size_t skipped = 0;
	for (size_t i = 0; i < path->count; i++) {
		FC_TRY(list_directory(path, path->directories[i], &list, &skipped, err));
	}
	if (list.count > 1) {
		qsort(list.models, list.count, sizeof(*list.models), compare_models);
	}
	*unusable = skipped;
	*out = FC_STEAL_STRUCT(list);
	return FC_OK;
}

static const struct fc_model_file *missing_file(const struct fc_model *model)
{
	for (size_t i = 0; i < model->file_count; i++) {
		if (!model->files[i].path) {
			return &model->files[i];
		}
	}
	return NULL;
}

bool fc_model_is_present(const struct fc_model *model)
{
	return missing_file(model) == NULL;
}

static enum fc_status fail_no_file(const struct fc_model *model, const struct fc_model_file *file,
				   struct fc_error *err)
{
	return fc_fail(err, FC_MODEL_MISSING,
		       "the network file '%s' of model '%s' is not in the model path; "
		       "get it with 'facectl models pull %s%s'",
		       file->name, model->name, model->name,
		       file->url_count > 0 ? "" : " --from DIR");
}

enum fc_status fc_model_require_files(const struct fc_model *model, struct fc_error *err)
{
	const struct fc_model_file *missing = missing_file(model);
	return missing ? fail_no_file(model, missing, err) : FC_OK;
}

enum fc_status fc_model_check(const struct fc_model *model, size_t file, uint64_t bytes,
			      const struct fc_sha256 *sha256, const char *path,
			      struct fc_error *err)
{
	const struct fc_model_file *expected = &model->files[file];
	if (bytes != expected->bytes || !fc_sha256_equal(sha256, &expected->sha256)) {
		char expected_text[FC_SHA256_TEXT_SIZE], found_text[FC_SHA256_TEXT_SIZE];
		fc_sha256_format(&expected->sha256, expected_text);
		fc_sha256_format(sha256, found_text);
		return fc_fail(err, FC_MODEL_MISMATCH,
			       "model '%s' does not match its descriptor: SHA-256 %s, not %s, "
			       "of '%.200s'",
			       model->name, found_text, expected_text, path);
	}
	return FC_OK;
}

enum fc_status fc_model_read(const struct fc_model *model, size_t file, struct fc_buffer *bytes,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer content = { 0 };
	struct fc_sha256 found;
	uint64_t size = 0;
	const char *path = model->files[file].path;
	if (!path) {
		return fail_no_file(model, &model->files[file], err);
	}
	enum fc_status status = fc_file_open(path, &fd, &size, err);
	if (status != FC_OK) {
		fc_error_prefix(err, "model '%s'", model->name);
		return status == FC_UNREADABLE ? restate(err, FC_MODEL_MISSING) : status;
	}
	if (size <= FC_MODEL_BYTES_MAXIMUM) {
		FC_IGNORE(fc_buffer_reserve(&content, size)); /* reading reports if it failed */
		FC_TRY(fc_file_read_fd(fd, FC_MODEL_BYTES_MAXIMUM, path, &content, err));
	}
	found = fc_sha256_of(content.data, content.length);
	FC_TRY(fc_model_check(model, file, content.length, &found, path, err));
	fc_buffer_release(bytes);
	*bytes = FC_STEAL_STRUCT(content);
	return FC_OK;
}
