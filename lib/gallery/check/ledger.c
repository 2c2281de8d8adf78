/* The check of the ledger: its records must refer to each other, and to existing persons and faces. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gallery/check/checker.h"
#include "gallery/rows/ledger_record.h"

void fc_check_ledger_task(struct fc_checker *checker, const struct fc_key *key,
			  struct fc_reader *payload)
{
	struct fc_ledger_task_record record;
	struct fc_ledger_target target;
	(void)key;
	if (!fc_checker_decoded(checker, fc_fields_get(payload, fc_task_fields, &record))) {
		return;
	}
	const struct fc_ledger_task task = {
		.verb = record.verb,
		.service = record.service,
		.space = record.space,
		.models = record.models,
	};
	if (fc_ledger_target_of(&task, &target, &checker->failure) == FC_OK) {
		struct fc_key expected = fc_ledger_key_target(&target);
		fc_checker_expect_own_key(checker, &expected);
	}
}

void fc_check_ledger_item(struct fc_checker *checker, const struct fc_key *key,
			  struct fc_reader *payload)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	bool sound = fc_ledger_key_get_item(key, 0, 0, &item);
	enum fc_status status = fc_record_get_item(payload, &item);
	if (fc_checker_decoded(checker, sound ? status : FC_DAMAGED)) {
		struct fc_key task = fc_ledger_key_target(&item.target);
		fc_checker_expect_row(checker, FC_DB_LEDGER_TASK, &task);
		if (item.space != 0) {
			struct fc_key subject = fc_ledger_key_subject(&item);
			fc_checker_expect_person(checker, &item.pid, item.space);
			fc_checker_expect_row(checker, FC_DB_LEDGER_SUBJECT, &subject);
		}
		if (item.space != 0 && item.face != 0) {
			struct fc_key face = fc_key_pid_face(&item.pid, item.face);
			fc_checker_expect_row(checker, FC_DB_FACE_PERSON, &face);
		}
	}
}

void fc_check_ledger_path(struct fc_checker *checker, const struct fc_key *key,
			  struct fc_reader *payload)
{
	FC_CLEANUP(fc_ledger_path_record_release) struct fc_ledger_path_record record = { 0 };
	if (!fc_checker_decoded(checker, fc_record_get_path(payload, &record))) {
		return;
	}
	if (key->length > sizeof(record.item.target.bytes)) {
		memcpy(record.item.target.bytes, key->bytes, sizeof(record.item.target.bytes));
	}
	struct fc_ledger_path_id id = fc_ledger_path_id_of(record.path);
	struct fc_key expected = fc_ledger_key_path(&record.item.target, &id);
	struct fc_key item = fc_ledger_key_item(&record.item);
	struct fc_key item_path = fc_ledger_key_item_path(&record.item, &id);
	fc_checker_expect_own_key(checker, &expected);
	fc_checker_expect_row(checker, FC_DB_LEDGER_ITEM, &item);
	fc_checker_expect_row(checker, FC_DB_LEDGER_ITEM_PATH, &item_path);
}

void fc_check_ledger_item_path(struct fc_checker *checker, const struct fc_key *key,
			       struct fc_reader *payload)
{
	(void)payload;
	struct fc_ledger_item item = { 0 };
	struct fc_ledger_path_id id;
	bool sound = fc_ledger_key_get_item(key, 0, sizeof(id.bytes), &item);
	if (fc_checker_decoded(checker, sound ? FC_OK : FC_DAMAGED)) {
		memcpy(id.bytes, key->bytes + FC_LEDGER_ITEM_KEY_SIZE, sizeof(id.bytes));
		struct fc_key path = fc_ledger_key_path(&item.target, &id);
		fc_checker_expect_row(checker, FC_DB_LEDGER_PATH, &path);
	}
}

void fc_check_ledger_subject(struct fc_checker *checker, const struct fc_key *key,
			     struct fc_reader *payload)
{
	(void)payload;
	struct fc_ledger_item item = { 0 }, stored = { 0 };
	enum { BEFORE = sizeof(struct fc_uuid) + 8 };
	bool sound = fc_ledger_key_get_item(key, BEFORE, 0, &item);
	if (!fc_checker_decoded(checker, sound ? FC_OK : FC_DAMAGED)) {
		return;
	}
	struct fc_key of_item = fc_ledger_key_item(&item);
	fc_checker_expect_row(checker, FC_DB_LEDGER_ITEM, &of_item);
	if (fc_ledger_find(checker->txn, &item, &stored, NULL) == FC_OK) {
		struct fc_key expected = fc_ledger_key_subject(&stored);
		fc_checker_expect_own_key(checker, &expected);
		fc_ledger_item_release(&stored);
	}
}
