/* SPDX-License-Identifier: MIT */
#include "decimal.h"

#include <stdint.h>
#include <string.h>

/*
 * The digits from first to end, a dot among them skipped, times ten to the
 * power. First and last digit are not zero; without any it is zero.
 */
struct decimal {
	bool negative;
	const char *first;
	const char *end;
	int64_t power;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What stands behind 'e'. False: too long to be counted with. */
static bool read_exponent(const char *p, const char *end, int64_t *exponent)
{
	bool negative = *p == '-';

	if (*p == '-' || *p == '+')
		p++;
	while (p < end && *p == '0')
		p++;
	if (end - p > 18)
		return false;
	for (*exponent = 0; p < end; p++)
		*exponent = *exponent * 10 + (*p - '0');
	if (negative)
		*exponent = -*exponent;
	return true;
}

static bool is_zero_or_dot(char c)
{
	return c == '0' || c == '.';
}

/* Take away the zeros at both ends, minding what they were worth. */
static void trim(struct decimal *d, const char *dot)
{
	while (d->first < d->end && is_zero_or_dot(*d->first))
		d->first++;
	while (d->end > d->first && is_zero_or_dot(d->end[-1]))
		d->end--;
	/* What the last digit is worth by its place. */
	if (dot >= d->end)
		d->power += dot - d->end;
	else
		d->power -= d->end - dot - 1;
}

static bool read_decimal(const char *p, size_t length, struct decimal *d)
{
	const char *end = p + length, *dot = NULL;

	*d = (struct decimal){.negative = *p == '-', .first = p};
	if (d->negative)
		d->first++;
	for (p = d->first; p < end && (is_digit(*p) || *p == '.'); p++)
		if (*p == '.')
			dot = p;
	d->end = p;
	if (p < end && !read_exponent(p + 1, end, &d->power))
		return false;
	trim(d, dot ? dot : p);
	return true;
}

static bool same_digits(struct decimal one, struct decimal other)
{
	for (;;) {
		if (one.first < one.end && *one.first == '.')
			one.first++;
		if (other.first < other.end && *other.first == '.')
			other.first++;
		if (one.first == one.end || other.first == other.end)
			return one.first == one.end && other.first == other.end;
		if (*one.first++ != *other.first++)
			return false;
	}
}

bool decimal_equal(const char *one, size_t one_length, const char *other,
		   size_t other_length)
{
	struct decimal a, b;

	if (one_length == other_length && !memcmp(one, other, one_length))
		return true;
	if (!read_decimal(one, one_length, &a) ||
	    !read_decimal(other, other_length, &b))
		return false;
	if (a.first == a.end || b.first == b.end)
		return a.first == a.end && b.first == b.end;
	return a.negative == b.negative && a.power == b.power &&
	       same_digits(a, b);
}
