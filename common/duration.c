/* SPDX-License-Identifier: MIT */
#include "duration.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {
	{"", NS_PER_SECOND},
	{"s", NS_PER_SECOND},
	{"ms", 1000000},
	{"us", 1000},
	{"ns", 1},
	{"m", 60 * NS_PER_SECOND},
	{"h", 3600 * NS_PER_SECOND},
	{"d", 86400 * NS_PER_SECOND},
};

static int fail(int error)
{
	errno = error;
	return -1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const struct unit *find_unit(const char *name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(units[i].name, name))
			return &units[i];
	return NULL;
}

/*
 * The digits after the dot, in nanoseconds of a unit of UNIT_NS. Long division
 * from the last digit to the first keeps everything within 64 bits: what a
 * digit is worth is (digit * unit + rest of the digits behind it) / 10. A
 * remainder counts as a whole nanosecond.
 */
static int64_t fraction_ns(const char *first, const char *end, int64_t unit_ns)
{
	int64_t value = 0;

	while (end > first) {
		int64_t sum = (*--end - '0') * unit_ns + value;

		value = sum / 10 + (sum % 10 != 0);
	}
	return value;
}

int duration_parse(const char *text, int64_t *ns)
{
	const char *p = text, *fraction, *end;
	const struct unit *unit;
	int64_t whole = 0, rest;

	if (!strcmp(text, "inf")) {
		*ns = DURATION_FOREVER;
		return 0;
	}
	for (; is_digit(*p); p++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, *p - '0', &whole))
			return fail(ERANGE);
	fraction = end = p;
	if (*p == '.') {
		fraction = ++p;
		while (is_digit(*p))
			p++;
		end = p;
	}
	if (fraction == end && (p == text || p[-1] == '.'))
		return fail(EINVAL);
	unit = find_unit(p);
	if (!unit)
		return fail(EINVAL);
	rest = fraction_ns(fraction, end, unit->ns);
	if (__builtin_mul_overflow(whole, unit->ns, &whole) ||
	    __builtin_add_overflow(whole, rest, &whole) ||
	    whole == DURATION_FOREVER)
		return fail(ERANGE);
	*ns = whole;
	return 0;
}
