"""One system call or allocation of a command fails, or that one and all later ones: no signal, no wrong status, nothing lost."""
import collections
import os
import re

from commands import COMMANDS
from place import Baseline, Place, normalised

ERRORS = ("EIO", "ENOSPC", "EINTR", "ENOMEM")
# Calls that cannot fail, or whose failure glibc answers with abort(). strace would leave a file open whose close() fails; Linux does not.
# readlink is for /proc/self/exe: without it, the folders of an installed program are used.
NEVER_FAIL = set(
    "arch_prctl brk clock_gettime clock_nanosleep close execve exit exit_group futex getegid geteuid getgid getpgrp getpid getppid gettid getuid gettimeofday kill"
    " pause readlink restart_syscall rseq rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait sched_yield set_robust_list set_tid_address sigaltstack"
    " time umask uname vfork wait4".split()
)
SANDBOX = {"seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "prctl", "prlimit64", "setrlimit"}
FAILED = {3, 4, 5, 6, 74, 75, 77}
TRACED = re.compile(r"^(?:\d+ +)?(\w+)\(")


# Only these wait, so only these can be interrupted.
INTERRUPTIBLE = set(
    "accept accept4 connect epoll_wait fallocate fcntl fdatasync flock fsync ftruncate openat poll ppoll pread64 preadv pwrite64 pwritev read readv"
    " recvfrom recvmsg select sendmsg sendto wait4 waitid write writev".split()
)


def calls_of(place, name):
    """For each call, the first one after the program has started, and how often a process makes it at most."""
    place.fresh()
    trace = place.campaign.path("trace")
    place.run(["strace", "-f", "-qq", "-o", trace, *place.command(name)])
    counts, loading, started = collections.Counter(), collections.Counter(), False
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            match = TRACED.match(line)
            if not match:
                continue
            # The first thing that main() does.
            started = started or "PR_SET_DUMPABLE" in line
            if not started:
                loading[match[1]] += 1
            counts[line.split()[0], match[1]] += 1
    calls = {}
    for (_, call), count in counts.items():
        if call not in NEVER_FAIL and count > loading[call]:
            calls[call] = (loading[call] + 1, max(calls.get(call, (0, 0))[1], count))
    return calls


def allocations_of(place, name, shim):
    place.fresh()
    counted = place.campaign.path("allocations")
    place.run(place.command(name), environment={"LD_PRELOAD": shim, "COUNT_ALLOCATIONS": counted})
    with open(counted, encoding="utf-8") as file:
        return 1, int(file.read())


def judge(place, base, result, fault):
    """What is wrong with the result of a command that was disturbed, or nothing."""
    status, output, message = result
    if status is None:
        return "no end", message
    if status < 0:
        return f"signal {-status}", message
    if "error while loading shared libraries" in message or status == 127:
        return "", ""
    if base.name == "doctor" and status in (0, 1):
        return "", ""
    if status == base.status:
        if not base.equals(output) and normalised(message.encode()) == normalised(base.message.encode()):
            return f"wrong output with status {status}", f"{output[-200:]!r} for {base.output[-200:]!r}"
    elif status == 2 and (fault in SANDBOX or base.name == "config check"):
        return "", ""
    elif status not in FAILED:
        return f"status {status}", message
    elif not message.strip() and fault != "no output":
        return "no message", f"status {status}"
    elif fault in ("ENOMEM", "allocation") and "damaged" in message:
        return "memory reported as damage", message
    state, problem = place.state()
    if state is None:
        return "damaged gallery", problem
    if status == base.status and state != base.after:
        return f"not done with status {status}", state.difference(base.after)
    if not state.is_stage_of(base):
        return "lost or doubled", state.difference(base.after)
    if status == base.status == 0:
        missing = base.files - set(os.listdir(place.folder))
        if missing:
            return "a file is missing with status 0", str(missing)
    return "", ""


def disturb_call(place, base, name, fault):
    call, number, error, sticky = fault
    place.fresh()
    inject = f"inject={call}:error={error}:when={number}{'+' if sticky else ''}"
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, *place.command(name)]
    result = place.run(command)
    fault = "no output" if sticky and call in ("write", "writev") else call if call in SANDBOX else error
    return judge(place, base, result, fault), result


def disturb_allocation(place, base, name, shim, number, sticky):
    place.fresh()
    result = place.run(
        place.command(name),
        environment={"LD_PRELOAD": shim, "FAIL_ALLOCATION": f"{number}{'+' if sticky else ''}"},
    )
    return judge(place, base, result, "allocation"), result


def run(campaign, options):
    shim = os.path.join(options.shims, "fail_allocation.so")
    place = Place(campaign, options.draw_faces)
    names = options.names(COMMANDS)
    bases, faults = {}, {}
    for case in range(options.cases):
        name = campaign.random.choice(names)
        if name not in bases:
            bases[name] = Baseline(place, name)
            counts = calls_of(place, name)
            campaign.counts["places where a call or an allocation can fail"] += sum(last - first + 1 for first, last in counts.values())
            # As many faults of each call; half of all are allocations.
            faults[name] = sorted(counts.items())
            faults[name] += [("allocation", allocations_of(place, name, shim))] * len(counts)
        call, range_ = campaign.random.choice(faults[name])
        number = campaign.random.randint(*range_)
        error = campaign.random.choice(ERRORS if call in INTERRUPTIBLE else [error for error in ERRORS if error != "EINTR"])
        # No system interrupts every call.
        sticky = campaign.random.random() < 0.3 and error != "EINTR"
        if case < options.first:
            continue
        if call == "allocation":
            (kind, text), result = disturb_allocation(place, bases[name], name, shim, number, sticky)
            error = ""
        else:
            (kind, text), result = disturb_call(place, bases[name], name, (call, number, error, sticky))
        campaign.counts["allocations" if call == "allocation" else "system calls"] += 1
        campaign.counts[f"exit status {result[0]}"] += 1
        if kind:
            campaign.fail(kind, f"case {case}: {COMMANDS[name]}: {call} {number}{'+' if sticky else ''} {error}", text)
    return campaign.report("failing calls and allocations", options.cases - options.first)
