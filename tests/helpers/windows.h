/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_WINDOWS_H
#define INTERLOCK_WINDOWS_H

/*
 * Judges a rate limit from what it granted: over all windows of time, however
 * short or long, none may have more than burst + rate * t tokens. Knows nothing
 * of how the limit works; reckons exactly, in 128 bits.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rate.h"

struct grant {
	int64_t at; /* ns */
	int64_t tokens;
};

/*
 * Sorts GRANTS by time. Returns whether all windows keep to RATE and BURST when
 * each may be ALLOWANCE ns longer than it is; if not, *FROM and *TO are the
 * indexes of the first and last grant of the worst one.
 */
bool windows_keep(struct grant *grants, size_t count, struct rate rate,
		  int64_t burst, int64_t allowance, size_t *from, size_t *to);

#endif
