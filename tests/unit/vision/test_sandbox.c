/* What a sandboxed process can still do, and what ends it. Each attempt runs in its own child process. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "vision/worker/sandbox.h"

enum { REFUSED = 10, ALLOWED = 11, NOT_LOCKED = 12, LOCKED = 13 };

static int file = -1;        /* opened before the lock */
static rlim_t given_seconds; /* the soft limit of processor time before the lock; 0: as it came */

static fc_sandbox_files *readable; /* which files may be opened */

static int try_to_compute(void)
{
	char byte;
	void *memory = malloc(1 << 20);
	bool fine = memory && pread(file, &byte, 1, 0) == 1;
	free(memory);
	return fine ? ALLOWED : REFUSED;
}

static int try_to_open(void)
{
	return open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES ? REFUSED : ALLOWED;
}

static int try_to_connect(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EACCES ? REFUSED : ALLOWED;
}

static int try_to_fork(void)
{
	return fork() < 0 ? REFUSED : ALLOWED;
}

static int try_to_execute(void)
{
	char program[] = "/bin/true";
	char *arguments[] = { program, NULL };
	FC_IGNORE(execv(program, arguments));
	return REFUSED;
}

static int try_to_kill_the_parent(void)
{
	return kill(getppid(), SIGTERM) < 0 ? REFUSED : ALLOWED;
}

static int try_to_map_code(void)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return code == MAP_FAILED ? REFUSED : ALLOWED;
}

static int try_to_raise_a_limit(void)
{
	const struct rlimit limit = { .rlim_cur = 1024, .rlim_max = 1024 };
	return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? REFUSED : ALLOWED;
}

/* Run an attempt in a sandboxed child. Returns its wait status. Skips the test if seccomp is not available. */
static int attempt(int (*try)(void))
{
	pid_t parent = getpid();
	pid_t child = fork();
	int status = 0;
	assert_true(child >= 0);
	if (child == 0) {
		struct fc_protections protections;
		const struct rlimit time = { .rlim_cur = given_seconds, .rlim_max = 10000 };
		if (!fc_sandbox_prepare(parent) ||
		    (given_seconds > 0 && setrlimit(RLIMIT_CPU, &time) != 0)) {
			_exit(NOT_LOCKED);
		}
		FC_IGNORE(fc_sandbox_lock(&usual_limits, 1000, readable, &protections, NULL));
		_exit(protections.seccomp ? try() : NOT_LOCKED);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_LOCKED) {
		print_message("skipped: no seccomp here\n");
		skip();
	}
	return status;
}

static void assert_attempt_exits(int (*try)(void), int expected)
{
	int status = attempt(try);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), expected);
}

static void assert_attempt_kills(int (*try)(void))
{
	int status = attempt(try);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void computing_and_reading_open_files_goes_on(void **state)
{
	(void)state;
	assert_attempt_exits(try_to_compute, ALLOWED);
}

static void files_and_sockets_are_refused(void **state)
{
	(void)state;
	assert_attempt_exits(try_to_open, REFUSED);
	assert_attempt_exits(try_to_connect, REFUSED);
}

static void new_processes_signals_code_and_limits_end_the_process(void **state)
{
	(void)state;
	assert_attempt_kills(try_to_fork);
	assert_attempt_kills(try_to_execute);
	assert_attempt_kills(try_to_kill_the_parent);
	assert_attempt_kills(try_to_map_code);
	assert_attempt_kills(try_to_raise_a_limit);
}

static void allow_passwd(void (*allow)(void *context, const char *path), void *context)
{
	allow(context, "/nonexistent");
	allow(context, "/etc/passwd");
}

static void *count_up(void *number)
{
	++*(int *)number;
	return number;
}

/* What a library that reads files and starts threads needs, and what it could be misused for. */
static int try_with_files(void)
{
	pthread_t thread;
	int number = 0;
	struct stat info;
	const struct rlimit limit = { .rlim_cur = 1024, .rlim_max = 1024 };
	int fd = open("/etc/passwd", O_RDONLY);
	bool reads = fd >= 0 && fstat(fd, &info) == 0 && info.st_size > 0;
	bool starts = pthread_create(&thread, NULL, count_up, &number) == 0 &&
		      pthread_join(thread, NULL) == 0 && number == 1;
	bool refused = open("/etc/passwd", O_RDWR) < 0 && open("/etc/group", O_RDONLY) < 0 &&
		       open("/etc/passwd", O_RDONLY | O_TRUNC) < 0 &&
		       open("/etc", O_RDONLY | O_DIRECTORY) < 0 && stat("/etc/group", &info) < 0 &&
		       socket(AF_INET, SOCK_STREAM, 0) < 0 && fork() < 0 &&
		       kill(getppid(), SIGTERM) < 0 && setrlimit(RLIMIT_NOFILE, &limit) < 0 &&
		       try_to_map_code() == REFUSED;
	return reads && starts && refused ? LOCKED : ALLOWED;
}

static void only_named_files_can_be_read(void **state)
{
	(void)state;
	readable = allow_passwd;
	assert_attempt_exits(try_with_files, LOCKED);
	readable = NULL;
}

/* Limits as the kernel reports them. */
static int check_protections(void)
{
	struct rlimit core = { .rlim_max = 1 }, size = { .rlim_max = 1 };
	bool fine = getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 &&
		    getrlimit(RLIMIT_FSIZE, &size) == 0 && size.rlim_max == 0;
	return fine ? LOCKED : ALLOWED;
}

static void dumps_and_files_are_limited_to_nothing(void **state)
{
	(void)state;
	assert_attempt_exits(check_protections, LOCKED);
}

/* SIGXCPU first, SIGKILL later. */
static int check_own_time(void)
{
	struct rlimit time = { 0 };
	bool fine = getrlimit(RLIMIT_CPU, &time) == 0 && time.rlim_cur >= 1000 &&
		    time.rlim_cur < time.rlim_max && time.rlim_max < RLIM_INFINITY;
	return fine ? LOCKED : ALLOWED;
}

/* SIGKILL only. */
static int check_given_time(void)
{
	struct rlimit time = { 0 }, files = { 0 };
	bool fine = getrlimit(RLIMIT_CPU, &time) == 0 && time.rlim_cur == given_seconds &&
		    time.rlim_max == given_seconds && getrlimit(RLIMIT_NOFILE, &files) == 0 &&
		    files.rlim_max < 100;
	return fine ? LOCKED : ALLOWED;
}

static void too_much_processor_time_ends_with_another_signal_than_a_kill(void **state)
{
	(void)state;
	assert_attempt_exits(check_own_time, LOCKED);
}

static void a_lower_limit_of_processor_time_is_kept(void **state)
{
	(void)state;
	given_seconds = 200;
	assert_attempt_exits(check_given_time, LOCKED);
	given_seconds = 0;
}

static void a_process_whose_parent_is_gone_does_not_start(void **state)
{
	(void)state;
	int status = 0;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		_exit(fc_sandbox_prepare(getpid()) ? ALLOWED : REFUSED);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), REFUSED);
}

