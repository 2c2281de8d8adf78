/* set --sync on a service with a ledger: faces that an earlier version stored, whose rows have no reference. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../gallery/scratch.h"
#include "gallery/rows/ledger.h"
#include "service/sync.h"
#include "service/wrap/resume.h"

/* A service that stores nothing and notes what it should remove. */
struct remote {
	struct fc_service service;
	struct fc_sync_face removed[4];
	char reference[64];
	size_t removals;
};

static struct remote remote;

static void close_remote(struct fc_service *service)
{
	(void)service;
}

/* Photos that cannot be read are not sent, but reported in their turn. */
static enum fc_status set(struct fc_service *service, const struct fc_set_request *request,
			  struct fc_tally *tally, struct fc_error *err)
{
	static const struct fc_analysis none;
	(void)service, (void)tally;
	for (bool end = false;;) {
		struct fc_photo photo = { 0 };
		FC_TRY(request->photos.next(request->photos.context, &photo, &end, err));
		if (end) {
			return FC_OK;
		}
		assert_int_equal(photo.status, FC_UNREADABLE);
		const struct fc_photo_outcome outcome = { .photo = &photo,
							  .name = photo.name,
							  .path = photo.path,
							  .status = photo.status,
							  .analysis = &none,
							  .action = FC_ACTION_FAILED };
		FC_TRY(request->sink.report(request->sink.context, &outcome, err));
	}
}

static enum fc_status sync_alone(struct fc_service *service, const struct fc_sync_request *request,
				 struct fc_tally *tally, struct fc_sync_result *out,
				 struct fc_error *err)
{
	(void)service, (void)request, (void)tally, (void)out;
	return fc_fail(err, FC_INTERNAL, "the service has no ledger");
}

static enum fc_status check(struct fc_service *service, const struct fc_set_request *request,
			    struct fc_error *err)
{
	(void)service, (void)request, (void)err;
	return FC_OK;
}

static enum fc_status note_removals(struct fc_service *service, const char *space,
				    struct fc_sync_face *faces, size_t count, bool dry_run,
				    struct fc_error *err)
{
	(void)service, (void)err;
	assert_string_equal(space, "5");
	assert_false(dry_run);
	for (size_t i = 0; i < count; i++) {
		remote.removed[remote.removals++] = faces[i];
		snprintf(remote.reference, sizeof(remote.reference), "%s",
			 faces[i].reference ? faces[i].reference : "");
	}
	return FC_OK;
}

static const struct fc_photo_verbs photo_verbs = { .set = set, .sync = sync_alone };
static const struct fc_sync_verbs faces = { .check = check, .remove = note_removals };
static const struct fc_sync_verbs whole_persons = {
	.whole_persons = true,
	.check = check,
	.remove = note_removals,
};
static const struct fc_service_operations azure = {
	.type = "azure", .close = close_remote, .photos = &photo_verbs, .sync = &faces
};
static const struct fc_service_operations smarty = {
	.type = "smarty", .close = close_remote, .photos = &photo_verbs, .sync = &whole_persons
};

/* ---- the folder and its ledger ---- */

struct place {
	struct scratch *scratch;
	struct fc_service *service;
	struct fc_ledger_task task;
	char root[128];
};

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	if (!place || enter_gallery((void **)&place->scratch) != 0) {
		return -1;
	}
	snprintf(place->root, sizeof(place->root), "%s/tree", place->scratch->directory);
	remote = (struct remote){ 0 };
	place->task = (struct fc_ledger_task){ .verb = "set",
					       .service = "there",
					       .space = "5",
					       .models = fc_sha256_of("account", 7) };
	*state = place;
	return mkdir(place->root, 0700);
}

static int teardown(void **state)
{
	struct place *place = *state;
	fc_service_close(place->service);
	place->scratch->open = must_open(place->scratch, FC_GALLERY_WRITE);
	int left = leave_gallery((void **)&place->scratch);
	free(place);
	return left;
}

struct row {
	const struct place *place;
	struct fc_ledger_item item;
	char path[256];
	struct fc_file_identity identity;
};

static enum fc_status write_row(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct row *row = context;
	FC_TRY(fc_ledger_put(txn, &row->place->task, &row->item, err));
	return fc_ledger_put_path(txn, &row->item, row->path, &row->identity, err);
}

