/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_BOOT_CLOCK_H
#define INTERLOCK_BOOT_CLOCK_H

/*
 * Time since the machine started, the same for all processes on it, and
 * sleeping until a point on it.
 *
 * Guarantees: setting the system's clock does not touch it; the time for which
 * the machine is suspended counts; processes in different time namespaces
 * (containers may have some) read the same, as their offset is taken off.
 *
 * Non-guarantees: where the system has no clock that counts suspended time, it
 * does not count. The offset is known only where /proc is mounted.
 */

#include <stdint.h>

struct boot_clock {
	char boot[37];	/* names this boot of the machine */
	int64_t offset; /* what our time namespace adds to the clock */
	int timer;	/* what sleeps for us; -1: not made yet */
};

/* Returns 0, or -1 with errno: this boot has no name. Opens nothing. */
int boot_clock_init(struct boot_clock *clock);

/* Nanoseconds since the machine started. */
int64_t boot_clock_now(const struct boot_clock *clock);

/* Nanoseconds on the system's ordinary clock, which people set. */
int64_t boot_clock_wall(void);

/* TIME as this process would read it from CLOCK_BOOTTIME. */
int64_t boot_clock_own(const struct boot_clock *clock, int64_t time);

/*
 * Sleep until TIME: one wake-up, no polling. To be called after signals_catch.
 * Returns 0, or -1 with errno EINTR if a signal was caught before or meanwhile.
 */
int boot_clock_sleep(struct boot_clock *clock, int64_t time);

void boot_clock_release(struct boot_clock *clock);

#endif
