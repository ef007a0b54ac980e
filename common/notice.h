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
 * Non-guarantees: where no thread can be made, it is not called.
 *
 * Calling order: notice_start, the long thing, notice_stop.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct notice {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool running, stop;
	int64_t after;
	void (*call)(const void *context);
	const void *context;
};

/* CALL(CONTEXT) once, AFTER ns from now. NOTICE must not move meanwhile. */
void notice_start(struct notice *notice, int64_t after,
		  void (*call)(const void *context), const void *context);

/* Keeps errno. */
void notice_stop(struct notice *notice);

#endif
