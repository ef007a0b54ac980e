/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "edit.h"

/* The variables of all tests here. */
static const char *find(void *context, const char *name, size_t length,
			size_t *text_length)
{
	static const char *const variables[][2] = {
		{"key", "\"a b\""},	 {"index", " -1\n"},
		{"text", "\"t\\\"\""},	 {"object", "{\"x\": [1,\n 2.50]}"},
		{"number", "12"},	 {"half", "0.5"},
		{"lone", "\"\\ud800\""}, {"ENV", "1"}, {"ARGS", "1"},
		{"null", "null"},	 {"list", "[ \"q\" ]"},
	};

	(void)context;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		if (strlen(variables[i][0]) != length ||
		    memcmp(variables[i][0], name, length))
			continue;
		*text_length = strlen(variables[i][1]);
		return variables[i][1];
	}
	return NULL;
}

static const struct edit_variables variables = {find, NULL};

/* An arithmetic whose results are easily told from the real ones. */
static enum edit_result arithmetic_shown(void *context, char operator,
					 const char * left, size_t left_length,
					 const char *right, size_t right_length,
					 struct buffer *result)
{
	(void)context;
	return buffer_add_format(result, "\"%.*s %c %.*s\"", (int)left_length,
				 left, operator,(int) right_length, right)
		       ? EDIT_NO_MEMORY
		       : EDIT_DONE;
}

static const struct edit_arithmetic shown = {arithmetic_shown, NULL};

static void set_text(struct buffer *text, const char *content)
{
	buffer_clear(text);
	assert_int_equal(buffer_add_string(text, content), 0);
}

static enum edit_result apply(const char *filter, struct buffer *text,
			      const struct edit_arithmetic *arithmetic,
			      bool *changed)
{
	struct edit *edit;
	enum edit_result result = edit_parse(&edit, filter, &variables);
	struct json_error error;

	if (result != EDIT_DONE)
		fail_msg("%s: not read (%d)", filter, result);
	result = edit_apply(edit, text, arithmetic, changed, &error);
	edit_release(edit);
	return result;
}

static void assert_edits(const char *filter, const char *before,
			 const char *after)
{
	struct buffer text = BUFFER_INIT;
	bool changed = false;
	enum edit_result result;

	set_text(&text, before);
	result = apply(filter, &text, &shown, &changed);
	if (result != EDIT_DONE)
		fail_msg("%s: %s gave %d", filter, before, result);
	if (strcmp(text.data, after) || text.length != strlen(after))
		fail_msg("%s: %s became %s", filter, before, text.data);
	assert_int_equal(changed, strcmp(before, after) != 0);
	buffer_release(&text);
}

/* That FILTER is read, but declines for TEXT and leaves it alone. */
static void assert_declines(const char *filter, const char *content)
{
	struct buffer text = BUFFER_INIT;
	bool changed;
	enum edit_result result;

	set_text(&text, content);
	result = apply(filter, &text, NULL, &changed);
	if (result != EDIT_DECLINED)
		fail_msg("%s: %s gave %d", filter, content, result);
	assert_string_equal(text.data, content);
	buffer_release(&text);
}

static void assert_unread(const char *filter)
{
	struct edit *edit = NULL;
	enum edit_result result = edit_parse(&edit, filter, &variables);

	if (result != EDIT_DECLINED)
		fail_msg("%s: gave %d", filter, result);
	assert_null(edit);
}

static void set__existing_value__is_all_that_changes(void **state)
{
	(void)state;
	assert_edits(".a = 1", "{ \"a\":\t0 , \"b\" : 1.0}",
		     "{ \"a\":\t1 , \"b\" : 1.0}");
	assert_edits(".a |= true", "{\"a\":{\"b\":[]}}", "{\"a\":true}");
	assert_edits(".[1] = null", "[1, 2, 3]", "[1, null, 3]");
	assert_edits(".[-1].x = 4", "[1, {\"x\":5}]", "[1, {\"x\":4}]");
	assert_edits(". = 1", " {\"a\":2}\n", " 1\n");
	assert_edits(".", "[ 1 ]", "[ 1 ]");
	assert_edits(". | .a=1 | .", "{\"a\":2}", "{\"a\":1}");
}

