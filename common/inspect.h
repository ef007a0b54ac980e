/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_INSPECT_H
#define INTERLOCK_INSPECT_H

/*
 * Look at a lock without disturbing it.
 *
 * Guarantees: what the system tells is read, nothing is taken. Only where the
 * system may hide a holder (another pid namespace, btrfs, a long list that
 * changes while it is read) is the lock tried, shared and for microseconds; who
 * has no time to wait waits for that (see lock.c), so that looking makes nobody
 * fail.
 *
 * Non-guarantees: it is a picture of a moment that has passed.
 */

#include "holder.h"
#include "problem.h"

enum inspect_state {
	INSPECT_FREE,
	INSPECT_STALE, /* free, but a killed holder's record stands in it */
	INSPECT_HELD,
	INSPECT_EXISTENCE, /* another tool's: held as long as it exists */
};

struct inspection {
	enum inspect_state state;
	struct holder holder;	/* HELD, EXISTENCE: who; STALE: who was it */
	bool shared;
	unsigned waiters;
	enum holder_content content;
};

/*
 * Look at the lock file NAME in DIRECTORY. One that does not exist is FREE.
 * Returns 0, or -1 with errno where it cannot be opened.
 */
int inspect_lock(int directory, const char *name,
		 struct inspection *inspection);

/* How long it has been held, in seconds; -1 if that is not known. */
long inspect_seconds(const struct inspection *inspection);

#endif
