/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "json.h"

/* A string constant and its length, for texts that hold NULs. */
#define TEXT(string) (string), sizeof(string) - 1

static const struct {
	const char *text;
	size_t length;
} valid[] = {
	{TEXT("null")},
	{TEXT("true")},
	{TEXT(" \t\r\n false \t\r\n ")},
	{TEXT("\"\"")},
	{TEXT("0")},
	{TEXT("-0")},
	{TEXT("-0.0e-0")},
	{TEXT("1.0")},
	{TEXT("1E+2")},
	{TEXT("1e400")},
	{TEXT("12345678901234567890123456789.5")},
	{TEXT("[]")},
	{TEXT("{}")},
	{TEXT("[ ]")},
	{TEXT("{\r\n}")},
	{TEXT("[[],{},[{}]]")},
	{TEXT("{\"a\":1,\"a\":2}")},
	{TEXT("{\"\":{\"\":[{\"\":null}]}}")},
	{TEXT("[1 , 2\t,\n3 ]")},
	{TEXT("{ \"a\" : 1 , \"b\" : [ ] }")},
	{TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uABcd\"")},
	{TEXT("\"\\ud800\"")},
	{TEXT("\"\\udc00\\ud800\"")},
	{TEXT("\"\x7f\"")},
	{TEXT("\"\xc2\x80\xdf\xbf\"")},
	{TEXT("\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"")},
	{TEXT("\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"")},
};

static const struct {
	const char *text;
	size_t length;
	size_t offset;
	const char *reason;
} invalid[] = {
	{TEXT(""), 0, "the text is empty"},
	{TEXT(" \n"), 2, "the text is empty"},
	{TEXT("\xef\xbb\xbf{}"), 0, "a byte order mark is not JSON"},
	{TEXT("{} {}"), 3, "there is more behind the first value"},
	{TEXT("1 2"), 2, "there is more behind the first value"},
	{TEXT("[]]"), 2, "there is more behind the first value"},
	{TEXT("{},"), 2, "there is more behind the first value"},
	{TEXT("\0"), 0, "a NUL byte is not JSON"},
	{TEXT("{}\0"), 2, "a NUL byte is not JSON"},
	{TEXT("{}\0}"), 2, "a NUL byte is not JSON"},
	{TEXT("\"a\0b\""), 2, "a NUL byte is not JSON"},
	{TEXT("[1\0,2]"), 2, "a NUL byte is not JSON"},
	{TEXT("tru\0e"), 3, "a NUL byte is not JSON"},
	{TEXT("["), 1, "the text ends too early"},
	{TEXT("[1"), 2, "the text ends too early"},
	{TEXT("[1,"), 3, "the text ends too early"},
	{TEXT("{"), 1, "the text ends too early"},
	{TEXT("{\"a"), 3, "the text ends too early"},
	{TEXT("{\"a\""), 4, "the text ends too early"},
	{TEXT("{\"a\":"), 5, "the text ends too early"},
	{TEXT("{\"a\":1"), 6, "the text ends too early"},
	{TEXT("{\"a\":1,"), 7, "the text ends too early"},
	{TEXT("\""), 1, "the text ends too early"},
	{TEXT("tru"), 3, "the text ends too early"},
	{TEXT("-"), 1, "the text ends too early"},
	{TEXT("1."), 2, "the text ends too early"},
	{TEXT("1e"), 2, "the text ends too early"},
	{TEXT("1e+"), 3, "the text ends too early"},
	{TEXT("\"\\"), 1, "not a valid escape"},
	{TEXT("\"\\u12"), 1, "not a valid escape"},
	{TEXT("\"\xe2\x82"), 1, "not valid UTF-8"},
	{TEXT("[1,]"), 3, "expected a value"},
	{TEXT("[,1]"), 1, "expected a value"},
	{TEXT("[1 2]"), 3, "expected ',' or ']'"},
	{TEXT("[1}"), 2, "expected ',' or ']'"},
	{TEXT("[}"), 1, "expected a value"},
	{TEXT("{]"), 1, "expected a key in double quotes"},
	{TEXT("{\"a\":1]"), 6, "expected ',' or '}'"},
	{TEXT("{\"a\":[1}]"), 7, "expected ',' or ']'"},
	{TEXT("[{\"a\":1]]"), 7, "expected ',' or '}'"},
	{TEXT("{\"a\":1,}"), 7, "expected a key in double quotes"},
	{TEXT("{,}"), 1, "expected a key in double quotes"},
	{TEXT("{a:1}"), 1, "expected a key in double quotes"},
	{TEXT("{'a':1}"), 1, "expected a key in double quotes"},
	{TEXT("{1:2}"), 1, "expected a key in double quotes"},
	{TEXT("{\"a\" 1}"), 5, "expected ':'"},
	{TEXT("{\"a\"}"), 4, "expected ':'"},
	{TEXT("{\"a\"::1}"), 5, "expected a value"},
	{TEXT("01"), 0, "a number must not begin with 0"},
	{TEXT("-01"), 1, "a number must not begin with 0"},
	{TEXT("00"), 0, "a number must not begin with 0"},
	{TEXT("+1"), 0, "expected a value"},
	{TEXT(".5"), 0, "expected a value"},
	{TEXT("5.]"), 2, "expected a digit"},
	{TEXT("--1"), 1, "expected a digit"},
	{TEXT("1.e2"), 2, "expected a digit"},
	{TEXT("1e "), 2, "expected a digit"},
	{TEXT("0x10"), 1, "there is more behind the first value"},
	{TEXT("1_000"), 1, "there is more behind the first value"},
	{TEXT("NaN"), 0, "expected a value"},
	{TEXT("nan"), 1, "expected a value"},
	{TEXT("-Infinity"), 1, "expected a digit"},
	{TEXT("True"), 0, "expected a value"},
	{TEXT("nul "), 3, "expected a value"},
	{TEXT("truex"), 4, "there is more behind the first value"},
	{TEXT("// x\n1"), 0, "expected a value"},
	{TEXT("\x0b"
	      "1"),
	 0, "expected a value"},
	{TEXT("\xc2\xa0"
	      "1"),
	 0, "expected a value"},
	{TEXT("\"\n\""), 1, "a control character must be escaped"},
	{TEXT("\"\x1f\""), 1, "a control character must be escaped"},
	{TEXT("\"\\x\""), 1, "not a valid escape"},
	{TEXT("\"\\u12g4\""), 1, "not a valid escape"},
	{TEXT("\"\\U0041\""), 1, "not a valid escape"},
	{TEXT("\"\\ud800\\\""), 9, "the text ends too early"},
	{TEXT("\"\xff\""), 1, "not valid UTF-8"},
	{TEXT("\"\x80\""), 1, "not valid UTF-8"},
	{TEXT("\"\xc0\x80\""), 1, "not valid UTF-8"},
	{TEXT("\"\xc1\xbf\""), 1, "not valid UTF-8"},
	{TEXT("\"\xc3\""), 1, "not valid UTF-8"},
	{TEXT("\"\xe0\x9f\xbf\""), 1, "not valid UTF-8"},
	{TEXT("\"\xed\xa0\x80\""), 1, "not valid UTF-8"},
	{TEXT("\"\xe2\x82\""), 1, "not valid UTF-8"},
	{TEXT("\"\xf0\x8f\xbf\xbf\""), 1, "not valid UTF-8"},
	{TEXT("\"\xf4\x90\x80\x80\""), 1, "not valid UTF-8"},
	{TEXT("\"\xf5\x80\x80\x80\""), 1, "not valid UTF-8"},
	{TEXT("{\"\xff\":1}"), 2, "not valid UTF-8"},
};

static void validate__json__is_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		struct json_error error;

		if (json_validate(valid[i].text, valid[i].length, &error))
			fail_msg("%s: refused at %zu: %s", valid[i].text,
				 error.offset, error.reason);
	}
}

static void validate__not_json__is_refused_where_it_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		struct json_error error = {12345, "unset"};

		if (!json_validate(invalid[i].text, invalid[i].length, &error))
			fail_msg("accepted: %s", invalid[i].text);
		if (error.offset != invalid[i].offset ||
		    strcmp(error.reason, invalid[i].reason))
			fail_msg("%s: not at %zu %s, but at %zu: %s",
				 invalid[i].text, invalid[i].offset,
				 invalid[i].reason, error.offset, error.reason);
	}
}

