/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fdio.h"
#include "filter.h"

static struct buffer said = BUFFER_INIT;

static void say(const char *text, size_t length)
{
	assert_int_equal(buffer_add(&said, text, length), 0);
}

static void no_memory(void *unused)
{
	(void)unused;
	_exit(71);
}

static const struct filter_hooks hooks = {say, no_memory};

static const struct variables none = VARIABLES_INIT;

static struct filter *compile(const char *program,
			      const struct variables *variables)
{
	struct filter *filter;
	struct problem problem;

	if (filter_compile(&filter, program, variables, &hooks, &problem))
		fail_msg("%s: %s", program, problem.reason);
	return filter;
}

static int apply(struct filter *filter, const char *text, bool sorted,
		 struct buffer *out, struct problem *problem)
{
	struct buffer copy = BUFFER_INIT;
	int result;

	assert_int_equal(buffer_add_string(&copy, text), 0);
	result = filter_apply(filter, "doc", &copy, sorted, out, problem);
	buffer_release(&copy);
	return result;
}

static void assert_yields_with(const struct variables *variables,
			       const char *program, const char *text,
			       const char *expected)
{
	struct filter *filter = compile(program, variables);
	struct buffer out = BUFFER_INIT;
	struct problem problem;

	if (apply(filter, text, false, &out, &problem))
		fail_msg("%s: %s", program, problem.reason);
	assert_int_equal(out.length, strlen(expected));
	assert_string_equal(out.data, expected);
	buffer_release(&out);
	filter_release(filter);
}

static void assert_yields(const char *program, const char *text,
			  const char *expected)
{
	assert_yields_with(&none, program, text, expected);
}

