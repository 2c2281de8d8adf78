/* The module of remote services: loaded when one is asked for, and only when it is this version's. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdbool.h>

#include "base/file.h"
#include "service/api.h"
#include "service/entries.h"
#include "service/local/local.h"
#include "service/origins.h"
#include "service/profiles.h"
#include "service/reembed.h"
#include "service/remote/remote.h"
#include "service/stored_faces.h"

/* Whether a library of this name is mapped into the process. */
static bool is_mapped(const char *name)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer maps = { 0 };
	assert_int_equal(fc_file_read("/proc/self/maps", 1 << 20, &maps, NULL), FC_OK);
	return strstr(fc_buffer_text(&maps), name) != NULL;
}

static struct fc_smarty_options options_for_nobody(void)
{
	struct fc_smarty_options options = fc_smarty_defaults();
	options.name = "vk";
	options.http.url = "https://localhost";
	options.token = (struct fc_token_source){ .value = "token-of-a-test" };
	return options;
}

static enum fc_status open_smarty(const struct fc_remote *remote,
				  const struct fc_smarty_options *options, struct fc_service **out,
				  struct fc_error *err)
{
	const struct fc_remote_module *module;
	FC_TRY(fc_remote_load(remote, &module, err));
	return module->smarty_open(options, out, err);
}

static void network_code_is_loaded_when_asked_for(void **state)
{
	(void)state;
	struct fc_smarty_options options = options_for_nobody();
	struct fc_remote remote = { .module = REMOTE_MODULE, .version = FC_VERSION };
	FC_CLEANUP(fc_service_closep) struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	assert_false(is_mapped("libcurl"));
	if (open_smarty(&remote, &options, &service, &err) != FC_OK) {
		fail_msg("%s", err.text);
	}
	assert_true(is_mapped("libcurl"));
}

static void errors_come_through_from_the_module(void **state)
{
	(void)state;
	struct fc_smarty_options options = options_for_nobody();
	struct fc_remote remote = { .module = REMOTE_MODULE, .version = FC_VERSION };
	struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	options.http.url = "http://smarty.example";
	assert_int_equal(open_smarty(&remote, &options, &service, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "service 'vk'"));
	assert_null(service);
}

static void another_versions_module_is_refused(void **state)
{
	(void)state;
	struct fc_smarty_options options = options_for_nobody();
	struct fc_remote remote = { .module = REMOTE_MODULE, .version = "0.0.0" };
	struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(open_smarty(&remote, &options, &service, &err), FC_IO);
	assert_non_null(strstr(err.text, "is not the module of facectl 0.0.0"));
}

static void a_missing_module_is_named(void **state)
{
	(void)state;
	struct fc_smarty_options options = options_for_nobody();
	struct fc_remote remote = { .module = "/nonexistent/remote.so", .version = FC_VERSION };
	struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(open_smarty(&remote, &options, &service, &err), FC_IO);
	assert_non_null(strstr(err.text, "/nonexistent/remote.so"));
}

/* The table of verbs lists the types that support each; here it is compared with what the services can do. */
static void assert_table_matches(const struct fc_service *service)
{
	for (enum fc_verb verb = 0; verb < FC_VERB_COUNT; verb++) {
		bool listed = fc_verb_supported_by(verb, service->operations->type);
		if (fc_service_supports(service, verb) != listed) {
			fail_msg("the table is wrong about '%s' of %s", fc_verb_name(verb),
				 service->operations->type);
		}
	}
}

static void the_table_of_verbs_matches_the_services(void **state)
{
	(void)state;
	struct fc_smarty_options options = options_for_nobody();
	struct fc_remote remote = { .module = REMOTE_MODULE, .version = FC_VERSION };
	const struct fc_local_options nothing = { 0 };
	FC_CLEANUP(fc_service_closep) struct fc_service *local = NULL;
	assert_int_equal(fc_local_open(&nothing, &local, NULL), FC_OK);
	assert_table_matches(local);
	FC_CLEANUP(fc_service_closep) struct fc_service *smarty = NULL;
	assert_int_equal(open_smarty(&remote, &options, &smarty, NULL), FC_OK);
	assert_table_matches(smarty);
	struct fc_azure_options azure_options = fc_azure_defaults();
	FC_CLEANUP(fc_service_closep) struct fc_service *azure = NULL;
	const struct fc_remote_module *module;
	assert_int_equal(fc_remote_load(&remote, &module, NULL), FC_OK);
	azure_options.name = "face";
	azure_options.token = options.token;
	azure_options.http.url = options.http.url;
	assert_int_equal(module->azure_open(&azure_options, &azure, NULL), FC_OK);
	assert_table_matches(azure);
	for (enum fc_platform_kind kind = FC_PLATFORM_NEUROIO; kind <= FC_PLATFORM_SERP; kind++) {
		FC_CLEANUP(fc_service_closep) struct fc_service *platform = NULL;
		struct fc_platform_options wanted = fc_platform_defaults(kind);
		wanted.name = "faces";
		wanted.http.url = "https://localhost";
		wanted.token = options.token;
		assert_int_equal(module->platform_open(&wanted, &platform, NULL), FC_OK);
		assert_table_matches(platform);
	}
}

