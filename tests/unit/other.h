/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_OTHER_H
#define INTERLOCK_OTHER_H

/*
 * Another process, for tests of what two processes do to each other. It runs a
 * function of the test that says when it has come to where the test wants it,
 * and ends when it is told to.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

struct other {
	pid_t pid;
	int said; /* a byte a time from the other process */
	int told; /* closed: end */
};

/* In the other process: it has come so far. */
static inline void other_say(const struct other *self)
{
	if (write(self->said, "", 1) != 1)
		_exit(1);
}

/* In the other process: until it is told to end. */
static inline void other_stay(const struct other *self)
{
	char byte;

	while (read(self->told, &byte, 1) < 0 && errno == EINTR)
		continue;
}

static inline void other_start(struct other *other,
			       void (*body)(const struct other *self,
					    const char *name),
			       const char *name)
{
	int said[2], told[2];

	/* It may have ended when it is told to. */
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe2(said, O_CLOEXEC), 0);
	assert_int_equal(pipe2(told, O_CLOEXEC), 0);
	*other = (struct other){.said = said[0], .told = told[1]};
	other->pid = fork();
	assert_true(other->pid >= 0);
	if (other->pid == 0) {
		const struct other self = {.said = said[1], .told = told[0]};

		close(said[0]);
		close(told[1]);
		body(&self, name);
		_exit(0);
	}
	close(said[1]);
	close(told[0]);
}

/* Wait for its word; fail if it ended without. */
static inline void other_await(const struct other *other)
{
	char byte;
	ssize_t n;

	do
		n = read(other->said, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		fail_msg("the other process ended before its word");
}

/* Tell it to end, or kill it with SIGNAL. Returns its wait status. */
static inline int other_end(struct other *other, int signal)
{
	int status = -1;

	if (signal)
		kill(other->pid, signal);
	/* A byte, since one forked later holds copies of the pipe. */
	if (write(other->told, "", 1) < 0 && !signal)
		status = -1;
	close(other->told);
	while (waitpid(other->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	close(other->said);
	return status;
}

static inline void other_flock(const struct other *self, const char *name,
			       int operation)
{
	int fd = open(name, O_RDWR | O_CREAT, 0666);

	if (fd < 0 || flock(fd, operation))
		_exit(1);
	other_say(self);
	other_stay(self);
}

/* Bodies: hold NAME's flock. */
static inline void other_exclusive(const struct other *self, const char *name)
{
	other_flock(self, name, LOCK_EX);
}

static inline void other_shared(const struct other *self, const char *name)
{
	other_flock(self, name, LOCK_SH);
}

/* Start one and wait until it holds. */
static inline void other_hold(struct other *other, const char *name,
			      bool shared)
{
	other_start(other, shared ? other_shared : other_exclusive, name);
	other_await(other);
}

static inline void other_nap(void)
{
	const struct timespec pause = {0, 2000000};

	nanosleep(&pause, NULL);
}

/* Until CONDITION(ARGUMENT) is true, for at most ten seconds. */
static inline bool other_poll(bool (*condition)(void *argument), void *argument)
{
	for (int tries = 0; tries < 5000; tries++) {
		if (condition(argument))
			return true;
		other_nap();
	}
	return false;
}

#endif
