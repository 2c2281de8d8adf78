/* erase: remove persons so that nothing of them stays in the gallery's file. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "command.h"
#include "confirm.h"
#include "option/operands.h"
#include "option/person.h"
#include "output/record.h"
#include "photos/photo_options.h"

struct erase_args {
	struct option_texts words;
	const char *space, *whole_space;
	struct option_number older_than;
	bool yes, dry_run;
};

#define AT(member) offsetof(struct erase_args, member)

/* A hundred years, in milliseconds. */
#define AGE_MAXIMUM (36525.0 * 86400e3)

static const struct option_row options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PERSON", AT(words),
	  "UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME" },
	{ OPTION_TEXT, 's', "space", "SPACE", AT(space),
	  "space of the persons; PERSON can then be a number or name alone" },
	{ OPTION_TEXT, 0, "whole-space", "SPACE", AT(whole_space),
	  "erase a space with all of its persons, entries and origins" },
	{ OPTION_DURATION, 0, "older-than", "AGE", AT(older_than),
	  "erase the persons whose last change and last entry are older than this, such as 90d or 52w",
	  .maximum = AGE_MAXIMUM },
	{ OPTION_FLAG, 'y', "yes", NULL, AT(yes), "do not ask for confirmation" },
	OPTION_ROW_DRY_RUN(erase_args),
	{ OPTION_END },
};

struct receipt {
	const char *result, *gallery, *time, *persons_sha256, *sha256, *not_erased;
	struct record_texts not_found;
	struct fc_erase_report done;
	int64_t bytes_before, bytes;
	enum record_flag dry_run;
	char time_text[FC_TIME_TEXT_SIZE];
	char persons_digest[FC_SHA256_TEXT_SIZE], file_digest[FC_SHA256_TEXT_SIZE];
};

#define IN(member) offsetof(struct receipt, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "result", IN(result), 0, "result" },
	{ RECORD_TEXT, "gallery", IN(gallery), 0, "gallery" },
	{ RECORD_TEXT, "time", IN(time), 0, "time" },
	{ RECORD_INTEGER, "persons", IN(done.persons), 0, "persons" },
	{ RECORD_INTEGER, "faces", IN(done.faces), 0, "faces" },
	{ RECORD_INTEGER, "crops", IN(done.crops), 0, "crops" },
	{ RECORD_INTEGER, "entries", IN(done.entries), 0, "entries" },
	{ RECORD_INTEGER, "ledger_records", IN(done.items), 0, "ledger records" },
	{ RECORD_INTEGER, "shared_photos", IN(done.shared_photos), 0, "shared photos" },
	{ RECORD_TEXTS, "not_found", IN(not_found), 0, "not found" },
	{ RECORD_TEXT, "persons_sha256", IN(persons_sha256), 0, "SHA-256 of UUIDs" },
	{ RECORD_INTEGER, "bytes_before", IN(bytes_before), 0, "bytes before" },
	{ RECORD_INTEGER, "bytes", IN(bytes), 0, "bytes" },
	{ RECORD_TEXT, "sha256", IN(sha256), 0, "SHA-256 of file" },
	{ RECORD_TEXT, "not_erased", IN(not_erased), 0, "not erased" },
	{ RECORD_FLAG, "dry_run", IN(dry_run) },
	{ RECORD_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct erase_args *args = parsed;
	int given = (args->words.count > 0) + (args->whole_space != NULL) + args->older_than.given;
	if (given != 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give either PERSON, --whole-space SPACE or --older-than AGE");
	}
	if (args->whole_space && args->space) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--space cannot be combined with --whole-space");
	}
	return confirm_check(ctx, args->yes || args->dry_run, err);
}

/* Find the persons that the operands name. The words of those that do not exist go into *missing. */
static enum fc_status find_persons(struct command_context *ctx, const struct erase_args *args,
				   struct fc_uuid *pids, size_t *count, const char **missing,
				   struct operand_outcomes *outcomes, struct fc_error *err)
{
	for (size_t i = 0; i < args->words.count; i++) {
		struct fc_error failure = { 0 };
		struct fc_person_id person;
		enum fc_status status = person_find_recorded(ctx, args->words.items[i], args->space,
							     &person, &failure);
		if (status == FC_OK) {
			pids[(*count)++] = person.pid;
		} else if (status == FC_NOT_FOUND) {
			missing[outcomes->failed] = args->words.items[i];
		} else {
			*err = failure;
			return status;
		}
		operand_note(outcomes, status == FC_OK ? NULL : &failure);
	}
	return FC_OK;
}