static void assert_fails(const char *program, const char *text,
			 const char *reason)
{
	struct filter *filter = compile(program, &none);
	struct buffer out = BUFFER_INIT;
	struct problem problem;

	assert_int_equal(apply(filter, text, false, &out, &problem), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_string_equal(problem.subject, "doc");
	if (!strstr(problem.reason, reason))
		fail_msg("%s: '%s' lacks '%s'", program, problem.reason,
			 reason);
	assert_int_equal(out.length, 0);
	buffer_release(&out);
	filter_release(filter);
}

static void assert_no_compile(const char *program, const char *reason)
{
	struct filter *filter;
	struct problem problem;

	assert_int_equal(
		filter_compile(&filter, program, &none, &hooks, &problem), -1);
	assert_null(filter);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_string_equal(problem.subject, "filter");
	assert_null(strchr(problem.reason, '\n'));
	if (!strstr(problem.reason, reason))
		fail_msg("%s: '%s' lacks '%s'", program, problem.reason,
			 reason);
}

static void filter__one_value__is_compact_json(void **state)
{
	(void)state;
	assert_yields(".", "{\"b\": [1, 2 ], \"a\": \"\\u00e4\"}",
		      "{\"b\":[1,2],\"a\":\"\xc3\xa4\"}");
	assert_yields(".n += 1", "{\"n\":1}", "{\"n\":2}");
	assert_yields(".", "7", "7");
	assert_yields("length", "\"abc\"", "3");
}

static void filter__sorted__sorts_keys(void **state)
{
	struct filter *filter = compile(".", &none);
	struct buffer out = BUFFER_INIT;
	struct problem problem;

	(void)state;
	assert_int_equal(apply(filter, "{\"b\":1,\"a\":2}", true, &out,
			       &problem),
			 0);
	assert_string_equal(out.data, "{\"a\":2,\"b\":1}");
	buffer_release(&out);
	filter_release(filter);
}

static void filter__again__starts_afresh(void **state)
{
	struct filter *filter = compile("if . == 2 then error else . end",
					&none);
	struct buffer out = BUFFER_INIT;
	struct problem problem;

	(void)state;
	for (int i = 0; i < 2; i++) {
		buffer_clear(&out);
		assert_int_equal(apply(filter, "1", false, &out, &problem), 0);
		assert_string_equal(out.data, "1");
		assert_int_equal(apply(filter, "2", false, &out, &problem),
				 -1);
	}
	buffer_release(&out);
	filter_release(filter);
}

static void filter__variables__are_bound(void **state)
{
	struct variables variables = VARIABLES_INIT;
	struct options options = {.value = "x", .second = "a\"b"};
	struct problem problem;

	(void)state;
	assert_int_equal(variables_option(&variables, OPTION_ARG, &options,
					  &problem),
			 1);
	assert_int_equal(variables_operand(&variables, OPTION_JSONARGS, "[7]",
					   &problem), 1);
	assert_int_equal(variables_load(&variables, &problem), 0);
	assert_yields_with(&variables, "$x", "null", "\"a\\\"b\"");
	assert_yields_with(&variables, "$ARGS", "null",
			   "{\"positional\":[[7]],\"named\":{\"x\":"
			   "\"a\\\"b\"}}");
	variables_release(&variables);
}

static void filter__no_variables__args_is_empty(void **state)
{
	(void)state;
	assert_yields("$ARGS", "null", "{\"positional\":[],\"named\":{}}");
}

static void filter__none_or_several__says_how_many(void **state)
{
	(void)state;
	assert_fails("empty", "1", "yielded 0 values, not one");
	assert_fails("., .", "1", "yielded 2 values, not one");
	assert_fails("range(1000)", "1", "yielded 1000 values");
	assert_fails("repeat(.)", "1", "yielded more than 1000 values");
}

static void filter__syntax_error__is_jqs_own_line(void **state)
{
	(void)state;
	assert_no_compile(".a[", "syntax error");
	assert_no_compile(".a |= }", ".a |= }");
	assert_no_compile("nosuch(1)", "nosuch/1 is not defined");
	assert_no_compile("$nosuch", "is not defined");
	assert_no_compile("nosuch, neither", "neither/0 is not defined");
}

static void filter__runtime_error__is_jqs_own_message(void **state)
{
	(void)state;
	assert_fails(".a.b", "{\"a\":1}",
		     "the filter failed: Cannot index number with");
	assert_fails("error(\"one\\ntwo\")", "1",
		     "the filter failed: one two");
	assert_fails("error({\"a\":1})", "1", "the filter failed: {\"a\":1}");
	assert_fails("1, error(\"late\")", "1", "the filter failed: late");
}

static void filter__halt__ends_without_error(void **state)
{
	(void)state;
	assert_fails("halt", "1", "yielded 0 values");
	assert_yields("., halt, .", "1", "1");
}

static void filter__halt_error__fails(void **state)
{
	(void)state;
	assert_fails("\"bye\" | halt_error", "1",
		     "the filter called halt_error: bye");
	assert_fails(".a | halt_error(3)", "{\"a\":[1]}",
		     "the filter called halt_error: [1]");
	assert_fails("., (\"bye\" | halt_error)", "1", "halt_error: bye");
}

static void filter__error_null__fails(void **state)
{
	(void)state;
	/* libjq 1.6 cannot tell it from no value at all. */
	assert_fails("error(null)", "1", "the filter ");
}

static void filter__debug__is_passed_on(void **state)
{
	(void)state;
	buffer_clear(&said);
	assert_yields("debug", "{\"a\":1}", "{\"a\":1}");
	assert_string_equal(said.data, "[\"DEBUG:\",{\"a\":1}]\n");
}

static void filter__import__is_an_error(void **state)
{
	(void)state;
	assert_no_compile("import \"x\" as x; .", "x");
	assert_no_compile("include \"x\"; .", "x");
}

static void filter__input__is_an_error(void **state)
{
	(void)state;
	assert_fails("input", "1", "the filter failed: ");
	assert_yields("[inputs]", "1", "[]");
}

static void filter__home__is_not_looked_at(void **state)
{
	char home[] = "/tmp/filter home.XXXXXX", path[64];
	int fd;

	(void)state;
	assert_non_null(mkdtemp(home));
	snprintf(path, sizeof(path), "%s/.jq", home);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fdio_write_all(fd, "def map(f): \"hijacked\";", 23),
			 0);
	close(fd);
	setenv("HOME", home, 1);
	assert_yields("map(.)", "[1]", "[1]");
	assert_string_equal(getenv("HOME"), home);
	unlink(path);
	rmdir(home);
}

