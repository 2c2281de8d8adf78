/* Preloaded: lets the Nth allocation of a process fail (FAIL_ALLOCATION=N), or the Nth and all later ones (N+). Without a
   number, COUNT_ALLOCATIONS names a file to which the number of allocations is written at exit. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static atomic_long allocations;
static long failing;
static bool sticky;

static bool fails(void)
{
	const long number = atomic_fetch_add(&allocations, 1) + 1;
	if (failing == 0 || number < failing || (number > failing && !sticky))
		return false;
	errno = ENOMEM;
	return true;
}

/* Allocations of the dynamic linker and of libraries' constructors are not facectl's: counting starts after them. */
__attribute__((constructor)) static void start(void)
{
	char *end = NULL;
	const char *text = getenv("FAIL_ALLOCATION");
	atomic_store(&allocations, 0);
	if (text == NULL)
		return;
	failing = strtol(text, &end, 10);
	sticky = *end == '+';
}

__attribute__((destructor)) static void finish(void)
{
	const char *path = getenv("COUNT_ALLOCATIONS");
	if (path == NULL)
		return;
	const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0)
		return;
	dprintf(file, "%ld\n", atomic_load(&allocations));
	close(file);
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return fails() ? NULL : __libc_realloc(memory, size);
}
