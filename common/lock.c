/* SPDX-License-Identifier: MIT */
/*
 * The life of a struct lock
 *
 *   none      fd is -1. LOCK_NONE, after a release, with --no-lock, and where
 *             LOCK_IF_PRESENT found nothing to lock.
 *   opened    fd is the lock file, nothing is locked. directory and name say
 *             where it is; own, if set, is what they are borrowed from.
 *   locked    the flock is ours: locked. Only now is there something to let go.
 *   held      the path still names what we locked. recorded tells whether our
 *             record stands in it, and for writers the inner lock is ours too:
 *             on byte 0 of fd, or on inner. With slots, one of them is ours:
 *             slot. nestable: others were told of it.
 *   nested    instead of locked and held: somebody around us holds the flock,
 *             and fd, which has none, only carries the inner lock.
 */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "duration.h"
#include "fdio.h"
#include "holder.h"
#include "inherit.h"
#include "lock_file.h"
#include "notice.h"
#include "slots.h"

/* What is wanted, handed down from lock_take. */
struct want {
	struct lock *lock;
	const struct target *target;
	const struct lock_request *request;
	struct problem *problem;
	struct deadline patience; /* until then, not a word */
	bool *told;		  /* who it is that we wait for */
};

static bool wants(const struct want *want, enum lock_flags flag)
{
	return want->request->flags & flag;
}

/* The lock file as messages name it. */
static const char *shown(const struct want *want, char *text, size_t size)
{
	if (want->request->lock_file)
		return want->request->lock_file;
	snprintf(text, size, "%s.lock", want->target->operand);
	return text;
}

static int refuse(const struct want *want, const char *reason)
{
	char name[512];

	return problem_set(want->problem, STATUS_FAILED,
			   shown(want, name, sizeof(name)), "%s", reason);
}

/* --- where the lock file is ---------------------------------------------- */

static int find_place(const struct want *want)
{
	struct lock *lock = want->lock;

	if (!want->request->lock_file) {
		lock->directory = want->target->directory;
		lock->name = want->target->lock_name;
		if (!wants(want, LOCK_IF_PRESENT | LOCK_SCOPED) &&
		    target_in_git(want->target))
			return refuse(want, "a lasting lock file would break "
					    "git: use --lock-file, or file-lock "
					    "with --scoped");
		return 0;
	}
	lock->own = malloc(sizeof(*lock->own));
	if (!lock->own)
		return problem_errno(want->problem, NULL, NULL);
	if (target_open(lock->own, want->request->lock_file, TARGET_DIRECTORY,
			want->problem)) {
		free(lock->own);
		lock->own = NULL;
		return -1;
	}
	lock->directory = lock->own->directory;
	lock->name = lock->own->name;
	return 0;
}

static int open_lock_file(const struct want *want)
{
	bool guards_file = !want->request->lock_file && want->target->exists;

	return lock_file_open(want->lock->directory, want->lock->name,
			      guards_file ? &want->target->status : NULL,
			      !wants(want, LOCK_IF_PRESENT));
}

static int open_problem(const struct want *want)
{
	int saved = errno;
	struct stat status;
	char name[512];
	bool exists = !fstatat(want->lock->directory, want->lock->name,
			       &status, AT_SYMLINK_NOFOLLOW);

	errno = saved;
	return lock_file_problem(want->problem,
				 shown(want, name, sizeof(name)), exists);
}

static void close_lock_file(struct lock *lock)
{
	fdio_discard(&lock->fd);
	fdio_discard(&lock->inner);
	fdio_discard(&lock->slot);
	fdio_discard(&lock->carried);
	lock->locked = lock->nested = false;
}

/* --- waiting ------------------------------------------------------------- */

/*
 * Who holds what we are waiting for, in words. EXISTENCE, if not NULL, is what
 * a lock file said whose being there is the lock.
 */
static void who_holds(const struct want *want, const struct holder *existence,
		      char words[HOLDER_WORDS])
{
	struct holder record, holder;
	bool ours;

	if (existence) {
		char program[HOLDER_WORDS] = "another program";

		if (existence->pid)
			holder_describe(existence, program);
		snprintf(words, HOLDER_WORDS,
			 "%.100s: its lock is that the lock file exists",
			 program);
		return;
	}
	ours = holder_read(want->lock->fd, &record) == HOLDER_RECORD;
	holder_find(want->lock->fd, ours ? &record : NULL, &holder);
	holder_describe(&holder, words);
}

