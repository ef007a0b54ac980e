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

static void
print_value__margin__stands_before_each_line_but_the_first(void **state)
{
	const struct json_style style = JSON_STYLE_JQ;
	struct buffer out = BUFFER_INIT;

	(void)state;
	assert_int_equal(
		json_print_value(&out, TEXT("{\"a\":[1]}"), &style, "\t ", 2),
		0);
	assert_string_equal(out.data, "{\n\t   \"a\": [\n\t     1\n"
				      "\t   ]\n\t }");
	buffer_release(&out);
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

static void assert_style(const char *text, const struct json_style *expected)
{
	struct json_style style;

	json_detect_style(text, strlen(text), &style);
	if (style.indent != expected->indent || style.tab != expected->tab ||
	    style.compact != expected->compact ||
	    style.spaced != expected->spaced || style.crlf != expected->crlf ||
	    style.final_newline != expected->final_newline)
		fail_msg("%s: indent %d, tab %d, compact %d, spaced %d, "
			 "crlf %d, final newline %d",
			 text, style.indent, style.tab, style.compact,
			 style.spaced, style.crlf, style.final_newline);
}

static void detect_style__lines__tell_the_indent(void **state)
{
	const struct json_style four = {.indent = 4, .final_newline = true};
	const struct json_style tab = {.indent = 1, .tab = true};
	const struct json_style crlf = {
		.indent = 2, .crlf = true, .final_newline = true};
	const struct json_style three = {.indent = 3};
	const struct json_style flat = {.compact = true};

	(void)state;
	assert_style("{\n    \"a\": {}\n}\n", &four);
	assert_style("[\n\t1\n]", &tab);
	assert_style("{\r\n  \"a\": 1\r\n}\r\n", &crlf);
	assert_style("[ [ {\n\n   \"a\": 1\n}]]", &three);
	assert_style("[\n1,\n2\n]", &flat);
}

static void detect_style__one_line__tells_the_blanks(void **state)
{
	const struct json_style compact = {
		.indent = 2, .compact = true, .final_newline = true};
	const struct json_style spaced = {
		.indent = 2, .compact = true, .spaced = true};

	(void)state;
	assert_style("{\"a\":1, \"b\":2}\n", &compact);
	assert_style("[1]\n", &compact);
	assert_style("[[1,\n2]]\n",
		     &(struct json_style){.indent = 2,
					  .compact = true,
					  .spaced = true,
					  .final_newline = true});
	assert_style("[{\"a\": 1}]", &spaced);
	assert_style("[\"a,:\", 1]", &spaced);
}

static void detect_style__nothing_to_see__is_jqs(void **state)
{
	const struct json_style jq = JSON_STYLE_JQ;
	const struct json_style open = {.indent = 2};

	(void)state;
	assert_style("{}\n", &jq);
	assert_style("17\n", &jq);
	assert_style("[[]]", &open);
	assert_style(" {\n} ", &open);
}

static void quote__bytes__are_spelled_as_jq_does(void **state)
{
	static const char bytes[] =
		"a\"b\\c/\b\f\n\r\t\x01\x1f\x7f\0z\xc3\xa9\xf0\x9f\x98\x80";
	struct buffer out = BUFFER_INIT, back = BUFFER_INIT;

	(void)state;
	assert_int_equal(json_quote(&out, bytes, sizeof(bytes) - 1), 0);
	assert_string_equal(out.data,
			    "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f"
			    "\\u007f\\u0000z\xc3\xa9\xf0\x9f\x98\x80\"");
	assert_int_equal(json_unquote(&back, out.data, out.length), 0);
	assert_int_equal(back.length, sizeof(bytes) - 1);
	assert_memory_equal(back.data, bytes, back.length);
	buffer_release(&out);
	buffer_release(&back);
}

static void quote__no_utf8__is_refused(void **state)
{
	struct buffer out = BUFFER_INIT;

	(void)state;
	errno = 0;
	assert_int_equal(json_quote(&out, "ab\xff", 3), -1);
	assert_int_equal(errno, EILSEQ);
	assert_int_equal(json_quote(&out, "ab\xe2\x82", 4), -1);
	buffer_release(&out);
}

static void assert_quoted(const char *text, const char *expected)
{
	struct buffer out = BUFFER_INIT;
	struct json_error error;

	assert_int_equal(json_quote_any(&out, text), 0);
	assert_string_equal(out.data, expected);
	assert_int_equal(json_validate(out.data, out.length, &error), 0);
	buffer_release(&out);
}

static void quote_any__plain_text__is_quoted(void **state)
{
	(void)state;
	assert_quoted("", "\"\"");
	assert_quoted("a b/c", "\"a b/c\"");
	assert_quoted("sch\xc3\xb6n \xe2\x82\xac \xf0\x9f\x94\x92",
		      "\"sch\xc3\xb6n \xe2\x82\xac \xf0\x9f\x94\x92\"");
}

static void quote_any__what_json_wants_escaped__is(void **state)
{
	(void)state;
	assert_quoted("\"\\", "\"\\\"\\\\\"");
	assert_quoted("\n\t\x01\x1f", "\"\\n\\t\\u0001\\u001f\"");
	assert_quoted("\x7f", "\"\\u007f\"");
}

static void quote_any__bytes_that_are_no_utf8__are_replaced(void **state)
{
	(void)state;
	assert_quoted("a\xff" "b", "\"a\\ufffdb\"");
	/* alone, cut short, overlong, surrogate, beyond U+10FFFF */
	assert_quoted("\x80", "\"\\ufffd\"");
	assert_quoted("\xc3", "\"\\ufffd\"");
	assert_quoted("\xe2\x82", "\"\\ufffd\\ufffd\"");
	assert_quoted("\xf0\x9f\x94", "\"\\ufffd\\ufffd\\ufffd\"");
	assert_quoted("\xc0\xaf", "\"\\ufffd\\ufffd\"");
	assert_quoted("\xe0\x9f\xbf", "\"\\ufffd\\ufffd\\ufffd\"");
	assert_quoted("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
	assert_quoted("\xf4\x90\x80\x80",
		      "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
	assert_quoted("\xc3\xc3\xb6", "\"\\ufffd\xc3\xb6\"");
}

static void quote_any__limits_of_utf8__stay(void **state)
{
	(void)state;
	assert_quoted("\xc2\x80\xdf\xbf", "\"\xc2\x80\xdf\xbf\"");
	assert_quoted("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf",
		      "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"");
	assert_quoted("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
		      "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
}

static void unquote__escapes__become_characters(void **state)
{
	static const char token[] =
		"\"\\u0041\\/\\u00e9\\uD83d\\uDe00\\u20AC\"";
	struct buffer out = BUFFER_INIT;

	(void)state;
	assert_int_equal(json_unquote(&out, TEXT(token)), 0);
	assert_string_equal(out.data, "A/\xc3\xa9\xf0\x9f\x98\x80\xe2\x82\xac");
	buffer_release(&out);
}

static void unquote__half_a_surrogate_pair__is_refused(void **state)
{
	static const char *const tokens[] = {
		"\"\\ud800\"",	  "\"\\udc00\"",	"\"\\ud800x\"",
		"\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\ud800\\u0041\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		struct buffer out = BUFFER_INIT;

		errno = 0;
		assert_int_equal(
			json_unquote(&out, tokens[i], strlen(tokens[i])), -1);
		assert_int_equal(errno, EILSEQ);
		buffer_release(&out);
	}
}

#define KEY(string)                                           \
	{                                                     \
		.key = (string), .length = sizeof(string) - 1 \
	}
#define INDEX(number)             \
	{                         \
		.index = (number) \
	}

static void locate(const char *text, const struct json_step *path, size_t count,
		   struct json_place *place)
{
	struct json_error error;

	memset(place, 0xa5, sizeof(*place));
	if (json_locate(text, strlen(text), path, count, place, &error))
		fail_msg("%s: refused at %zu: %s", text, error.offset,
			 error.reason);
}

/* That PATH leads to VALUE in TEXT with FOUND steps. */
static void assert_leads(const char *text, const struct json_step *path,
			 size_t count, size_t found, const char *value)
{
	struct json_place place;

	locate(text, path, count, &place);
	if (place.found != found ||
	    place.here.end - place.here.value != strlen(value) ||
	    memcmp(text + place.here.value, value, strlen(value)))
		fail_msg("%s: %zu steps lead to %.*s", text, place.found,
			 (int)(place.here.end - place.here.value),
			 text + place.here.value);
	assert_false(place.doubtful);
}

static void locate__path__leads_to_its_value(void **state)
{
	const struct json_step ab[] = {KEY("a"), KEY("b")};
	const struct json_step a1[] = {KEY("a"), INDEX(1)};
	const struct json_step last[] = {KEY("a"), INDEX(-1), KEY("b")};
	const struct json_step empty[] = {KEY("")};

	(void)state;
	assert_leads(" [1, 2] ", NULL, 0, 0, "[1, 2]");
	assert_leads("{\"a\" : {\"b\":[ 1 ]}}", ab, 2, 2, "[ 1 ]");
	assert_leads("{\"a\":[1,{\"a\":2},3]}", a1, 2, 2, "{\"a\":2}");
	assert_leads("{\"a\":[1,{\"b\":2},{\"b\":3}],\"b\":4}", last, 3, 3,
		     "3");
	assert_leads("{\"a\":0,\"\":5}", empty, 1, 1, "5");
}

static void locate__path__ends_where_the_text_does_not_fit(void **state)
{
	const struct json_step ab[] = {KEY("a"), KEY("b")};
	const struct json_step a2[] = {KEY("a"), INDEX(2)};
	const struct json_step before[] = {KEY("a"), INDEX(-3)};

	(void)state;
	assert_leads("{\"b\":1}", ab, 2, 0, "{\"b\":1}");
	assert_leads("{\"a\":\"b\"}", ab, 2, 1, "\"b\"");
	assert_leads("{\"a\":[\"b\"]}", ab, 2, 1, "[\"b\"]");
	assert_leads("{\"a\":{\"c\":{\"b\":1}}}", ab, 2, 1,
		     "{\"c\":{\"b\":1}}");
	assert_leads("{\"a\":[0,1]}", a2, 2, 1, "[0,1]");
	assert_leads("{\"a\":[0,1]}", before, 2, 1, "[0,1]");
	assert_leads("{\"a\":{\"2\":1}}", a2, 2, 1, "{\"2\":1}");
	assert_leads("null", ab, 2, 0, "null");
}

static void locate__keys__are_compared_as_what_they_mean(void **state)
{
	const struct json_step a[] = {KEY("a")};
	const struct json_step dots[] = {KEY("a.\"b\\\n\0\xe2\x82\xac")};
	const struct json_step backslash[] = {KEY("\\n")};

	(void)state;
	assert_leads("{\"\\u0061\":1}", a, 1, 1, "1");
	assert_leads("{\"\\u0062\":2,\"aa\":3,\"\":4,\"a\":1}", a, 1, 1, "1");
	assert_leads("{\"a.\\\"b\\\\\\n\\u0000\\u20aC\":1}", dots, 1, 1, "1");
	assert_leads("{\"\\n\":1,\"\\\\n\":2}", backslash, 1, 1, "2");
}

static void locate__equal_keys_on_the_way__are_doubtful(void **state)
{
	const struct json_step ab[] = {KEY("a"), KEY("b")};
	struct json_place place;

	(void)state;
	locate("{\"a\":{\"b\":1},\"\\u0061\":2}", ab, 2, &place);
	assert_true(place.doubtful);
	locate("{\"a\":{\"b\":1,\"b\":1}}", ab, 2, &place);
	assert_true(place.doubtful);
	locate("{\"\\ud800\":{\"b\":1}}", ab, 2, &place);
	assert_true(place.doubtful);
	locate("{\"a\":{\"b\":{\"c\":1,\"c\":1}},\"d\":1,\"d\":2}", ab, 2,
	       &place);
	assert_false(place.doubtful);
}

static void assert_member(const struct json_member *member, size_t before,
			  size_t start, size_t key_end, size_t value,
			  size_t end, size_t behind)
{
	assert_int_equal(member->before, before);
	assert_int_equal(member->start, start);
	assert_int_equal(member->key_end, key_end);
	assert_int_equal(member->value, value);
	assert_int_equal(member->end, end);
	assert_int_equal(member->behind, behind);
}

static void locate__place__tells_what_is_around(void **state)
{
	const struct json_step b[] = {KEY("b"), KEY("x")};
	const struct json_step second[] = {INDEX(1)};
	struct json_place place;

	(void)state;
	/*      0123456789012345678901234567890 */
	locate("{ \"a\" : 1 , \"b\" : [ 2 , 3 ] }", b, 2, &place);
	assert_int_equal(place.found, 1);
	assert_member(&place.here, 9, 12, 15, 18, 27, 28);
	assert_int_equal(place.count, 2);
	assert_member(&place.last, 21, 24, 24, 24, 25, 26);

	locate(" [ 7, {} ,9]\n", second, 1, &place);
	assert_member(&place.here, 4, 6, 6, 6, 8, 10);
	assert_int_equal(place.count, 0);

	locate(" [] ", second, 1, &place);
	assert_int_equal(place.found, 0);
	assert_member(&place.here, 0, 1, 1, 1, 3, 4);
	assert_int_equal(place.count, 0);
}

static void locate__not_json__is_refused_anywhere(void **state)
{
	static const char *const texts[] = {
		"",
		"{\"a\":1",
		"{\"a\":1,}",
		"{\"a\":1]",
		"{\"a\" 1}",
		"{a:1}",
		"{\"b\":[1,],\"a\":1}",
		"{\"a\":[1,]}",
		"{\"a\":[1}",
		"{\"a\":1} x",
		"{\"a\":[1],\"b\":tru}",
	};
	const struct json_step a[] = {KEY("a"), INDEX(-1)};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t length = strlen(texts[i]);
		struct json_error error, expected;
		struct json_place place;

		assert_int_equal(json_validate(texts[i], length, &expected),
				 -1);
		assert_int_equal(
			json_locate(texts[i], length, a, 2, &place, &error),
			-1);
		assert_int_equal(error.offset, expected.offset);
		assert_string_equal(error.reason, expected.reason);
	}
}

static void locate__deep_text__is_refused_at_the_same_depth(void **state)
{
	const struct json_step path[] = {INDEX(0), INDEX(-1), INDEX(0)};
	char *text = nested(JSON_DEPTH, "[", "", "]");
	char *deeper = nested(JSON_DEPTH + 1, "[", "", "]");
	struct json_place place;

	(void)state;
	locate(text, path, 3, &place);
	assert_int_equal(place.found, 3);
	assert_int_equal(place.here.value, 3);
	assert_int_equal(
		json_locate(deeper, strlen(deeper), path, 3, &place, NULL), -1);
	free(text);
	free(deeper);
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
		cmocka_unit_test(
			print_value__margin__stands_before_each_line_but_the_first),
		cmocka_unit_test(detect_style__lines__tell_the_indent),
		cmocka_unit_test(detect_style__one_line__tells_the_blanks),
		cmocka_unit_test(detect_style__nothing_to_see__is_jqs),
		cmocka_unit_test(quote__bytes__are_spelled_as_jq_does),
		cmocka_unit_test(quote__no_utf8__is_refused),
		cmocka_unit_test(quote_any__plain_text__is_quoted),
		cmocka_unit_test(quote_any__what_json_wants_escaped__is),
		cmocka_unit_test(
			quote_any__bytes_that_are_no_utf8__are_replaced),
		cmocka_unit_test(quote_any__limits_of_utf8__stay),
		cmocka_unit_test(unquote__escapes__become_characters),
		cmocka_unit_test(unquote__half_a_surrogate_pair__is_refused),
		cmocka_unit_test(locate__path__leads_to_its_value),
		cmocka_unit_test(
			locate__path__ends_where_the_text_does_not_fit),
		cmocka_unit_test(locate__keys__are_compared_as_what_they_mean),
		cmocka_unit_test(locate__equal_keys_on_the_way__are_doubtful),
		cmocka_unit_test(locate__place__tells_what_is_around),
		cmocka_unit_test(locate__not_json__is_refused_anywhere),
		cmocka_unit_test(
			locate__deep_text__is_refused_at_the_same_depth),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
