/* doctor: check the installation. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "command.h"
#include "commands/gallery/unix_group.h"
#include "engine.h"
#include "exit.h"
#include "gallery/gallery.h"
#include "gallery/maintain/maintain.h"
#include "gallery/rows/detected.h"
#include "output/record.h"

struct finding {
	const char *check;
	const char *verdict; /* ok, problem, unknown */
	const char *detail;
	const char *repair; /* a command or an explanation; NULL if not needed */
};

#define IN(member) offsetof(struct finding, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "check", IN(check), 0, "CHECK" },
	{ RECORD_TEXT, "verdict", IN(verdict), 0, "VERDICT" },
	{ RECORD_TEXT, "detail", IN(detail), 0, "DETAIL" },
	{ RECORD_TEXT, "repair", IN(repair), 0, "REPAIR", .whole = true },
	{ RECORD_END },
};

static const char verdict_ok[] = "ok";
static const char verdict_problem[] = "problem";
static const char verdict_unknown[] = "unknown";

struct doctor {
	struct command_context *ctx;
	struct engine engine;
	struct record_writer writer;
	struct fc_model *models[FC_ROLE_COUNT];
	enum fc_status status; /* status of the first problem */
};

static void doctor_release(struct doctor *doctor)
{
	for (size_t i = 0; i < FC_ROLE_COUNT; i++) {
		fc_model_free(doctor->models[i]);
	}
	record_writer_release(&doctor->writer);
	engine_release(&doctor->engine);
}

static enum fc_status write_finding(struct doctor *doctor, const struct finding *finding,
				    enum fc_status status, struct fc_error *err)
{
	enum record_tone tone = finding->verdict == verdict_ok ? TONE_GOOD : TONE_PLAIN;
	if (finding->verdict == verdict_problem) {
		tone = TONE_BAD;
		doctor->status = doctor->status == FC_OK ? status : doctor->status;
	}
	return record_write(&doctor->writer, finding, tone, err);
}

/* ---- models ---- */

/* optional: commands work without the model until an option asks for it. name "none": the user wants none. */
static enum fc_status check_model(struct doctor *doctor, const char *check, const char *name,
				  enum fc_model_role role, bool optional, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_model **model = &doctor->models[role];
	struct fc_error why = { 0 };
	if (strcmp(name, "none") == 0) {
		const struct finding none = { check, verdict_ok, "none, as configured", NULL };
		return write_finding(doctor, &none, FC_OK, err);
	}
	enum fc_status status =
		fc_model_load(&doctor->engine.options.model_path, name, role, model, &why);
	for (size_t i = 0; status == FC_OK && i < (*model)->file_count; i++) {
		fc_buffer_clear(&bytes);
		status = fc_model_read(*model, i, &bytes, &why);
	}
	bool missing = optional && status == FC_MODEL_MISSING;
	const struct finding finding = {
		.check = check,
		.verdict = status == FC_OK ? verdict_ok
			   : missing       ? verdict_unknown
					   : verdict_problem,
		.detail = status == FC_OK ? (*model)->files[0].path : why.text,
		.repair = status == FC_OK ? NULL : "facectl models list",
	};
	return write_finding(doctor, &finding, status, err);
}

static enum fc_status check_models(struct doctor *doctor, struct fc_error *err)
{
	const struct settings *settings = doctor->ctx->settings;
	const char *embedder = settings->embedder ? settings->embedder : "facectl-embed-2";
	FC_TRY(check_model(doctor, "detector", settings->detector, FC_ROLE_DETECTOR, false, err));
	FC_TRY(check_model(doctor, "embedder", embedder, FC_ROLE_EMBEDDER, false, err));
	FC_TRY(check_model(doctor, "attribute model", settings->attributes, FC_ROLE_ATTRIBUTES,
			   false, err));
	return check_model(doctor, "liveness model", settings->liveness, FC_ROLE_LIVENESS, true,
			   err);
}

/* ---- workers ---- */

