/* profiles audit on the local engine. */
/* SPDX-License-Identifier: MIT */
#include "service/audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/search/search.h"
#include "service/local/engine.h"
#include "service/local/space_view.h"

enum { PROBES = 64 }; /* templates of one search */

/* One face with a template. */
struct audited {
	uint64_t id;
	size_t person; /* index in persons */
	/* similarity to the mean of the person's other faces, unless there are none */
	bool has_own;
	float own;
	bool outlier; /* own is below the threshold `junk` */
	/* the nearest other person */
	bool has_other;
	struct fc_search_hit other;
};

struct audited_person {
	struct fc_uuid pid;
	size_t count, outliers; /* number of its faces, and of outliers among them */
};

struct audit {
	struct fc_gallery_txn *txn;
	const struct fc_audit_request *request;
	struct fc_confidence_map map;
	struct fc_space space;
	struct audited *faces; /* in the order of their ids */
	size_t count, capacity, template_capacity;
	uint32_t dimension;
	float *templates; /* of the faces, one after the other */
	struct audited_person *persons;
	size_t person_count;
	/* of the templates of each person; after find_outliers without those of outliers, unless all faces are outliers */
	double *sums;
	struct fc_uuid *pids;
	size_t pid_capacity;
	enum fc_status status; /* of a visit */
	struct fc_error *err;
};

const char *fc_finding_name(enum fc_finding finding)
{
	static const char *const names[FC_FINDING_COUNT] = {
		[FC_FINDING_MISLABELLED] = "mislabelled",
		[FC_FINDING_DUPLICATE] = "duplicate",
		[FC_FINDING_WEAK] = "weak",
	};
	return names[finding];
}

static void audit_release(struct audit *audit)
{
	free(audit->faces);
	free(audit->templates);
	free(audit->persons);
	free(audit->sums);
	free(audit->pids);
}

/* ---- reading ---- */

static const float *template_of(const struct audit *audit, size_t face)
{
	return audit->templates + face * audit->dimension;
}

static bool add_face(const struct fc_face_record *face, void *context)
{
	struct audit *audit = context;
	struct fc_error *err = audit->err;
	if (face->space != audit->space.id) {
		return false; /* faces are visited in order of their spaces */
	}
	if (face->dimension == 0) {
		return true;
	}
	audit->dimension = face->dimension;
	size_t bytes = face->dimension * sizeof(float);
	audit->status = fc_array_grow(&audit->faces, sizeof(*audit->faces), audit->count,
				      &audit->capacity, err);
	if (audit->status == FC_OK) {
		audit->status = fc_array_grow(&audit->templates, bytes, audit->count,
					      &audit->template_capacity, err);
	}
	if (audit->status == FC_OK) {
		audit->status = fc_array_grow(&audit->pids, sizeof(*audit->pids), audit->count,
					      &audit->pid_capacity, err);
	}
	if (audit->status != FC_OK) {
		return false;
	}
	audit->faces[audit->count] = (struct audited){ .id = face->id };
	audit->pids[audit->count] = face->pid;
	memcpy(audit->templates + audit->count * face->dimension, face->embedding, bytes);
	audit->count++;
	return true;
}

static int compare_pids(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct fc_uuid));
}

/* Number the persons, and add up their templates. */
static enum fc_status group_faces(struct audit *audit, struct fc_error *err)
{
	size_t kept = 0;
	FC_CLEANUP(fc_free) struct fc_uuid *sorted = calloc(audit->count + 1, sizeof(*sorted));
	if (!sorted) {
		return fc_fail_memory(err);
	}
	memcpy(sorted, audit->pids, audit->count * sizeof(*sorted));
	qsort(sorted, audit->count, sizeof(*sorted), compare_pids);
	for (size_t i = 0; i < audit->count; i++) {
		if (kept == 0 || compare_pids(&sorted[kept - 1], &sorted[i]) != 0) {
			sorted[kept++] = sorted[i];
		}
	}
	audit->person_count = kept;
	audit->persons = calloc(kept + 1, sizeof(*audit->persons));
	audit->sums = calloc((kept + 1) * audit->dimension, sizeof(*audit->sums));
	if (!audit->persons || !audit->sums) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < kept; i++) {
		audit->persons[i].pid = sorted[i];
	}
	for (size_t i = 0; i < audit->count; i++) {
		const struct fc_uuid *found =
			bsearch(&audit->pids[i], sorted, kept, sizeof(*sorted), compare_pids);
		struct audited *face = &audit->faces[i];
		face->person = (size_t)(found - sorted);
		audit->persons[face->person].count++;
		double *sum = audit->sums + face->person * audit->dimension;
		for (uint32_t k = 0; k < audit->dimension; k++) {
			sum[k] += (double)template_of(audit, i)[k];
		}
	}
	return FC_OK;
}

/* ---- comparing ---- */

