/* One operation of the Azure Face API for a command: build the request, send it to the service in use, read the answer. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_CALL_H
#define FC_CMD_COMMANDS_AZURE_CALL_H

#include <cjson/cJSON.h>

#include "command.h"
#include "protocol/azure/operations.h"
#include "service/api.h"

/* Texts are borrowed. { 0 } is empty. */
struct azure_call {
	struct fc_service *service;
	enum fc_azure_kind kind;
	enum fc_azure_verb verb;
	/* for the placeholders of the path; the one that is given last is the subject of messages */
	const char *container, *person, *face, *snapshot, *operation;
	struct fc_buffer query; /* see azure_query */
	struct fc_buffer body;  /* JSON */
	/* the bytes of an image, as the body instead of JSON */
	const void *image;
	size_t image_length;
	bool keep_crops;                /* see fc_api_request */
	struct fc_analysis *analysis;   /* see fc_api_request */
	unsigned polls;                 /* see fc_api_request */
	int64_t snapshot_life;          /* see fc_api_request */
	struct fc_threshold_choice cut; /* see fc_api_request */
	char *target;                   /* the path and query that are sent */
	/* the answer, after azure_send */
	struct fc_api_response response;
	cJSON *json; /* NULL: the body is empty */
};

void azure_call_release(struct azure_call *call);

/* Add a query parameter. A value that is NULL is left out. */
void azure_query(struct azure_call *call, const char *name, const char *value);
void azure_query_number(struct azure_call *call, const char *name, uint64_t value);

/*
 * Send the request. Errors: those of fc_service_api, and for an error of the API those of fc_api_check; the message names the subject. A second
 * call of azure_send replaces the answer.
 */
enum fc_status azure_send(struct azure_call *call, struct fc_error *err);

/* Send the request for a person and return the name, which belongs to the call; NULL if the person has been deleted. */
enum fc_status azure_send_for_name(struct azure_call *call, const char **name,
				   struct fc_error *err);

/*
 * The same for several calls of one service, which the local engine performs faster together. statuses and failures: of each call; an error
 * that concerns the whole run, such as a lost connection, is that of a call and of all behind it.
 */
enum fc_status azure_send_many(struct azure_call *calls, size_t count, enum fc_status *statuses,
			       struct fc_error *failures, struct fc_error *err);

/* Repeat a request for the state of a training or of an operation until it has ended. Errors: FC_REFUSED (it failed), FC_BUSY (too slow). */
enum fc_status azure_wait(struct azure_call *call, struct fc_error *err);

/* If the error is that a container is not trained, append the command that trains it. */
void azure_add_hint(enum fc_azure_kind kind, const char *container, struct fc_error *err);

/* The last part of the Operation-Location header, or of a resourceLocation, without a query. NULL: there is none. */
const char *azure_last_part(const char *location);

#endif