static void list_protections(const struct fc_protections *protections, struct fc_buffer *out)
{
	const struct {
		bool holds;
		const char *name;
	} parts[] = {
		{ protections->seccomp, "seccomp" },
		{ protections->landlock, "landlock" },
		{ protections->no_new_privileges, "no new privileges" },
		{ protections->memory_limit, "memory limit" },
		{ protections->no_core_dumps, "no core dumps" },
		{ protections->own_environment, "own environment" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(parts); i++) {
		fc_buffer_printf(out, "%s%s%s", i > 0 ? ", " : "", parts[i].holds ? "" : "NOT ",
				 parts[i].name);
	}
	if (protections->text[0] != '\0') {
		fc_buffer_printf(out, " (%s)", protections->text);
	}
}

static enum fc_status check_workers(struct doctor *doctor, struct fc_error *err)
{
	struct finding finding = { .check = "worker", .verdict = verdict_unknown };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	struct fc_workers_options options = doctor->engine.options.workers;
	struct fc_protections protections = { 0 };
	struct fc_error why = { 0 };
	options.detector = doctor->models[FC_ROLE_DETECTOR];
	options.embedder = doctor->models[FC_ROLE_EMBEDDER];
	/* best-effort, so that a worker starts and reports its protections even if some are missing */
	options.sandbox = FC_SANDBOX_BEST_EFFORT;
	if (!options.detector || !options.embedder || doctor->status != FC_OK) {
		finding.detail = "no worker can start until the problems above are fixed";
		return write_finding(doctor, &finding, FC_OK, err);
	}
	enum fc_status status = fc_workers_probe(&options, &protections, &why);
	if (status != FC_OK) {
		finding.verdict = verdict_problem;
		finding.detail = why.text;
		finding.repair = "reinstall facectl";
		return write_finding(doctor, &finding, status, err);
	}
	bool accepted = fc_protections_complete(&protections) ||
			doctor->ctx->settings->sandbox == FC_SANDBOX_BEST_EFFORT;
	finding.verdict = accepted ? verdict_ok : verdict_problem;
	finding.repair = accepted ? NULL
				  : "use a kernel with seccomp and Landlock, or set "
				    "core.sandbox = best-effort";
	list_protections(&protections, &list);
	finding.detail = fc_buffer_text(&list);
	return finding.detail ? write_finding(doctor, &finding, FC_INCOMPATIBLE, err)
			      : fc_fail_memory(err);
}

/* A file of the installation. optional: facectl may be built without it. */
static enum fc_status check_file(struct doctor *doctor, const char *check, const char *path,
				 int access_mode, bool optional, const char *otherwise,
				 struct fc_error *err)
{
	bool there = access(path, access_mode) == 0;
	const struct finding finding = {
		.check = check,
		.verdict = there      ? verdict_ok
			   : optional ? verdict_unknown
				      : verdict_problem,
		.detail = there ? path : otherwise,
		.repair = there || optional ? NULL : "reinstall facectl",
	};
	return write_finding(doctor, &finding, FC_UNREADABLE, err);
}

static enum fc_status check_modules(struct doctor *doctor, struct fc_error *err)
{
	const struct locations *locations = &doctor->engine.locations;
	const char *codecs = locations->codecs_module;
	int folder = (int)(fc_path_name(codecs) - codecs);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer heif = { 0 }, jxl = { 0 };
	fc_buffer_printf(&heif, "%.*sfacectl-heif.so", folder, codecs);
	fc_buffer_printf(&jxl, "%.*sfacectl-jxl.so", folder, codecs);
	if (!fc_buffer_text(&heif) || !fc_buffer_text(&jxl)) {
		return fc_fail_memory(err);
	}
	FC_TRY(check_file(doctor, "WebP, BMP, TIFF", codecs, R_OK, false,
			  "facectl-imgcodecs.so is missing: only JPEG and PNG can be read", err));
	FC_TRY(check_file(doctor, "HEIC, AVIF", fc_buffer_text(&heif), R_OK, true,
			  "facectl-heif.so is missing: HEIC and AVIF cannot be read", err));
	FC_TRY(check_file(doctor, "JPEG XL", fc_buffer_text(&jxl), R_OK, true,
			  "facectl-jxl.so is missing: JPEG XL cannot be read", err));
	FC_TRY(check_file(doctor, "names on pictures", locations->lettering, X_OK, true,
			  "facectl-lettering is missing: --annotate writes numbers instead of "
			  "names that are not ASCII",
			  err));
	FC_TRY(check_file(doctor, "contact sheets", locations->jpeg_module, R_OK, false,
			  "facectl-jpeg.so is missing: --contact-sheet does not work", err));
	return check_file(doctor, "remote services", locations->remote_module, R_OK, false,
			  "facectl-remote.so is missing: only --service local works", err);
}

/* ---- configuration ---- */

static enum fc_status check_configuration(struct doctor *doctor, struct fc_error *err)
{
	const struct config *config = &doctor->ctx->settings->configuration;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer files = { 0 };
	struct fc_error why = { 0 };
	for (size_t i = 0; i < config->file_count; i++) {
		fc_buffer_printf(&files, "%s%s", i > 0 ? ", " : "", config->files[i]);
	}
	enum fc_status status = config_verdict(config, &why);
	const struct finding finding = {
		.check = "configuration",
		.verdict = status == FC_OK ? verdict_ok : verdict_problem,
		.detail = status != FC_OK          ? why.text
			  : config->file_count > 0 ? fc_buffer_text(&files)
						   : "there is no configuration file",
		.repair = status == FC_OK ? NULL : "facectl config check",
	};
	return finding.detail ? write_finding(doctor, &finding, status, err) : fc_fail_memory(err);
}

/* ---- processes ---- */

struct users {
	struct fc_buffer list;
	bool stopped;
};

/* Whether a process is stopped by a signal or a debugger: the state after the name in parentheses (proc(5)). */
static bool is_stopped(long process)
{
	char path[64], state = '\0';
	snprintf(path, sizeof(path), "/proc/%ld/stat", process);
	FILE *file = fopen(path, "re");
	if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1) {
		state = '\0';
	}
	if (file) {
		fclose(file);
	}
	return state == 'T' || state == 't';
}

