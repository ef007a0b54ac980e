/* SPDX-License-Identifier: MIT */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "duration.h"

/* What ends a process by default and is sent to it, not caused by it. */
static const int fatal[] = {
	SIGHUP,	 SIGINT,  SIGQUIT,   SIGTERM, SIGALRM,
	SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU,
};
static const int errors[] = {SIGPIPE, SIGXFSZ};

enum {
	FATAL = sizeof(fatal) / sizeof(fatal[0]),
	ERRORS = sizeof(errors) / sizeof(errors[0]),
};

static volatile sig_atomic_t caught, child_changed;

/* How we were started, for children. */
static struct sigaction before_fatal[FATAL], before_error[ERRORS], before_child;
static sigset_t before_mask;
static bool catching;

static void record(int number)
{
	if (!caught)
		caught = number;
}

static void note_child(int number)
{
	(void)number;
	child_changed = 1;
}

/* The signals that may end a poll. */
static void waking_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < FATAL; i++)
		sigaddset(set, fatal[i]);
	sigaddset(set, SIGCHLD);
}

void signals_catch(void)
{
	struct sigaction action = {.sa_handler = record};
	sigset_t block;

	if (catching)
		return;
	catching = true;
	sigemptyset(&action.sa_mask);
	/* One call a signal, not two: ours goes in, and out again where the
	 * signal was ignored. What comes in between is blocked meanwhile. */
	waking_set(&block);
	sigprocmask(SIG_BLOCK, &block, &before_mask);
	for (size_t i = 0; i < FATAL; i++) {
		sigaction(fatal[i], &action, &before_fatal[i]);
		if (before_fatal[i].sa_handler == SIG_IGN)
			sigaction(fatal[i], &before_fatal[i], NULL);
	}
	sigprocmask(SIG_SETMASK, &before_mask, NULL);
	sigaction(SIGCHLD, NULL, &before_child);
	action.sa_handler = SIG_IGN;
	for (size_t i = 0; i < ERRORS; i++)
		sigaction(errors[i], &action, &before_error[i]);
}

int signals_caught(void)
{
	return caught;
}

/*
 * Were SIGCHLD inherited as ignored, a child would leave no status behind: so
 * the default, when not watched, is that of the system.
 */
void signals_watch_children(bool watch)
{
	struct sigaction action = {.sa_handler = watch ? note_child : SIG_DFL};

	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, NULL);
}

/*
 * Blocked from the look at what was recorded until ppoll puts the old mask back
 * and sleeps in one step: none can slip in between.
 */
int signals_poll(struct pollfd *fds, nfds_t count, struct deadline deadline)
{
	int64_t left = deadline_left(deadline);
	struct timespec time = {
		.tv_sec = left / NS_PER_SECOND,
		.tv_nsec = left % NS_PER_SECOND,
	};
	sigset_t block, mask;
	int result = -1, saved;

	waking_set(&block);
	sigprocmask(SIG_BLOCK, &block, &mask);
	errno = EINTR;
	if (!caught && !child_changed)
		result = ppoll(fds, count,
			       deadline_never(deadline) ? NULL : &time, &mask);
	saved = errno;
	child_changed = 0;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	errno = saved;
	return result;
}

void signals_reset(void)
{
	if (!catching)
		return;
	for (size_t i = 0; i < FATAL; i++)
		sigaction(fatal[i], &before_fatal[i], NULL);
	for (size_t i = 0; i < ERRORS; i++)
		sigaction(errors[i], &before_error[i], NULL);
	sigaction(SIGCHLD, &before_child, NULL);
	sigprocmask(SIG_SETMASK, &before_mask, NULL);
	catching = false;
}

void signals_die(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	int number = caught;
	sigset_t only;

	if (!number)
		return;
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
	sigemptyset(&only);
	sigaddset(&only, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
}
