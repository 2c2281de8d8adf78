/* The operations on snapshots: take, apply and their status; list, get, update, delete. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gallery/rows/snapshot.h"
#include "protocol/azure/snapshots.h"
#include "service/local/azure/container.h"

/* Persons that one change of the gallery copies, so that other processes need not wait long. */
enum { STEP = 500 };

/* ---- subscriptions ---- */

/* The account that asks: the one of the call, else the gallery itself. */
static enum fc_status subscription_of(const struct fc_azure_call *call, struct fc_gallery_txn *txn,
				      struct fc_uuid *out, struct fc_error *err)
{
	*out = call->subscription;
	return fc_uuid_is_nil(out) ? fc_gallery_uuid(txn, out, err) : FC_OK;
}

static bool is_in_scope(const struct fc_container_snapshot *snapshot,
			const struct fc_uuid *subscription)
{
	for (size_t i = 0; i < snapshot->scope_count; i++) {
		if (fc_uuid_equal(&snapshot->scope[i], subscription)) {
			return true;
		}
	}
	return false;
}

static bool may_see(const struct fc_container_snapshot *snapshot,
		    const struct fc_uuid *subscription)
{
	return snapshot->complete && (fc_uuid_equal(&snapshot->account, subscription) ||
				      is_in_scope(snapshot, subscription));
}

enum right { SEE, OWN, APPLY };

/*
 * Find the snapshot of the request. *fault: it does not exist for this subscription, or the subscription lacks the right. Otherwise the caller
 * releases *out.
 */
static enum fc_status find_snapshot(const struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    enum right right, struct fc_container_snapshot *out,
				    enum fc_azure_fault *fault, struct fc_error *err)
{
	struct fc_uuid subscription;
	FC_TRY(subscription_of(call, txn, &subscription, err));
	enum fc_status status =
		fc_snapshot_get(txn, &call->request->snapshot, fc_clock_now(), out, err);
	*fault = FC_AZURE_NO_FAULT;
	if (status == FC_NOT_FOUND || (status == FC_OK && !may_see(out, &subscription))) {
		*fault = FC_AZURE_FAULT_SNAPSHOT_NOT_FOUND;
		return FC_OK;
	}
	FC_TRY(status);
	if ((right == OWN && !fc_uuid_equal(&out->account, &subscription)) ||
	    (right == APPLY && !is_in_scope(out, &subscription))) {
		*fault = FC_AZURE_FAULT_SUBSCRIPTION;
	}
	return FC_OK;
}

/* Begin to read the gallery. Without a gallery, the call is refused. */
static enum fc_status begin_read(struct fc_azure_call *call, enum fc_azure_fault fault,
				 struct fc_gallery_txn **txn, struct fc_error *err)
{
	enum fc_status status = fc_local_begin_read(call->local, txn, err);
	return status == FC_GALLERY_MISSING ? fc_azure_refuse(call, fault) : status;
}

/* ---- take and apply ---- */

/* A change of the gallery for a call. Ids and time are set before, because a change may run twice. */
struct change {
	struct fc_azure_call *call;
	enum fc_azure_fault fault; /* set by the change: answer with this */
	struct fc_snapshot_job job;
	int64_t now;
};

static enum fc_status step(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct change *change = context;
	return fc_snapshot_step(txn, &change->job.id, change->now, STEP, &change->job, err);
}

/* Continue an operation to its end, unless a signal requests a stop: a later request continues it. */
static enum fc_status run_job(struct change *change, struct fc_error *err)
{
	while (change->job.state < FC_SNAPSHOT_SUCCEEDED &&
	       !fc_local_stopped(change->call->local)) {
		change->now = fc_clock_now();
		FC_TRY(fc_local_change(change->call->local, FC_GALLERY_WRITE, false, step, change,
				       err));
	}
	return FC_OK;
}