static void filter__env__has_home(void **state)
{
	(void)state;
	setenv("HOME", "/home/of mine", 1);
	assert_yields("$ENV.HOME", "1", "\"/home/of mine\"");
	assert_yields("env.HOME", "1", "\"/home/of mine\"");
	assert_yields("def f: $ENV.HOME; [f, . as $ENV | $ENV]", "1",
		      "[\"/home/of mine\",1]");
	assert_yields("$ENV.HOME, empty # the end", "1", "\"/home/of mine\"");
	unsetenv("HOME");
	assert_yields("$ENV.HOME", "1", "null");
	assert_null(getenv("HOME"));
}

/* An array LEVELS deep. */
static char *nest(size_t levels)
{
	char *text = malloc(2 * levels + 1);

	assert_non_null(text);
	memset(text, '[', levels);
	memset(text + levels, ']', levels);
	text[2 * levels] = '\0';
	return text;
}

/* Which depth libjq can do differs, and how it fails: never with junk. */
static void filter__depth__is_whole_or_refused(void **state)
{
	static const size_t levels[] = {200, 255, 256, 257, 300, 5000, 9999};
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		struct filter *filter = compile(".", &none);
		struct buffer out = BUFFER_INIT;
		char *text = nest(levels[i]);
		int result = apply(filter, text, false, &out, &problem);

		if (!result)
			assert_string_equal(out.data, text);
		else
			assert_true(levels[i] > 256);
		free(text);
		buffer_release(&out);
		filter_release(filter);
	}
}

static void filter__deep_result__is_refused(void **state)
{
	(void)state;
	assert_fails("reduce range(20000) as $i (.; [.])", "1",
		     "nested too deeply");
}

static void filter__odd_strings__come_back(void **state)
{
	(void)state;
	assert_yields(".", "\"\\u0000\\u001f\\u007f\\ud83d\\ude00\\uffff\"",
		      "\"\\u0000\\u001f\\u007f\xf0\x9f\x98\x80\xef\xbf\xbf\"");
	assert_yields(".[\"\\u0000\"]", "{\"\\u0000\":1}", "1");
	assert_yields(".", "\"<skipped: too deep>\"",
		      "\"<skipped: too deep>\"");
}

/* Each character but those that JSON escapes, and halves of pairs. */
static void filter__every_character__comes_back(void **state)
{
	struct buffer text = BUFFER_INIT;

	(void)state;
	assert_int_equal(buffer_add_char(&text, '"'), 0);
	for (unsigned c = 0x80; c < 0x110000; c += c < 0x11000 ? 1 : 127) {
		const char bytes[] = {
			(char)(c < 0x800     ? 0xc0 | c >> 6
			       : c < 0x10000 ? 0xe0 | c >> 12
					     : 0xf0 | c >> 18),
			(char)(0x80 | (c >> 12 & 0x3f)),
			(char)(0x80 | (c >> 6 & 0x3f)),
			(char)(0x80 | (c & 0x3f)),
		};
		size_t skip = c < 0x800 ? 3 : c < 0x10000 ? 2 : 1;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		assert_int_equal(buffer_add(&text, bytes, 1), 0);
		assert_int_equal(buffer_add(&text, bytes + skip, 4 - skip), 0);
	}
	assert_int_equal(buffer_add_char(&text, '"'), 0);
	assert_yields(".", text.data, text.data);
	buffer_release(&text);
}

static void filter__huge_length__is_refused_unread(void **state)
{
	struct filter *filter = compile(".", &none);
	struct buffer out = BUFFER_INIT, text = BUFFER_INIT;
	struct problem problem;

	(void)state;
	assert_int_equal(buffer_add_string(&text, "1"), 0);
	text.length = 0x7fffffff;
	assert_int_equal(filter_apply(filter, "doc", &text, false, &out,
				      &problem),
			 -1);
	assert_non_null(strstr(problem.reason, "2 GiB"));
	buffer_release(&text);
	filter_release(filter);
}

static void filter__no_memory__calls_the_hook(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		struct rlimit limit = {256u << 20, 256u << 20};
		struct filter *filter = compile("[range(1e9)]", &none);
		struct buffer out = BUFFER_INIT;
		struct problem problem;

		if (setrlimit(RLIMIT_AS, &limit))
			_exit(70);
		apply(filter, "1", false, &out, &problem);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 71);
}

