/* profiles audit: faces and persons of a space that are probably wrong. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "command.h"
#include "exit.h"
#include "option/page.h"
#include "output/record.h"
#include "service/audit.h"
#include "service/stored_faces.h"
#include "sheet/photo_faces.h"

struct audit_args {
	const char *space;
	struct page_args page;
	const char *sheet_path;
	/* set by prepare */
	struct contact_sheet sheet;
};

static const struct option_row options[] = {
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct audit_args, space),
	  "the space to examine" },
	OPTION_ROWS_PAGE(audit_args, page),
	OPTION_ROW_SHEET(audit_args, sheet_path),
	{ OPTION_END },
};

struct audit_record {
	const char *finding, *face, *path, *pid, *name, *other_pid, *other_name, *repair;
	int64_t person_id, other_person_id;
	double own, similarity;
};

#define IN(member) offsetof(struct audit_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "finding", IN(finding), 0, "FINDING" },
	{ RECORD_TEXT, "path", IN(path), 0, "PHOTO", .end_counts = true },
	{ RECORD_TEXT, "persisted_face_id", IN(face) },
	{ RECORD_TEXT, "pid", IN(pid) },
	{ RECORD_INTEGER, "person_id", IN(person_id), 0, "NUMBER", .rank = 2 },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_REAL, "own_similarity", IN(own), 4, "OWN", .rank = 1 },
	{ RECORD_TEXT, "other_pid", IN(other_pid) },
	{ RECORD_INTEGER, "other_person_id", IN(other_person_id) },
	{ RECORD_TEXT, "other_name", IN(other_name), 0, "RESEMBLES" },
	{ RECORD_REAL, "similarity", IN(similarity), 4, "SIMILARITY", .rank = 1 },
	{ RECORD_TEXT, "repair", IN(repair), 0, "REPAIR", .whole = true },
	{ RECORD_END },
};

struct listing {
	struct record_writer writer;
	struct command_context *ctx;
	struct contact_sheet *sheet;
	uint64_t offset, limit, total, shown;
};

static void listing_release(struct listing *listing)
{
	record_writer_release(&listing->writer);
}

static enum fc_status add_to_sheet(const struct listing *listing,
				   const struct fc_audit_finding *finding,
				   const struct audit_record *record, struct fc_error *err)
{
	static const char *const notes[] = {
		[FC_FINDING_MISLABELLED] = "more similar to the other person than to its own",
		[FC_FINDING_DUPLICATE] = "the two persons are probably one",
		[FC_FINDING_WEAK] = "not similar enough to the other faces of its person",
	};
	char tag[FC_PERSON_TAG_SIZE], other[FC_PERSON_TAG_SIZE], note[160];
	snprintf(note, sizeof(note), "%s", notes[finding->finding]);
	if (finding->has_own) {
		snprintf(note, sizeof(note), "%s; similarity to its own person %.4f",
			 notes[finding->finding], (double)finding->own);
	}
	struct sheet_face shown = {
		.group = record->pid,
		.title = sheet_person_title(&finding->person, tag),
		.result = record->finding,
		.similarity = record->own,
		.threshold = NAN,
		.nearest = finding->has_other ? sheet_person_title(&finding->other, other) : NULL,
		.nearest_similarity = record->similarity,
		.note = note,
		.repair = record->repair,
	};
	return sheet_add_stored(listing->sheet, listing->ctx, finding->face, &shown, err);
}

static enum fc_status write_finding(void *context, const struct fc_audit_finding *finding,
				    struct fc_error *err)
{
	struct listing *listing = context;
	char pid[FC_UUID_TEXT_SIZE], other[FC_UUID_TEXT_SIZE] = "", face[FC_UUID_TEXT_SIZE] = "";
	char repair[160];
	const struct fc_identity *person = &finding->person;
	if (listing->total++ < listing->offset || listing->shown == listing->limit) {
		return FC_OK;
	}
	listing->shown++;
	fc_uuid_format(&person->pid, pid);
	struct audit_record record = {
		.finding = fc_finding_name(finding->finding),
		.pid = pid,
		.name = person->name,
		.person_id = person->has_number ? (int64_t)person->number : RECORD_ABSENT,
		.other_person_id = RECORD_ABSENT,
		.own = finding->has_own ? (double)finding->own : (double)NAN,
		.similarity = finding->has_other ? (double)finding->similarity : (double)NAN,
		.repair = repair,
	};
	if (finding->face) {
		fc_uuid_format(&finding->face->uuid, face);
		record.face = face;
		record.path = finding->face->path;
	}
	if (finding->has_other) {
		fc_uuid_format(&finding->other.pid, other);
		record.other_pid = other;
		record.other_name = finding->other.name;
		record.other_person_id =
			finding->other.has_number ? (int64_t)finding->other.number : RECORD_ABSENT;
	}
	switch (finding->finding) {
	case FC_FINDING_MISLABELLED:
		snprintf(repair, sizeof(repair), "facectl faces move %s --to %s", face, other);
		break;
	case FC_FINDING_DUPLICATE:
		snprintf(repair, sizeof(repair), "facectl profiles merge %s --to %s", pid, other);
		break;
	default:
		snprintf(repair, sizeof(repair), "facectl faces delete %s", face);
		break;
	}
	FC_TRY(add_to_sheet(listing, finding, &record, err));
	return record_write(&listing->writer, &record, TONE_BAD, err);
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct audit_args *args = parsed;
	(void)ctx;
	return args->space ? contact_sheet_open(&args->sheet, args->sheet_path, "profiles audit",
						"finding", err)
			   : fc_fail(err, FC_INVALID_ARGUMENT, "give the space by --space SPACE");
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct audit_args *args = parsed;
	FC_CLEANUP(listing_release)
	struct listing listing = {
		.writer = record_writer_of(ctx->out, "audit", fields, false),
		.ctx = ctx,
		.sheet = &args->sheet,
		.offset = args->page.offset.value,
	};
	const struct fc_audit_request request = {
		.space = args->space,
		.report = write_finding,
		.context = &listing,
	};
	FC_TRY(page_limit(&args->page, ctx->out, &listing.limit, err));
	FC_TRY(fc_service_audit(ctx->service, &request, err));
	FC_TRY(record_finish(&listing.writer, err));
	FC_TRY(contact_sheet_commit(&args->sheet, err));
	page_note(ctx->out, listing.shown, listing.total);
	ctx->answered = true;
	return listing.total > 0 ? exit_no(err) : FC_OK;
}

static void release(void *parsed)
{
	struct audit_args *args = parsed;
	contact_sheet_release(&args->sheet);
}

const struct command profiles_audit_command = {
	.name = "profiles audit",
	.summary = "find mislabelled, duplicate and weak faces of a space",
	.synopsis = "--space SPACE [OPTION...]",
	.help = "Compares each face with the other faces of its person and with the other persons. Prints a command that repairs each finding; look at the photo first. Exits with 1 if there is any finding.",
	.options = options,
	.args_size = sizeof(struct audit_args),
	.needs = COMMAND_SERVICE,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
