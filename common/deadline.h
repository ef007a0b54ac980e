/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_DEADLINE_H
#define INTERLOCK_DEADLINE_H

/*
 * A point in time by which something must be done, on CLOCK_MONOTONIC.
 *
 * An absolute point, not a budget: what is left is computed from the clock
 * each time, so interrupted waits and slow machines cannot stretch it, and one
 * deadline serves several waits in a row. Setting the system's clock does not
 * touch it. The time during which the machine is suspended does not count.
 */

#include <stdbool.h>
#include <stdint.h>

struct deadline {
	int64_t at; /* ns on CLOCK_MONOTONIC; INT64_MAX: never */
};

/* Nanoseconds on CLOCK_MONOTONIC. */
int64_t deadline_now(void);

/* The point NS from now (DURATION_FOREVER: never). 0 has passed at once. */
struct deadline deadline_in(int64_t ns);

/* Nanoseconds left: 0 once it has passed, INT64_MAX if it never does. */
int64_t deadline_left(struct deadline deadline);

bool deadline_passed(struct deadline deadline);
bool deadline_never(struct deadline deadline);

/*
 * Sleep for NS or until the deadline, whichever is first. Returns early, with
 * -1 and errno EINTR, if a signal handler ran.
 */
int deadline_sleep(struct deadline deadline, int64_t ns);

#endif