static int busy(const struct want *want, const struct holder *existence)
{
	char words[HOLDER_WORDS];

	who_holds(want, existence, words);
	return problem_set(want->problem, STATUS_BUSY, want->target->operand,
			   "locked by %s", words);
}

static void tell_waiting(const void *context)
{
	const struct want *want = context;
	char words[HOLDER_WORDS];

	who_holds(want, NULL, words);
	want->request->notice(want->target->operand, words);
	*want->told = true;
}

/*
 * Flock the open file, blocking. A writer that has to wait holds the turnstile
 * meanwhile; a reader passes it first. Locks on bytes are only a courtesy
 * between ourselves: where they are not to be had, flock alone decides.
 */
static int wait_turn(const struct want *want)
{
	struct deadline deadline = want->request->deadline;
	bool shared = wants(want, LOCK_SHARED);
	int fd = want->lock->fd, result;

	result = lock_wait_byte(fd, shared ? F_RDLCK : F_WRLCK, BYTE_TURNSTILE,
				deadline);
	if (result && (errno == ETIMEDOUT || errno == EINTR))
		return -1;
	if (!result && shared)
		lock_wait_byte(fd, F_UNLCK, BYTE_TURNSTILE, deadline);
	if (lock_wait(fd, shared ? LOCK_SH : LOCK_EX, deadline))
		return -1;
	if (!result && !shared)
		lock_wait_byte(fd, F_UNLCK, BYTE_TURNSTILE, deadline);
	return 0;
}

/* Does anybody have BYTE so that a lock of TYPE would have to wait? */
static bool byte_taken(int fd, int type, off_t byte)
{
#ifdef F_OFD_GETLK
	struct flock range = {
		.l_type = (short)type,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1,
	};

	return !fcntl(fd, F_OFD_GETLK, &range) && range.l_type != F_UNLCK;
#else
	(void)fd;
	(void)type;
	(void)byte;
	return false;
#endif
}

static int wait_problem(const struct want *want)
{
	if (errno == ETIMEDOUT)
		return busy(want, NULL);
	if (errno == EBADF)
		return refuse(want, "this file system locks only files that can"
				    " be written: use --lock-file");
	if (errno == EINTR)
		return refuse(want, "interrupted while waiting");
	return problem_errno(want->problem, want->target->operand,
			     "cannot lock");
}

/* Without waiting. A reader stands back where a writer waits. */
static int flock_now(const struct want *want)
{
	int fd = want->lock->fd;

	if (!wants(want, LOCK_SHARED))
		return flock(fd, LOCK_EX | LOCK_NB);
	if (!byte_taken(fd, F_RDLCK, BYTE_TURNSTILE))
		return flock(fd, LOCK_SH | LOCK_NB);
	errno = EWOULDBLOCK;
	return -1;
}

/*
 * Whoever looks at a lock may have to hold it, for microseconds; or for longer,
 * if the system lets others run just then.
 */
enum { LOOK_NS = 2000000, LONG_LOOK_NS = NS_PER_SECOND, PAUSE_NS = 100000 };

static int flock_patiently(const struct want *want)
{
	struct deadline patience, most;

	if (!flock_now(want))
		return 0;
	if (errno != EWOULDBLOCK || !deadline_passed(want->request->deadline))
		return -1;
	patience = deadline_in(LOOK_NS);
	most = deadline_in(LONG_LOOK_NS);
	while (!deadline_passed(patience) ||
	       (!deadline_passed(most) &&
		byte_taken(want->lock->fd, F_WRLCK, BYTE_LOOK))) {
		deadline_sleep(most, PAUSE_NS);
		if (!flock_now(want))
			return 0;
	}
	errno = EWOULDBLOCK;
	return -1;
}

/*
 * Call WAIT; if all our waiting takes over a second, say once who holds what we
 * wait for. (notice_stop makes what the other thread did to *TOLD ours to see.)
 */
static int wait_aloud(const struct want *want,
		      int (*wait)(const struct want *want))
{
	struct notice notice;
	bool tell;
	int result;

	tell = want->request->notice && !*want->told &&
	       want->request->deadline.at > want->patience.at;
	if (tell)
		notice_start(&notice, deadline_left(want->patience),
			     tell_waiting, want);
	result = wait(want);
	if (tell)
		notice_stop(&notice);
	return result ? wait_problem(want) : 0;
}

