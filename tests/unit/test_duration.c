/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "duration.h"

static void assert_duration(const char *text, int64_t expected)
{
	int64_t ns = -1;

	if (duration_parse(text, &ns))
		fail_msg("\"%s\" was refused", text);
	if (ns != expected)
		fail_msg("\"%s\" gave %lld ns", text, (long long)ns);
}

static void assert_refused(const char *text, int error)
{
	int64_t ns = 42;

	errno = 0;
	assert_int_equal(duration_parse(text, &ns), -1);
	assert_int_equal(errno, error);
	assert_int_equal(ns, 42);
}

static void duration__bare_number__is_seconds(void **state)
{
	(void)state;
	assert_duration("0", 0);
	assert_duration("5", 5 * NS_PER_SECOND);
	assert_duration("007", 7 * NS_PER_SECOND);
}

static void duration__fraction__is_exact(void **state)
{
	(void)state;
	assert_duration("0.1", 100000000);
	assert_duration(".5", 500000000);
	assert_duration("1.5m", 90 * NS_PER_SECOND);
	assert_duration("0.000000001", 1);
}

static void duration__below_a_nanosecond__is_rounded_up(void **state)
{
	(void)state;
	assert_duration("0.0000000001", 1);
	assert_duration("0.0ns", 0);
	assert_duration("1.00000000010000000000000000000000000000001",
			NS_PER_SECOND + 1);
}

static void duration__units__are_known(void **state)
{
	(void)state;
	assert_duration("500ms", 500000000);
	assert_duration("7us", 7000);
	assert_duration("9ns", 9);
	assert_duration("2s", 2 * NS_PER_SECOND);
	assert_duration("2m", 120 * NS_PER_SECOND);
	assert_duration("1h", 3600 * NS_PER_SECOND);
	assert_duration("1d", 86400 * NS_PER_SECOND);
	assert_duration("inf", DURATION_FOREVER);
}

static void duration__nonsense__is_refused(void **state)
{
	static const char *const words[] = {
		"", ".", "5.", "-1", "+1", " 1", "1 ", "1e3", "0x10", "nan",
		"1,5", "5 s", "5S", "s", "1.2.3", "infinity", "1..2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_refused(words[i], EINVAL);
}

static void duration__too_long__is_refused(void **state)
{
	(void)state;
	assert_refused("9223372036.854775807", ERANGE);
	assert_duration("9223372036.854775806", INT64_MAX - 1);
	assert_refused("99999999999999999999999", ERANGE);
	assert_refused("106752d", ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duration__bare_number__is_seconds),
		cmocka_unit_test(duration__fraction__is_exact),
		cmocka_unit_test(duration__below_a_nanosecond__is_rounded_up),
		cmocka_unit_test(duration__units__are_known),
		cmocka_unit_test(duration__nonsense__is_refused),
		cmocka_unit_test(duration__too_long__is_refused),
	};

	return cmocka_run_group_tests_name("duration", tests, NULL, NULL);
}
