/* Offer names for completion: those of the gallery, of models, of the configuration and of commands. */
/* SPDX-License-Identifier: MIT */
#include <grp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "commands/complete/complete.h"
#include "config/values.h"
#include "engine.h"
#include "service/origins.h"
#include "service/profiles.h"
#include "service/spaces.h"

enum { PERSONS_MAXIMUM = 1000 };

/* ---- the gallery ---- */

static void offer_spaces(struct completion *completion, struct fc_service *service)
{
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	size_t count = 0;
	if (fc_service_space_list(service, &spaces, &count, NULL) != FC_OK) {
		return;
	}
	for (size_t i = 0; i < count; i++) {
		char text[64];
		if (strchr(spaces[i].name, '/')) {
			continue; /* of a person group or a face list */
		}
		snprintf(text, sizeof(text), "%" PRIu64 " persons", spaces[i].persons);
		complete_offer(completion, spaces[i].name, text);
	}
}

static void offer_origins(struct completion *completion, struct fc_service *service)
{
	FC_CLEANUP(fc_free) struct fc_origin_row *origins = NULL;
	size_t count = 0;
	if (fc_service_origin_list(service, NULL, &origins, &count, NULL) != FC_OK) {
		return;
	}
	for (size_t i = 0; i < count; i++) {
		complete_offer(completion, origins[i].origin.name, origins[i].space);
	}
}

static void offer_person(struct completion *completion, const struct fc_profile *person)
{
	char text[FC_LABEL_MAXIMUM + FC_SPACE_NAME_SIZE + 32];
	char number[32] = "";
	char pid[FC_UUID_TEXT_SIZE];
	const char *name = person->name;
	if (person->has_number) {
		snprintf(number, sizeof(number), "%" PRIu64, person->number);
	}
	const char *last = name ? name : number[0] != '\0' ? number : NULL;
	fc_uuid_format(&person->pid, pid);
	if (!last) {
		complete_offer(completion, pid, person->space);
		return;
	}
	snprintf(text, sizeof(text), "%s%s%s", completion->space ? "" : person->space,
		 completion->space ? "" : "/", last);
	complete_offer(completion, text, name ? number : pid);
}

static void offer_persons(struct completion *completion, struct fc_service *service)
{
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	char space[FC_SPACE_NAME_SIZE] = "";
	size_t length = strcspn(completion->current, "/");
	const char *names[] = { completion->space ? completion->space : space };
	if (!completion->space && completion->current[length] == '/' && length < sizeof(space)) {
		snprintf(space, sizeof(space), "%.*s", (int)length, completion->current);
	}
	const struct fc_profile_filter filter = {
		.spaces = names,
		.space_count = names[0][0] != '\0' ? 1 : 0,
		.limit = PERSONS_MAXIMUM,
	};
	if (fc_service_profile_list(service, &filter, &page, NULL) != FC_OK) {
		return;
	}
	for (size_t i = 0; i < page.count; i++) {
		offer_person(completion, &page.items[i]);
	}
}

static enum fc_status open_gallery(struct completion *completion, struct engine *engine,
				   struct fc_service **out, struct fc_error *err)
{
	FC_TRY(engine_init(engine, &completion->line, 0, NULL, err));
	return fc_local_open(&engine->options, out, err);
}

static void offer_stored(struct completion *completion,
			 void (*offer)(struct completion *completion, struct fc_service *service))
{
	FC_CLEANUP(engine_release) struct engine engine = { 0 };
	FC_CLEANUP(fc_service_closep) struct fc_service *service = NULL;
	/* nothing is sent to a remote service while a line is typed */
	if (settings_are_local(&completion->line) && completion->line.gallery &&
	    open_gallery(completion, &engine, &service, NULL) == FC_OK) {
		offer(completion, service);
	}
}

/* The groups that the user is a member of: a gallery can be shared with no others. */
static void offer_unix_groups(struct completion *completion)
{
	gid_t groups[257] = { getegid() };
	int count = 1 + getgroups((int)FC_ARRAY_LENGTH(groups) - 1, groups + 1);
	for (int i = 0; i < count; i++) {
		const struct group *found = getgrgid(groups[i]);
		if (found && (i == 0 || groups[i] != groups[0])) {
			complete_offer(completion, found->gr_name, NULL);
		}
	}
}

/* ---- models ---- */

static void offer_models(struct completion *completion, enum fc_model_role role)
{
	FC_CLEANUP(engine_release) struct engine engine = { 0 };
	struct fc_model_list list = { 0 };
	size_t unusable;
	if (engine_init(&engine, &completion->line, 0, NULL, NULL) != FC_OK ||
	    fc_model_list(&engine.options.model_path, &list, &unusable, NULL) != FC_OK) {
		return;
	}
	for (size_t i = 0; i < list.count; i++) {
		if (role == FC_ROLE_COUNT || list.models[i]->role == role) {
			complete_offer(completion, list.models[i]->name,
				       fc_model_role_name(list.models[i]->role));
		}
	}
	fc_model_list_release(&list);
}

/* ---- configuration ---- */

static enum fc_status offer_services(struct completion *completion, struct fc_error *err)
{
	size_t count = 0;
	FC_CLEANUP(fc_free)
	const char **names = services_names(&completion->line.configuration, &count);
	if (!names) {
		return fc_fail_memory(err);
	}
	complete_offer(completion, "local", "this machine");
	for (size_t i = 0; i < count; i++) {
		const struct config_line *url =
			services_line(&completion->line.configuration, names[i], "url");
		FC_CLEANUP(fc_free) char *text = url ? config_without_secrets(url->value) : NULL;
		complete_offer(completion, names[i], text);
	}
	return FC_OK;
}

