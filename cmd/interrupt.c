/* Handle the signals that end a batch. */
/* SPDX-License-Identifier: MIT */
#include "interrupt.h"

#include <stddef.h>
#include <unistd.h>

#include "base/compiler.h"

/* A signal handler can only set a global variable. */
static volatile sig_atomic_t noted, usr1;

static void note(int number)
{
	noted = number;
}

const volatile sig_atomic_t *interrupt_watch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(numbers); i++) {
		struct sigaction before;
		struct sigaction action = { .sa_handler = note };
		action.sa_flags = (int)(SA_RESTART | (int)SA_RESETHAND);
		/* signals that nohup or a shell ignores stay ignored */
		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
			FC_IGNORE(sigaction(numbers[i], &action, NULL));
		}
	}
	return &noted;
}

int interrupt_noted(void)
{
	return noted;
}

static void note_usr1(int number)
{
	usr1 = number;
}

void interrupt_watch_usr1(void)
{
	struct sigaction action = { .sa_handler = note_usr1, .sa_flags = SA_RESTART };
	FC_IGNORE(sigaction(SIGUSR1, &action, NULL));
}

bool interrupt_usr1_came(void)
{
	bool came = usr1 != 0;
	usr1 = 0;
	return came;
}

void interrupt_end(void)
{
	int number = noted;
	if (number != 0) {
		FC_IGNORE(signal(number, SIG_DFL));
		FC_WRITE_COVERAGE();
		FC_IGNORE(raise(number));
		/* process 1 of a container ignores signals that it sends to itself */
		_exit(128 + number);
	}
}

void interrupt_ignore_failed_writes(bool ignore)
{
	FC_IGNORE(signal(SIGPIPE, ignore ? SIG_IGN : SIG_DFL));
	FC_IGNORE(signal(SIGXFSZ, ignore ? SIG_IGN : SIG_DFL));
}