/* Set what the request gives: the scope, the user data and when the snapshot expires. */
static enum fc_status set_members(const struct change *change,
				  struct fc_container_snapshot *snapshot, struct fc_error *err)
{
	const struct fc_azure_request *request = change->call->request;
	int64_t life = change->call->snapshot_life;
	if (life != 0) {
		snapshot->expires = fc_snapshot_expiry(change->now, life);
	}
	if (request->given & FC_AZURE_APPLY_SCOPE) {
		size_t bytes = request->apply_scope_count * sizeof(*snapshot->scope);
		free(snapshot->scope);
		snapshot->scope = malloc(bytes + 1);
		snapshot->scope_count = snapshot->scope ? request->apply_scope_count : 0;
		if (!snapshot->scope) {
			return fc_fail_memory(err);
		}
		memcpy(snapshot->scope, request->apply_scope, bytes);
	}
	if (request->user_data) {
		free(snapshot->user_data);
		snapshot->user_data = strdup(request->user_data);
		return snapshot->user_data ? FC_OK : fc_fail_memory(err);
	}
	return FC_OK;
}

/* Set the fault if the quotas do not allow one more operation of the account. */
static enum fc_status check_rate(struct change *change, struct fc_gallery_txn *txn,
				 struct fc_error *err)
{
	const struct fc_azure_quotas *quotas = &change->call->local->options.quotas;
	const struct fc_azure_rate *rate = change->job.applies ? &quotas->applies : &quotas->takes;
	const int64_t day = INT64_C(24) * 3600 * 1000000;
	const struct {
		uint64_t limit;
		int64_t period;
	} limits[] = { { rate->per_day, day }, { rate->per_month, 30 * day } };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(limits); i++) {
		uint64_t count = 0;
		if (limits[i].limit > 0) {
			FC_TRY(fc_snapshot_count_jobs(txn, &change->job.account,
						      change->job.applies,
						      change->now - limits[i].period, &count, err));
			change->fault = count >= limits[i].limit ? FC_AZURE_FAULT_SNAPSHOT_QUOTA
								 : change->fault;
		}
	}
	return FC_OK;
}

static enum fc_status begin_take(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_container_release) struct fc_container source = { 0 };
	struct change *change = context;
	const struct fc_azure_request *request = change->call->request;
	change->fault = FC_AZURE_NO_FAULT;
	enum fc_status status = fc_container_find(txn, (enum fc_container_kind)request->kind,
						  request->object_id, &source, err);
	if (status == FC_NOT_FOUND) {
		change->fault = FC_AZURE_FAULT_CONTAINER_NOT_FOUND;
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(fc_snapshot_sweep(txn, change->now, err));
	FC_TRY(subscription_of(change->call, txn, &change->job.account, err));
	FC_TRY(check_rate(change, txn, err));
	if (change->fault != FC_AZURE_NO_FAULT) {
		return FC_OK;
	}
	FC_CLEANUP(fc_container_snapshot_release)
	struct fc_container_snapshot snapshot = {
		.id = change->job.snapshot,
		.kind = (uint8_t)request->kind,
		.account = change->job.account,
		.created = change->now,
		.updated = change->now,
		.expires = fc_snapshot_expiry(change->now, FC_SNAPSHOT_LIFE),
	};
	FC_TRY(set_members(change, &snapshot, err));
	FC_TRY(fc_snapshot_put(txn, &snapshot, true, err));
	return fc_snapshot_job_put(txn, &change->job, err);
}