static void add_user(const struct fc_gallery_user *user, void *context)
{
	struct users *users = context;
	bool stopped = is_stopped(user->process);
	users->stopped = users->stopped || stopped;
	fc_buffer_printf(&users->list, "%sprocess %ld %s", users->list.length > 0 ? ", " : "",
			 user->process, user->writes ? "is writing" : "is reading");
	if (user->behind > 0) {
		fc_buffer_printf(&users->list, " a state of %llu change%s ago",
				 (unsigned long long)user->behind, user->behind == 1 ? "" : "s");
	}
	fc_buffer_append_text(&users->list, stopped ? " and is stopped" : "");
}

/* gallery: NULL if it could not be opened. */
static enum fc_status check_users(struct doctor *doctor, struct fc_gallery *gallery,
				  struct fc_error *err)
{
	struct users users = { 0 };
	if (!gallery) {
		const struct finding closed = { "processes", verdict_unknown,
						"the gallery could not be opened", NULL };
		return write_finding(doctor, &closed, FC_OK, err);
	}
	fc_gallery_each_user(gallery, add_user, &users);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = users.list;
	const struct finding finding = {
		.check = "processes",
		.verdict = users.stopped ? verdict_problem : verdict_ok,
		.detail = list.length > 0 ? fc_buffer_text(&list)
					  : "no other process reads or writes the gallery",
		.repair = users.stopped ? "continue the stopped process (kill -CONT) or end it"
					: NULL,
	};
	return finding.detail ? write_finding(doctor, &finding, FC_BUSY, err) : fc_fail_memory(err);
}

/* ---- gallery ---- */

/* Detected faces have templates, and stay for a while. */
static enum fc_status check_face_ids(struct doctor *doctor, struct fc_gallery *gallery,
				     struct fc_error *err)
{
	struct fc_detected_counts counts;
	struct fc_error why = { 0 };
	char detail[128];
	struct fc_gallery_txn *txn;
	enum fc_status status = fc_gallery_begin_read(gallery, &txn, &why);
	if (status == FC_OK) {
		status = fc_detected_count(txn, fc_clock_now(), &counts, &why);
		fc_gallery_end_read(txn);
	}
	struct finding finding = { "faceIds", verdict_ok, detail, NULL };
	if (status != FC_OK) {
		finding = (struct finding){ "faceIds", verdict_problem, why.text,
					    "facectl gallery check" };
		return write_finding(doctor, &finding, status, err);
	}
	snprintf(detail, sizeof(detail), "%" PRIu64 " detected faces, %" PRIu64 " of them expired",
		 counts.stored, counts.expired);
	finding.repair = counts.expired > 0 ? "the next detection or 'facectl gallery compact' "
					      "removes the expired ones"
					    : NULL;
	return write_finding(doctor, &finding, FC_OK, err);
}

