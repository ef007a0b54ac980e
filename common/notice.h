/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_NOTICE_H
#define INTERLOCK_NOTICE_H

/*
 * Call a function if something takes longer than expected.
 *
 * It runs in a thread of its own with all signals blocked, because whoever
 * waits for a lock must not be interrupted: that costs its place in the queue.
 *
 * Guarantees: after notice_stop the function is not running and will not run.
 * notice_stop waits only for the function, not for the thread, as it may be
 * called by one who has just got the lock that others wait for.
 * Non-guarantees: where no thread can be made, it is not called.
 *
 * Calling order: notice_start, the long thing, notice_stop.
 */

#include <stdint.h>

struct notice {
	struct notice_state *state; /* NULL: no thread could be made */
};

/* CALL(CONTEXT) once, AFTER ns from now. */
void notice_start(struct notice *notice, int64_t after,
		  void (*call)(const void *context), const void *context);

/* Keeps errno. */
void notice_stop(struct notice *notice);

#endif