/* The similarity of a face to the mean of its person's other faces. False if there are none, or if they cancel out. */
static bool similarity_to_own(const struct audit *audit, size_t index, float *out)
{
	const struct audited *face = &audit->faces[index];
	const double *sum = audit->sums + face->person * audit->dimension;
	const float *own = template_of(audit, index);
	double dot = 0, length = 0;
	if (audit->persons[face->person].count < 2) {
		return false;
	}
	for (uint32_t i = 0; i < audit->dimension; i++) {
		double other = sum[i] - (double)own[i];
		dot += other * (double)own[i];
		length += other * other;
	}
	*out = length > 1e-6 ? (float)(dot / sqrt(length)) : 0;
	return length > 1e-6;
}

static enum fc_result band_of(const struct audit *audit, float similarity, uint32_t templates)
{
	const struct fc_confidence_map map = fc_confidence_map_for(&audit->map, templates);
	return fc_confidence_band(&map, &audit->space.bands, (double)similarity);
}

static bool is_alike(enum fc_result band)
{
	return band == FC_RESULT_EXACT || band == FC_RESULT_HA;
}

/* Find the faces that do not resemble the others of their person. A wrong face must not make its person resemble another one. */
static void find_outliers(struct audit *audit)
{
	for (size_t i = 0; i < audit->count; i++) {
		struct audited *face = &audit->faces[i];
		struct audited_person *person = &audit->persons[face->person];
		face->has_own = similarity_to_own(audit, i, &face->own);
		face->outlier =
			face->has_own &&
			band_of(audit, face->own, (uint32_t)(person->count - 1)) == FC_RESULT_NM;
		person->outliers += face->outlier;
	}
	for (size_t i = 0; i < audit->count; i++) {
		const struct audited *face = &audit->faces[i];
		const struct audited_person *person = &audit->persons[face->person];
		double *sum = audit->sums + face->person * audit->dimension;
		for (uint32_t k = 0;
		     face->outlier && person->outliers < person->count && k < audit->dimension;
		     k++) {
			sum[k] -= (double)template_of(audit, i)[k];
		}
	}
}

/* Find the nearest other person of each face. */
static enum fc_status find_others(struct audit *audit, struct fc_error *err)
{
	struct fc_search_hit hits[PROBES * 2];
	size_t counts[PROBES];
	for (size_t first = 0; first < audit->count; first += PROBES) {
		size_t count = audit->count - first < PROBES ? audit->count - first : PROBES;
		FC_TRY(fc_search(audit->txn, audit->space.id, template_of(audit, first), count,
				 audit->dimension, 2, hits, counts, err));
		for (size_t i = 0; i < count; i++) {
			struct audited *face = &audit->faces[first + i];
			const struct fc_uuid *own = &audit->persons[face->person].pid;
			for (size_t k = 0; k < counts[i] && !face->has_other; k++) {
				const struct fc_search_hit *hit = &hits[2 * i + k];
				face->has_other = !fc_uuid_equal(&hit->pid, own);
				face->other = *hit;
			}
		}
	}
	return FC_OK;
}

/* ---- duplicates ---- */

/* Two persons that look alike; first < second. */
struct pair {
	size_t first, second; /* indexes of persons */
	float similarity;
};

struct pairs {
	struct pair *items;
	size_t count, capacity;
};

static void pairs_release(struct pairs *pairs)
{
	free(pairs->items);
}

static int compare_pairs(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	return a->first != b->first ? (a->first > b->first) - (a->first < b->first)
				    : (a->second > b->second) - (a->second < b->second);
}

static struct pair pair_of(const struct audit *audit, const struct audited *face)
{
	const struct audited_person key = { .pid = face->other.pid };
	const struct audited_person *other =
		bsearch(&key, audit->persons, audit->person_count, sizeof(key), compare_pids);
	size_t index = other ? (size_t)(other - audit->persons) : face->person;
	return face->person < index ? (struct pair){ face->person, index, 0 }
				    : (struct pair){ index, face->person, 0 };
}

/* Compare the means of two persons without outliers. Sets the similarity. */
static bool are_alike(const struct audit *audit, struct pair *pair)
{
	const double *a = audit->sums + pair->first * audit->dimension;
	const double *b = audit->sums + pair->second * audit->dimension;
	double dot = 0, a_length = 0, b_length = 0;
	for (uint32_t i = 0; i < audit->dimension; i++) {
		dot += a[i] * b[i];
		a_length += a[i] * a[i];
		b_length += b[i] * b[i];
	}
	if (a_length < 1e-6 || b_length < 1e-6) {
		return false;
	}
	pair->similarity = (float)(dot / sqrt(a_length * b_length));
	struct fc_confidence_map map = audit->map;
	const size_t indexes[] = { pair->first, pair->second };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(indexes); i++) {
		const struct audited_person *person = &audit->persons[indexes[i]];
		size_t templates = person->outliers < person->count
					   ? person->count - person->outliers
					   : person->count;
		map = fc_confidence_map_for(&map, (uint32_t)templates);
	}
	return is_alike(fc_confidence_band(&map, &audit->space.bands, (double)pair->similarity));
}

