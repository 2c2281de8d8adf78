/* Tokens from files, values and commands. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "net/token.h"

static char folder[] = "/tmp/facectl-token-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "%s/token", mkdtemp(folder));
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	FC_IGNORE(unlink(path));
	return rmdir(folder);
}

static void write_token(const char *text, unsigned mode)
{
	assert_int_equal(fc_file_replace(path, text, strlen(text), mode, NULL), FC_OK);
	assert_int_equal(chmod(path, mode), 0);
}

static enum fc_status load(const struct fc_token_source *source, const char *expected,
			   struct fc_error *err)
{
	FC_CLEANUP(fc_token_release) struct fc_token token = { NULL };
	enum fc_status status = fc_token_load(source, &token, err);
	if (status == FC_OK) {
		assert_string_equal(token.text, expected);
	} else {
		assert_null(token.text);
	}
	return status;
}

static void the_token_is_the_first_line_of_a_file(void **state)
{
	(void)state;
	struct fc_token_source source = { .file = path };
	static const char *const texts[] = { "abc.DEF-123", "abc.DEF-123\n",
					     "abc.DEF-123\r\nnote\n" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		write_token(texts[i], 0600);
		assert_int_equal(load(&source, "abc.DEF-123", NULL), FC_OK);
	}
}

static void a_file_that_others_may_read_is_refused(void **state)
{
	(void)state;
	struct fc_token_source source = { .file = path };
	static const unsigned modes[] = { 0640, 0604, 0660, 0644, 0602 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(modes); i++) {
		struct fc_error err = { 0 };
		write_token("secret-token", modes[i]);
		assert_int_equal(load(&source, NULL, &err), FC_PERMISSION);
		assert_non_null(strstr(err.text, "chmod 600"));
		assert_null(strstr(err.text, "secret-token"));
	}
	write_token("secret-token", 0400);
	assert_int_equal(load(&source, "secret-token", NULL), FC_OK);
}

static void an_invalid_token_is_refused_without_showing_it(void **state)
{
	(void)state;
	struct fc_token_source source = { .file = path };
	struct fc_error err = { 0 };
	write_token("\nsecret", 0600);
	assert_int_equal(load(&source, NULL, &err), FC_PERMISSION);
	write_token("secret with spaces", 0600);
	assert_int_equal(load(&source, NULL, &err), FC_INVALID_ARGUMENT);
	assert_null(strstr(err.text, "secret"));
	write_token("secret\x1b[0m", 0600);
	assert_int_equal(load(&source, NULL, &err), FC_INVALID_ARGUMENT);
	FC_CLEANUP(fc_free) char *endless = malloc(20001);
	memset(endless, 'x', 20000);
	endless[20000] = '\0';
	write_token(endless, 0600);
	assert_int_equal(load(&source, NULL, &err), FC_INVALID_ARGUMENT);
}

static void a_missing_file_is_named(void **state)
{
	(void)state;
	struct fc_token_source source = { .file = "/nonexistent/token" };
	struct fc_error err = { 0 };
	assert_int_equal(load(&source, NULL, &err), FC_PERMISSION);
	assert_non_null(strstr(err.text, "cannot read the token: cannot open"));
	assert_non_null(strstr(err.text, "/nonexistent/token"));
}

static void a_value_is_used_unchanged(void **state)
{
	(void)state;
	struct fc_token_source source = { .value = "from-environment", .value_name = "VK_TOKEN" };
	struct fc_token_source empty = { .value = "", .value_name = "VK_TOKEN" };
	struct fc_error err = { 0 };
	assert_int_equal(load(&source, "from-environment", NULL), FC_OK);
	assert_int_equal(load(&empty, NULL, &err), FC_PERMISSION);
	assert_non_null(strstr(err.text, "VK_TOKEN"));
}

static void a_command_prints_the_token(void **state)
{
	(void)state;
	static char variable[] = "NAME=from-command";
	char *environment[] = { variable, NULL };
	struct fc_token_source source = { .command = "echo $NAME; echo more",
					  .environment = environment };
	assert_int_equal(load(&source, "from-command", NULL), FC_OK);
}

static void a_failure_of_the_command_is_reported(void **state)
{
	(void)state;
	static const struct {
		const char *command;
		const char *words;
	} cases[] = {
		{ "echo secret-token; exit 3", "exit status 3" },
		{ "echo secret-token; kill -9 $$", "signal 9" },
		{ "true", "no token" },
		{ "cat", "no token" }, /* standard input is empty */
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_token_source source = { .command = cases[i].command };
		struct fc_error err = { 0 };
		static char search[] = "PATH=/usr/bin:/bin";
		char *environment[] = { search, NULL };
		source.environment = environment;
		assert_int_equal(load(&source, NULL, &err), FC_PERMISSION);
		assert_non_null(strstr(err.text, cases[i].words));
		assert_null(strstr(err.text, "secret-token"));
	}
}

