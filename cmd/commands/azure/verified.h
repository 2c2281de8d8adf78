/* verify by the operations of the Azure Face API: faces with a faceId, and persons. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_VERIFIED_H
#define FC_CMD_COMMANDS_AZURE_VERIFIED_H

#include "commands/azure/probe.h"
#include "commands/azure/scope.h"

struct verified_request {
	const char *first, *second; /* each a photo or a faceId; second is NULL with a person */
	const struct fc_face_choice *choice; /* of photos with several faces */
	const char *person;                  /* of scope; NULL: compare with second */
	const struct scope_args *scope;
};

struct verified {
	bool same;
	double confidence; /* [0, 1] */
};

/* Errors: those of probe_face_id, scope_person and azure_send. */
enum fc_status verify_by_api(struct command_context *ctx, const struct verified_request *request,
			     struct verified *out, struct fc_error *err);

#endif