static void validate__no_error_wanted__still_refuses(void **state)
{
	(void)state;
	assert_int_equal(json_validate(TEXT("[1,"), NULL), -1);
}

/* LEVELS times OPENING, then MIDDLE, then as many times CLOSING. */
static char *nested(size_t levels, const char *opening, const char *middle,
		    const char *closing)
{
	size_t open = strlen(opening), close = strlen(closing);
	char *text = malloc(levels * (open + close) + strlen(middle) + 1);
	char *p = text;

	assert_non_null(text);
	for (size_t i = 0; i < levels; i++, p += open)
		memcpy(p, opening, open);
	p = stpcpy(p, middle);
	for (size_t i = 0; i < levels; i++, p += close)
		memcpy(p, closing, close);
	*p = '\0';
	return text;
}

static int validate_nested(size_t levels, const char *opening,
			   const char *middle, const char *closing,
			   struct json_error *error)
{
	char *text = nested(levels, opening, middle, closing);
	int result = json_validate(text, strlen(text), error);

	free(text);
	return result;
}

static void validate__ten_thousand_levels__are_the_limit(void **state)
{
	struct json_error error;

	(void)state;
	assert_int_equal(JSON_DEPTH, 10000);
	assert_int_equal(validate_nested(10000, "[", "", "]", &error), 0);
	assert_int_equal(validate_nested(10000, "{\"a\":", "1", "}", &error),
			 0);
	assert_int_equal(validate_nested(5000, "[{\"a\":", "1", "}]", &error),
			 0);
	assert_int_equal(validate_nested(10001, "[", "", "]", &error), -1);
	assert_int_equal(error.offset, 10000);
	assert_string_equal(error.reason, "nested more than 10000 levels deep");
	assert_int_equal(validate_nested(1000000, "[", "", "", &error), -1);
	assert_int_equal(error.offset, 10000);
}