static void missing_protections_are_named(void **state)
{
	(void)state;
	int status = 0;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		/* Not prepared, and with the test's environment. */
		struct fc_protections protections;
		FC_IGNORE(fc_sandbox_lock(&usual_limits, 1000, NULL, &protections, NULL));
		_exit(!protections.own_environment && strstr(protections.text, "environment") &&
				      !protections.no_core_dumps &&
				      strstr(protections.text, "core dumps")
			      ? LOCKED
			      : REFUSED);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), LOCKED);
}

/* Load a filter under which this system call fails, as it does in a kernel or a container without it. */
static bool refuse_call(int call, int os_errno)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool loaded = filter &&
		      seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint16_t)os_errno), call, 0) == 0 &&
		      seccomp_load(filter) == 0;
	seccomp_release(filter);
	return loaded;
}

/* The status of a lock in a process where this call fails; NOT_LOCKED when the test itself cannot be set up. */
static int lock_without(int call, int os_errno, bool without_seccomp, const char *missing)
{
	struct fc_protections protections;
	struct fc_error err = { 0 };
	if (!fc_sandbox_prepare(getppid()) || !refuse_call(call, os_errno)) {
		return NOT_LOCKED;
	}
	enum fc_status status = fc_sandbox_lock(&usual_limits, 1000, NULL, &protections, &err);
	bool fine = status == FC_UNSUPPORTED && strstr(err.text, missing) &&
		    strstr(err.text, "core.sandbox = best-effort") &&
		    strstr(protections.text, missing) && protections.seccomp == !without_seccomp &&
		    protections.landlock == without_seccomp;
	return fine ? REFUSED : ALLOWED;
}

static void assert_lock_fails_without(int call, int os_errno, bool without_seccomp,
				      const char *missing)
{
	int status = 0;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		_exit(lock_without(call, os_errno, without_seccomp, missing));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NOT_LOCKED) {
		print_message("skipped: no seccomp here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), REFUSED);
}

static void a_sandbox_without_landlock_is_incomplete(void **state)
{
	(void)state;
	assert_lock_fails_without(SCMP_SYS(landlock_create_ruleset), ENOSYS, false,
				  "no Landlock (not in this kernel)");
	assert_lock_fails_without(SCMP_SYS(landlock_create_ruleset), EOPNOTSUPP, false,
				  "no Landlock (switched off in this kernel)");
}

static void a_sandbox_without_a_filter_of_system_calls_is_incomplete(void **state)
{
	(void)state;
	assert_lock_fails_without(SCMP_SYS(seccomp), EPERM, true, "no seccomp (");
}

static int open_file(void **state)
{
	(void)state;
	file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	return file < 0;
}

static int close_file(void **state)
{
	(void)state;
	fc_fd_close(&file);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(computing_and_reading_open_files_goes_on),
		cmocka_unit_test(files_and_sockets_are_refused),
		cmocka_unit_test(new_processes_signals_code_and_limits_end_the_process),
		cmocka_unit_test(only_named_files_can_be_read),
		cmocka_unit_test(dumps_and_files_are_limited_to_nothing),
		cmocka_unit_test(too_much_processor_time_ends_with_another_signal_than_a_kill),
		cmocka_unit_test(a_lower_limit_of_processor_time_is_kept),
		cmocka_unit_test(a_process_whose_parent_is_gone_does_not_start),
		cmocka_unit_test(missing_protections_are_named),
		cmocka_unit_test(a_sandbox_without_landlock_is_incomplete),
		cmocka_unit_test(a_sandbox_without_a_filter_of_system_calls_is_incomplete),
	};
	return cmocka_run_group_tests(tests, open_file, close_file);
}
