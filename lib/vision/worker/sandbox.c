/* The sandbox of a worker: resource limits, Landlock and seccomp. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "vision/worker/budget.h"
#include "vision/worker/process.h"

enum { DESCRIPTORS_MAXIMUM = 16 /* the three standard ones, the socket, and photos */ };

/* Append to out->text what is missing. */
FC_PRINTF(2, 3)
static void add_missing(struct fc_protections *out, const char *format, ...)
{
	size_t used = strlen(out->text);
	va_list arguments;
	if (used > 0 && used + 2 < sizeof(out->text)) {
		memcpy(out->text + used, "; ", sizeof("; "));
		used += 2;
	}
	va_start(arguments, format);
	vsnprintf(out->text + used, sizeof(out->text) - used, format, arguments);
	va_end(arguments);
}

bool fc_sandbox_prepare(pid_t parent)
{
	const struct rlimit none = { 0 };
	FC_IGNORE(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
	/*
	 * If memory runs out, the kernel ends a worker and not another process; its photo is then tried again alone.
	 * This comes first: the file of a process that cannot be dumped belongs to root.
	 */
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		FC_IGNORE(fc_fd_write_all(fd, "1000", strlen("1000")));
		fc_fd_close(&fd);
	}
	FC_IGNORE(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
	FC_IGNORE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	FC_IGNORE(setrlimit(RLIMIT_CORE, &none));
	/* The parent may have died before the first call. */
	return getppid() == parent;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Keep a limit that is already lower: raising it needs privileges. */
static bool set_limit(__rlimit_resource_t resource, uint64_t value)
{
	struct rlimit limit;
	if (getrlimit(resource, &limit) != 0) {
		return false;
	}
	limit.rlim_max = lower(limit.rlim_max, value);
	limit.rlim_cur = lower(limit.rlim_cur, value);
	return setrlimit(resource, &limit) == 0;
}

/*
 * A worker that reaches this limit hangs on a photo. SIGXCPU ends it, and the pool reports the photo as the cause. If a lower
 * limit was set from outside, the photo is not the cause: SIGKILL ends the worker, like any other kill from outside.
 */
static bool limit_processor(uint64_t seconds)
{
	const uint64_t grace = 5; /* seconds until SIGKILL, if the worker survives SIGXCPU */
	struct rlimit limit;
	if (getrlimit(RLIMIT_CPU, &limit) != 0) {
		return false;
	}
	uint64_t given = lower(limit.rlim_cur, limit.rlim_max);
	bool ours = seconds < given;
	limit.rlim_cur = ours ? seconds : given;
	limit.rlim_max = ours ? lower(limit.rlim_max, seconds + grace) : given;
	return setrlimit(RLIMIT_CPU, &limit) == 0;
}

#if FC_ADDRESS_SANITIZER
static void limit_memory(const struct fc_image_limits *limits, struct fc_protections *out)
{
	(void)limits;
	add_missing(out, "no memory limit in a build with AddressSanitizer");
}
#else
static void limit_memory(const struct fc_image_limits *limits, struct fc_protections *out)
{
	const uint64_t other_memory = UINT64_C(512) << 20;
	unsigned long pages = 0; /* in use; 0 when unknown */
	FILE *file = fopen("/proc/self/statm", "re");
	if (file) {
		pages = fscanf(file, "%lu", &pages) == 1 ? pages : 0;
		FC_IGNORE(fclose(file));
	}
	uint64_t now = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t pixels = limits->pixels < UINT64_MAX / 64 ? limits->pixels : UINT64_MAX / 64;
	uint64_t bytes = limits->bytes < UINT64_MAX / 8 ? limits->bytes : UINT64_MAX / 8;
	uint64_t total = now + other_memory + pixels * FC_BYTES_PER_PIXEL + 2 * bytes;
	out->memory_limit = now > 0 && set_limit(RLIMIT_AS, total);
	if (!out->memory_limit) {
		add_missing(out, "no memory limit");
	}
}
#endif

static void limit_rest(unsigned photo_timeout, bool threads, struct fc_protections *out)
{
	/* This ends a worker whose parent is stopped. A running parent ends it long before. */
	uint64_t seconds = (uint64_t)FC_WORKER_PHOTOS * (photo_timeout / 1000 + 1) + 60;
	bool fine = limit_processor(seconds);
	fine = set_limit(RLIMIT_FSIZE, 0) && fine;
	fine = (threads || set_limit(RLIMIT_NPROC, 0)) && fine;
	fine = set_limit(RLIMIT_NOFILE, DESCRIPTORS_MAXIMUM) && fine;
	if (!fine) {
		add_missing(out, "resource limits are incomplete");
	}
}

/*
 * struct landlock_ruleset_attr of kernels that are newer than our header. Its size, an argument of the call, determines which
 * fields are valid.
 */
struct ruleset {
	uint64_t files, network, scoped;
};

/* Allow reading a file. context: the descriptor of a Landlock ruleset. */
static void allow_file(void *context, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	if (rule.parent_fd >= 0) {
		FC_IGNORE(syscall(SYS_landlock_add_rule, *(const int *)context,
				  LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
		FC_IGNORE(close(rule.parent_fd));
	}
}

static void restrict_files(fc_sandbox_files *files, struct fc_protections *out)
{
	/* Number of rights in each version of the interface (Documentation/userspace-api/landlock.rst). */
	static const int file_rights[] = { 0, 13, 14, 15, 15, 16 };
	const long newest = (long)FC_ARRAY_LENGTH(file_rights) - 1;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1) {
		add_missing(out, "no Landlock (%s)",
			    errno == EOPNOTSUPP ? "switched off in this kernel"
						: "not in this kernel");
		return;
	}
	struct ruleset rules = {
		.files = (UINT64_C(1) << file_rights[abi < newest ? abi : newest]) - 1,
		.network = abi >= 4 ? 3 : 0,
		.scoped = abi >= 6 ? 3 : 0,
	};
	size_t size = abi >= 6 ? sizeof(rules) : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
	out->landlock_abi = (int)abi;
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (fd >= 0 && files) {
		files(allow_file, &fd);
	}
	out->landlock = fd >= 0 && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	if (!out->landlock) {
		add_missing(out, "no Landlock (%s)", strerrordesc_np(errno));
	}
	if (fd >= 0) {
		FC_IGNORE(close(fd));
	}
}

/* System calls for computing, memory, and communication on open descriptors. */
static const int allowed_calls[] = {
	SCMP_SYS(read),          SCMP_SYS(pread64),         SCMP_SYS(write),
	SCMP_SYS(recvmsg),       SCMP_SYS(sendmsg),         SCMP_SYS(poll),
	SCMP_SYS(ppoll), /* glibc's poll on aarch64 and riscv64 */
	SCMP_SYS(close),         SCMP_SYS(lseek),           SCMP_SYS(munmap),
	SCMP_SYS(mremap),        SCMP_SYS(madvise),         SCMP_SYS(brk),
	SCMP_SYS(futex),         SCMP_SYS(sched_yield),     SCMP_SYS(sched_getaffinity),
	SCMP_SYS(getcpu),        SCMP_SYS(getpid),          SCMP_SYS(gettid),
	SCMP_SYS(getrandom),     SCMP_SYS(getrusage),       SCMP_SYS(sysinfo),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),    SCMP_SYS(gettimeofday),
	SCMP_SYS(time),          SCMP_SYS(nanosleep),       SCMP_SYS(clock_nanosleep),
	SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask),  SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),   SCMP_SYS(restart_syscall), SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Calls that libraries try but do not need: they fail instead of killing the process. */
static const int refused_calls[] = {
	SCMP_SYS(open),       SCMP_SYS(openat),   SCMP_SYS(access),     SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(stat),
	SCMP_SYS(lstat),      SCMP_SYS(fstat),    SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(socket),     SCMP_SYS(connect),  SCMP_SYS(ioctl),      SCMP_SYS(prctl),
};

/* Calls that are allowed only with certain arguments. */
static int allow_conditionally(scmp_filter_ctx filter)
{
	const uint64_t self = (uint64_t)getpid();
	/* mmap and mprotect only without PROT_EXEC. */
	int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	failed = failed ? failed
			: seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
					   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	/* needed by abort() */
	failed = failed ? failed
			: seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
					   SCMP_A0(SCMP_CMP_EQ, self));
	/* prlimit64 only to read limits. */
	return failed ? failed
		      : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
					 SCMP_A2(SCMP_CMP_EQ, 0));
}

