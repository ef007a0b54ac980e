/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "json.h"
#include "json_string.h"

static void assert_string(const char *text, const char *expected)
{
	struct buffer out = BUFFER_INIT;
	struct json_error error;

	assert_int_equal(json_add_string(&out, text), 0);
	assert_string_equal(out.data, expected);
	assert_int_equal(json_validate(out.data, out.length, &error), 0);
	buffer_release(&out);
}

static void json_string__plain_text__is_quoted(void **state)
{
	(void)state;
	assert_string("", "\"\"");
	assert_string("a b/c", "\"a b/c\"");
	assert_string("sch\xc3\xb6n \xe2\x82\xac \xf0\x9f\x94\x92",
		      "\"sch\xc3\xb6n \xe2\x82\xac \xf0\x9f\x94\x92\"");
}

static void json_string__what_json_wants_escaped__is(void **state)
{
	(void)state;
	assert_string("\"\\", "\"\\\"\\\\\"");
	assert_string("\n\t\x01\x1f", "\"\\u000a\\u0009\\u0001\\u001f\"");
	assert_string("\x7f", "\"\\u007f\"");
}

static void json_string__bytes_that_are_no_utf8__are_replaced(void **state)
{
	(void)state;
	assert_string("a\xff" "b", "\"a\\ufffdb\"");
	/* alone, cut short, overlong, surrogate, beyond U+10FFFF */
	assert_string("\x80", "\"\\ufffd\"");
	assert_string("\xc3", "\"\\ufffd\"");
	assert_string("\xe2\x82", "\"\\ufffd\\ufffd\"");
	assert_string("\xf0\x9f\x94", "\"\\ufffd\\ufffd\\ufffd\"");
	assert_string("\xc0\xaf", "\"\\ufffd\\ufffd\"");
	assert_string("\xe0\x9f\xbf", "\"\\ufffd\\ufffd\\ufffd\"");
	assert_string("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
	assert_string("\xf4\x90\x80\x80",
		      "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
	assert_string("\xc3\xc3\xb6", "\"\\ufffd\xc3\xb6\"");
}

static void json_string__limits_of_utf8__stay(void **state)
{
	(void)state;
	assert_string("\xc2\x80\xdf\xbf", "\"\xc2\x80\xdf\xbf\"");
	assert_string("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf",
		      "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"");
	assert_string("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
		      "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_string__plain_text__is_quoted),
		cmocka_unit_test(json_string__what_json_wants_escaped__is),
		cmocka_unit_test(
			json_string__bytes_that_are_no_utf8__are_replaced),
		cmocka_unit_test(json_string__limits_of_utf8__stay),
	};

	return cmocka_run_group_tests_name("json_string", tests, NULL, NULL);
}