static int wait_slot(const struct want *want)
{
	struct lock *lock = want->lock;

	lock->slot = slots_take(lock->directory, lock->name,
				want->request->slots, want->request->deadline);
	return lock->slot < 0 ? -1 : 0;
}

/*
 * The lock is held around us with OUTER: use that. An exclusive one cannot be
 * had inside a shared one, since to wait for it would be to wait for ourselves.
 */
static int nest(const struct want *want, enum process_lock outer)
{
	if (outer == PROCESS_SHARED && !wants(want, LOCK_SHARED))
		return problem_set(want->problem, STATUS_FAILED,
				   want->target->operand,
				   "is locked shared around this command, so "
				   "it cannot be locked exclusively inside it");
	want->lock->nested = true;
	return 0;
}

/* Lock the open file: nested, at once, or after waiting. */
static int flock_open_file(const struct want *want, struct process_file file)
{
	enum process_lock outer = inherit_from_wrapper(file);

	if (outer != PROCESS_NO_LOCK)
		return nest(want, outer);
	if (flock_patiently(want)) {
		if (errno != EWOULDBLOCK)
			return wait_problem(want);
		outer = inherit_from_keeper(want->lock->fd, file);
		if (outer != PROCESS_NO_LOCK)
			return nest(want, outer);
		if (wait_aloud(want, wait_turn))
			return -1;
	}
	want->lock->locked = true;
	return want->request->slots ? wait_aloud(want, wait_slot) : 0;
}

/*
 * Somebody may have unlinked or replaced the lock file while we waited: what we
 * hold then guards nothing.
 */
static bool still_named(const struct lock *lock, const struct stat *opened)
{
	struct stat named;

	return !fstatat(lock->directory, lock->name, &named,
			AT_SYMLINK_NOFOLLOW) &&
	       named.st_dev == opened->st_dev && named.st_ino == opened->st_ino;
}

/*
 * The lock is held by the mere existence of its file: no kernel wakes us, so
 * look again after a while. 1 to try again, -1 when the time is up.
 */
static int pause_for_existence(const struct want *want,
			       const struct holder *holder)
{
	char words[HOLDER_WORDS];

	if (deadline_passed(want->request->deadline))
		return busy(want, holder);
	if (!*want->told && want->request->notice &&
	    deadline_passed(want->patience)) {
		who_holds(want, holder, words);
		want->request->notice(want->target->operand, words);
		*want->told = true;
	}
	if (deadline_sleep(want->request->deadline, want->request->retry) &&
	    errno == EINTR)
		return refuse(want, "interrupted while waiting");
	return 1;
}

/* --- taking -------------------------------------------------------------- */

/*
 * A writer is alone with the record, a reader only with the pen. It is had for
 * microseconds; who does not get it in this time goes without.
 */
static bool take_pen(const struct lock *lock)
{
	const int64_t patience = NS_PER_SECOND / 10;

	return !lock->shared || !lock_wait_byte(lock->fd, F_WRLCK, BYTE_PEN,
						deadline_in(patience));
}

static void drop_pen(const struct lock *lock)
{
	if (lock->shared)
		lock_wait_byte(lock->fd, F_UNLCK, BYTE_PEN, deadline_in(0));
}

/* A reader's record. Of several the first is named, while it lives. */
static void record_reader(struct lock *lock, const struct holder *self)
{
	enum holder_content content;
	struct holder old;

	if (!take_pen(lock))
		return;
	content = holder_read(lock->fd, &old);
	if (content != HOLDER_FOREIGN &&
	    !(content == HOLDER_RECORD && process_lives(old.pid, old.start)))
		lock->recorded = !holder_write(lock->fd, self,
					       HOLDER_RECORD_MAX);
	drop_pen(lock);
}