/* Reading files, and threads. glibc starts these with clone if clone3 fails. */
static int allow_reading(scmp_filter_ctx filter)
{
	static const int calls[] = { SCMP_SYS(fstat), SCMP_SYS(set_robust_list), SCMP_SYS(rseq) };
	const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
	int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				      SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
	/* fstat of newer versions of glibc */
	failed = failed ? failed
			: seccomp_rule_add(
				  filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
				  SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	failed = failed ? failed
			: seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
					   SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	for (size_t i = 0; i < FC_ARRAY_LENGTH(calls) && !failed; i++) {
		failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	}
	return failed;
}

static int restrict_calls(bool reading)
{
	scmp_filter_ctx filter =
		seccomp_init(reading ? SCMP_ACT_ERRNO(ENOSYS) : SCMP_ACT_KILL_PROCESS);
	int failed = filter ? allow_conditionally(filter) : -EOPNOTSUPP;
	failed = !failed && reading ? allow_reading(filter) : failed;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(allowed_calls) && !failed; i++) {
		failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(refused_calls) && !reading && !failed; i++) {
		failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused_calls[i], 0);
	}
	failed = failed ? failed : seccomp_load(filter);
	seccomp_release(filter);
	return failed;
}

enum fc_status fc_sandbox_lock(const struct fc_image_limits *limits, unsigned photo_timeout,
			       fc_sandbox_files *files, struct fc_protections *out,
			       struct fc_error *err)
{
	struct rlimit core = { .rlim_cur = 1 };
	*out = (struct fc_protections){ 0 };
	size_t same = 0;
	while (!files && environ[same] && fc_worker_environment[same] &&
	       strcmp(environ[same], fc_worker_environment[same]) == 0) {
		same++;
	}
	out->own_environment = files || (!environ[same] && !fc_worker_environment[same]);
	out->no_new_privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	out->no_core_dumps = getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 &&
			     prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
	if (!out->own_environment) {
		add_missing(out, "the environment is not the worker's own");
	}
	if (!out->no_new_privileges) {
		add_missing(out, "new privileges are possible");
	}
	if (!out->no_core_dumps) {
		add_missing(out, "core dumps are possible");
	}
	limit_memory(limits, out);
	limit_rest(photo_timeout, files, out);
	restrict_files(files, out);
	int failed = restrict_calls(files);
	out->seccomp = failed == 0;
	if (failed) {
		add_missing(out, "no seccomp (%s)", strerrordesc_np(-failed));
	}
	return fc_protections_complete(out)
		       ? FC_OK
		       : fc_fail(err, FC_UNSUPPORTED,
				 "a worker cannot install its sandbox: %s; "
				 "use a kernel that has it, or set core.sandbox = best-effort",
				 out->text);
}