/* Find the pairs of similar persons, among those where a face of one resembles the other. */
static enum fc_status find_pairs(struct audit *audit, struct pairs *out, struct fc_error *err)
{
	size_t kept = 0;
	for (size_t i = 0; i < audit->count; i++) {
		const struct audited *face = &audit->faces[i];
		if (!face->has_other || face->outlier ||
		    !is_alike(band_of(audit, face->other.score, face->other.templates))) {
			continue;
		}
		FC_TRY(fc_array_grow(&out->items, sizeof(*out->items), out->count, &out->capacity,
				     err));
		out->items[out->count++] = pair_of(audit, face);
	}
	if (out->count > 0) {
		qsort(out->items, out->count, sizeof(*out->items), compare_pairs);
	}
	for (size_t i = 0; i < out->count; i++) {
		struct pair pair = out->items[i];
		if (i > 0 && compare_pairs(&pair, &out->items[i - 1]) == 0) {
			continue;
		}
		if (are_alike(audit, &pair)) {
			out->items[kept++] = pair;
		}
	}
	out->count = kept;
	return FC_OK;
}

static bool is_duplicate(const struct audit *audit, const struct pairs *pairs,
			 const struct audited *face)
{
	const struct pair key = pair_of(audit, face);
	return pairs->count > 0 &&
	       bsearch(&key, pairs->items, pairs->count, sizeof(key), compare_pairs);
}

/* ---- the report ---- */

/* Report a finding with the persons read. other: NULL for none. */
static enum fc_status report(const struct audit *audit, struct fc_audit_finding *finding,
			     const struct fc_uuid *pid, const struct fc_uuid *other,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person other_person = { 0 };
	FC_TRY(fc_gallery_referred(audit->txn, fc_person_get(audit->txn, pid, &person, err), err));
	finding->person = fc_local_identity(&person);
	finding->has_other = other != NULL;
	if (other) {
		FC_TRY(fc_gallery_referred(
			audit->txn, fc_person_get(audit->txn, other, &other_person, err), err));
		finding->other = fc_local_identity(&other_person);
	}
	return audit->request->report(audit->request->context, finding, err);
}

/* The person that was stored later is reported, so that its faces go to the earlier one. */
static enum fc_status report_pair(const struct audit *audit, const struct pair *pair,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person first = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person second = { 0 };
	const struct fc_uuid *pids[] = { &audit->persons[pair->first].pid,
					 &audit->persons[pair->second].pid };
	struct fc_audit_finding finding = { .finding = FC_FINDING_DUPLICATE,
					    .similarity = pair->similarity };
	FC_TRY(fc_person_get(audit->txn, pids[0], &first, err));
	FC_TRY(fc_person_get(audit->txn, pids[1], &second, err));
	bool in_order = first.created <= second.created;
	return report(audit, &finding, pids[in_order], pids[!in_order], err);
}

static enum fc_status report_face(const struct audit *audit, size_t index,
				  const struct pairs *pairs, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record record = { 0 };
	const struct audited *face = &audit->faces[index];
	const struct audited_person *person = &audit->persons[face->person];
	struct fc_audit_finding finding = {
		.face = &record,
		.has_own = face->has_own,
		.own = face->own,
	};
	bool nearer = face->has_other && face->has_own && face->other.score > face->own &&
		      (face->outlier || !is_duplicate(audit, pairs, face));
	bool alike = nearer && is_alike(band_of(audit, face->other.score, face->other.templates));
	if (!nearer && !face->outlier) {
		return FC_OK;
	}
	finding.finding = alike ? FC_FINDING_MISLABELLED : FC_FINDING_WEAK;
	finding.similarity = face->other.score;
	FC_TRY(fc_gallery_referred(
		audit->txn, fc_face_get(audit->txn, audit->space.id, face->id, &record, err), err));
	return report(audit, &finding, &person->pid, nearer ? &face->other.pid : NULL, err);
}

enum fc_status fc_local_audit(struct fc_service *service, const struct fc_audit_request *request,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(audit_release) struct audit audit = { .request = request, .err = err };
	FC_CLEANUP(pairs_release) struct pairs pairs = { 0 };
	struct fc_local *local = fc_local_of(service);
	FC_TRY(fc_local_begin_read(local, &txn, err));
	audit.txn = txn;
	FC_TRY(fc_space_find(txn, request->space, &audit.space, err));
	FC_TRY(fc_local_confidence(local, &audit.map, err));
	FC_TRY(fc_local_check_pin(local, txn, err));
	FC_TRY(fc_face_each(txn, audit.space.id, 0, add_face, &audit, err));
	FC_TRY(audit.status);
	if (audit.count == 0) {
		return FC_OK;
	}
	FC_TRY(group_faces(&audit, err));
	find_outliers(&audit);
	FC_TRY(find_others(&audit, err));
	FC_TRY(find_pairs(&audit, &pairs, err));
	for (size_t i = 0; i < pairs.count; i++) {
		FC_TRY(report_pair(&audit, &pairs.items[i], err));
	}
	for (size_t i = 0; i < audit.count; i++) {
		FC_TRY(report_face(&audit, i, &pairs, err));
	}
	return FC_OK;
}