static void set__missing_member__is_put_last(void **state)
{
	(void)state;
	assert_edits(".b = 2", "{\"a\":1}", "{\"a\":1,\"b\":2}");
	assert_edits(".a.b.c = 1", "{\"a\":{}}", "{\"a\":{\"b\":{\"c\":1}}}");
	assert_edits(".a.b = 1", "{\"a\":null,\"c\":2}",
		     "{\"a\":{\"b\":1},\"c\":2}");
}

static void path__spellings__name_the_same(void **state)
{
	static const char *const filters[] = {
		".[\"a b\"] = 1", ".\"a b\" = 1",     ".[$key] = 1",
		".[ $key ]=1",	  ".\"a\\u0020b\"=1", " .[\t\"a b\" ]\n= 1 ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		assert_edits(filters[i], "{\"\\u0061 b\":0}",
			     "{\"\\u0061 b\":1}");
	assert_edits(".\"a b\".c[0].d = 1", "{\"a b\":{\"c\":[{\"d\":0}]}}",
		     "{\"a b\":{\"c\":[{\"d\":1}]}}");
	assert_edits(".[$index] = 1", "[0,0]", "[0,1]");
	assert_edits(".[\"\\\"\\u0000\\n\"] = 1", "{}",
		     "{\n  \"\\\"\\u0000\\n\": 1\n}");
}

static void index__past_the_end__is_padded_with_null(void **state)
{
	(void)state;
	assert_edits(".[3] = 1", "[0]", "[0,null,null,1]");
	assert_edits(".[1].a = 1", "[]",
		     "[\n  null,\n  {\n    \"a\": 1\n  }\n]");
	assert_edits(".a[2] = 1", "{\"a\":null}\n", "{\"a\":[null,null,1]}\n");
	assert_edits(".a[1] += 1", "{\"b\": 0}",
		     "{\"b\": 0, \"a\": [null, 1]}");
	assert_declines(".[1001] = 1", "[]");
	assert_declines(".[999999999] = 1", "[0]");
	assert_declines(".[-2] = 1", "[0]");
	assert_declines(".[-1] = 1", "null");
}

static void
constants__any__are_put_as_jq_or_the_filter_spells_them(void **state)
{
	(void)state;
	assert_edits(".a = 1.50", "{\"a\":0}", "{\"a\":1.50}");
	assert_edits(".a = -1E+2", "{\"a\":0}", "{\"a\":-1E+2}");
	assert_edits(".a = 12345678901234567890", "{\"a\":0}",
		     "{\"a\":12345678901234567890}");
	assert_edits(".a = \"\\u0041\\/\\u001f\\\"\"", "{\"a\":0}",
		     "{\"a\":\"A/\\u001f\\\"\"}");
	assert_edits(".a = [ 1,\"b\" , [],{ } ,null ]", "{\"a\":0}",
		     "{\"a\":[1,\"b\",[],{},null]}");
	assert_edits(".a = {b: 1, \"c d\": 2, $number, ($key): 3, (\"e\"): -4}",
		     "{\"a\":0}",
		     "{\"a\":{\"b\":1,\"c d\":2,\"number\":12,\"a b\":3,"
		     "\"e\":-4}}");
	assert_edits(".a = [$object, $index]", "{\"a\":0}",
		     "{\"a\":[{\"x\":[1,2.50]},-1]}");
}

static void constants__sums__are_added_up(void **state)
{
	(void)state;
	assert_edits(".a = 1 + 2+$number", "{\"a\":0}", "{\"a\":15}");
	assert_edits(".a = \"x\" + $text", "{\"a\":0}", "{\"a\":\"xt\\\"\"}");
	assert_edits(".a = [1] + [] + $list", "{\"a\":0}", "{\"a\":[1,\"q\"]}");
	assert_edits(".a = null + {} + {b:1} + null", "{\"a\":0}",
		     "{\"a\":{\"b\":1}}");
	assert_edits(".a = [(1 + 2), 3 + 4]", "{\"a\":0}", "{\"a\":[3,7]}");
	assert_unread(".a = {b:1} + {c:2}");
	assert_unread(".a = 1 + \"x\"");
	assert_unread(".a = 0.1 + 1");
	assert_unread(".a = true + true");
}

static void add__value__depends_on_its_type(void **state)
{
	(void)state;
	assert_edits(".a += 1", "{\"a\":41}", "{\"a\":42}");
	assert_edits(".a += 1", "{}", "{\n  \"a\": 1\n}");
	assert_edits(".a += \"y\"", "{\"a\":\"\\u0078\"}",
		     "{\"a\":\"\\u0078y\"}");
	assert_edits(".a += [2,{\"b\":3}]", "{\"a\":[1]}",
		     "{\"a\":[1,2,{\"b\":3}]}");
	assert_edits(".a += [2]", "{\"a\":[ ]}", "{\"a\":[2]}");
	assert_edits(".a += []", "{\"a\":[ ]}", "{\"a\":[ ]}");
	assert_edits(".a += {c:3,b:[4]}", "{\"a\":{\"b\":1}}",
		     "{\"a\":{\"b\":[4],\"c\":3}}");
	assert_edits(". += {\"\\u00e9\":1}", "{\"\\u00e9\":0}",
		     "{\"\\u00e9\":1}");
	assert_edits(".a += null", "{\"a\":1.0}", "{\"a\":1.0}");
	assert_edits(".a += null", "{\"b\":1}", "{\"b\":1,\"a\":null}");
	assert_declines(".a += 1", "{\"a\":\"1\"}");
	assert_declines(".a += true", "{\"a\":true}");
	assert_declines(".a += {}", "{\"a\":[]}");
}

static void arithmetic__small_integers__are_computed_here(void **state)
{
	(void)state;
	assert_edits(".a -= 3", "{\"a\":-999999999999996}",
		     "{\"a\":-999999999999999}");
	assert_edits(".a *= -7", "{\"a\":6}", "{\"a\":-42}");
	assert_edits(".a /= 2", "{\"a\":42}", "{\"a\":21}");
	assert_edits(".a %= 10", "{\"a\":-42}", "{\"a\":-2}");
	assert_edits(".a -= 5", "{\"a\":5}", "{\"a\":0}");
}

static void arithmetic__all_else__is_asked_of_the_caller(void **state)
{
	(void)state;
	assert_edits(".a += 1", "{\"a\":999999999999999}",
		     "{\"a\":\"999999999999999 + 1\"}");
	assert_edits(".a += $half", "{\"a\":1}", "{\"a\":\"1 + 0.5\"}");
	assert_edits(".a -= 1", "{\"a\":1e3}", "{\"a\":\"1e3 - 1\"}");
	assert_edits(".a /= 2", "{\"a\":1}", "{\"a\":\"1 / 2\"}");
	assert_edits(".a /= 0", "{\"a\":1}", "{\"a\":\"1 / 0\"}");
	assert_edits(".a *= -1", "{\"a\":0}", "{\"a\":\"0 * -1\"}");
	assert_edits(".a += 0", "{\"a\":-0}", "{\"a\":\"-0 + 0\"}");
	assert_declines(".a += 0.5", "{\"a\":1}");
	assert_declines(".a /= 0", "{\"a\":1}");
}

static void arithmetic__no_jq_agrees_on__is_declined(void **state)
{
	(void)state;
	assert_declines(".a %= 0", "{\"a\":1}");
	assert_declines(".a %= 2", "{\"a\":-4}");
	assert_declines(".a %= 2", "{\"a\":4.5}");
	assert_declines(".a -= 1", "{}");
	assert_declines(".a -= 1", "{\"a\":null}");
	assert_declines(".a -= [1]", "{\"a\":[1]}");
	assert_declines(".a *= 2", "{\"a\":\"x\"}");
	assert_declines(".a /= \",\"", "{\"a\":\"x,y\"}");
}

static void default__set_value__stays(void **state)
{
	(void)state;
	assert_edits(".a //= 1", "{\"a\":0}", "{\"a\":0}");
	assert_edits(".a //= 1", "{\"a\":false}", "{\"a\":1}");
	assert_edits(".a //= 1", "{\"a\":null}", "{\"a\":1}");
	assert_edits(".a //= {}", "{\"b\":[]}", "{\"b\":[],\"a\":{}}");
}

static void delete__member__takes_one_comma_with_it(void **state)
{
	(void)state;
	assert_edits("del(.a)", "{ \"a\":1 , \"b\":2 }", "{ \"b\":2 }");
	assert_edits("del(.b)", "{ \"a\":1 , \"b\":2 }", "{ \"a\":1 }");
	assert_edits("del( .a )", "{ \"a\":1 }", "{}");
	assert_edits("del(.[1])", "[1, 2, 3]", "[1, 3]");
	assert_edits("del(.a[-1])", "{\"a\":[{}]}", "{\"a\":[]}");
	assert_edits("del(.a,.b)", "{\"a\":1,\"b\":2,\"c\":3}", "{\"c\":3}");
	assert_edits("del(.[0], .[2], .[2], .[1].a)", "[0,{\"a\":1},2,3]",
		     "[{},3]");
	assert_edits("del(.a, .a.b)", "{\"a\":{\"b\":1}}", "{}");
}

static void delete__what_is_not_there__changes_nothing(void **state)
{
	(void)state;
	assert_edits("del(.a)", "{\"b\":1}", "{\"b\":1}");
	assert_edits("del(.a.b[0])", "{\"b\":1}", "{\"b\":1}");
	assert_edits("del(.[7])", "[1]", "[1]");
	assert_edits("del(.a)", "null", "null");
	assert_declines("del(.a)", "[1]");
	assert_declines("del(.a.b)", "{\"a\":1}");
	assert_declines("del(.[-7])", "[1]");
	assert_declines("del(.[0])", "{\"a\":1}");
}

static void layout__lines__are_indented_like_their_surroundings(void **state)
{
	(void)state;
	assert_edits(".b = {c:[1]}", "{\n  \"a\": 1\n}\n",
		     "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [\n      1\n"
		     "    ]\n  }\n}\n");
	assert_edits(".a = [1]", "{\n\t\"a\" : 0\n}",
		     "{\n\t\"a\" : [\n\t\t1\n\t]\n}");
	assert_edits(".b = 1 | .c = 2", "{\n    \"a\" : 0\n}",
		     "{\n    \"a\" : 0,\n    \"b\" : 1,\n    \"c\" : 2\n}");
	assert_edits(".a.b = [1]", "{\r\n  \"a\": {}\r\n}\r\n",
		     "{\r\n  \"a\": {\r\n    \"b\": [\r\n      1\r\n    ]\r\n"
		     "  }\r\n}\r\n");
	assert_edits(". += {b:{c:2}}", "{\n  \"a\":1\n, \"d\":2\n}",
		     "{\n  \"a\":1\n, \"d\":2\n, \"b\":{\n  \"c\": 2\n}\n}");
}

static void layout__one_line__stays_one(void **state)
{
	(void)state;
	assert_edits(".b = {c:[1,2]}", "{\"a\":1}",
		     "{\"a\":1,\"b\":{\"c\":[1,2]}}");
	assert_edits(".b = {c:[1,2]}", "{\"a\": 1, \"d\": 2}",
		     "{\"a\": 1, \"d\": 2, \"b\": {\"c\": [1, 2]}}");
	assert_edits(".a += [{b:2}]", "{\n  \"a\": [1]\n}",
		     "{\n  \"a\": [1, {\"b\": 2}]\n}");
	assert_edits(".a.c = 2", "{\n  \"a\": { \"b\" : 1 }\n}",
		     "{\n  \"a\": { \"b\" : 1, \"c\" : 2 }\n}");
}

static void doubt__equal_keys_on_the_way__declines(void **state)
{
	(void)state;
	assert_declines(".a = 1", "{\"a\":1,\"\\u0061\":2}");
	assert_declines(".a.b = 1", "{\"a\":{\"b\":1,\"b\":2}}");
	assert_declines(". += {a:1}", "{\"b\":0,\"a\":1,\"a\":2}");
	assert_declines("del(.a)", "{\"a\":1,\"a\":2}");
	assert_declines(".a = 1", "{\"\\udc00\":1}");
	assert_edits(".a = 1", "{\"b\":1,\"b\":2,\"a\":{\"b\":1,\"b\":2}}",
		     "{\"b\":1,\"b\":2,\"a\":1}");
}

static void doubt__types_that_do_not_fit__decline(void **state)
{
	(void)state;
	assert_declines(".a.b = 1", "{\"a\":\"x\"}");
	assert_declines(".a = 1", "[]");
	assert_declines(".[0] = 1", "{}");
	assert_declines(".a.b = 1", "{\"a\":false}");
	assert_declines(".a = 1", "1");
}

static void doubt__later_operation__puts_everything_back(void **state)
{
	(void)state;
	assert_declines(".a = [1,2,3] | .c += [9] | del(.b) | .c.d = 1",
			"{ \"a\": 0, \"b\": {\"x\": 1}, \"c\": [ 1 ] }");
}

static void changed__splices_that_cancel_out__are_no_change(void **state)
{
	(void)state;
	assert_edits(".a = 5 | .a = 1", "{\"a\":1}", "{\"a\":1}");
	assert_edits("del(.b) | .b = 2", "{\"a\":1,\"b\":2}",
		     "{\"a\":1,\"b\":2}");
	assert_edits(".a = 1", "{\"a\":1}", "{\"a\":1}");
}

static const char *const foreign[] = {
	"",
	"a",
	".a",
	".a | .b = 1",
	".a?=1",
	".[] = 1",
	".. = 1",
	".a, .b = 1",
	".a = 1, 2",
	".a = .b",
	".a = 1 2",
	".a == 1",
	".a = ",
	".a =",
	".a = 1 |",
	".a = 1 // 2",
	".a = \"x",
	".a = \"\\(1)\"",
	".a = \"\n\"",
	".a = 'x'",
	".a = \"\\ud800\"",
	".a = \"\xff\"",
	".a = $nobody",
	".a = $",
	".a = $ENV",
	".a = $ARGS",
	".a = {$ARGS}",
	".[$ARGS] = 1",
	".a = $lone",
	".a = $__loc__",
	".a = 01",
	".a = .5",
	".a = 1.",
	".a = 1e",
	".a = --1",
	".a = nan",
	".a = nullx",
	".a = [1",
	".a = [1,]",
	".a = {b}",
	".a = {b:1,}",
	".a = {if:1}",
	".a = {b:1+1}",
	".a = {b:1,\"\\u0062\":2}",
	".a = {(1):2}",
	".a = {1:2}",
	".a = # 1",
	".a = [1][0]",
	".a = $object.x",
	"del(.)",
	"del()",
	"del(.a",
	"del(.a) .b",
	"delx(.a)",
	"del(.a,.[-1])",
	".[1.0] = 1",
	".[01] = 1",
	".[-0] = 1",
	".[1:] = []",
	".[null] = 1",
	".[$text.x] = 1",
	".[$half] = 1",
	".[$object] = 1",
	".a.[0] = 1",
	".1 = 1",
	".a b = 1",
	". a = 1",
	".a = 1 | empty",
	"(.a = 1)",
	".a |= empty",
	".a = @json",
	".a += 1 as $x | .",
	".[10000000000] = 1",
};

static void parse__unknown_constructs__are_declined(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		assert_unread(foreign[i]);
}

/* OPENING, then N times PART, then CLOSING. */
static char *repeated(const char *opening, const char *part, size_t n,
		      const char *closing)
{
	struct buffer text = BUFFER_INIT;
	int error = buffer_add_string(&text, opening);

	while (n--)
		error |= buffer_add_string(&text, part);
	error |= buffer_add_string(&text, closing);
	assert_int_equal(error, 0);
	return text.data;
}

static void parse__huge_filters__are_declined(void **state)
{
	char *steps = repeated("", ".a", 65, " = 1");
	char *nested = repeated(".a = ", "[", 100000, "");
	char *members = repeated(".a = {b:1", ",\"c\":1", 100, "}");

	(void)state;
	assert_unread(steps);
	assert_unread(nested);
	assert_unread(members);
	free(steps);
	free(nested);
	free(members);
}

static void apply__no_json__says_where(void **state)
{
	static const char *const filters[] = {".", ".a = 1", "del(.b)"};

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		struct buffer text = BUFFER_INIT;
		struct json_error error = {0, NULL};
		struct edit *edit;
		bool changed;

		set_text(&text, "{\"a\":1,}");
		assert_int_equal(edit_parse(&edit, filters[i], NULL),
				 EDIT_DONE);
		assert_int_equal(
			edit_apply(edit, &text, NULL, &changed, &error),
			EDIT_INVALID);
		assert_int_equal(error.offset, 7);
		assert_non_null(error.reason);
		assert_string_equal(text.data, "{\"a\":1,}");
		edit_release(edit);
		buffer_release(&text);
	}
}