/* The record, as far as the file is ours to write. */
static void record(const struct want *want, enum holder_content content,
		   off_t size)
{
	struct lock *lock = want->lock;
	struct holder self;

	lock->after_crash = !lock->shared && content == HOLDER_RECORD;
	/* What is somebody's data is not ours to remove either. */
	if (content == HOLDER_FOREIGN)
		lock->scoped = false;
	if (content == HOLDER_FOREIGN || wants(want, LOCK_IF_PRESENT))
		return;
	if (wants(want, LOCK_WRITER))
		holder_self_brief(&self, want->request->client,
				  want->request->command);
	else
		holder_self(&self, want->request->client,
			    want->request->command);
	if (lock->shared)
		record_reader(lock, &self);
	else
		lock->recorded = !holder_write(lock->fd, &self, size);
}

/*
 * One try at opening and locking. 0: locked, or nothing to lock. 1: what was
 * locked is no longer the lock file, or its existence is the lock: try again.
 */
static int try_once(const struct want *want)
{
	struct lock *lock = want->lock;
	struct holder holder = {.pid = 0};
	enum holder_content content = HOLDER_EMPTY;
	struct stat status;

	lock->fd = open_lock_file(want);
	if (lock->fd < 0 && errno == EISDIR)
		return pause_for_existence(want, &holder);
	if (lock->fd < 0 && errno == ENOENT && wants(want, LOCK_IF_PRESENT))
		return 0;
	if (lock->fd < 0)
		return open_problem(want);
	if (fstat(lock->fd, &status))
		return problem_errno(want->problem, lock->name, NULL);
	if (S_ISDIR(status.st_mode)) {
		close_lock_file(lock);
		return pause_for_existence(want, &holder);
	}
	if (!S_ISREG(status.st_mode)) {
		errno = EINVAL;
		return open_problem(want);
	}
	if (flock_open_file(want, (struct process_file){status.st_dev,
							status.st_ino})) {
		/* Not ours: lock_release must not give it back. */
		close_lock_file(lock);
		return -1;
	}
	if (lock->nested)
		return 0;
	if (fstat(lock->fd, &status) || !still_named(lock, &status)) {
		close_lock_file(lock);
		return 1;
	}
	if (status.st_size > 0)
		content = holder_read(lock->fd, &holder);
	if (content == HOLDER_EXISTENCE) {
		close_lock_file(lock);
		return pause_for_existence(want, &holder);
	}
	record(want, content, status.st_size);
	return 0;
}

/*
 * The inner lock keeps apart those who share an outer one (see inherit.h).
 * Where the lock file can only be read, or lies on NFS, it is a file beside.
 * -1 with errno as lock_wait gives it.
 */
static int take_inner(struct lock *lock, struct deadline deadline)
{
	struct stat like;
	char *name;

	if (!lock_wait_byte(lock->fd, F_WRLCK, BYTE_INNER, deadline))
		return 0;
	if (errno == ETIMEDOUT || errno == EINTR || fstat(lock->fd, &like) ||
	    asprintf(&name, "%s.inner", lock->name) < 0)
		return -1;
	lock->inner = lock_file_open(lock->directory, name, &like, true);
	free(name);
	if (lock->inner < 0)
		return -1;
	return lock_wait(lock->inner, LOCK_EX, deadline);
}

static int wait_inner(const struct want *want)
{
	return take_inner(want->lock, want->request->deadline);
}

/*
 * A writer's inner lock. Only while a nested one holds it is its claim sure to
 * stay true, as the outer lock's holder takes the inner one before it lets go:
 * if the claim is no longer true, 1, and all begins anew.
 */
static int take_writers_lock(const struct want *want)
{
	struct lock *lock = want->lock;
	struct process_file file;
	struct stat status;

	if (lock->fd < 0)
		return 0;
	/* Mostly nobody has it, and then no thread need be started. */
	if (lock_wait_byte(lock->fd, F_WRLCK, BYTE_INNER, deadline_in(0)) &&
	    wait_aloud(want, wait_inner))
		return -1;
	if (!lock->nested)
		return 0;
	if (!fstat(lock->fd, &status)) {
		file = (struct process_file){status.st_dev, status.st_ino};
		if (inherit_from_wrapper(file) != PROCESS_NO_LOCK ||
		    inherit_from_keeper(lock->fd, file) != PROCESS_NO_LOCK)
			return 0;
	}
	close_lock_file(lock);
	return 1;
}