/* A photo of the person with this number, as an earlier version stored it: without a reference. */
static void remember(const struct place *place, const char *name, uint64_t number,
		     const struct fc_uuid *pid)
{
	struct row row = { .place = place };
	struct stat info;
	snprintf(row.path, sizeof(row.path), "%s/%s", place->root, name);
	assert_int_equal(stat(place->root, &info), 0);
	row.identity = (struct fc_file_identity){ .device = info.st_dev, .size = 9 };
	row.item = (struct fc_ledger_item){ .size = 9,
					    .content = fc_sha256_of(name, strlen(name)),
					    .state = FC_LEDGER_DONE };
	row.item.pid = pid ? *pid : row.item.pid;
	assert_int_equal(fc_ledger_target_of(&place->task, &row.item.target, NULL), FC_OK);
	assert_int_equal(fc_ledger_person_key_of(&number, NULL, NULL, &row.item.person_key, NULL),
			 FC_OK);
	must_write(place->scratch->open, write_row, &row);
}

struct report {
	size_t removed, failed;
	char error[200];
};

static enum fc_status report_photo(void *context, const struct fc_photo_outcome *outcome,
				   struct fc_error *err)
{
	struct report *report = context;
	(void)err;
	report->removed += outcome->action == FC_ACTION_REMOVED;
	report->failed += outcome->action == FC_ACTION_FAILED && outcome->error;
	if (outcome->error) {
		snprintf(report->error, sizeof(report->error), "%s", outcome->error);
	}
	return FC_OK;
}

/* Make the service equal to the folder, which has one photo that cannot be read, and so is not sent. */
static struct report synchronise(struct place *place,
				 const struct fc_service_operations *operations)
{
	const struct fc_photo photo = { .name = "x", .path = "x", .status = FC_UNREADABLE };
	struct fc_photo_array survey = { &photo, 1 }, photos = { &photo, 0 };
	struct report report = { 0 };
	struct fc_tally tally;
	struct fc_sync_result result;
	struct fc_error err = { 0 };
	const struct fc_resume_options options = {
		.gallery_directory = place->scratch->gallery,
		.lock_timeout = 10000,
		.name = "there",
		.account = "account",
	};
	struct fc_sync_request request = {
		.set = { .space = "5",
			 .photos = fc_photo_array_source(&photos),
			 .sink = { report_photo, &report } },
		.survey = fc_photo_array_source(&survey),
		.root = place->root,
		.limit = { .faces = 10 },
	};
	remote.service.operations = operations;
	fc_gallery_close(place->scratch->open);
	place->scratch->open = NULL;
	assert_int_equal(fc_resume_open(&options, &remote.service, &place->service, &err), FC_OK);
	photos.count = 1;
	enum fc_status status = fc_service_sync(place->service, &request, &tally, &result, &err);
	if (status != FC_OK) {
		fail_msg("%s", err.text);
	}
	return report;
}

static void a_face_is_found_by_its_photo(void **state)
{
	struct place *place = *state;
	const struct fc_uuid pid = { .bytes = { 1, 2, 3 } };
	remember(place, "7/1.jpg", 7, &pid);
	struct report report = synchronise(place, &azure);
	assert_int_equal(report.removed, 1);
	assert_int_equal(remote.removals, 1);
	assert_memory_equal(&remote.removed[0].pid, &pid, sizeof(pid));
	assert_string_equal(remote.reference, "");
	const struct fc_sha256 content = fc_sha256_of("7/1.jpg", 7);
	assert_memory_equal(&remote.removed[0].content, &content, sizeof(content));
}

static void a_person_is_found_by_the_name_of_the_folder(void **state)
{
	struct place *place = *state;
	remember(place, "person_7/1.jpg", 7, NULL);
	remember(place, "8/more/2.jpg", 8, NULL);
	remember(place, "person9/3.jpg", 9, NULL);
	struct report report = synchronise(place, &smarty);
	assert_int_equal(report.removed, 3);
	assert_int_equal(remote.removals, 3);
	uint64_t sum = 0;
	for (size_t i = 0; i < remote.removals; i++) {
		assert_true(remote.removed[i].has_number);
		sum += remote.removed[i].number;
	}
	assert_int_equal(sum, 7 + 8 + 9);
}

static void a_person_whose_number_is_not_known_is_reported(void **state)
{
	struct place *place = *state;
	remember(place, "7/1.jpg", 12, NULL); /* by --person-id 12 */
	struct report report = synchronise(place, &smarty);
	assert_int_equal(remote.removals, 0);
	assert_int_equal(report.failed, 1);
	assert_non_null(strstr(report.error, "delete the person by its number"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_face_is_found_by_its_photo, setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_is_found_by_the_name_of_the_folder, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_person_whose_number_is_not_known_is_reported,
						setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
