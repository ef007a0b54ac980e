/* SPDX-License-Identifier: MIT */
#include "lock_wait.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

/* A call that may block. */
struct call {
	int fd;
	int operation; /* flock's, if byte < 0; else the type of range lock */
	off_t byte;
};

/* Make the call, blocking or not. Busy is EWOULDBLOCK for both kinds. */
static int make_call(const struct call *call, bool block)
{
	int result;

	if (call->byte < 0) {
		result = flock(call->fd,
			       call->operation | (block ? 0 : LOCK_NB));
	} else {
#ifdef F_OFD_SETLKW
		struct flock range = {
			.l_type = (short)call->operation,
			.l_whence = SEEK_SET,
			.l_start = call->byte,
			.l_len = 1,
		};

		result = fcntl(call->fd, block ? F_OFD_SETLKW : F_OFD_SETLK,
			       &range);
		if (result < 0 && errno == EACCES)
			errno = EWOULDBLOCK;
#else
		errno = ENOSYS;
		result = -1;
#endif
	}
	return result;
}

static volatile sig_atomic_t alarmed;

static void on_alarm(int signal)
{
	(void)signal;
	alarmed = 1;
}

/* The alarm, and what it displaced. */
struct alarm {
	struct sigaction action;
	sigset_t mask;
};

static void alarm_start(struct alarm *before, struct deadline deadline)
{
	struct sigaction action = {.sa_handler = on_alarm};
	int64_t us = deadline_left(deadline) / 1000 + 1;
	struct itimerval timer = {
		.it_value = {us / 1000000, us % 1000000},
		.it_interval = {0, 1000},
	};
	sigset_t unblock;

	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, &before->action);
	sigemptyset(&unblock);
	sigaddset(&unblock, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &unblock, &before->mask);
	alarmed = 0;
	setitimer(ITIMER_REAL, &timer, NULL);
}

/*
 * Stop the timer while the handler still stands: a shot that is on its way is
 * delivered when setitimer returns, and must not meet the default action.
 */
static void alarm_stop(const struct alarm *before)
{
	const struct itimerval none = {{0, 0}, {0, 0}};
	int saved = errno;

	setitimer(ITIMER_REAL, &none, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	sigaction(SIGALRM, &before->action, NULL);
	errno = saved;
}

static int block_until(const struct call *call, struct deadline deadline)
{
	struct alarm before;
	int result;

	alarm_start(&before, deadline);
	do {
		alarmed = 0;
		result = make_call(call, true);
	} while (result < 0 && errno == EINTR && alarmed &&
		 !deadline_passed(deadline));
	if (result < 0 && errno == EINTR && alarmed)
		errno = ETIMEDOUT;
	alarm_stop(&before);
	return result;
}

static int wait_for(const struct call *call, struct deadline deadline)
{
	if (!make_call(call, false))
		return 0;
	if (errno != EWOULDBLOCK)
		return -1;
	if (deadline_never(deadline))
		return make_call(call, true);
	if (deadline_passed(deadline)) {
		errno = ETIMEDOUT;
		return -1;
	}
	return block_until(call, deadline);
}

int lock_wait(int fd, int operation, struct deadline deadline)
{
	const struct call call = {fd, operation, -1};

	return wait_for(&call, deadline);
}

int lock_wait_byte(int fd, int type, off_t byte, struct deadline deadline)
{
	const struct call call = {fd, type, byte};

	return wait_for(&call, deadline);
}
