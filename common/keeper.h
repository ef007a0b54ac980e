/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_KEEPER_H
#define INTERLOCK_KEEPER_H

/*
 * The small process that holds a lock for a shell, so that
 * `ID=$(file-lock acquire F)` can end and the lock stay held.
 *
 * Guarantees
 * - The lock is held until keeper_release, the owner's end (however it ends) or
 *   the time to live; then it is free at once.
 * - If `acquire` is killed before it has handed out the ID, nothing stays held.
 * - The keeper keeps no descriptor of its caller's open, so that `$(...)`
 *   returns; no terminal's signal reaches it; it sleeps until there is
 *   something to do.
 *
 * Non-guarantees: SIGKILL to the keeper frees the lock. Where the system has no
 * pidfd, the owner's end is noticed within some 50 ms.
 *
 * The lock ID is "PATH#N"; N names the keeper (its pid and start) and its
 * owner, so that nothing needs to be looked up in a file that others may empty.
 *
 * Calling order: lock_take, keeper_start, hand out the ID, keeper_confirm.
 */

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "deadline.h"
#include "lock.h"
#include "problem.h"

struct keeper_request {
	pid_t owner;	    /* for whom; a living process */
	uint64_t start;	    /* its start, if known: it may end while we wait
			       for the lock, and its pid be reused; or 0 */
	int64_t ttl;	    /* ns; DURATION_FOREVER: no end of its own */
	const char *path;   /* what stands before '#' */
	const char *client; /* or NULL */
};

/* A keeper that waits for our word. */
struct keeper {
	pid_t pid;
	int channel;
};

/*
 * Fork a keeper for LOCK, which is then the keeper's: do not release it here.
 * Its lock ID is put behind ID. 0, or -1 with PROBLEM and the lock released.
 */
int keeper_start(struct keeper *keeper, struct lock *lock,
		 const struct keeper_request *request, struct buffer *id,
		 struct problem *problem);

/* The ID was handed out: keep the lock. 0, or -1 with errno. */
int keeper_confirm(struct keeper *keeper);

/* The ID could not be handed out: the keeper lets go, and is gone at return. */
void keeper_abandon(struct keeper *keeper);

/* What an ID's N says. */
struct keeper_name {
	pid_t keeper, owner;
	uint64_t start; /* the keeper's */
};

/*
 * Read TEXT ("PATH#N"). Returns the length of PATH, or -1 if it is no lock ID.
 */
int keeper_parse_id(const char *text, struct keeper_name *name);

/* Does that keeper live? */
bool keeper_lives(const struct keeper_name *name);

/*
 * Have the keeper let go, and wait until it has. Without FORCE only a
 * descendant of the owner may. 0, or -1 with PROBLEM: BUSY if it had not by
 * the deadline. SUBJECT is what messages name.
 */
int keeper_release(const struct keeper_name *name, bool force,
		   struct deadline deadline, const char *subject,
		   struct problem *problem);

#endif