static void validate__deep_and_wrong__remembers_what_is_open(void **state)
{
	struct json_error error;

	(void)state;
	assert_int_equal(validate_nested(3000, "[{\"a\":", "1", "}}", &error),
			 -1);
	assert_string_equal(error.reason, "expected ',' or ']'");
}

static void assert_position(const char *text, size_t offset, size_t line,
			    size_t column)
{
	size_t l = 0, c = 0;

	json_position(text, offset, &l, &c);
	assert_int_equal(l, line);
	assert_int_equal(c, column);
}

static void position__counts_lines_and_characters_from_one(void **state)
{
	(void)state;
	assert_position("", 0, 1, 1);
	assert_position("abc", 2, 1, 3);
	assert_position("a\nbc", 1, 1, 2);
	assert_position("a\nbc", 2, 2, 1);
	assert_position("a\r\nbc", 4, 2, 2);
	assert_position("\xc3\xa9\xe2\x82\xac!", 5, 1, 3);
}

static void assert_printed(const char *text, const struct json_style *style,
			   const char *expected)
{
	struct buffer out = BUFFER_INIT;

	assert_int_equal(json_print(&out, text, strlen(text), style), 0);
	assert_string_equal(out.data ? out.data : "", expected);
	assert_int_equal(out.length, strlen(expected));
	buffer_release(&out);
}

static const char sample[] =
	" {\"a\" :[1,2 , {\"b\":null}],\"c\":{ },\n\"d\":[\t]}\n\n";

static void print__jq_style__is_what_jq_prints(void **state)
{
	const struct json_style style = JSON_STYLE_JQ;

	(void)state;
	assert_printed("1", &style, "1\n");
	assert_printed("[]", &style, "[]\n");
	assert_printed(sample, &style,
		       "{\n"
		       "  \"a\": [\n"
		       "    1,\n"
		       "    2,\n"
		       "    {\n"
		       "      \"b\": null\n"
		       "    }\n"
		       "  ],\n"
		       "  \"c\": {},\n"
		       "  \"d\": []\n"
		       "}\n");
}

static void print__other_styles__lay_out_alike(void **state)
{
	const struct json_style tab = {.tab = true, .crlf = true};
	const struct json_style three = {.indent = 3};
	const struct json_style compact = {.compact = true, .tab = true};
	const struct json_style zero = {.indent = 0, .final_newline = true};
	const struct json_style spaced = {.compact = true, .spaced = true};

	(void)state;
	assert_printed("{\"a\":[1,{}]}", &tab,
		       "{\r\n\t\"a\": [\r\n\t\t1,\r\n\t\t{}\r\n\t]\r\n}");
	assert_printed("{\"a\":[1]}", &three,
		       "{\n   \"a\": [\n      1\n   ]\n}");
	assert_printed(sample, &compact,
		       "{\"a\":[1,2,{\"b\":null}],\"c\":{},\"d\":[]}");
	assert_printed("[ 1, 2 ]", &zero, "[1,2]\n");
	assert_printed("{\"a\":[1,2]}", &spaced, "{\"a\": [1, 2]}");
}

static void print__tokens__are_spelled_as_they_stand(void **state)
{
	const struct json_style style = {.compact = true};
	const char *text =
		"{\"\\u0061\":1.0,\"a\":-0,\"/\\/\":1E+2,"
		"\"a\":12345678901234567890,\"\\ud800\":\"{\\\"[:\"}";

	(void)state;
	assert_printed(text, &style, text);
}

static void print__ten_thousand_levels__need_no_stack(void **state)
{
	const struct json_style compact = {.compact = true};
	char *text = nested(10000, "[ ", "7", "\n]");
	char *expected = nested(10000, "[", "7", "]");

	(void)state;
	assert_printed(text, &compact, expected);
	free(text);
	free(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(validate__json__is_accepted),
		cmocka_unit_test(
			validate__not_json__is_refused_where_it_is_wrong),
		cmocka_unit_test(validate__no_error_wanted__still_refuses),
		cmocka_unit_test(validate__ten_thousand_levels__are_the_limit),
		cmocka_unit_test(
			validate__deep_and_wrong__remembers_what_is_open),
		cmocka_unit_test(
			position__counts_lines_and_characters_from_one),
		cmocka_unit_test(print__jq_style__is_what_jq_prints),
		cmocka_unit_test(print__other_styles__lay_out_alike),
		cmocka_unit_test(print__tokens__are_spelled_as_they_stand),
		cmocka_unit_test(print__ten_thousand_levels__need_no_stack),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
