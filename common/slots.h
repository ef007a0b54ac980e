/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_SLOTS_H
#define INTERLOCK_SLOTS_H

/*
 * A counting semaphore on a lock file: at most COUNT holders at once.
 *
 * A slot is an open file description's lock on one byte of the lock file, so
 * the kernel frees it with its holder, however that ends. Nobody polls: those
 * who wait form a queue by a lock on one more byte, and the first of them
 * waits for all slots at once, by one child process a slot that does nothing
 * but block in fcntl(2).
 *
 * Guarantees: served in order of arrival; a slot that comes free wakes one
 * process.
 *
 * Non-guarantees: it counts those who give the same COUNT. One who says 3 and
 * one who says 5 share the first three slots.
 */

#include "deadline.h"
#include "process.h"

/*
 * Each slot is a byte of the lock file, the first is SLOTS_FIRST_BYTE; the one
 * before that is the queue. All who wait for slots wait for one process, the
 * head of the queue.
 */
enum { SLOTS_MAX = 1000, SLOTS_FIRST_BYTE = PROCESS_FAR_BYTE };

/*
 * Take one of COUNT slots of the lock file NAME in DIRECTORY, which must be
 * writable. Returns a descriptor (close-on-exec) that holds it, or -1 with
 * errno: ETIMEDOUT, EINTR as lock_wait, or what a call said.
 */
int slots_take(int directory, const char *name, unsigned count,
	       struct deadline deadline);

/* Free the slot for all who share the descriptor, and close it. Keeps errno. */
void slots_release(int fd);

#endif
