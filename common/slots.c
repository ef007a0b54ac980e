/* SPDX-License-Identifier: MIT */
#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "fdio.h"
#include "lock_wait.h"

/* The byte of the lock file that is the queue. */
enum { QUEUE_BYTE = SLOTS_FIRST_BYTE - 1 };

/* One process that waits for one slot. */
struct runner {
	int fd; /* an open file description of its own */
	pid_t pid;
};

static int open_again(int directory, const char *name)
{
	return openat(directory, name,
		      O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static int lock_slot(int fd, unsigned slot, struct deadline deadline)
{
	return lock_wait_byte(fd, F_WRLCK, SLOTS_FIRST_BYTE + (off_t)slot,
			      deadline);
}

/* Whichever is free at this moment, on FD. */
static int try_each(int fd, unsigned count)
{
	for (unsigned slot = 0; slot < count; slot++) {
		if (!lock_slot(fd, slot, deadline_in(0)))
			return 0;
		if (errno != ETIMEDOUT)
			return -1;
	}
	errno = ETIMEDOUT;
	return -1;
}

/*
 * In the child: block, and tell which slot it was. The lock belongs to the
 * description, which the parent shares, so it outlives the child. If the
 * parent is killed the child must not stay.
 */
static void run(const struct runner *runner, unsigned slot, int report,
		pid_t parent)
{
#ifdef PR_SET_PDEATHSIG
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() == parent &&
	    !lock_slot(runner->fd, slot, deadline_in(INT64_MAX)) &&
	    write(report, &slot, sizeof(slot)) == sizeof(slot))
		_exit(0);
	_exit(1);
}

static unsigned start_all(struct runner *runners, unsigned count,
			  int directory, const char *name, int report)
{
	pid_t parent = getpid();
	unsigned started;

	for (started = 0; started < count; started++) {
		struct runner *runner = &runners[started];

		runner->fd = open_again(directory, name);
		if (runner->fd < 0)
			break;
		runner->pid = fork();
		if (runner->pid == 0)
			run(runner, started, report, parent);
		if (runner->pid < 0) {
			fdio_discard(&runner->fd);
			break;
		}
	}
	return started;
}

/* The first report before the deadline: the slot, or -1 with errno. */
static int first_report(int report, unsigned count, struct deadline deadline)
{
	struct pollfd wait = {.fd = report, .events = POLLIN};
	int64_t left = deadline_left(deadline);
	struct timespec timeout = {left / 1000000000, left % 1000000000};
	unsigned slot;
	int ready;

	ready = ppoll(&wait, 1, deadline_never(deadline) ? NULL : &timeout,
		      NULL);
	if (ready == 0)
		errno = ETIMEDOUT;
	if (ready <= 0)
		return -1;
	if (read(report, &slot, sizeof(slot)) == sizeof(slot) && slot < count)
		return (int)slot;
	errno = EIO;
	return -1;
}

/* End all runners; keep the description of the WINNER, if there is one. */
static void end_all(struct runner *runners, unsigned count, int winner)
{
	int saved = errno;

	for (unsigned i = 0; i < count; i++)
		kill(runners[i].pid, SIGKILL);
	for (unsigned i = 0; i < count; i++) {
		while (waitpid(runners[i].pid, NULL, 0) < 0 && errno == EINTR)
			continue;
		if ((int)i != winner)
			fdio_discard(&runners[i].fd);
	}
	errno = saved;
}

static int wait_for_any(int directory, const char *name, unsigned count,
			struct deadline deadline)
{
	struct runner *runners = calloc(count, sizeof(*runners));
	int report[2], winner = -1, fd;
	unsigned started;

	if (!runners || pipe2(report, O_CLOEXEC)) {
		free(runners);
		return -1;
	}
	started = start_all(runners, count, directory, name, report[1]);
	fdio_close(report[1]);
	if (started > 0)
		winner = first_report(report[0], started, deadline);
	end_all(runners, started, winner);
	fdio_close(report[0]);
	fd = winner >= 0 ? runners[winner].fd : -1;
	free(runners);
	return fd;
}

int slots_take(int directory, const char *name, unsigned count,
	       struct deadline deadline)
{
	int fd = open_again(directory, name), queue;

	if (fd < 0)
		return -1;
	if (lock_wait_byte(fd, F_WRLCK, QUEUE_BYTE, deadline)) {
		fdio_close(fd);
		return -1;
	}
	if (!try_each(fd, count)) {
		lock_wait_byte(fd, F_UNLCK, QUEUE_BYTE, deadline);
		return fd;
	}
	/* The head of the queue stays it until it has a slot. */
	queue = fd;
	fd = errno == ETIMEDOUT && !deadline_passed(deadline)
		     ? wait_for_any(directory, name, count, deadline)
		     : -1;
	fdio_close(queue);
	return fd;
}

void slots_release(int fd)
{
	int saved = errno;
#ifdef F_OFD_SETLK
	struct flock all = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	fcntl(fd, F_OFD_SETLK, &all);
#endif
	close(fd);
	errno = saved;
}
