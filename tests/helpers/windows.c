/* SPDX-License-Identifier: MIT */
#include "windows.h"

#include <stdlib.h>

__extension__ typedef __int128 wide;

static int by_time(const void *a, const void *b)
{
	const struct grant *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/*
 * A window from grant i to grant j is too full if
 *   period * tokens(i..j) > period * burst + count * (at_j - at_i + allowance).
 * With balance_k = period * tokens(1..k) - count * at_k, that is a bound on how
 * far balance may rise over what it was just before any earlier grant, so one
 * pass sees all windows.
 */
bool windows_keep(struct grant *grants, size_t count, struct rate rate,
		  int64_t burst, int64_t allowance, size_t *from, size_t *to)
{
	wide bound = (wide)rate.period * burst + (wide)rate.count * allowance;
	wide tokens = 0, lowest = 0, worst = -1;
	size_t start = 0;

	qsort(grants, count, sizeof(*grants), by_time);
	for (size_t i = 0; i < count; i++) {
		wide time = (wide)rate.count * grants[i].at;
		wide before = (wide)rate.period * tokens - time, over;

		if (i == 0 || before < lowest) {
			lowest = before;
			start = i;
		}
		tokens += grants[i].tokens;
		over = (wide)rate.period * tokens - time - lowest - bound;
		if (over > 0 && over > worst) {
			worst = over;
			*from = start;
			*to = i;
		}
	}
	return worst < 0;
}