static enum edit_result get(const char *filter, const char *text,
			    const char **value, size_t *length)
{
	struct edit *path;
	enum edit_result result = edit_parse_path(&path, filter, &variables);

	if (result != EDIT_DONE)
		fail_msg("%s: not read (%d)", filter, result);
	result = edit_get(path, text, strlen(text), value, length, NULL);
	edit_release(path);
	return result;
}

static void assert_gets(const char *filter, const char *text,
			const char *expected)
{
	const char *value;
	size_t length;

	assert_int_equal(get(filter, text, &value, &length), EDIT_DONE);
	if (length != strlen(expected) || memcmp(value, expected, length))
		fail_msg("%s: %.*s", filter, (int)length, value);
}

static void get__path__gives_the_bytes(void **state)
{
	static const char text[] =
		" {\"a b\" : [ 1.0, {\"c\": \"\\u0061\"} ]} ";

	(void)state;
	assert_gets(".", text, "{\"a b\" : [ 1.0, {\"c\": \"\\u0061\"} ]}");
	assert_gets(".[$key] | .[0]", text, "1.0");
	assert_gets(".\"a b\"[-1].c", text, "\"\\u0061\"");
	assert_gets(".x.y[3].z", text, "null");
	assert_gets(".\"a b\"[-7]", text, "null");
}