static int collect(void *context, const struct buffer *value,
		   struct problem *problem)
{
	struct buffer *all = context;

	if (buffer_add(all, value->data, value->length) ||
	    buffer_add_char(all, ';'))
		return -1;
	if (!strcmp(value->data, "\"stop\""))
		return problem_set(problem, STATUS_UNSURE, NULL, "stopped");
	return 0;
}

static void assert_computes(const char *left, char operator, const char *right,
			    int result, const char *expected)
{
	struct buffer out = BUFFER_INIT;
	struct problem problem;

	assert_int_equal(filter_compute(operator, left, strlen(left), right,
					strlen(right), &out, &problem),
			 result);
	if (!result)
		assert_string_equal(out.data, expected);
	buffer_release(&out);
}

static void filter__compute__is_jqs_arithmetic(void **state)
{
	(void)state;
	assert_computes("0.1", '+', "0.2", 0, "0.30000000000000004");
	assert_computes("1", '-', "1e-1", 0, "0.9");
	assert_computes("1.10", '*', "1", 0, "1.1");
	assert_computes("1", '/', "3", 0, "0.3333333333333333");
	assert_computes("1e308", '*', "10", 0, "1.7976931348623157e+308");
	assert_computes("1", '/', "0", 1, NULL);
	assert_computes("1", '/', "-0.0", 1, NULL);
}

static void filter__each__takes_every_value(void **state)
{
	struct filter *filter = compile(".[]", &none);
	struct buffer all = BUFFER_INIT;
	struct problem problem;

	(void)state;
	assert_int_equal(filter_each(filter, "doc", "[1,{},null]", 11, false,
				     collect, &all, &problem),
			 0);
	assert_string_equal(all.data, "1;{};null;");
	buffer_clear(&all);
	assert_int_equal(filter_each(filter, "doc", "[]", 2, false, collect,
				     &all, &problem),
			 0);
	assert_string_equal(all.data, "");
	buffer_release(&all);
	filter_release(filter);
}

static void filter__each__stops_when_told(void **state)
{
	struct filter *filter = compile(".[]", &none);
	struct buffer all = BUFFER_INIT;
	struct problem problem;

	(void)state;
	assert_int_equal(filter_each(filter, "doc", "[1,\"stop\",2]", 12,
				     false, collect, &all, &problem),
			 -1);
	assert_int_equal(problem.status, STATUS_UNSURE);
	assert_string_equal(all.data, "1;\"stop\";");
	buffer_release(&all);
	filter_release(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter__one_value__is_compact_json),
		cmocka_unit_test(filter__sorted__sorts_keys),
		cmocka_unit_test(filter__again__starts_afresh),
		cmocka_unit_test(filter__variables__are_bound),
		cmocka_unit_test(filter__no_variables__args_is_empty),
		cmocka_unit_test(filter__none_or_several__says_how_many),
		cmocka_unit_test(filter__syntax_error__is_jqs_own_line),
		cmocka_unit_test(filter__runtime_error__is_jqs_own_message),
		cmocka_unit_test(filter__halt__ends_without_error),
		cmocka_unit_test(filter__halt_error__fails),
		cmocka_unit_test(filter__error_null__fails),
		cmocka_unit_test(filter__debug__is_passed_on),
		cmocka_unit_test(filter__import__is_an_error),
		cmocka_unit_test(filter__input__is_an_error),
		cmocka_unit_test(filter__home__is_not_looked_at),
		cmocka_unit_test(filter__env__has_home),
		cmocka_unit_test(filter__depth__is_whole_or_refused),
		cmocka_unit_test(filter__deep_result__is_refused),
		cmocka_unit_test(filter__odd_strings__come_back),
		cmocka_unit_test(filter__every_character__comes_back),
		cmocka_unit_test(filter__huge_length__is_refused_unread),
		cmocka_unit_test(filter__no_memory__calls_the_hook),
		cmocka_unit_test(filter__compute__is_jqs_arithmetic),
		cmocka_unit_test(filter__each__takes_every_value),
		cmocka_unit_test(filter__each__stops_when_told),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
