/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_LOCK_H
#define INTERLOCK_LOCK_H

/*
 * The lock of a file: flock(2) on FILE.lock beside it.
 *
 * Guarantees
 * - The kernel holds it: it is gone with its holder, never stale, never stolen.
 * - It excludes, and is excluded by, flock(1) and Python's filelock on
 *   FILE.lock, because it is the same lock.
 * - A waiter sleeps in the kernel, is served in order of arrival and wakes when
 *   the lock comes free; a deadline ends the wait within a millisecond or two.
 * - What was locked is what the path names: if FILE.lock was unlinked or
 *   replaced meanwhile, it is taken anew.
 * - A lock file whose content is not ours is locked, but never written.
 * - Under a lock that is held around us (see inherit.h) nothing is waited for,
 *   and nothing of it is unlocked or converted; but writers keep apart by the
 *   inner lock, nested or not, and so never lose each other's updates.
 *
 * Non-guarantees
 * - Who comes at the very moment of a release may be served before a waiter
 *   that is just waking up.
 * - Over NFS, locks hold only as far as the server and the mount keep them.
 * - A process that does not lock is not stopped by anything here.
 *
 * Calling order: lock_take, work, lock_release. While lock_take waits, SIGALRM
 * and ITIMER_REAL are its own (see lock_wait.h).
 *
 * Errors: -1 with PROBLEM. BUSY: not free by the deadline, and PROBLEM says who
 * holds it and since when. FAILED: waiting would not help.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "deadline.h"
#include "lock_wait.h"
#include "problem.h"
#include "target.h"

enum lock_flags {
	LOCK_SHARED = 1 << 0,	  /* together with others that say so */
	LOCK_WRITER = 1 << 1,	  /* will replace FILE: inner lock as well */
	LOCK_IF_PRESENT = 1 << 2, /* no lock file, no lock: just go on */
	LOCK_SCOPED = 1 << 3,	  /* unlink the lock file at release */
	LOCK_UNTIL_CLOSED = 1 << 4, /* release our copy only, as flock(1) */
};

/*
 * Told once, after a second of waiting, that SUBJECT is held by WHO (a phrase
 * such as "sleep (pid 12, since 2026-01-25T10:30:00Z)"). It runs in a thread
 * of its own, with all signals blocked.
 */
typedef void lock_notice(const char *subject, const char *who);

struct lock_request {
	enum lock_flags flags;
	struct deadline deadline;
	unsigned slots;		/* with SHARED: one of so many; 0: no matter */
	int64_t retry;		/* ns between looks at what no kernel guards */
	const char *lock_file;	/* this file instead of FILE.lock, or NULL */
	const char *client;	/* who to say is holding, or NULL */
	const char *command;	/* program name for the record */
	lock_notice *notice;	/* or NULL */
};

/* A lock that is held. Its fields are lock.c's own, but for after_crash. */
struct lock {
	int fd;		    /* of the lock file; -1: there is none to hold */
	int inner;	    /* of FILE.lock.inner, if that carries it; or -1 */
	int slot;	    /* of one of several slots; or -1 */
	int carried;	    /* a keeper's own copy of its record; or -1 */
	bool shared;
	bool locked;	    /* the flock on fd is ours */
	bool nested;	    /* the lock itself is held around us: hands off */
	bool nestable;	    /* others were told of it, and may nest in it */
	bool recorded;	    /* our record stands in the lock file */
	bool scoped;	    /* unlink at release */
	bool lost;	    /* say at release that it was lost */
	bool until_closed;  /* who inherited it keeps it after release */
	bool after_crash;   /* the last holder died without letting go */
	int directory;	    /* the lock file's, borrowed */
	const char *name;   /* its name there, borrowed */
	struct target *own; /* what the two are borrowed from, if it is not
			       the target: --lock-file */
};

/* Nothing is held: what --no-lock uses, and what lock_release makes. */
#define LOCK_NONE {.fd = -1, .inner = -1, .slot = -1, .carried = -1, \
		   .directory = -1}

/*
 * Take the lock of TARGET, which must stay open as long as the lock is held.
 * Returns 0 or -1 with PROBLEM; then LOCK is LOCK_NONE.
 */
int lock_take(struct lock *lock, const struct target *target,
	      const struct lock_request *request, struct problem *problem);

/*
 * Name in the record that this process, a keeper forked after lock_take, holds
 * it for OWNER. Best effort, like every record.
 */
void lock_set_owner(struct lock *lock, const char *client, pid_t owner);

/*
 * Has somebody removed or replaced the lock file since we took the lock? Then
 * others may have had the lock beside us.
 */
bool lock_was_lost(const struct lock *lock);

/* Let lock_release leave word that the lock was lost, not given back. */
void lock_mark_lost(struct lock *lock);

/*
 * Let a command started from now on inherit the lock and name it in its
 * environment. Returns 0, or -1 with errno. The lock is still ours to release.
 */
int lock_pass_on(struct lock *lock);

/* Give it back. Does nothing to LOCK_NONE, keeps errno. */
void lock_release(struct lock *lock);

#endif