static void offer_presets(struct completion *completion)
{
	const struct config *config = &completion->line.configuration;
	const char *last = "";
	for (size_t i = 0; i < config->line_count; i++) {
		const char *section = config->lines[i].section;
		size_t length;
		const char *name = config_subsection(section, "preset", &length);
		char text[64];
		if (name && strcmp(section, last) != 0 && length < sizeof(text)) {
			snprintf(text, sizeof(text), "%.*s", (int)length, name);
			complete_offer(completion, text, "preset");
			last = section;
		}
	}
}

static enum fc_status offer_key(void *context, const struct config_value *value,
				struct fc_error *err)
{
	(void)err;
	complete_offer(context, value->key, value->value);
	return FC_OK;
}

static enum fc_status offer_keys(struct completion *completion, struct fc_error *err)
{
	const struct config_visitor visitor = { offer_key, completion };
	return config_values_visit(&completion->line, &visitor, err);
}

/* ---- all ---- */

enum kind {
	KIND_SPACE,
	KIND_ORIGIN,
	KIND_PERSON,
	KIND_GROUP,
	KIND_LIST,
	KIND_FACE,
	KIND_SNAPSHOT,
	KIND_UNIX_GROUP,
	KIND_KEY,
	KIND_COMMAND,
	KIND_SERVICE,
	KIND_PRESET,
	KIND_MODEL, /* with the role */
};

static const struct {
	const char *argument;
	const char *option; /* NULL: any option or operand; "": an operand of `group` */
	const char *group;
	enum kind kind;
	enum fc_model_role role;
} kinds[] = {
	{ "SPACE", NULL, NULL, KIND_SPACE, FC_ROLE_COUNT },
	{ "ORIGIN", NULL, NULL, KIND_ORIGIN, FC_ROLE_COUNT },
	{ "PERSON", NULL, NULL, KIND_PERSON, FC_ROLE_COUNT },
	{ "GROUP", NULL, NULL, KIND_GROUP, FC_ROLE_COUNT },
	{ "LIST", NULL, NULL, KIND_LIST, FC_ROLE_COUNT },
	{ "ID", "", "persongroups", KIND_GROUP, FC_ROLE_COUNT },
	{ "ID", "", "facelists", KIND_LIST, FC_ROLE_COUNT },
	{ "FACE", NULL, NULL, KIND_FACE, FC_ROLE_COUNT },
	{ "SNAPSHOT", NULL, NULL, KIND_SNAPSHOT, FC_ROLE_COUNT },
	{ "UNIXGROUP", NULL, NULL, KIND_UNIX_GROUP, FC_ROLE_COUNT },
	{ "KEY", NULL, NULL, KIND_KEY, FC_ROLE_COUNT },
	{ "COMMAND", NULL, NULL, KIND_COMMAND, FC_ROLE_COUNT },
	{ "NAME", "service", NULL, KIND_SERVICE, FC_ROLE_COUNT },
	{ "NAME", "", "services", KIND_SERVICE, FC_ROLE_COUNT },
	{ "NAME", "preset", NULL, KIND_PRESET, FC_ROLE_COUNT },
	{ "NAME", "", "models", KIND_MODEL, FC_ROLE_COUNT },
	{ "NAME", "detector", NULL, KIND_MODEL, FC_ROLE_DETECTOR },
	{ "NAME", "embedder", NULL, KIND_MODEL, FC_ROLE_EMBEDDER },
	{ "NAME", "liveness-model", NULL, KIND_MODEL, FC_ROLE_LIVENESS },
	{ "NAME", "attribute-model", NULL, KIND_MODEL, FC_ROLE_ATTRIBUTES },
};

static enum fc_status offer_kind(struct completion *completion, enum kind kind,
				 enum fc_model_role role, struct fc_error *err)
{
	switch (kind) {
	case KIND_SPACE:
		offer_stored(completion, offer_spaces);
		break;
	case KIND_ORIGIN:
		offer_stored(completion, offer_origins);
		break;
	case KIND_PERSON:
		offer_stored(completion, offer_persons);
		break;
	case KIND_GROUP:
		offer_stored(completion, complete_groups);
		break;
	case KIND_LIST:
		offer_stored(completion, complete_lists);
		break;
	case KIND_FACE:
		offer_stored(completion, complete_faces);
		break;
	case KIND_SNAPSHOT:
		offer_stored(completion, complete_snapshots);
		break;
	case KIND_UNIX_GROUP:
		offer_unix_groups(completion);
		break;
	case KIND_KEY:
		return offer_keys(completion, err);
	case KIND_COMMAND:
		complete_commands(completion, completion->first_operand);
		break;
	case KIND_SERVICE:
		return offer_services(completion, err);
	case KIND_PRESET:
		offer_presets(completion);
		break;
	case KIND_MODEL:
		offer_models(completion, role);
		break;
	}
	return FC_OK;
}

enum fc_status complete_names(struct completion *completion, const struct option_row *row,
			      const char *argument, struct fc_error *err)
{
	for (size_t i = 0; i < FC_ARRAY_LENGTH(kinds); i++) {
		const char *option = kinds[i].option;
		const char *group = kinds[i].group;
		bool fits = strcmp(kinds[i].argument, argument) == 0 &&
			    (!option || strcmp(option, row->name ? row->name : "") == 0) &&
			    (!group || (completion->command &&
					command_name_within(completion->command, group)));
		if (fits) {
			return offer_kind(completion, kinds[i].kind, kinds[i].role, err);
		}
	}
	return FC_OK;
}
