/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "number.h"

static void number__in_range__is_read(void **state)
{
	struct problem problem;
	int64_t number = -1;

	(void)state;
	assert_int_equal(number_parse("-n", "0", 0, 5, &number, &problem), 0);
	assert_int_equal(number, 0);
	assert_int_equal(number_parse("-n", "005", 0, 5, &number, &problem), 0);
	assert_int_equal(number, 5);
	assert_int_equal(number_parse("-n", "9223372036854775807", 1, INT64_MAX,
				      &number, &problem), 0);
	assert_int_equal(number, INT64_MAX);
}

static void number__anything_else__is_misuse(void **state)
{
	static const char *const words[] = {
		"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "6", "0",
		"9223372036854775808", "99999999999999999999999",
	};
	struct problem problem;
	int64_t number = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_int_equal(number_parse("--slots", words[i], 1, 5,
					      &number, &problem), -1);
		assert_int_equal(problem.status, STATUS_MISUSE);
		assert_int_equal(number, 42);
	}
	assert_string_equal(problem.reason,
			    "--slots: '99999999999999999999999' is not a "
			    "number from 1 to 5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number__in_range__is_read),
		cmocka_unit_test(number__anything_else__is_misuse),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
