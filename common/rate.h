/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_RATE_H
#define INTERLOCK_RATE_H

/*
 * Rates as people type them ("3", "0.5/s", "90000/m", "5/d"), and points in
 * time that are exact whatever the rate is.
 *
 * At most rates the time that one token stands for is no whole number of
 * nanoseconds (90000/m: 666,666 and two thirds). Rounding it adds up: down
 * breaks the promise in the long run, up gives less than was promised. So a
 * point in time has, besides its nanoseconds, a part in units of 1/count ns, in
 * which every token is a whole number. No floating point, nothing over 64 bits.
 *
 * Guarantees: adding tokens is exact, in any order and number; where a result
 * would not fit it stays at RATE_NS_MAX instead of wrapping.
 *
 * Non-guarantees: points of different rates cannot be compared but by `ns`.
 *
 * Errors: -1 with errno.
 */

#include <stdbool.h>
#include <stdint.h>

/* COUNT tokens in PERIOD nanoseconds, reduced: equal rates are equal. */
struct rate {
	int64_t count;	/* 1 to 10^9 */
	int64_t period; /* >= count: at most one token a nanosecond */
};

/* ns + part / count nanoseconds; 0 <= part < count of the rate it is for. */
struct rate_time {
	int64_t ns;
	int64_t part;
};

/* Points in time and durations stay within this: 73 years. */
#define RATE_NS_MAX (INT64_C(1) << 61)

/* No more tokens than this can be asked for, or be a burst. */
#define RATE_TOKENS_MAX INT64_C(1000000000)

/* Room for what rate_show makes. */
enum { RATE_TEXT = 48 };

/*
 * Read TEXT, all of it: digits, perhaps a dot and digits, perhaps /s /m /h or
 * /d (without one: /s). EINVAL: not a rate, or 0. ERANGE: too high, too low or
 * too finely given to be exact. RATE is unchanged then.
 */
int rate_parse(const char *text, struct rate *rate);

/* In the shortest unit in which it is a whole number, else as a decimal. */
void rate_show(struct rate rate, char text[RATE_TEXT]);

bool rate_equal(struct rate a, struct rate b);

/* Is RATE one that rate_parse may give? For what was read from a file. */
bool rate_valid(struct rate rate);

/* Does the time that BURST tokens take stay in range? */
bool rate_holds(struct rate rate, int64_t burst);

/* The point NS, exactly. */
struct rate_time rate_at(int64_t ns);

/* TIME later or earlier by what TOKENS (0 to RATE_TOKENS_MAX) stand for. */
struct rate_time rate_add(struct rate rate, struct rate_time time,
			  int64_t tokens);
struct rate_time rate_subtract(struct rate rate, struct rate_time time,
			       int64_t tokens);

/* TIME later by NS, which may be negative. */
struct rate_time rate_shift(struct rate_time time, int64_t ns);

/* The later, the earlier of two points of one rate. */
struct rate_time rate_later(struct rate_time a, struct rate_time b);
struct rate_time rate_earlier(struct rate_time a, struct rate_time b);

/* The first whole nanosecond that is not before TIME. */
int64_t rate_ceil(struct rate_time time);

/* How many nanoseconds A is after B, rounded up; <= 0 if it is not. */
int64_t rate_after(struct rate_time a, struct rate_time b);

/* How many whole tokens NS nanoseconds give, at most MAX. */
int64_t rate_tokens(struct rate rate, int64_t ns, int64_t max);

#endif