static enum fc_status check_gallery(struct doctor *doctor, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct fc_error why = { 0 };
	const struct fc_gallery_options options = {
		.directory = doctor->engine.options.gallery_directory,
		.server = doctor->engine.options.gallery_server,
		.mode = FC_GALLERY_READ,
		.lock_timeout = doctor->engine.options.lock_timeout,
	};
	struct finding finding = { .check = "gallery", .verdict = verdict_ok };
	enum fc_status status = fc_gallery_open(&options, &gallery, &why);
	finding.detail = status == FC_OK ? options.directory : why.text;
	if (!options.directory || status == FC_GALLERY_MISSING) {
		finding.verdict = verdict_unknown; /* the detail says what to do */
	} else if (status != FC_OK) {
		finding.verdict = verdict_problem;
		finding.repair = status == FC_PERMISSION ? "chown and chmod 700 the folder"
							 : "facectl gallery check";
	} else if (fc_gallery_has_leftover(gallery)) {
		status = FC_CONFLICT;
		finding.verdict = verdict_problem;
		finding.detail = "new.mdb: a compaction or erasure that was killed left templates";
		finding.repair = "facectl gallery compact";
	}
	FC_TRY(write_finding(doctor, &finding, status, err));
	if (gallery) {
		FC_TRY(check_face_ids(doctor, gallery, err));
	}
	uint32_t group;
	if (gallery && fc_gallery_is_shared(gallery, &group)) {
		char name[UNIX_GROUP_SIZE], detail[UNIX_GROUP_SIZE + 64];
		snprintf(detail, sizeof(detail), "shared with the group '%s'",
			 unix_group_name(group, name));
		const struct finding sharing = { "access to the gallery", verdict_ok, detail,
						 NULL };
		FC_TRY(write_finding(doctor, &sharing, FC_OK, err));
	}
	return check_users(doctor, gallery, err);
}

/* ---- backups ---- */

static void add_line(const char *path, void *context)
{
	struct fc_buffer *list = context;
	fc_buffer_printf(list, "%s%s", list->length > 0 ? ", " : "", path);
}

/* Search the folder of the gallery and the current folder, where backups often are. */
static enum fc_status check_backups(struct doctor *doctor, struct fc_error *err)
{
	const char *gallery = doctor->engine.options.gallery_directory;
	if (gallery && fc_gallery_is_address(gallery)) {
		gallery = NULL; /* it has no folder */
	}
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	FC_CLEANUP(fc_free)
	char *parent = gallery ? fc_path_join(gallery, "..") : strdup(".");
	struct stat here, there;
	struct fc_error why = { 0 };
	if (!parent) {
		return fc_fail_memory(err);
	}
	enum fc_status status = fc_backup_leftovers(".", add_line, &list, &why);
	bool other = stat(".", &here) == 0 && stat(parent, &there) == 0 &&
		     (here.st_dev != there.st_dev || here.st_ino != there.st_ino);
	if (status == FC_OK && other) {
		status = fc_backup_leftovers(parent, add_line, &list, &why);
	}
	bool found = list.length > 0;
	const struct finding finding = {
		.check = "backups",
		.verdict = status != FC_OK ? verdict_unknown
			   : found         ? verdict_problem
					   : verdict_ok,
		.detail = status != FC_OK ? why.text
			  : found         ? fc_buffer_text(&list)
				  : "no killed backup left templates here or next to the gallery",
		.repair =
			found ? "rm -r them, or run 'facectl gallery backup' to this folder" : NULL,
	};
	return finding.detail ? write_finding(doctor, &finding, FC_CONFLICT, err)
			      : fc_fail_memory(err);
}

static enum fc_status run(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(doctor_release)
	struct doctor doctor = {
		.ctx = ctx,
		.writer = record_writer_of(ctx->out, "check", fields, false),
	};
	(void)args;
	FC_TRY(engine_init(&doctor.engine, ctx->settings, 1, NULL, err));
	FC_TRY(check_models(&doctor, err));
	FC_TRY(check_file(&doctor, "worker program", doctor.engine.locations.worker, X_OK, false,
			  "facectl-worker is missing", err));
	FC_TRY(check_workers(&doctor, err));
	FC_TRY(check_modules(&doctor, err));
	FC_TRY(check_configuration(&doctor, err));
	FC_TRY(check_gallery(&doctor, err));
	FC_TRY(check_backups(&doctor, err));
	FC_TRY(record_finish(&doctor.writer, err));
	return doctor.status == FC_OK ? FC_OK : exit_no(err);
}

const struct command doctor_command = {
	.name = "doctor",
	.summary = "check the installation and show how to repair it",
	.synopsis = "",
	.help = "Exits with 0 if there is no problem and with 1 if there is one.",
	.needs = COMMAND_LENIENT,
	.fields = fields,
	.run = run,
};
