/* SPDX-License-Identifier: MIT */
/*
 * The keeper's life
 *
 *   unconfirmed  forked by `acquire`, with which it shares the lock's open file
 *                description and a socket. It writes its record, says "ready",
 *                and waits for the word that the ID was handed out. End of file
 *                without that word: let go and end.
 *   keeping      alone. It sleeps in ppoll until the owner's pidfd says that
 *                the owner ended, the time to live has run out, or SIGTERM
 *                came.
 *   letting go   takes the inner lock, so that no nested update is in the
 *                middle, and releases.
 */
#include "keeper.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "duration.h"
#include "fdio.h"
#include "holder.h"
#include "process.h"

/* How often to look where the system cannot tell us. */
enum { POLL_NS = 50 * 1000 * 1000 };

/* What goes over the channel: the keeper's word, then the acquirer's. */
static const char READY = 'r', KEEP = 'k';

static volatile sig_atomic_t told_to_end;

static void on_term(int signal)
{
	(void)signal;
	told_to_end = 1;
}

/*
 * The keeper's terms with the world: a session of its own; of all signals only
 * SIGTERM (and KILL, STOP) mean anything, and only inside ppoll.
 */
static void detach(sigset_t *while_asleep)
{
	const struct sigaction end = {.sa_handler = on_term};
	sigset_t all;

	setsid();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigaction(SIGTERM, &end, NULL);
	*while_asleep = all;
	sigdelset(while_asleep, SIGTERM);
	/* Not to keep a file system from being unmounted. */
	if (chdir("/"))
		return;
}

/* Sleep until FD (or -1) is readable, NS have passed or SIGTERM came. */
static int sleep_on(int fd, int64_t ns, const sigset_t *while_asleep)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	const struct timespec timeout = {ns / NS_PER_SECOND,
					 ns % NS_PER_SECOND};

	return ppoll(&wait, 1, ns == INT64_MAX ? NULL : &timeout,
		     while_asleep);
}

/* Returns false if the time to live ended it. */
static bool keep(const struct keeper_request *request, uint64_t owner_start,
		 int watch, const sigset_t *while_asleep)
{
	struct deadline end = deadline_in(request->ttl);
	int64_t left;

	while (!told_to_end) {
		left = deadline_left(end);
		if (!left)
			return false;
		if (watch < 0 && left > POLL_NS)
			left = POLL_NS;
		if (sleep_on(watch, left, while_asleep) > 0)
			break;
		if (watch < 0 && !process_lives(request->owner, owner_start))
			break;
	}
	return true;
}

/* In the child. Never returns. */
static void be_keeper(struct lock *lock, const struct keeper_request *request,
		      uint64_t owner_start, int watch, int channel)
{
	const int wanted[] = {lock->fd, lock->inner, lock->slot,
			      lock->directory, watch, channel};
	sigset_t while_asleep;
	char word = 0;

	process_set_name(HOLDER_KEEPER);
	fdio_close_others(wanted, sizeof(wanted) / sizeof(wanted[0]));
	detach(&while_asleep);
	lock_set_owner(lock, request->client, request->owner);
	if (write(channel, &READY, 1) == 1 && read(channel, &word, 1) == 1 &&
	    word == KEEP) {
		close(channel);
		if (!keep(request, owner_start, watch, &while_asleep))
			lock_mark_lost(lock);
	}
	lock_release(lock);
	_exit(0);
}

/* "PATH#" and the keeper's start, pid and owner, the latter two of 7 digits:
 * Linux has no pid over 4194304. */
static int make_id(struct buffer *id, const struct keeper_request *request,
		   pid_t keeper)
{
	uint64_t start = 0;

	process_start(keeper, &start);
	return buffer_add_format(id, "%s#%llu%07ld%07ld", request->path,
				 (unsigned long long)start, (long)keeper,
				 (long)request->owner);
}

/* The parent's half: the lock's descriptors are the keeper's from now on. */
static int await_ready(struct keeper *keeper,
		       const struct keeper_request *request, struct buffer *id,
		       struct problem *problem)
{
	char word;
	ssize_t n;

	do
		n = read(keeper->channel, &word, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1 && word == READY && !make_id(id, request, keeper->pid))
		return 0;
	if (n >= 0)
		errno = n ? ENOMEM : ECHILD;
	problem_errno(problem, request->path, "cannot keep the lock");
	keeper_abandon(keeper);
	return -1;
}

