/* Whether the quotas of the Azure Face API allow one more container, or one more member of a container. */
/* SPDX-License-Identifier: MIT */
#include "service/local/azure/container.h"

struct count {
	uint64_t found, limit;
};

static bool count_container(const struct fc_container *container, void *context)
{
	struct count *count = context;
	(void)container;
	return ++count->found < count->limit;
}

enum fc_status fc_azure_check_quota(const struct fc_azure_call *call, struct fc_gallery_txn *txn,
				    enum fc_azure_kind kind, enum fc_azure_fault *fault,
				    struct fc_error *err)
{
	struct count count = { .limit = call->local->options.quotas.of[kind].containers };
	if (count.limit > 0) {
		FC_TRY(fc_container_each(txn, fc_azure_container_kind(kind), "", count_container,
					 &count, err));
		*fault = count.found >= count.limit ? FC_AZURE_FAULT_QUOTA : *fault;
	}
	return FC_OK;
}

enum fc_status fc_azure_check_member_quota(const struct fc_azure_call *call,
					   struct fc_gallery_txn *txn,
					   const struct fc_container *container,
					   enum fc_azure_fault *fault, struct fc_error *err)
{
	enum fc_azure_kind kind = (enum fc_azure_kind)container->kind;
	uint64_t limit = call->local->options.quotas.of[kind].members;
	struct fc_space space;
	if (limit > 0) {
		FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, container->space, &space, err),
					   err));
		if (space.person_count >= limit) {
			*fault = fc_azure_is_list(kind) ? FC_AZURE_FAULT_LIST_QUOTA
							: FC_AZURE_FAULT_GROUP_QUOTA;
		}
	}
	return FC_OK;
}
