/* Search with templates instead of photos. Records are searched in blocks, so that the gallery is read only once for each block. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gallery/search/search.h"
#include "gallery/transfer/transfer.h"
#include "service/input/list_reader.h"
#include "service/local/profile_compare.h"

enum {
	BLOCK = 64,           /* maximum number of probes in a search */
	POLL_INTERVAL = 1000, /* milliseconds between two checks for a request to stop */
};

/* One record and its result. */
struct probe {
	struct fc_transfer record;
	enum fc_status status;
	struct fc_error error;
	uint64_t line;
	char name[320];
	struct fc_face face;
	struct fc_analysis analysis;
	struct fc_local_comparison comparison;
};

struct search {
	struct fc_local *local;
	const struct fc_template_search_request *request;
	struct fc_tally *tally;
	struct fc_local_profile_verb verb; /* of the comparisons */
	struct fc_embedder_pin pin; /* the embedder that records must have been created with */
	struct probe *probes;       /* BLOCK items */
	size_t count;
	size_t top;
	float *vectors;
	struct fc_search_hit *hits; /* BLOCK * top items */
	size_t hit_counts[BLOCK];
};

static void drop_probes(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		fc_local_comparison_release(&search->probes[i].comparison);
		fc_transfer_release(&search->probes[i].record);
	}
	search->count = 0;
}

static void search_release(struct search *search)
{
	drop_probes(search);
	free(search->probes);
	free(search->vectors);
	free(search->hits);
}

static enum fc_status search_init(struct search *search, struct fc_error *err)
{
	const struct fc_template_search_request *request = search->request;
	if (request->top > FC_PROFILE_TOP_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "at most %d profiles can be requested",
			       FC_PROFILE_TOP_MAXIMUM);
	}
	FC_TRY(fc_local_confidence(search->local, &search->verb.map, err));
	search->pin = fc_local_pin(search->local);
	search->top = request->top > 0 ? request->top : 1;
	search->probes = calloc(BLOCK, sizeof(*search->probes));
	search->vectors = calloc(BLOCK, search->pin.dimension * sizeof(*search->vectors));
	search->hits = calloc(BLOCK * search->top, sizeof(*search->hits));
	return search->probes && search->vectors && search->hits ? FC_OK : fc_fail_memory(err);
}

/* ---- records ---- */

/* Set the face from the record. Values that a record does not have are unknown. */
static void fill_face(struct probe *probe)
{
	const struct fc_face_record *record = &probe->record.face;
	struct fc_face *face = &probe->face;
	*face = (struct fc_face){
		.box = { record->box[0], record->box[1], record->box[2], record->box[3] },
		.confidence = record->confidence,
		.quality = { .sharpness = NAN,
			     .exposure = NAN,
			     .eye_distance = NAN,
			     .pan = NAN,
			     .tilt = NAN,
			     .roll = NAN,
			     .visibility = NAN,
			     .frontality = NAN,
			     .awesomeness = record->quality },
		.liveness = NAN,
		.embedding = record->embedding,
	};
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		face->landmarks[i].x = record->landmarks[2 * i];
		face->landmarks[i].y = record->landmarks[2 * i + 1];
	}
	probe->analysis = (struct fc_analysis){
		.bytes = 1, /* there was a photo, of unknown size */
		.sha256 = record->photo,
		.dimension = record->dimension,
		.faces = face,
		.face_count = 1,
	};
}

static enum fc_status read_record(struct probe *probe, const struct fc_list_record *line,
				  const char *source)
{
	struct fc_transfer *record = &probe->record;
	snprintf(probe->name, sizeof(probe->name), "%.290s:%llu", source,
		 (unsigned long long)line->line);
	if (line->fault != FC_LIST_SOUND) {
		return fc_fail(&probe->error, FC_UNREADABLE,
			       "%s: the line is too long for a record", probe->name);
	}
	enum fc_status status = fc_transfer_parse(line->text, line->length, record, &probe->error);
	if (status != FC_OK) {
		fc_error_prefix(&probe->error, "%s", probe->name);
		return FC_UNREADABLE;
	}
	fill_face(probe);
	return FC_OK;
}

static enum fc_status take_line(struct search *search, const struct fc_list_record *line,
				struct fc_error *err)
{
	struct probe *probe = &search->probes[search->count];
	*probe = (struct probe){ .line = line->line };
	if (line->length == 0 && line->fault == FC_LIST_SOUND) {
		return FC_OK;
	}
	probe->status = read_record(probe, line, search->request->source);
	if (probe->status == FC_OK && probe->record.kind != FC_TRANSFER_FACE) {
		fc_transfer_release(&probe->record); /* a header or trailer record */
		return FC_OK;
	}
	search->count++;
	enum fc_status status =
		probe->status == FC_OK
			? fc_transfer_check_model(&probe->record.model, &search->pin, err)
			: FC_OK;
	if (status != FC_OK) {
		fc_error_prefix(err, "%s", probe->name);
	}
	return status;
}

