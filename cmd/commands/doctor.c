/* doctor: check the installation. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "command.h"
#include "engine.h"
#include "exit.h"
#include "gallery/gallery.h"
#include "gallery/maintain/maintain.h"
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
	struct fc_model *detector, *embedder;
	enum fc_status status; /* status of the first problem */
};

static void doctor_release(struct doctor *doctor)
{
	fc_model_free(doctor->detector);
	fc_model_free(doctor->embedder);
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

static enum fc_status check_model(struct doctor *doctor, const char *check, const char *name,
				  enum fc_model_role role, struct fc_model **out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_error why = { 0 };
	enum fc_status status =
		fc_model_load(&doctor->engine.options.model_path, name, role, out, &why);
	if (status == FC_OK) {
		status = fc_model_read(*out, 0, &bytes, &why);
	}
	const struct finding finding = {
		.check = check,
		.verdict = status == FC_OK ? verdict_ok : verdict_problem,
		.detail = status == FC_OK ? (*out)->files[0].path : why.text,
		.repair = status == FC_OK ? NULL : "facectl models list",
	};
	return write_finding(doctor, &finding, status, err);
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
	options.detector = doctor->detector;
	options.embedder = doctor->embedder;
	/* best-effort, so that a worker starts and reports its protections even if some are missing */
	options.sandbox = FC_SANDBOX_BEST_EFFORT;
	if (!options.detector || !options.embedder || doctor->status != FC_OK) {
		finding.detail = "no worker can start until the problem above is fixed";
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

static enum fc_status check_file(struct doctor *doctor, const char *check, const char *path,
				 int access_mode, const char *otherwise, struct fc_error *err)
{
	bool there = access(path, access_mode) == 0;
	const struct finding finding = {
		.check = check,
		.verdict = there ? verdict_ok : verdict_problem,
		.detail = there ? path : otherwise,
		.repair = there ? NULL : "reinstall facectl",
	};
	return write_finding(doctor, &finding, FC_UNREADABLE, err);
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
		fc_buffer_printf(&users->list, " a state of %llu changes ago",
				 (unsigned long long)user->behind);
	}
	fc_buffer_append_text(&users->list, stopped ? " and is stopped" : "");
}

static enum fc_status check_users(struct doctor *doctor, struct fc_gallery *gallery,
				  struct fc_error *err)
{
	struct users users = { 0 };
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

static enum fc_status check_gallery(struct doctor *doctor, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct fc_error why = { 0 };
	const struct fc_gallery_options options = {
		.directory = doctor->engine.options.gallery_directory,
		.mode = FC_GALLERY_READ,
		.lock_timeout = doctor->engine.options.lock_timeout,
	};
	struct finding finding = { .check = "gallery", .verdict = verdict_ok };
	enum fc_status status = fc_gallery_open(&options, &gallery, &why);
	finding.detail = status == FC_OK ? options.directory : why.text;
	if (status == FC_GALLERY_MISSING) {
		finding.verdict = verdict_unknown;
		finding.repair = "'facectl set' creates one";
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
	return gallery ? check_users(doctor, gallery, err) : FC_OK;
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
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	FC_CLEANUP(fc_free)
	char *parent = fc_path_join(doctor->engine.options.gallery_directory, "..");
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
	const struct settings *settings = ctx->settings;
	(void)args;
	FC_TRY(engine_init(&doctor.engine, settings, 1, NULL, err));
	const struct locations *locations = &doctor.engine.locations;
	FC_TRY(check_model(&doctor, "detector", settings->detector, FC_ROLE_DETECTOR,
			   &doctor.detector, err));
	FC_TRY(check_model(&doctor, "embedder",
			   settings->embedder ? settings->embedder : "facectl-embed-2",
			   FC_ROLE_EMBEDDER, &doctor.embedder, err));
	FC_TRY(check_file(&doctor, "worker program", locations->worker, X_OK,
			  "facectl-worker is missing", err));
	FC_TRY(check_workers(&doctor, err));
	FC_TRY(check_file(&doctor, "WebP, BMP, TIFF", locations->codecs_module, R_OK,
			  "facectl-imgcodecs.so is missing: only JPEG and PNG can be read", err));
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
	.fields = fields,
	.run = run,
};
