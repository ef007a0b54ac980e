/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "decimal.h"

static bool equal(const char *one, const char *other)
{
	bool result = decimal_equal(one, strlen(one), other, strlen(other));

	assert_int_equal(decimal_equal(other, strlen(other), one, strlen(one)),
			 result);
	return result;
}

static void assert_equal(const char *one, const char *other)
{
	if (!equal(one, other))
		fail_msg("%s and %s should be equal", one, other);
}

static void assert_different(const char *one, const char *other)
{
	if (equal(one, other))
		fail_msg("%s and %s should differ", one, other);
}

static void decimal__spellings_of_one_value__are_equal(void **state)
{
	(void)state;
	assert_equal("1", "1.0");
	assert_equal("1", "10e-1");
	assert_equal("0.1E+1", "1.000e0");
	assert_equal("100", "1e2");
	assert_equal("100", "1E+2");
	assert_equal("0.00001", "1e-05");
	assert_equal("12.50", "1.25e1");
	assert_equal("-1.5", "-15e-1");
	assert_equal("1700000000000000000", "1.7e+18");
	assert_equal("1005", "100.5e1");
}

static void decimal__zero__is_zero(void **state)
{
	(void)state;
	assert_equal("0", "-0");
	assert_equal("0", "0.000");
	assert_equal("0e10", "-0.0e-7");
	assert_different("0", "1e-400");
	assert_different("0", "0.001");
}

static void decimal__different_values__differ(void **state)
{
	(void)state;
	assert_different("1", "-1");
	assert_different("1", "10");
	assert_different("1", "1.0000000000000000000000000000001");
	assert_different("9007199254740993", "9007199254740992");
	assert_different("12345678901234567890", "12345678901234567000");
	assert_different("1e1000", "1.7976931348623157e+308");
	assert_different("101", "11");
	assert_different("1.01", "1.1");
	assert_different("12", "123");
	assert_different("0.1", "0.01");
}

static void decimal__huge_exponents__are_compared(void **state)
{
	(void)state;
	assert_equal("1e999999999999999999", "10e999999999999999998");
	assert_equal("1e0000000000000000000000002", "100");
	assert_different("1e999999999999999999", "1e999999999999999998");
	assert_equal("1e99999999999999999999", "1e99999999999999999999");
	assert_different("1e99999999999999999999", "10e99999999999999999998");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimal__spellings_of_one_value__are_equal),
		cmocka_unit_test(decimal__zero__is_zero),
		cmocka_unit_test(decimal__different_values__differ),
		cmocka_unit_test(decimal__huge_exponents__are_compared),
	};

	return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
