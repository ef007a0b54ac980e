/* SPDX-License-Identifier: MIT */
#include "deadline.h"

#include <errno.h>
#include <time.h>

#include "duration.h"

int64_t deadline_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

struct deadline deadline_in(int64_t ns)
{
	struct deadline deadline;

	if (ns == DURATION_FOREVER ||
	    __builtin_add_overflow(deadline_now(), ns, &deadline.at))
		deadline.at = INT64_MAX;
	return deadline;
}

int64_t deadline_left(struct deadline deadline)
{
	int64_t left;

	if (deadline_never(deadline))
		return INT64_MAX;
	left = deadline.at - deadline_now();
	return left > 0 ? left : 0;
}

bool deadline_passed(struct deadline deadline)
{
	return deadline_left(deadline) == 0;
}

bool deadline_never(struct deadline deadline)
{
	return deadline.at == INT64_MAX;
}

int deadline_sleep(struct deadline deadline, int64_t ns)
{
	int64_t left = deadline_left(deadline);
	struct timespec pause;

	if (ns > left)
		ns = left;
	pause.tv_sec = ns / NS_PER_SECOND;
	pause.tv_nsec = ns % NS_PER_SECOND;
	return nanosleep(&pause, NULL);
}
