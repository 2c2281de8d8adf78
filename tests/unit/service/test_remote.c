/* The module of remote services: loaded when one is asked for, and only when it is this version's. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdbool.h>

#include "base/file.h"
#include "service/abilities.h"
#include "service/operations.h"
#include "service/remote/remote.h"

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

static void network_code_is_loaded_when_asked_for(void **state)
{
	(void)state;
	struct fc_smarty_options options = options_for_nobody();
	struct fc_remote remote = { .module = REMOTE_MODULE, .version = FC_VERSION };
	FC_CLEANUP(fc_service_closep) struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	assert_false(is_mapped("libcurl"));
	if (fc_remote_open_smarty(&remote, &options, &service, &err) != FC_OK) {
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
	assert_int_equal(fc_remote_open_smarty(&remote, &options, &service, &err),
			 FC_INVALID_ARGUMENT);
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
	assert_int_equal(fc_remote_open_smarty(&remote, &options, &service, &err), FC_IO);
	assert_non_null(strstr(err.text, "is not the module of facectl 0.0.0"));
}

static void a_missing_module_is_named(void **state)
{
	(void)state;
	struct fc_smarty_options options = options_for_nobody();
	struct fc_remote remote = { .module = "/nonexistent/remote.so", .version = FC_VERSION };
	struct fc_service *service = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(fc_remote_open_smarty(&remote, &options, &service, &err), FC_IO);
	assert_non_null(strstr(err.text, "/nonexistent/remote.so"));
}

/* An operation's pointer, whatever its type, is there. */
static bool has_operation(const struct fc_service *service, size_t offset)
{
	void *pointer;
	memcpy(&pointer, (const char *)service->operations + offset, sizeof(pointer));
	return pointer != NULL;
}

static void assert_abilities(const struct fc_service *service)
{
	const char *kind = service->operations->name;
	for (const struct fc_ability *row = fc_abilities; row->verb; row++) {
		if (has_operation(service, row->offset) != fc_kind_has(kind, row->verb)) {
			fail_msg("the table is wrong about '%s' of %s", row->verb, kind);
		}
	}
}

static void the_table_of_abilities_is_right(void **state)
{
	(void)state;
	struct fc_smarty_options options = options_for_nobody();
	struct fc_remote remote = { .module = REMOTE_MODULE, .version = FC_VERSION };
	FC_CLEANUP(fc_service_closep) struct fc_service *smarty = NULL;
	assert_int_equal(fc_remote_open_smarty(&remote, &options, &smarty, NULL), FC_OK);
	assert_abilities(smarty);
	struct fc_azure_options azure_options = fc_azure_defaults();
	FC_CLEANUP(fc_service_closep) struct fc_service *azure = NULL;
	azure_options.name = "face";
	azure_options.token = options.token;
	azure_options.http.url = options.http.url;
	assert_int_equal(fc_remote_open_azure(&remote, &azure_options, &azure, NULL), FC_OK);
	assert_abilities(azure);
	for (enum fc_platform_kind kind = FC_PLATFORM_NEUROIO; kind <= FC_PLATFORM_SERP; kind++) {
		FC_CLEANUP(fc_service_closep) struct fc_service *platform = NULL;
		struct fc_platform_options wanted = fc_platform_defaults(kind);
		wanted.name = "faces";
		wanted.http.url = "https://localhost";
		wanted.token = options.token;
		assert_int_equal(fc_remote_open_platform(&remote, &wanted, &platform, NULL), FC_OK);
		assert_abilities(platform);
	}
	size_t rows = 0;
	while (fc_abilities[rows].verb) {
		assert_true(fc_kind_has("local", fc_abilities[rows++].verb));
	}
	/* name, close, model and probe are no verbs */
	assert_int_equal(rows, sizeof(struct fc_service_operations) / sizeof(void *) - 4);
}

static void who_lacks_a_verb_is_told_who_has_it(void **state)
{
	(void)state;
	const struct fc_service_operations nothing = { .name = "smarty" };
	struct fc_service service = { &nothing };
	struct fc_tally tally;
	struct fc_error err = { 0 };
	assert_int_equal(fc_service_profile_list(&service, NULL, NULL, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text, "a service of type smarty has no 'profiles list'; the "
				      "local engine (--service local) does");
	assert_int_equal(fc_service_space_bands(&service, "5", NULL, NULL, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text,
			    "a service of type smarty has no 'spaces thresholds'; the local engine "
			    "(--service local) and services of type neuroio do");
	assert_int_equal(fc_service_detect(&service, NULL, &tally, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text, "a service of type smarty has no 'detect'; the local engine "
				      "(--service local) and services of type azure do");
	assert_int_equal(fc_service_set(&service, NULL, &tally, &err), FC_UNSUPPORTED);
	assert_string_equal(err.text, "a service of type smarty has no 'set'; the local engine "
				      "(--service local) and services of type smarty and azure do");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(network_code_is_loaded_when_asked_for),
		cmocka_unit_test(the_table_of_abilities_is_right),
		cmocka_unit_test(who_lacks_a_verb_is_told_who_has_it),
		cmocka_unit_test(errors_come_through_from_the_module),
		cmocka_unit_test(another_versions_module_is_refused),
		cmocka_unit_test(a_missing_module_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