int lock_take(struct lock *lock, const struct target *target,
	      const struct lock_request *request, struct problem *problem)
{
	bool told = false;
	const struct want want = {
		.lock = lock, .target = target, .request = request,
		.problem = problem, .patience = deadline_in(NS_PER_SECOND),
		.told = &told,
	};
	int result;

	*lock = (struct lock)LOCK_NONE;
	lock->shared = wants(&want, LOCK_SHARED);
	lock->scoped = wants(&want, LOCK_SCOPED);
	lock->until_closed = wants(&want, LOCK_UNTIL_CLOSED);
	result = find_place(&want);
	if (!result)
		do {
			result = try_once(&want);
			if (!result && wants(&want, LOCK_WRITER))
				result = take_writers_lock(&want);
		} while (result > 0);
	if (result)
		lock_release(lock);
	return result;
}

/*
 * Unlink the lock file of a scoped lock while it is held, so that whoever has
 * it open finds, once it has locked it, that the path names it no longer.
 * Of several readers the last one does it: it alone gets the exclusive lock.
 * Somebody who removes lock files may have made the name another holder's.
 */
static void unlink_scoped(const struct lock *lock)
{
	struct stat status;

	if (lock->shared && flock(lock->fd, LOCK_EX | LOCK_NB))
		return;
	if (!fstat(lock->fd, &status) && still_named(lock, &status))
		unlinkat(lock->directory, lock->name, 0);
}

/*
 * Those who nest in this lock write while they hold the inner lock. With it in
 * our hands none of them is in the middle, and none begins once we let go.
 */
static void shut_out_nested(struct lock *lock)
{
	if (lock->nestable && !lock->shared && lock->inner < 0)
		take_inner(lock, (struct deadline){.at = INT64_MAX});
}

/* Unlock, not close: a child of ours may have the descriptor too. */
static void unlock(const struct lock *lock)
{
	flock(lock->fd, LOCK_UN);
	lock_wait_byte(lock->fd, F_UNLCK, BYTE_INNER, deadline_in(0));
}

static void end_record(const struct lock *lock)
{
	if (!lock->recorded || !take_pen(lock))
		return;
	if (lock->lost)
		holder_write_lost(lock->fd, getpid());
	else
		holder_erase(lock->fd, getpid());
	drop_pen(lock);
}

static void let_go(struct lock *lock)
{
	if (lock->until_closed) {
		end_record(lock);
		return;
	}
	shut_out_nested(lock);
	end_record(lock);
	if (lock->scoped)
		unlink_scoped(lock);
	unlock(lock);
}

void lock_release(struct lock *lock)
{
	int saved = errno;

	if (lock->locked)
		let_go(lock);
	if (lock->slot >= 0 && !lock->until_closed) {
		slots_release(lock->slot);
		lock->slot = -1;
	}
	close_lock_file(lock);
	if (lock->own) {
		target_close(lock->own);
		free(lock->own);
	}
	*lock = (struct lock)LOCK_NONE;
	errno = saved;
}

/* --- for others ---------------------------------------------------------- */

void lock_set_owner(struct lock *lock, const char *client, pid_t owner)
{
	struct holder self, old;

	lock->nestable = true;
	if (!lock->locked)
		return;
	holder_self(&self, client, "");
	holder_set_owner(&self, owner);
	lock->carried = holder_carry(&self);
	if (!lock->recorded || !take_pen(lock))
		return;
	if (holder_read(lock->fd, &old) == HOLDER_RECORD)
		holder_write(lock->fd, &self, HOLDER_RECORD_MAX);
	drop_pen(lock);
}

bool lock_was_lost(const struct lock *lock)
{
	struct stat status;

	return lock->locked &&
	       (fstat(lock->fd, &status) || !still_named(lock, &status));
}

void lock_mark_lost(struct lock *lock)
{
	lock->lost = true;
}

/*
 * A high number is less likely to be taken for something else by a script that
 * says `exec 9>...`.
 */
static int move_up(int *fd)
{
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, 200);

	if (high >= 0) {
		fdio_close(*fd);
		*fd = high;
	}
	return fcntl(*fd, F_SETFD, 0);
}

int lock_pass_on(struct lock *lock)
{
	struct stat status;

	if (lock->fd < 0 || lock->nested)
		return 0;
	lock->nestable = true;
	if (move_up(&lock->fd) || (lock->slot >= 0 && move_up(&lock->slot)) ||
	    fstat(lock->fd, &status))
		return -1;
	return inherit_announce(lock->fd, (struct process_file){
						  status.st_dev,
						  status.st_ino});
}
