/* SPDX-License-Identifier: MIT */
#include "number.h"

#include <stdbool.h>
#include <stddef.h>

/* Digits only; false if there are none, others, or too many. */
static bool read_digits(const char *text, int64_t *value)
{
	*value = 0;
	if (!*text)
		return false;
	for (; *text; text++)
		if (*text < '0' || *text > '9' ||
		    __builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, *text - '0', value))
			return false;
	return true;
}

int number_parse(const char *option, const char *text, int64_t low,
		 int64_t high, int64_t *number, struct problem *problem)
{
	int64_t value;

	if (!read_digits(text, &value) || value < low || value > high)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "%s: '%s' is not a number from %lld to %lld",
				   option, text, (long long)low,
				   (long long)high);
	*number = value;
	return 0;
}