/* facectl ignores SIGPIPE and SIGXFSZ; a command must run as it does in a shell. */
static void a_command_has_the_usual_signals(void **state)
{
	(void)state;
	static const struct {
		const char *command;
		const char *words;
	} cases[] = {
		{ "kill -s PIPE $$; echo ignored", "signal 13" },
		{ "kill -s XFSZ $$; echo ignored", "signal 25" },
		{ "kill -s TERM $$; echo blocked", "signal 15" },
	};
	sigset_t blocked, before;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &blocked, &before), 0);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_token_source source = { .command = cases[i].command };
		struct fc_error err = { 0 };
		assert_int_equal(load(&source, NULL, &err), FC_PERMISSION);
		assert_non_null(strstr(err.text, cases[i].words));
	}
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
}

/* Its exit status would be lost, and its pid could be that of another process. */
static void a_command_is_not_run_while_sigchld_is_ignored(void **state)
{
	(void)state;
	struct fc_token_source source = { .command = "echo from-command" };
	struct sigaction no_wait = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };
	struct fc_error err = { 0 };
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(load(&source, NULL, &err), FC_INTERNAL);
	assert_non_null(strstr(err.text, "ignores SIGCHLD"));
	assert_int_equal(sigaction(SIGCHLD, &no_wait, NULL), 0);
	assert_int_equal(load(&source, NULL, &err), FC_INTERNAL);
	signal(SIGCHLD, SIG_DFL);
	assert_int_equal(load(&source, "from-command", NULL), FC_OK);
}

static void ignore_signal(int number)
{
	(void)number;
}

static void signals_do_not_extend_the_time_limit(void **state)
{
	(void)state;
	struct fc_token_source source = { .command = "exec sleep 1000", .command_timeout_ms = 50 };
	struct sigaction action = { .sa_handler = ignore_signal, .sa_flags = SA_RESTART };
	struct fc_error err = { 0 };
	static char search[] = "PATH=/usr/bin:/bin";
	char *environment[] = { search, NULL };
	source.environment = environment;
	assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
	pid_t test = getpid();
	pid_t storm = fork();
	assert_true(storm >= 0);
	if (storm == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (getppid() == test && kill(test, SIGUSR1) == 0) {
		}
		_exit(0);
	}
	assert_int_equal(load(&source, NULL, &err), FC_BUSY);
	assert_int_equal(kill(storm, SIGKILL), 0);
	assert_int_equal(waitpid(storm, NULL, 0), storm);
	assert_string_equal(err.text, "the token command printed no token within 0.05 s");
}

static void exactly_one_source_is_required(void **state)
{
	(void)state;
	struct fc_token_source none = { 0 };
	struct fc_token_source two = { .value = "a", .command = "echo b" };
	struct fc_error err = { 0 };
	assert_int_equal(load(&none, NULL, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "token-file"));
	assert_int_equal(load(&two, NULL, &err), FC_INVALID_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_token_is_the_first_line_of_a_file),
		cmocka_unit_test(a_file_that_others_may_read_is_refused),
		cmocka_unit_test(an_invalid_token_is_refused_without_showing_it),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(a_value_is_used_unchanged),
		cmocka_unit_test(a_command_prints_the_token),
		cmocka_unit_test(a_failure_of_the_command_is_reported),
		cmocka_unit_test(a_command_has_the_usual_signals),
		cmocka_unit_test(a_command_is_not_run_while_sigchld_is_ignored),
		cmocka_unit_test(signals_do_not_extend_the_time_limit),
		cmocka_unit_test(exactly_one_source_is_required),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
