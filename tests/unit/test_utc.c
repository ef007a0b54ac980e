/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>

#include "utc.h"

static const struct {
	time_t moment;
	const char *text;
} known[] = {
	{0, "1970-01-01T00:00:00Z"},
	{-1, "1969-12-31T23:59:59Z"},
	{68169599, "1972-02-28T23:59:59Z"},
	{68169600, "1972-02-29T00:00:00Z"},
	{68256000, "1972-03-01T00:00:00Z"},
	{951782400, "2000-02-29T00:00:00Z"},
	{951868799, "2000-02-29T23:59:59Z"},
	{951868800, "2000-03-01T00:00:00Z"},
	{978307199, "2000-12-31T23:59:59Z"},
	{1234567890, "2009-02-13T23:31:30Z"},
	{1709164800, "2024-02-29T00:00:00Z"},
	{1769337000, "2026-01-25T10:30:00Z"},
	{2147483647, "2038-01-19T03:14:07Z"},
	{2147483648, "2038-01-19T03:14:08Z"},
	{4107542399, "2100-02-28T23:59:59Z"},
	{4107542400, "2100-03-01T00:00:00Z"},
	{253402300799, "9999-12-31T23:59:59Z"},
	{-2203891200, "1900-03-01T00:00:00Z"},
	{-62167219200, "0000-01-01T00:00:00Z"},
};

static void utc__known_moments__are_told_and_read(void **state)
{
	char text[UTC_SIZE];
	time_t moment;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		utc_format(known[i].moment, text);
		assert_string_equal(text, known[i].text);
		assert_int_equal(utc_parse(known[i].text, &moment), 0);
		assert_int_equal(moment, known[i].moment);
	}
}

/* The C library's calendar from the year 1 to 9999, every few days. */
static void utc__all_centuries__agree_with_the_library(void **state)
{
	char text[UTC_SIZE], expected[64];
	struct tm fields;
	time_t again;

	(void)state;
	for (time_t moment = -62135596800; moment < 253402300799;
	     moment += 86400 * 13 + 12347) {
		gmtime_r(&moment, &fields);
		snprintf(expected, sizeof(expected),
			 "%04d-%02d-%02dT%02d:%02d:%02dZ",
			 fields.tm_year + 1900, fields.tm_mon + 1,
			 fields.tm_mday, fields.tm_hour, fields.tm_min,
			 fields.tm_sec);
		utc_format(moment, text);
		assert_string_equal(text, expected);
		assert_int_equal(utc_parse(text, &again), 0);
		assert_int_equal(again, moment);
	}
}

static void utc__what_is_no_moment__is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"2026",
		"2026-01-25T10:30:00",
		"2026-01-25T10:30:00z",
		"2026-01-25 10:30:00Z",
		"2026-01-25T10:30:00ZZ",
		"2026-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z",
		"2026-00-10T00:00:00Z",
		"2026-13-10T00:00:00Z",
		"2026-04-31T00:00:00Z",
		"2026-04-00T00:00:00Z",
		"2026-04-10T24:00:00Z",
		"2026-04-10T00:60:00Z",
		"2026-04-10T00:00:60Z",
		"+026-04-10T00:00:00Z",
		"-026-04-10T00:00:00Z",
		" 026-04-10T00:00:00Z",
		"2026-+4-10T00:00:00Z",
		"2026- 4-10T00:00:00Z",
		"2026-4-010T00:00:00Z",
		"abcd-ef-ghTij:kl:mnZ",
	};
	time_t moment = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		errno = 0;
		if (!utc_parse(wrong[i], &moment))
			fail_msg("\"%s\" was taken", wrong[i]);
		assert_int_equal(errno, EINVAL);
		assert_int_equal(moment, 42);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utc__known_moments__are_told_and_read),
		cmocka_unit_test(utc__all_centuries__agree_with_the_library),
		cmocka_unit_test(utc__what_is_no_moment__is_refused),
	};

	return cmocka_run_group_tests_name("utc", tests, NULL, NULL);
}