static void get__what_jq_refuses__is_declined(void **state)
{
	const char *value;
	size_t length;

	(void)state;
	assert_int_equal(get(".a.b", "{\"a\":1}", &value, &length),
			 EDIT_DECLINED);
	assert_int_equal(get(".a", "[]", &value, &length), EDIT_DECLINED);
	assert_int_equal(get(".a", "{\"a\":1,\"a\":2}", &value, &length),
			 EDIT_DECLINED);
	assert_int_equal(get(".a", "{\"a\":1", &value, &length), EDIT_INVALID);
}

static void get__other_filters__are_declined(void **state)
{
	static const char *const filters[] = {
		"",    ".a = 1",      ".[]",  ".a,.b",	 "keys",
		".a?", ".a | length", "$key", ".a // 1",
	};
	struct edit *path;

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		assert_int_equal(edit_parse_path(&path, filters[i], NULL),
				 EDIT_DECLINED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set__existing_value__is_all_that_changes),
		cmocka_unit_test(set__missing_member__is_put_last),
		cmocka_unit_test(path__spellings__name_the_same),
		cmocka_unit_test(index__past_the_end__is_padded_with_null),
		cmocka_unit_test(
			constants__any__are_put_as_jq_or_the_filter_spells_them),
		cmocka_unit_test(constants__sums__are_added_up),
		cmocka_unit_test(add__value__depends_on_its_type),
		cmocka_unit_test(arithmetic__small_integers__are_computed_here),
		cmocka_unit_test(arithmetic__all_else__is_asked_of_the_caller),
		cmocka_unit_test(arithmetic__no_jq_agrees_on__is_declined),
		cmocka_unit_test(default__set_value__stays),
		cmocka_unit_test(delete__member__takes_one_comma_with_it),
		cmocka_unit_test(delete__what_is_not_there__changes_nothing),
		cmocka_unit_test(
			layout__lines__are_indented_like_their_surroundings),
		cmocka_unit_test(layout__one_line__stays_one),
		cmocka_unit_test(doubt__equal_keys_on_the_way__declines),
		cmocka_unit_test(doubt__types_that_do_not_fit__decline),
		cmocka_unit_test(doubt__later_operation__puts_everything_back),
		cmocka_unit_test(
			changed__splices_that_cancel_out__are_no_change),
		cmocka_unit_test(parse__unknown_constructs__are_declined),
		cmocka_unit_test(parse__huge_filters__are_declined),
		cmocka_unit_test(apply__no_json__says_where),
		cmocka_unit_test(get__path__gives_the_bytes),
		cmocka_unit_test(get__what_jq_refuses__is_declined),
		cmocka_unit_test(get__other_filters__are_declined),
	};

	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
