/* Helper programs, modules and models are found beside the executable or where they were installed. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "locate.h"

static char root[] = "/tmp/facectl-locate-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	strcpy(root + strlen(root) - 6, "XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

static void put(const char *folder, const char *name)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", root, folder);
	assert_int_equal(fc_make_directories(path, 0700, NULL), FC_OK);
	snprintf(path, sizeof(path), "%s/%s/%s", root, folder, name);
	assert_int_equal(fc_file_replace(path, "", 0, 0600, NULL), FC_OK);
}

static struct locations locate(const char *folder)
{
	char path[256];
	struct locations locations = { 0 };
	snprintf(path, sizeof(path), "%s/%s", root, folder);
	assert_int_equal(locations_from(path, &locations, NULL), FC_OK);
	return locations;
}

static void assert_below_root(const char *path, const char *rest)
{
	assert_int_equal(strncmp(path, root, strlen(root)), 0);
	assert_string_equal(path + strlen(root), rest);
}

static void a_build_folder_holds_everything(void **state)
{
	(void)state;
	put("build", "facectl-worker");
	put("build", "facectl-imgcodecs.so");
	put("build", "facectl-lettering");
	put("build/share/models", "a.json");
	put("build/man", "facectl.1");
	struct locations found = locate("build");
	assert_below_root(found.worker, "/build/facectl-worker");
	assert_below_root(found.codecs_module, "/build/facectl-imgcodecs.so");
	assert_below_root(found.lettering, "/build/facectl-lettering");
	assert_below_root(found.models, "/build/share/models");
	assert_below_root(found.manuals, "/build/man");
	locations_release(&found);
}

static void an_installation_can_be_moved_as_a_whole(void **state)
{
	(void)state;
	put("bin", "facectl");
	put("libexec/facectl", "facectl-worker");
	put("libexec/facectl", "facectl-imgcodecs.so");
	put("libexec/facectl", "facectl-lettering");
	put("share/facectl/models", "a.json");
	put("share/man/man1", "facectl.1.gz");
	struct locations found = locate("bin");
	assert_below_root(found.worker, "/bin/../libexec/facectl/facectl-worker");
	assert_below_root(found.codecs_module, "/bin/../libexec/facectl/facectl-imgcodecs.so");
	assert_below_root(found.lettering, "/bin/../libexec/facectl/facectl-lettering");
	assert_below_root(found.models, "/bin/../share/facectl/models");
	assert_below_root(found.manuals, "/bin/../share/man/man1");
	locations_release(&found);
}

static void else_the_paths_of_the_build_are_named(void **state)
{
	(void)state;
	struct locations found = locate("nothing");
	assert_int_equal(found.worker[0], '/');
	assert_non_null(strstr(found.worker, "libexec/facectl/facectl-worker"));
	assert_non_null(strstr(found.models, "facectl/models"));
	assert_non_null(strstr(found.manuals, "man1"));
	locations_release(&found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_build_folder_holds_everything),
		TEST(an_installation_can_be_moved_as_a_whole),
		TEST(else_the_paths_of_the_build_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