static enum fc_status begin_apply(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	FC_CLEANUP(fc_container_release) struct fc_container target = { 0 };
	struct change *change = context;
	FC_TRY(find_snapshot(change->call, txn, APPLY, &snapshot, &change->fault, err));
	if (change->fault != FC_AZURE_NO_FAULT) {
		return FC_OK;
	}
	change->job.kind = snapshot.kind;
	enum fc_status status =
		fc_container_find(txn, snapshot.kind, change->job.object, &target, err);
	if (status == FC_OK) {
		change->fault = FC_AZURE_FAULT_EXISTS;
		return FC_OK;
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	FC_TRY(fc_azure_check_quota(change->call, txn, (enum fc_azure_kind)snapshot.kind,
				    &change->fault, err));
	if (change->fault != FC_AZURE_NO_FAULT) {
		return FC_OK;
	}
	FC_TRY(subscription_of(change->call, txn, &change->job.account, err));
	FC_TRY(check_rate(change, txn, err));
	return change->fault == FC_AZURE_NO_FAULT ? fc_snapshot_job_put(txn, &change->job, err)
						  : FC_OK;
}

static enum fc_status start(struct fc_azure_call *call, fc_gallery_change *begin,
			    enum fc_azure_fault without_gallery, struct fc_error *err)
{
	const struct fc_azure_request *request = call->request;
	struct change change = {
		.call = call,
		.now = fc_clock_now(),
		.job = {
			.id = fc_uuid_new(),
			.applies = begin == begin_apply,
			.kind = (uint8_t)request->kind,
			.snapshot = begin == begin_apply ? request->snapshot : fc_uuid_new(),
		},
	};
	char id[FC_UUID_TEXT_SIZE];
	change.job.created = change.job.acted = change.now;
	snprintf(change.job.object, sizeof(change.job.object), "%s", request->object_id);
	enum fc_status status =
		fc_local_change(call->local, FC_GALLERY_WRITE, false, begin, &change, err);
	if (status == FC_GALLERY_MISSING) {
		return fc_azure_refuse(call, without_gallery);
	}
	FC_TRY(status);
	if (change.fault != FC_AZURE_NO_FAULT) {
		return fc_azure_refuse_kind(call, change.fault,
					    (enum fc_azure_kind)change.job.kind);
	}
	FC_TRY(run_job(&change, err));
	fc_uuid_format(&change.job.id, id);
	snprintf(call->response->operation_location, sizeof(call->response->operation_location),
		 "/operations/%s", id);
	return FC_OK;
}

enum fc_status fc_azure_snapshot_take(struct fc_azure_call *call, struct fc_error *err)
{
	return call->request->apply_scope_count > FC_SNAPSHOT_SCOPE_MAXIMUM
		       ? fc_azure_refuse(call, FC_AZURE_FAULT_APPLY_SCOPE)
		       : start(call, begin_take, FC_AZURE_FAULT_CONTAINER_NOT_FOUND, err);
}

enum fc_status fc_azure_snapshot_apply(struct fc_azure_call *call, struct fc_error *err)
{
	return start(call, begin_apply, FC_AZURE_FAULT_SNAPSHOT_NOT_FOUND, err);
}

/* ---- status ---- */

static void write_job(struct fc_azure_call *call, const struct fc_snapshot_job *job)
{
	/* in the order of enum fc_snapshot_state */
	static const char *const words[] = { "notstarted", "running", "succeeded", "failed" };
	char id[FC_UUID_TEXT_SIZE], resource[128];
	fc_uuid_format(&job->snapshot, id);
	if (job->applies) {
		snprintf(resource, sizeof(resource), "/%s/%s", fc_azure_kinds[job->kind].path,
			 job->object);
	} else {
		snprintf(resource, sizeof(resource), "/snapshots/%s", id);
	}
	fc_azure_write_operation(
		&call->json,
		&(struct fc_azure_operation_row){
			.status = words[job->state],
			.created = job->created,
			.acted = job->acted,
			.resource = job->state == FC_SNAPSHOT_SUCCEEDED ? resource : NULL,
			.message = job->message[0] != '\0' ? job->message : NULL,
		});
}

static enum fc_status read_job(struct fc_azure_call *call, struct fc_snapshot_job *out,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_uuid subscription;
	FC_TRY(begin_read(call, FC_AZURE_FAULT_OPERATION_NOT_FOUND, &txn, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	FC_TRY(subscription_of(call, txn, &subscription, err));
	enum fc_status status = fc_snapshot_job_get(txn, &call->request->job, out, err);
	bool expired = status == FC_OK && out->created < fc_clock_now() - FC_SNAPSHOT_LIFE;
	if (status == FC_NOT_FOUND || expired ||
	    (status == FC_OK && !fc_uuid_equal(&out->account, &subscription))) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_OPERATION_NOT_FOUND);
	}
	return status;
}

/* An operation whose process ended is continued by the request for its status. */
enum fc_status fc_azure_snapshot_status(struct fc_azure_call *call, struct fc_error *err)
{
	struct change change = { .call = call };
	FC_TRY(read_job(call, &change.job, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	FC_TRY(run_job(&change, err));
	write_job(call, &change.job);
	return FC_OK;
}

/* ---- get and list ---- */

static void write_snapshot(struct fc_azure_call *call, const struct fc_container_snapshot *snapshot)
{
	fc_azure_write_snapshot(&call->json, &(struct fc_azure_snapshot_row){
						     .id = snapshot->id,
						     .subscription = snapshot->account,
						     .kind = (enum fc_azure_kind)snapshot->kind,
						     .scope = snapshot->scope,
						     .scope_count = snapshot->scope_count,
						     .user_data = snapshot->user_data,
						     .created = snapshot->created,
						     .updated = snapshot->updated,
					     });
}

enum fc_status fc_azure_snapshot_get(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	enum fc_azure_fault fault;
	FC_TRY(begin_read(call, FC_AZURE_FAULT_SNAPSHOT_NOT_FOUND, &txn, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	FC_TRY(find_snapshot(call, txn, SEE, &snapshot, &fault, err));
	if (fault != FC_AZURE_NO_FAULT) {
		return fc_azure_refuse(call, fault);
	}
	write_snapshot(call, &snapshot);
	return FC_OK;
}

struct listing {
	struct fc_azure_call *call;
	struct fc_uuid subscription;
};

static bool list_snapshot(const struct fc_container_snapshot *snapshot, void *context)
{
	const struct listing *listing = context;
	const struct fc_azure_request *request = listing->call->request;
	bool wanted = request->apply_scope_count == 0;
	for (size_t i = 0; i < request->apply_scope_count && !wanted; i++) {
		wanted = is_in_scope(snapshot, &request->apply_scope[i]);
	}
	if (wanted && may_see(snapshot, &listing->subscription) &&
	    (request->types == 0 || (request->types & 1u << snapshot->kind))) {
		write_snapshot(listing->call, snapshot);
	}
	return true;
}

enum fc_status fc_azure_snapshot_list(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct listing listing = { .call = call };
	enum fc_status status = fc_local_begin_read(call->local, &txn, err);
	fc_json_begin_array(&call->json);
	if (status != FC_GALLERY_MISSING) {
		FC_TRY(status);
		FC_TRY(subscription_of(call, txn, &listing.subscription, err));
		FC_TRY(fc_snapshot_each(txn, fc_clock_now(), list_snapshot, &listing, err));
	}
	fc_json_end_array(&call->json);
	return FC_OK;
}

/* ---- update and delete ---- */

static enum fc_status update(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	struct change *change = context;
	FC_TRY(find_snapshot(change->call, txn, OWN, &snapshot, &change->fault, err));
	if (change->fault != FC_AZURE_NO_FAULT) {
		return FC_OK;
	}
	snapshot.updated = change->now;
	FC_TRY(set_members(change, &snapshot, err));
	return fc_snapshot_put(txn, &snapshot, false, err);
}

static enum fc_status delete_owned(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	struct change *change = context;
	FC_TRY(find_snapshot(change->call, txn, OWN, &snapshot, &change->fault, err));
	return change->fault == FC_AZURE_NO_FAULT ? fc_snapshot_delete(txn, &snapshot.id, err)
						  : FC_OK;
}

static enum fc_status change_snapshot(struct fc_azure_call *call, fc_gallery_change *run,
				      struct fc_error *err)
{
	struct change change = { .call = call, .now = fc_clock_now() };
	enum fc_status status =
		fc_local_change(call->local, FC_GALLERY_WRITE, false, run, &change, err);
	if (status == FC_GALLERY_MISSING) {
		return fc_azure_refuse(call, FC_AZURE_FAULT_SNAPSHOT_NOT_FOUND);
	}
	FC_TRY(status);
	return change.fault == FC_AZURE_NO_FAULT ? FC_OK : fc_azure_refuse(call, change.fault);
}

enum fc_status fc_azure_snapshot_update(struct fc_azure_call *call, struct fc_error *err)
{
	return call->request->apply_scope_count > FC_SNAPSHOT_SCOPE_MAXIMUM
		       ? fc_azure_refuse(call, FC_AZURE_FAULT_APPLY_SCOPE)
		       : change_snapshot(call, update, err);
}

enum fc_status fc_azure_snapshot_delete(struct fc_azure_call *call, struct fc_error *err)
{
	return change_snapshot(call, delete_owned, err);
}
