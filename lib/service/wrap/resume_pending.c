/* Faces that a remote service may have although the folder does not want them. */
/* SPDX-License-Identifier: MIT */
#include "service/wrap/resume_pending.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

static void pending_release(struct fc_pending *pending)
{
	free(pending->reference);
	free(pending->path);
	free(pending->name);
}

void fc_pending_list_release(struct fc_pending_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		pending_release(&list->items[i]);
	}
	free(list->items);
	*list = (struct fc_pending_list){ 0 };
}

/* The order of the ledger's keys. */
static int compare_photos(const struct fc_ledger_item *a, const struct fc_ledger_item *b)
{
	return a->size != b->size ? (a->size > b->size) - (a->size < b->size)
				  : memcmp(&a->content, &b->content, sizeof(a->content));
}

void fc_pending_of(const struct fc_pending_list *list, const struct fc_ledger_item *key,
		   size_t *first, size_t *count)
{
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_photos(&list->items[middle].item, key) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	*first = low;
	while (high < list->count && compare_photos(&list->items[high].item, key) == 0) {
		high++;
	}
	*count = high - low;
}

static enum fc_status task_of(const struct fc_batch_ledger *ledger, struct fc_ledger_task *task,
			      struct fc_ledger_target *target, struct fc_error *err)
{
	*task = (struct fc_ledger_task){
		.verb = "set pending",
		.service = ledger->service,
		.space = ledger->space,
		.models = ledger->models,
	};
	return fc_ledger_target_of(task, target, err);
}

/* ---- the text of an item: reference, person and path, each in a line ---- */

static char *line_of(const char **text)
{
	size_t length = strcspn(*text, "\n");
	char *line = strndup(*text, length);
	*text += length + ((*text)[length] == '\n');
	return line;
}

/* The person is "n5" or "aAnna". */
static enum fc_status parse(const struct fc_ledger_item *item, struct fc_pending *out,
			    struct fc_error *err)
{
	const char *text = item->text ? item->text : "";
	out->item = *item;
	out->item.text = NULL;
	out->cause = (enum fc_pending_cause)item->reason;
	out->reference = line_of(&text);
	FC_CLEANUP(fc_free) char *person = line_of(&text);
	out->path = line_of(&text);
	if (!out->reference || !person || !out->path) {
		return fc_fail_memory(err);
	}
	if (out->reference[0] == '\0') {
		fc_free(&out->reference);
	}
	out->has_number = person[0] == 'n' &&
			  fc_parse_u64(person + 1, 0, UINT64_MAX, "", &out->number, NULL) == FC_OK;
	out->name = person[0] == 'a' ? strdup(person + 1) : NULL;
	return person[0] == 'a' && !out->name ? fc_fail_memory(err) : FC_OK;
}

static enum fc_status add(const struct fc_ledger_item *item, void *context, struct fc_error *err)
{
	struct fc_pending_list *list = context;
	FC_TRY(fc_array_grow(&list->items, sizeof(*list->items), list->count, &list->capacity,
			     err));
	struct fc_pending *pending = &list->items[list->count++];
	*pending = (struct fc_pending){ 0 };
	return parse(item, pending, err);
}

enum fc_status fc_pending_read(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			       struct fc_pending_list *out, struct fc_error *err)
{
	struct fc_ledger_task task;
	struct fc_ledger_target target;
	FC_TRY(task_of(ledger, &task, &target, err));
	return fc_ledger_each_item(txn, &target, add, out, err);
}

/* ---- writing ---- */

static enum fc_status put(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			  const struct fc_ledger_item *from, enum fc_pending_cause cause,
			  struct fc_buffer *text, struct fc_error *err)
{
	struct fc_ledger_task task;
	struct fc_ledger_item item = {
		.person_key = from->person_key,
		.size = from->size,
		.content = from->content,
		.state = FC_LEDGER_DONE,
		.reason = (uint8_t)cause,
		.pid = from->pid,
	};
	if (!fc_buffer_text(text)) {
		return fc_fail_memory(err);
	}
	if (text->length > FC_LEDGER_TEXT_MAXIMUM) {
		text->data[FC_LEDGER_TEXT_MAXIMUM] = '\0';
	}
	item.text = (char *)text->data;
	FC_TRY(task_of(ledger, &task, &item.target, err));
	return fc_ledger_put(txn, &task, &item, err);
}