/* Read at least one record, and further ones that are available without blocking. */
static enum fc_status gather(struct search *search, bool *end, struct fc_error *err)
{
	struct fc_list_reader *records = search->request->records;
	while (search->count < BLOCK && !*end) {
		struct fc_list_record line;
		if (fc_local_stopped(search->local)) {
			*end = true;
		} else if (!fc_list_ready(records, search->count > 0 ? 0 : POLL_INTERVAL)) {
			if (search->count > 0) {
				return FC_OK;
			}
		} else {
			enum fc_status status = fc_list_next(records, &line, end, err);
			if (status != FC_OK) {
				fc_error_prefix(err, "'%s'", search->request->source);
				return status;
			}
			FC_TRY(*end ? FC_OK : take_line(search, &line, err));
		}
	}
	return FC_OK;
}

/* ---- answers ---- */

static void begin_answer(struct search *search, struct probe *probe,
			 const struct fc_local_space_view *view)
{
	const struct fc_face_record *record = &probe->record.face;
	probe->comparison = (struct fc_local_comparison){ .verb = &search->verb, .view = *view };
	probe->comparison.outcome = (struct fc_profile_outcome){
		.name = probe->name,
		.path = record->path ? record->path : probe->name,
		.status = probe->status,
		.error = probe->status == FC_OK ? NULL : probe->error.text,
		.analysis = &probe->analysis,
		.face = probe->status == FC_OK ? &probe->face : NULL,
		.space = probe->comparison.view.space.name,
		.origin = probe->comparison.view.origin,
		.result = FC_RESULT_NM,
	};
}

static enum fc_status answer(struct search *search, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	const struct fc_template_search_request *request = search->request;
	struct fc_local_space_view view = { 0 };
	size_t dimension = search->pin.dimension, count = 0;
	enum fc_status status = fc_local_begin_read(search->local, &txn, err);
	if (status == FC_OK) {
		FC_TRY(fc_local_space_view_find(txn, request->space, request->origin, false,
						!search->local->options.unknown_origin_is_empty,
						&view, err));
		FC_TRY(fc_local_check_pin(search->local, txn, err));
	} else if (status != FC_GALLERY_MISSING ||
		   !search->local->options.missing_gallery_is_empty) {
		return status;
	}
	for (size_t i = 0; i < search->count; i++) {
		if (search->probes[i].status == FC_OK) {
			memcpy(search->vectors + dimension * count++,
			       search->probes[i].record.face.embedding,
			       dimension * sizeof(*search->vectors));
		}
	}
	memset(search->hit_counts, 0, sizeof(search->hit_counts));
	if (view.found) {
		FC_TRY(fc_search(txn, view.space.id, search->vectors, count, (uint32_t)dimension,
				 search->top, search->hits, search->hit_counts, err));
	}

	count = 0;
	for (size_t i = 0; i < search->count; i++) {
		struct probe *probe = &search->probes[i];
		begin_answer(search, probe, &view);
		if (probe->status == FC_OK) {
			FC_TRY(fc_local_comparison_set_hits(
				txn, &probe->comparison, probe->face.embedding, (uint32_t)dimension,
				search->hits + count * search->top, search->hit_counts[count],
				request->top > 0, err));
			count++;
		}
	}
	return FC_OK;
}

/* Called outside of the transaction, because the sink may be slow. */
static enum fc_status report(struct search *search, struct fc_error *err)
{
	const struct fc_profile_sink *sink = &search->request->sink;
	for (size_t i = 0; i < search->count; i++) {
		const struct fc_profile_outcome *outcome = &search->probes[i].comparison.outcome;
		fc_tally_count(search->tally, outcome->status);
		search->tally->faces += outcome->face != NULL;
		search->tally->known += outcome->has_profile;
		FC_TRY(sink->report(sink->context, outcome, err));
	}
	return FC_OK;
}

enum fc_status fc_local_template_search(struct fc_service *service,
					const struct fc_template_search_request *request,
					struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(search_release)
	struct search search = { .local = fc_local_of(service),
				 .request = request,
				 .tally = tally };
	search.verb.local = search.local;
	FC_TRY(search_init(&search, err));
	for (bool end = false; !end;) {
		FC_TRY(gather(&search, &end, err));
		if (search.count > 0) {
			FC_TRY(answer(&search, err));
			FC_TRY(report(&search, err));
			drop_probes(&search);
		}
	}
	return FC_OK;
}
