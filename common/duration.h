/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_DURATION_H
#define INTERLOCK_DURATION_H

/*
 * Durations as people type them: "5", "0.1", "500ms", "2m", "1h", "inf".
 *
 * A bare number is seconds. Units: ns us ms s m h d. The value is exact: the
 * decimal digits are read as integers, never through a double, so "0.1" is
 * 100,000,000 ns. Digits below one nanosecond are rounded up, so that only a
 * zero is zero. The decimal sign is a dot in every locale.
 */

#include <stdint.h>

#define NS_PER_SECOND INT64_C(1000000000)

/* "inf", and what deadline_in takes to mean "wait for ever". */
#define DURATION_FOREVER INT64_MAX

/*
 * Read TEXT, all of it, into *NS (>= 0). Returns 0, or -1 with errno EINVAL
 * (not a duration) or ERANGE (more than some 292 years that is not "inf");
 * then *NS is unchanged.
 */
int duration_parse(const char *text, int64_t *ns);

#endif