enum fc_status fc_pending_put(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			      const struct fc_ledger_item *item, enum fc_pending_cause cause,
			      const char *path, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	fc_buffer_printf(&text, "%s\n\n%s", item->text ? item->text : "", path ? path : "");
	return put(txn, ledger, item, cause, &text, err);
}

enum fc_status fc_pending_put_sent(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
				   const struct fc_ledger_photo *photo,
				   const struct fc_photo *given, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
	struct fc_ledger_item item = photo->item;
	struct fc_ledger_task task;
	FC_TRY(task_of(ledger, &task, &item.target, err));
	enum fc_status status = fc_ledger_find(txn, &item, &before, err);
	if (status != FC_NOT_FOUND) {
		return status; /* it is pending, perhaps with its reference */
	}
	item.pid = given->has_pid ? given->pid : (struct fc_uuid){ 0 };
	fc_buffer_append_text(&text, "\n");
	if (given->has_number) {
		fc_buffer_printf(&text, "n%" PRIu64, given->number);
	} else if (given->person && !strchr(given->person, '\n')) {
		fc_buffer_printf(&text, "a%s", given->person);
	}
	fc_buffer_printf(&text, "\n%s", photo->path);
	return put(txn, ledger, &item, FC_PENDING_SENT, &text, err);
}

enum fc_status fc_pending_drop(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
			       const struct fc_ledger_item *item, struct fc_error *err)
{
	struct fc_ledger_item key = *item;
	struct fc_ledger_task task;
	FC_TRY(task_of(ledger, &task, &key.target, err));
	enum fc_status status = fc_ledger_forget_item(txn, &key, err);
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status fc_pending_put_replaced(struct fc_gallery_txn *txn,
				       const struct fc_batch_ledger *ledger,
				       const struct fc_ledger_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
	bool same, has_other;
	enum fc_status status = fc_ledger_find_path(txn, &photo->item.target, photo->path,
						    &photo->identity, &before, &same, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	bool stays =
		fc_sha256_equal(&before.content, &photo->item.content) &&
		memcmp(&before.person_key, &photo->item.person_key, sizeof(before.person_key)) == 0;
	if (status == FC_NOT_FOUND || before.state != FC_LEDGER_DONE || stays) {
		return FC_OK;
	}
	FC_TRY(fc_ledger_has_other_path(txn, &before, photo->path, &has_other, err));
	return has_other ? FC_OK
			 : fc_pending_put(txn, ledger, &before,
					  photo->item.state == FC_LEDGER_DONE ? FC_PENDING_REPLACED
									      : FC_PENDING_GONE,
					  photo->path, err);
}

enum fc_status fc_pending_take_back(struct fc_gallery_txn *txn,
				    const struct fc_batch_ledger *ledger,
				    struct fc_ledger_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item stored = { 0 };
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item pending = { 0 };
	struct fc_ledger_item key = photo->item;
	struct fc_ledger_task task;
	if (photo->match != FC_PHOTO_SAME_CONTENT || photo->item.state != FC_LEDGER_DONE) {
		return FC_OK;
	}
	enum fc_status status = fc_ledger_find(txn, &photo->item, &stored, err);
	if (status != FC_NOT_FOUND) {
		return status;
	}
	FC_TRY(task_of(ledger, &task, &key.target, err));
	status = fc_ledger_find(txn, &key, &pending, err);
	return status == FC_OK          ? fc_batch_ledger_put(txn, ledger, photo, err)
	       : status == FC_NOT_FOUND ? FC_OK
					: status;
}
