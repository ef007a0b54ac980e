/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "json.h"
#include "quote.h"

/* A string constant and its length, for texts that hold NULs. */
#define TEXT(string) (string), sizeof(string) - 1

static void assert_quoted(const char *bytes, size_t length,
			  const char *expected)
{
	struct buffer out = BUFFER_INIT;

	assert_int_equal(quote_add(&out, bytes, length), 0);
	assert_string_equal(out.data, expected);
	buffer_release(&out);
}

static void assert_undone(const char *text, const char *expected,
			  size_t length)
{
	struct buffer out = BUFFER_INIT;

	assert_int_equal(quote_undo(&out, text, strlen(text)), 0);
	assert_int_equal(out.length, length);
	if (length)
		assert_memory_equal(out.data, expected, length);
	buffer_release(&out);
}

static void quote__add__spells_as_jq_does(void **state)
{
	(void)state;
	assert_quoted(TEXT(""), "\"\"");
	assert_quoted(TEXT("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
	assert_quoted(TEXT("\b\t\n\f\r"), "\"\\b\\t\\n\\f\\r\"");
	assert_quoted(TEXT("\0\x01\x1f\x7f"),
		      "\"\\u0000\\u0001\\u001f\\u007f\"");
	assert_quoted(TEXT("\xc3\xa4"), "\"\xc3\xa4\"");
}

static void quote__undo__knows_every_escape(void **state)
{
	(void)state;
	assert_undone("\"\"", TEXT(""));
	assert_undone("\"plain\"", TEXT("plain"));
	assert_undone("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		      TEXT("\"\\/\b\f\n\r\t"));
	assert_undone("\"a\\u0000b\"", TEXT("a\0b"));
	assert_undone("\"\\u007F\\u00e9\\u20aC\"",
		      TEXT("\x7f\xc3\xa9\xe2\x82\xac"));
	assert_undone("\"\\ud83d\\ude00\\udbff\\udfff\"",
		      TEXT("\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf"));
}

static void quote__lone_surrogate__is_replaced(void **state)
{
	(void)state;
	assert_undone("\"\\ud800\"", TEXT("\xef\xbf\xbd"));
	assert_undone("\"\\udc00x\"", TEXT("\xef\xbf\xbdx"));
	assert_undone("\"\\ud800\\n\"", TEXT("\xef\xbf\xbd\n"));
	assert_undone("\"\\ud800\\u0041\"", TEXT("\xef\xbf\xbd\x41"));
	assert_undone("\"\\ud800\\ud83d\\ude00\"",
		      TEXT("\xef\xbf\xbd\xf0\x9f\x98\x80"));
}

static void quote__all_characters__come_back(void **state)
{
	struct buffer quoted = BUFFER_INIT, out = BUFFER_INIT;
	char bytes[256];

	(void)state;
	for (int i = 0; i < 128; i++)
		bytes[i] = (char)i;
	assert_int_equal(quote_add(&quoted, bytes, 128), 0);
	assert_int_equal(json_validate(quoted.data, quoted.length, NULL), 0);
	assert_int_equal(quote_undo(&out, quoted.data, quoted.length), 0);
	assert_int_equal(out.length, 128);
	assert_memory_equal(out.data, bytes, 128);
	buffer_release(&quoted);
	buffer_release(&out);
}

static void quote__source__finds_the_byte(void **state)
{
	const char *bytes = "a\"\x01z";

	(void)state;
	assert_int_equal(quote_source(bytes, 0), 0);
	assert_int_equal(quote_source(bytes, 1), 0);
	assert_int_equal(quote_source(bytes, 2), 1);
	assert_int_equal(quote_source(bytes, 4), 2);
	assert_int_equal(quote_source(bytes, 10), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quote__add__spells_as_jq_does),
		cmocka_unit_test(quote__undo__knows_every_escape),
		cmocka_unit_test(quote__lone_surrogate__is_replaced),
		cmocka_unit_test(quote__all_characters__come_back),
		cmocka_unit_test(quote__source__finds_the_byte),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
