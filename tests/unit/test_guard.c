/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "decimal.h"
#include "filter.h"
#include "guard.h"

static const struct libjq *jq;

static int check(const char *text, struct problem *problem)
{
	*problem = (struct problem){.reason = ""};
	return guard_check(jq, "doc", text, problem);
}

static void assert_safe(const char *text)
{
	struct problem problem;

	if (check(text, &problem))
		fail_msg("%s: %s", text, problem.reason);
}

static void assert_unsafe(const char *text, const char *reason)
{
	struct problem problem;

	assert_int_equal(check(text, &problem), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_string_equal(problem.subject, "doc");
	if (strncmp(problem.reason, reason, strlen(reason)))
		fail_msg("%s: '%s' does not begin with '%s'", text,
			 problem.reason, reason);
	assert_non_null(strstr(problem.reason, "--lossy"));
}

static void guard__plain_values__are_safe(void **state)
{
	(void)state;
	assert_safe("null");
	assert_safe(" [1, -2, 0.5, 123456789012345, 1.0, 1.10, -0, -0.0] ");
	assert_safe("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}, {\"a\": 2}]}");
	assert_safe("[1e2, 1E+2, 1.000e2, 1e-5, 0e10, 5e-324, 1e308]");
	assert_safe("{\"1e400\": \"12345678901234567890 {\\\"a\\\":1\"}");
}

static void guard__two_equal_keys__are_refused(void **state)
{
	(void)state;
	assert_unsafe("{\"a\":1,\"a\":2}",
		      "line 1, column 8: \"a\" stands there twice");
	assert_unsafe("[{\n \"a\": {\"x\": 1},\n \"b\": 2,\n  \"a\": 1}]",
		      "line 4, column 3: \"a\" stands there twice");
	assert_unsafe("{\"a\":{\"b\":1,\"c\":{},\"b\":2}}",
		      "line 1, column 20: \"b\"");
	assert_unsafe("{\"a\":1,\"\\u0061\":2}",
		      "line 1, column 8: \"\\u0061\"");
	assert_unsafe("{\"\":1,\"\":2}", "line 1, column 7: \"\"");
	assert_unsafe("{\"\\u0000\":1,\"\\u0000\":2}", "line 1, column 13");
	assert_safe("{\"a\":1,\"A\":2,\"\":3,\"a\\u0000\":4,\"a\\u0000b\":5}");
}

static void guard__many_keys__are_all_compared(void **state)
{
	struct buffer text = BUFFER_INIT;
	struct problem problem;

	(void)state;
	for (int i = 0; i < 20000; i++)
		assert_int_equal(buffer_add_format(&text, "%c\"key %d\":%d",
						   i ? ',' : '{', i, i),
				 0);
	assert_int_equal(buffer_add_string(&text, "}"), 0);
	assert_safe(text.data);
	text.data[text.length - 1] = ',';
	assert_int_equal(buffer_add_string(&text, "\"key 7\":0}"), 0);
	assert_int_equal(check(text.data, &problem), -1);
	assert_non_null(strstr(problem.reason, "\"key 7\" stands"));
	buffer_release(&text);
}

static void guard__half_a_surrogate_pair__is_refused(void **state)
{
	(void)state;
	assert_safe("\"\\ud83d\\ude00\\uD83D\\uDE00 \\\\ud800 \\ue000\"");
	assert_unsafe("\"x\\ud800\"", "line 1, column 3: \\ud800 is half");
	assert_unsafe("\"\\udc00\"", "line 1, column 2: \\udc00 is half");
	assert_unsafe("\"\\uDBFF\\uDBFF\\uDC00\"", "line 1, column 2");
	assert_unsafe("{\"\\ud800\":1}", "line 1, column 3");
	assert_unsafe("\"\\ud800\\\\udc00\"", "line 1, column 2");
}

/* The same question, asked of libjq by the longest way. */
static bool comes_back(const char *number)
{
	static const struct filter_hooks hooks;
	const struct variables none = VARIABLES_INIT;
	struct buffer out = BUFFER_INIT, text = BUFFER_INIT;
	struct problem problem;
	struct filter *filter;
	bool same;

	assert_int_equal(buffer_add_format(&text, "[%s]", number), 0);
	assert_int_equal(filter_compile(&filter, ".", &none, &hooks, &problem),
			 0);
	assert_int_equal(filter_apply(filter, "doc", &text, false, &out,
				      &problem),
			 0);
	same = decimal_equal(number, strlen(number), out.data + 1,
			     out.length - 2);
	filter_release(filter);
	buffer_release(&text);
	buffer_release(&out);
	return same;
}

static void guard__numbers__are_judged_as_this_libjq_does(void **state)
{
	char digits[1001], fraction[1001];
	const char *const numbers[] = {
		"9007199254740992", "9007199254740993", "9007199254740991",
		"12345678901234567890", "100000000000000000001",
		"99999999999999999", "100000000000000000",
		"1700000000123456789", "1700000000000000000",
		"0.1234567890123456789", "0.1", "1e1000", "-1e1000",
		"1e-1000", "1e999999999", "1e99999999999",
		"1e-99999999999", "5e-324", "1e-324",
		"1.7976931348623157e308", "1.7976931348623159e308",
		"0.000001", "123456789.123456789", "1E400", "2e-308",
		digits, fraction,
	};
	struct problem problem;

	(void)state;
	memset(digits, '7', 1000);
	digits[1000] = '\0';
	memset(fraction, '7', 1000);
	fraction[1] = '.';
	fraction[1000] = '\0';
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		bool safe = !check(numbers[i], &problem);

		if (safe != comes_back(numbers[i]))
			fail_msg("%s: %s", numbers[i],
				 safe ? "called safe" : problem.reason);
		if (!safe)
			assert_non_null(strstr(problem.reason,
					       "would become "));
	}
}

static void guard__number__is_named_with_its_place(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(check("{\n  \"id\": 1e99999999999\n}", &problem), -1);
	assert_non_null(strstr(problem.reason,
			       "line 2, column 9: 1e99999999999 would become "
			       "1.7976931348623157e+308"));
}

static int set_up(void **state)
{
	static struct problem problem;

	(void)state;
	jq = libjq_open(&problem);
	return jq ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guard__plain_values__are_safe),
		cmocka_unit_test(guard__two_equal_keys__are_refused),
		cmocka_unit_test(guard__many_keys__are_all_compared),
		cmocka_unit_test(guard__half_a_surrogate_pair__is_refused),
		cmocka_unit_test(guard__numbers__are_judged_as_this_libjq_does),
		cmocka_unit_test(guard__number__is_named_with_its_place),
	};

	return cmocka_run_group_tests_name("guard", tests, set_up, NULL);
}