int keeper_start(struct keeper *keeper, struct lock *lock,
		 const struct keeper_request *request, struct buffer *id,
		 struct problem *problem)
{
	int channel[2], watch;
	uint64_t start = 0;

	watch = process_watch(request->owner);
	if ((watch < 0 && errno == ESRCH) ||
	    !process_lives(request->owner, request->start)) {
		fdio_discard(&watch);
		lock_release(lock);
		return problem_set(problem, STATUS_FAILED, request->path,
				   "the owner, process %ld, has ended",
				   (long)request->owner);
	}
	process_start(request->owner, &start);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel)) {
		problem_errno(problem, request->path, "cannot keep the lock");
		fdio_discard(&watch);
		lock_release(lock);
		return -1;
	}
	keeper->pid = fork();
	if (keeper->pid == 0)
		be_keeper(lock, request, start, watch, channel[1]);
	keeper->channel = channel[0];
	fdio_close(channel[1]);
	fdio_discard(&watch);
	if (keeper->pid < 0) {
		problem_errno(problem, request->path, "cannot fork");
		fdio_discard(&keeper->channel);
		lock_release(lock);
		return -1;
	}
	return await_ready(keeper, request, id, problem);
}

int keeper_confirm(struct keeper *keeper)
{
	ssize_t sent = send(keeper->channel, &KEEP, 1, MSG_NOSIGNAL);

	fdio_discard(&keeper->channel);
	return sent == 1 ? 0 : -1;
}

void keeper_abandon(struct keeper *keeper)
{
	fdio_discard(&keeper->channel);
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* --- releasing ----------------------------------------------------------- */

static bool read_digits(const char *digits, size_t count, unsigned long long *n)
{
	*n = 0;
	for (size_t i = 0; i < count; i++) {
		if (digits[i] < '0' || digits[i] > '9' ||
		    *n > (ULLONG_MAX - 9) / 10)
			return false;
		*n = *n * 10 + (unsigned)(digits[i] - '0');
	}
	return count > 0;
}

int keeper_parse_id(const char *text, struct keeper_name *name)
{
	const char *mark = strrchr(text, '#');
	unsigned long long start, keeper, owner;
	size_t length;

	if (!mark)
		return -1;
	length = strlen(mark + 1);
	if (length < 15 || !read_digits(mark + 1, length - 14, &start) ||
	    !read_digits(mark + 1 + length - 14, 7, &keeper) ||
	    !read_digits(mark + 1 + length - 7, 7, &owner))
		return -1;
	*name = (struct keeper_name){.keeper = (pid_t)keeper,
				     .owner = (pid_t)owner,
				     .start = start};
	return (int)(mark - text);
}

/* Where the system knows no names, it knows no /proc and no starts either. */
bool keeper_lives(const struct keeper_name *name)
{
	char shown[16];

	if (name->start == 0 || !process_lives(name->keeper, name->start))
		return false;
	process_name(name->keeper, shown);
	return !strcmp(shown, HOLDER_KEEPER);
}

static bool wait_for_end(const struct keeper_name *name, int watch,
			 struct deadline deadline)
{
	int64_t left;

	while (process_lives(name->keeper, name->start)) {
		left = deadline_left(deadline);
		if (!left)
			return false;
		if (watch < 0 && left > POLL_NS / 50)
			left = POLL_NS / 50;
		sleep_on(watch, left, NULL);
	}
	return true;
}

int keeper_release(const struct keeper_name *name, bool force,
		   struct deadline deadline, const char *subject,
		   struct problem *problem)
{
	bool gone;
	int watch;

	if (!force && !process_descends(getpid(), name->owner, NULL))
		return problem_set(problem, STATUS_FAILED, subject,
				   "is held for process %ld, from which this "
				   "one does not descend: --force releases it "
				   "all the same", (long)name->owner);
	/* The watch first: what it names is then the keeper and not somebody
	 * who got its pid, if the keeper still lives afterwards. */
	watch = process_watch(name->keeper);
	if (keeper_lives(name) && kill(name->keeper, SIGTERM) &&
	    errno != ESRCH) {
		fdio_discard(&watch);
		return problem_errno(problem, subject, "cannot release");
	}
	gone = wait_for_end(name, watch, deadline);
	fdio_discard(&watch);
	if (gone)
		return 0;
	return problem_set(problem, STATUS_BUSY, subject,
			   "an update under this lock has not ended yet");
}
