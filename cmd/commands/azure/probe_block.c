/* Several photos whose faces are detected together. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/probe_block.h"

#include "service/input/photo_copy.h"

/* The photos of a block are in memory at once. */
static const uint64_t bytes_maximum = 32 << 20;

void probe_block_release(struct probe_block *block)
{
	for (size_t i = 0; i < block->count; i++) {
		azure_call_release(&block->items[i].call);
		fc_buffer_release(&block->items[i].texts);
		fc_buffer_release(&block->items[i].bytes);
		fc_analysis_release(&block->items[i].analysis);
	}
	block->count = 0;
	block->bytes = 0;
}

bool probe_block_is_full(const struct probe_block *block, const struct command_context *ctx)
{
	return block->count == PROBE_BLOCK_PHOTOS || block->bytes >= bytes_maximum ||
	       (block->count > 0 && !settings_are_local(ctx->settings));
}

enum fc_status probe_block_add(struct probe_block *block, const struct command_context *ctx,
			       const struct fc_photo *photo, struct fc_error *err)
{
	struct probe_photo *item = &block->items[block->count++];
	*item = (struct probe_photo){ 0 };
	FC_TRY(fc_photo_copy(photo, &item->photo, &item->texts, err));
	item->status = probe_read(ctx, &item->photo, &item->bytes, &item->failure);
	block->bytes += item->bytes.length;
	return FC_OK;
}

enum fc_status probe_block_detect(struct probe_block *block, struct command_context *ctx,
				  const char *model, struct fc_error *err)
{
	struct azure_call calls[PROBE_BLOCK_PHOTOS];
	struct probe_photo *sent[PROBE_BLOCK_PHOTOS];
	enum fc_status statuses[PROBE_BLOCK_PHOTOS];
	struct fc_error failures[PROBE_BLOCK_PHOTOS];
	size_t count = 0;
	for (size_t i = 0; i < block->count; i++) {
		struct probe_photo *item = &block->items[i];
		if (item->status == FC_OK) {
			calls[count] = probe_detection(ctx, item->photo.path, &item->bytes, model);
			calls[count].analysis = block->want_analyses ? &item->analysis : NULL;
			calls[count].keep_crops = block->want_crops;
			sent[count++] = item;
		}
	}
	enum fc_status status = azure_send_many(calls, count, statuses, failures, err);
	for (size_t i = 0; i < count; i++) {
		sent[i]->call = calls[i];
		sent[i]->status = status == FC_OK ? statuses[i] : status;
		sent[i]->failure = status == FC_OK ? failures[i] : *err;
	}
	return FC_OK;
}
