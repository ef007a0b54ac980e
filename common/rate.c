/* SPDX-License-Identifier: MIT */
#include "rate.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "duration.h"

static const struct unit {
	char name;
	int64_t ns;
} units[] = {
	{'s', NS_PER_SECOND},
	{'m', 60 * NS_PER_SECOND},
	{'h', 3600 * NS_PER_SECOND},
	{'d', 86400 * NS_PER_SECOND},
};

enum { UNITS = sizeof(units) / sizeof(units[0]) };

static int fail(int error)
{
	errno = error;
	return -1;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* --- as text ------------------------------------------------------------- */

/* The unit that TEXT, what follows the number, names; 0 if it is none. */
static int64_t unit_of(const char *text)
{
	if (!*text)
		return NS_PER_SECOND;
	if (text[0] != '/' || !text[1] || text[2])
		return 0;
	for (size_t i = 0; i < UNITS; i++)
		if (units[i].name == text[1])
			return units[i].ns;
	return 0;
}

/*
 * Digits with at most one dot among or before them, at *TEXT, which is moved
 * behind them: a whole number and how many of its digits stand behind the dot.
 * Zeros at the end of a fraction say nothing and are not counted.
 */
static int read_decimal(const char **text, int64_t *digits, int *places)
{
	const char *p = *text;
	bool dot = false, any = false;
	int zeros = 0;

	*digits = *places = 0;
	for (; (*p >= '0' && *p <= '9') || (*p == '.' && !dot); p++) {
		if (*p == '.') {
			dot = true;
			any = false;
			continue;
		}
		any = true;
		if (dot && *p == '0') {
			zeros++;
			continue;
		}
		for (int n = dot ? zeros + 1 : 1; n > 0; n--) {
			if (__builtin_mul_overflow(*digits, 10, digits))
				return fail(ERANGE);
			*places += dot;
		}
		zeros = 0;
		if (__builtin_add_overflow(*digits, *p - '0', digits))
			return fail(ERANGE);
	}
	*text = p;
	return any ? 0 : fail(EINVAL);
}

int rate_parse(const char *text, struct rate *rate)
{
	int64_t digits, period, divisor;
	const char *p = text;
	int places;

	if (read_decimal(&p, &digits, &places))
		return -1;
	period = unit_of(p);
	if (!period || !digits)
		return fail(EINVAL);
	for (; places > 0; places--)
		if (__builtin_mul_overflow(period, 10, &period))
			return fail(ERANGE);
	divisor = common_divisor(digits, period);
	digits /= divisor;
	period /= divisor;
	if (!rate_valid((struct rate){digits, period}))
		return fail(ERANGE);
	*rate = (struct rate){digits, period};
	return 0;
}

bool rate_equal(struct rate a, struct rate b)
{
	return a.count == b.count && a.period == b.period;
}

bool rate_valid(struct rate rate)
{
	return rate.count > 0 && rate.count <= RATE_TOKENS_MAX &&
	       rate.period >= rate.count && rate.period <= RATE_NS_MAX &&
	       common_divisor(rate.count, rate.period) == 1;
}

bool rate_holds(struct rate rate, int64_t burst)
{
	return rate_add(rate, rate_at(0), burst).ns < RATE_NS_MAX / 2;
}

/*
 * RATE is NUMBER / 10^PLACES a UNIT, if that is exact. As count and period have
 * no common divisor, it is so if 10^PLACES cancels what is left of the period.
 */
static bool show_in(struct rate rate, struct unit unit, int places,
		    char text[RATE_TEXT])
{
	int64_t divisor = common_divisor(unit.ns, rate.period);
	int64_t rest = rate.period / divisor, power = 1, number;

	for (int i = 0; i < places; i++)
		power *= 10;
	if (power % rest ||
	    __builtin_mul_overflow(unit.ns / divisor, rate.count, &number) ||
	    __builtin_mul_overflow(number, power / rest, &number))
		return false;
	if (places)
		snprintf(text, RATE_TEXT, "%lld.%0*lld/%c",
			 (long long)(number / power), places,
			 (long long)(number % power), unit.name);
	else
		snprintf(text, RATE_TEXT, "%lld/%c", (long long)number,
			 unit.name);
	return true;
}

void rate_show(struct rate rate, char text[RATE_TEXT])
{
	for (int places = 0; places <= 18; places++)
		for (size_t i = 0; i < UNITS; i++)
			if (show_in(rate, units[i], places, text))
				return;
	snprintf(text, RATE_TEXT, "%lld/%lldns", (long long)rate.count,
		 (long long)rate.period);
}

/* --- points in time ------------------------------------------------------ */

static int64_t clamp(int64_t ns)
{
	if (ns > RATE_NS_MAX)
		return RATE_NS_MAX;
	return ns < -RATE_NS_MAX ? -RATE_NS_MAX : ns;
}

struct rate_time rate_at(int64_t ns)
{
	return (struct rate_time){.ns = ns};
}

/*
 * TOKENS take whole nanoseconds and a number of 1/count beyond them. Both
 * factors of that number are at most 10^9, so it fits; the whole nanoseconds
 * may not, and are then as many as are possible.
 */
static struct rate_time tokens_take(struct rate rate, int64_t tokens)
{
	int64_t parts = tokens * (rate.period % rate.count);
	struct rate_time time = {.part = parts % rate.count};

	if (__builtin_mul_overflow(tokens, rate.period / rate.count, &time.ns))
		time.ns = RATE_NS_MAX;
	time.ns = clamp(clamp(time.ns) + parts / rate.count);
	return time;
}

struct rate_time rate_add(struct rate rate, struct rate_time time,
			  int64_t tokens)
{
	struct rate_time more = tokens_take(rate, tokens);

	time.ns += more.ns;
	time.part += more.part;
	if (time.part >= rate.count) {
		time.part -= rate.count;
		time.ns++;
	}
	time.ns = clamp(time.ns);
	return time;
}

struct rate_time rate_subtract(struct rate rate, struct rate_time time,
			       int64_t tokens)
{
	struct rate_time less = tokens_take(rate, tokens);

	time.ns -= less.ns;
	time.part -= less.part;
	if (time.part < 0) {
		time.part += rate.count;
		time.ns--;
	}
	time.ns = clamp(time.ns);
	return time;
}

struct rate_time rate_shift(struct rate_time time, int64_t ns)
{
	time.ns = clamp(time.ns + clamp(ns));
	return time;
}

static bool is_after(struct rate_time a, struct rate_time b)
{
	return a.ns > b.ns || (a.ns == b.ns && a.part > b.part);
}

struct rate_time rate_later(struct rate_time a, struct rate_time b)
{
	return is_after(a, b) ? a : b;
}

struct rate_time rate_earlier(struct rate_time a, struct rate_time b)
{
	return is_after(a, b) ? b : a;
}

int64_t rate_ceil(struct rate_time time)
{
	return time.ns + (time.part > 0);
}

int64_t rate_after(struct rate_time a, struct rate_time b)
{
	return a.ns - b.ns + (a.part > b.part);
}

int64_t rate_tokens(struct rate rate, int64_t ns, int64_t max)
{
	int64_t low = 0;

	while (low < max) {
		int64_t middle = max - (max - low) / 2;
		struct rate_time time = tokens_take(rate, middle);

		if (rate_ceil(time) <= ns)
			low = middle;
		else
			max = middle - 1;
	}
	return low;
}
