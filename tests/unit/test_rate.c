/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "duration.h"
#include "rate.h"

static struct rate parse(const char *text)
{
	struct rate rate;

	if (rate_parse(text, &rate))
		fail_msg("\"%s\" was refused", text);
	return rate;
}

static void assert_rate(const char *text, int64_t count, int64_t period)
{
	struct rate rate = parse(text);

	if (rate.count != count || rate.period != period)
		fail_msg("\"%s\" gave %lld in %lld ns", text,
			 (long long)rate.count, (long long)rate.period);
}

static void assert_refused(const char *text, int error)
{
	struct rate rate = {7, 9};

	errno = 0;
	if (!rate_parse(text, &rate))
		fail_msg("\"%s\" was taken", text);
	if (errno != error)
		fail_msg("\"%s\": errno %d", text, errno);
	assert_int_equal(rate.count, 7);
	assert_int_equal(rate.period, 9);
}

static void assert_shown(const char *text, const char *expected)
{
	char shown[RATE_TEXT];

	rate_show(parse(text), shown);
	assert_string_equal(shown, expected);
}

static void rate__units__are_known(void **state)
{
	(void)state;
	assert_rate("3", 3, NS_PER_SECOND);
	assert_rate("3/s", 3, NS_PER_SECOND);
	assert_rate("7/m", 7, 60 * NS_PER_SECOND);
	assert_rate("7/h", 7, 3600 * NS_PER_SECOND);
	assert_rate("7/d", 7, 86400 * NS_PER_SECOND);
}

static void rate__fractions__are_exact(void **state)
{
	(void)state;
	assert_rate("0.5", 1, 2 * NS_PER_SECOND);
	assert_rate(".1/s", 1, 10 * NS_PER_SECOND);
	assert_rate("1.50/m", 1, 40 * NS_PER_SECOND);
	assert_rate("0.30/s", 3, 10 * NS_PER_SECOND);
	assert_rate("1.05/s", 21, 20 * NS_PER_SECOND);
}

static void rate__equal_rates__are_equal(void **state)
{
	(void)state;
	assert_true(rate_equal(parse("60/m"), parse("1/s")));
	assert_true(rate_equal(parse("90000/m"), parse("1500")));
	assert_false(rate_equal(parse("60/m"), parse("61/m")));
}

static void rate__nonsense__is_refused(void **state)
{
	static const char *const words[] = {
		"", "0", "0/s", "0.0", "-1", "+1", "nan", "NaN", "inf",
		"3/fortnight", "3/", "3/S", "3s", "1e3", " 3", "3 ", "3 /s",
		".", "3.", "1.2.3", "/s", "0x3", "3/m/s", "1,5",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_refused(words[i], EINVAL);
}

static void rate__out_of_range__is_refused(void **state)
{
	(void)state;
	assert_rate("1000000000", 1, 1);
	assert_refused("1000000001", ERANGE);
	assert_refused("99999999999999999999", ERANGE);
	assert_refused("0.0000000001/d", ERANGE);
	assert_refused("0.12345678901/s", ERANGE);
}

static void rate__shown__in_the_shortest_exact_unit(void **state)
{
	(void)state;
	assert_shown("3", "3/s");
	assert_shown("90000/m", "1500/s");
	assert_shown("7/m", "7/m");
	assert_shown("5/d", "5/d");
	assert_shown("0.5/d", "0.5/d");
	assert_shown("0.1/s", "6/m");
	assert_shown("1000000000", "1000000000/s");
	assert_shown("1.05/s", "63/m");
	assert_shown("0.0012345/s", "4.4442/h");
	assert_shown("12.345678/m", "740.74068/h");
}

static void rate__added_tokens__never_drift(void **state)
{
	struct rate rate = parse("90000/m");
	struct rate_time one_by_one = rate_at(5), at_once = rate_at(5);

	(void)state;
	for (int i = 0; i < 90000; i++)
		one_by_one = rate_add(rate, one_by_one, 1);
	at_once = rate_add(rate, at_once, 90000);
	assert_int_equal(one_by_one.ns, 60 * NS_PER_SECOND + 5);
	assert_int_equal(one_by_one.part, 0);
	assert_int_equal(at_once.ns, one_by_one.ns);
	for (int i = 0; i < 30000; i++)
		one_by_one = rate_subtract(rate, one_by_one, 3);
	assert_int_equal(one_by_one.ns, 5);
	assert_int_equal(one_by_one.part, 0);
}

static void rate__third_of_a_nanosecond__is_kept(void **state)
{
	struct rate rate = parse("300000000");
	struct rate_time time = rate_add(rate, rate_at(0), 1);

	(void)state;
	assert_int_equal(rate.count, 3);
	assert_int_equal(rate.period, 10);
	assert_int_equal(time.ns, 3);
	assert_int_equal(time.part, 1);
	assert_int_equal(rate_ceil(time), 4);
	assert_int_equal(rate_after(time, rate_at(3)), 1);
	assert_int_equal(rate_after(rate_at(3), time), 0);
	time = rate_subtract(rate, time, 2);
	assert_int_equal(time.ns, -4);
	assert_int_equal(time.part, 2);
}

static void rate__too_long__stays_at_the_end(void **state)
{
	struct rate rate = parse("1/d");
	struct rate_time time = rate_add(rate, rate_at(0), RATE_TOKENS_MAX);

	(void)state;
	assert_int_equal(time.ns, RATE_NS_MAX);
	time = rate_add(rate, time, RATE_TOKENS_MAX);
	assert_int_equal(time.ns, RATE_NS_MAX);
	time = rate_subtract(rate, rate_at(-RATE_NS_MAX), RATE_TOKENS_MAX);
	assert_int_equal(time.ns, -RATE_NS_MAX);
	assert_false(rate_holds(rate, RATE_TOKENS_MAX));
	assert_true(rate_holds(rate, 5));
	assert_true(rate_holds(parse("1000000000"), RATE_TOKENS_MAX));
}

static void rate__tokens_in_a_time__are_whole(void **state)
{
	struct rate rate = parse("90000/m");

	(void)state;
	assert_int_equal(rate_tokens(rate, 0, 100), 0);
	assert_int_equal(rate_tokens(rate, 666666, 100), 0);
	assert_int_equal(rate_tokens(rate, 666667, 100), 1);
	assert_int_equal(rate_tokens(rate, 2000000, 100), 3);
	assert_int_equal(rate_tokens(rate, NS_PER_SECOND, 100), 100);
	assert_int_equal(rate_tokens(rate, -5, 100), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rate__units__are_known),
		cmocka_unit_test(rate__fractions__are_exact),
		cmocka_unit_test(rate__equal_rates__are_equal),
		cmocka_unit_test(rate__nonsense__is_refused),
		cmocka_unit_test(rate__out_of_range__is_refused),
		cmocka_unit_test(rate__shown__in_the_shortest_exact_unit),
		cmocka_unit_test(rate__added_tokens__never_drift),
		cmocka_unit_test(rate__third_of_a_nanosecond__is_kept),
		cmocka_unit_test(rate__too_long__stays_at_the_end),
		cmocka_unit_test(rate__tokens_in_a_time__are_whole),
	};

	return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