static enum fc_status ask(struct command_context *ctx, const struct fc_erase_request *request,
			  struct fc_error *err)
{
	char question[256];
	struct fc_erase_request rehearsal = *request;
	struct fc_erase_report report;
	rehearsal.dry_run = true;
	FC_TRY(fc_service_erase(ctx->service, &rehearsal, &report, err));
	snprintf(question, sizeof(question),
		 "erase %" PRIu64 " person%s with %" PRIu64 " face%s and %" PRIu64
		 " entr%s for good?",
		 report.persons, report.persons == 1 ? "" : "s", report.faces,
		 report.faces == 1 ? "" : "s", report.entries, report.entries == 1 ? "y" : "ies");
	return confirm(ctx, false, question, err);
}

static enum fc_status show_receipt(struct command_context *ctx, bool dry_run,
				   const struct fc_erase_report *report,
				   const struct record_texts *missing, struct fc_error *err)
{
	struct receipt receipt = {
		.result = record_outcome(ctx->out, dry_run, "erased"),
		.gallery = ctx->settings->gallery,
		.not_found = *missing,
		.done = *report,
		.bytes_before = dry_run ? RECORD_ABSENT : (int64_t)report->file.before,
		.bytes = dry_run ? RECORD_ABSENT : (int64_t)report->file.after,
		.not_erased = "backups, exports and other copies of the gallery; photos and crops "
			      "in other folders; old blocks that the disk keeps",
		.dry_run = dry_run ? RECORD_TRUE : RECORD_FALSE,
	};
	fc_time_format(report->time, receipt.time_text);
	fc_sha256_format(&report->persons_sha256, receipt.persons_digest);
	fc_sha256_format(&report->file.sha256, receipt.file_digest);
	receipt.time = receipt.time_text;
	receipt.persons_sha256 = receipt.persons_digest;
	receipt.sha256 = dry_run ? NULL : receipt.file_digest;
	return record_show(ctx->out, "erase", fields, &receipt, TONE_PLAIN, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct erase_args *args = parsed;
	size_t words = args->words.count;
	FC_CLEANUP(fc_free) struct fc_uuid *pids = calloc(words + 1, sizeof(*pids));
	FC_CLEANUP(fc_free) const char **missing = calloc(words + 1, sizeof(*missing));
	struct operand_outcomes outcomes = { 0 };
	struct fc_erase_report report;
	struct fc_erase_request request = {
		.pids = pids,
		.space = args->whole_space ? args->whole_space : args->space,
		.whole_space = args->whole_space != NULL,
		.has_before = args->older_than.given,
		.dry_run = args->dry_run,
	};
	if (!pids || !missing) {
		return fc_fail_memory(err);
	}
	if (args->older_than.given) {
		request.before = fc_clock_now() - (int64_t)args->older_than.value * 1000;
	}
	FC_TRY(fc_service_need(ctx->service, FC_VERB_ERASE, err));
	FC_TRY(find_persons(ctx, args, pids, &request.pid_count, missing, &outcomes, err));
	if (words > 0 && request.pid_count == 0) {
		return operand_judge(&outcomes, err);
	}
	if (!args->yes && !args->dry_run) {
		FC_TRY(ask(ctx, &request, err));
	}
	FC_TRY(fc_service_erase(ctx->service, &request, &report, err));
	const struct record_texts not_found = { missing, outcomes.failed };
	FC_TRY(show_receipt(ctx, args->dry_run, &report, &not_found, err));
	return operand_judge(&outcomes, err);
}

const struct command erase_command = {
	.name = "erase",
	.summary = "remove persons so that nothing of them stays in the gallery's file",
	.synopsis =
		"(PERSON... | --whole-space SPACE | --older-than AGE) [--space SPACE] [--yes] [--dry-run]",
	.help = "Removes the persons with their faces, crops, entries and ledger records, and rewrites the file, "
		"in one step. Prints a receipt. Backups and exports are not erased.\n"
		"Needs exclusive access: waits for other commands up to --lock-timeout. Asks for confirmation on a "
		"terminal, and needs --yes elsewhere.",
	.options = options,
	.args_size = sizeof(struct erase_args),
	.needs = COMMAND_SERVICE,
	.fields = fields,
	.prepare = prepare,
	.run = run,
};