/* The number of verbs that a service supports whose only function is in this slot of this facet. */
static size_t verbs_of(size_t facet, size_t functions, size_t slot)
{
	void (*table[32])(void) = { NULL };
	void *const function = table; /* any pointer but NULL */
	const void *pointer = table;
	struct fc_service_operations operations = { .type = "local" };
	const struct fc_service service = { &operations };
	size_t count = 0;
	assert_true(functions <= FC_ARRAY_LENGTH(table));
	memcpy(&table[slot], &function, sizeof(function));
	memcpy((char *)&operations + facet, &pointer, sizeof(pointer));
	for (enum fc_verb verb = 0; verb < FC_VERB_COUNT; verb++) {
		count += fc_service_supports(&service, verb);
	}
	return count;
}

static void the_table_has_every_function_once(void **state)
{
	(void)state;
#define FACET(member)                                                                              \
	{                                                                                          \
#member, offsetof(struct fc_service_operations, member),                           \
			sizeof(*((struct fc_service_operations *)NULL)->member) /                  \
				sizeof(void (*)(void))                                             \
	}
	static const struct {
		const char *name;
		size_t offset, functions;
	} facets[] = {
		FACET(photos),  FACET(faces),    FACET(stored_faces), FACET(profiles),
		FACET(entries), FACET(origins),  FACET(spaces),       FACET(gallery),
		FACET(models),  FACET(services), FACET(api),
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(facets); i++) {
		for (size_t slot = 0; slot < facets[i].functions; slot++) {
			size_t expected = 1;
			if (strcmp(facets[i].name, "models") == 0) {
				expected = 2; /* extract and eval need the models in use */
			} else if (strcmp(facets[i].name, "api") == 0 && slot > 0) {
				expected =
					0; /* for many requests, and the account: no verbs of their own */
			}
			size_t verbs = verbs_of(facets[i].offset, facets[i].functions, slot);
			if (verbs != expected) {
				fail_msg("function %zu of '%s' is that of %zu verbs", slot,
					 facets[i].name, verbs);
			}
		}
	}
	for (enum fc_verb verb = 0; verb < FC_VERB_COUNT; verb++) {
		assert_non_null(fc_verb_name(verb));
		assert_true(fc_verb_supported_by(verb, "local") || verb == FC_VERB_SERVICES_CHECK);
	}
}

static void a_refusal_names_the_services_that_support_the_verb(void **state)
{
	(void)state;
	const struct fc_service_operations nothing = { .type = "smarty" };
	struct fc_service service = { &nothing };
	struct fc_tally tally;
	struct fc_error err = { 0 };
	assert_int_equal(fc_service_profile_list(&service, NULL, NULL, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text, "a service of type smarty does not support 'profiles list'; "
				      "the local engine (--service local) and services of type "
				      "azure do");
	assert_int_equal(fc_service_space_bands(&service, "5", NULL, NULL, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text, "a service of type smarty does not support 'spaces "
				      "update'; the local engine (--service local) and "
				      "services of type neuroio do");
	assert_int_equal(fc_service_detect(&service, NULL, &tally, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text, "a service of type smarty does not support 'detect'; the "
				      "local engine (--service local) and services of type azure "
				      "do");
	assert_int_equal(fc_service_set(&service, NULL, &tally, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text, "a service of type smarty does not support 'set'; the local "
				      "engine (--service local) and services of type smarty and "
				      "azure do");
	assert_int_equal(fc_service_probe(&service, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text, "a service of type smarty does not support 'services check'; "
				      "services of type smarty, azure, neuroio and serp do");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(network_code_is_loaded_when_asked_for),
		cmocka_unit_test(the_table_of_verbs_matches_the_services),
		cmocka_unit_test(the_table_has_every_function_once),
		cmocka_unit_test(a_refusal_names_the_services_that_support_the_verb),
		cmocka_unit_test(errors_come_through_from_the_module),
		cmocka_unit_test(another_versions_module_is_refused),
		cmocka_unit_test(a_missing_module_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
