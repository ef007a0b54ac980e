/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fdio.h"
#include "variables.h"

/* A file with CONTENT, which the caller removes: its name. */
static char *make_file(const void *content, size_t length)
{
	const char *directory = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/variables.XXXXXX",
		 directory ? directory : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(fdio_write_all(fd, content, length), 0);
	close(fd);
	return strdup(path);
}

static void add(struct variables *variables, int id, const char *name,
		const char *value)
{
	struct options options = {.value = name, .second = value};
	struct problem problem;

	assert_int_equal(variables_option(variables, id, &options, &problem),
			 1);
}

static void assert_value(const struct variables *variables, const char *name,
			 const char *expected)
{
	const struct buffer *json =
		variables_find(variables, name, strlen(name));

	assert_non_null(json);
	assert_int_equal(json->length, strlen(expected));
	assert_string_equal(json->data, expected);
}

static void assert_taken(int id, const char *value, const char *expected)
{
	struct variables variables = VARIABLES_INIT;
	struct problem problem = {.reason = ""};

	add(&variables, id, "x", value);
	if (variables_load(&variables, &problem))
		fail_msg("%s: %s", value, problem.reason);
	assert_value(&variables, "x", expected);
	variables_release(&variables);
}

static void assert_refused(int id, const char *value, enum exit_status status,
			   const char *reason)
{
	struct variables variables = VARIABLES_INIT;
	struct problem problem = {.reason = ""};

	add(&variables, id, "x", value);
	assert_int_equal(variables_load(&variables, &problem), -1);
	assert_int_equal(problem.status, status);
	assert_string_equal(problem.reason, reason);
	variables_release(&variables);
}

/* The same for a file that holds CONTENT. */
static void assert_file_taken(int id, const void *content, size_t length,
			      const char *expected)
{
	char *path = make_file(content, length);

	assert_taken(id, path, expected);
	unlink(path);
	free(path);
}

static void assert_file_refused(int id, const void *content, size_t length,
				const char *reason)
{
	char *path = make_file(content, length);

	assert_refused(id, path, STATUS_FAILED, reason);
	unlink(path);
	free(path);
}

#define TEXT(string) (string), sizeof(string) - 1

static void variables__string__is_quoted_as_jq_does(void **state)
{
	(void)state;
	assert_taken(OPTION_ARG, "", "\"\"");
	assert_taken(OPTION_ARG, "a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
	assert_taken(OPTION_ARG, "\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"");
	assert_taken(OPTION_ARG, "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"");
	assert_taken(OPTION_ARG, "\xc3\xa4\xf0\x9f\x98\x80",
		     "\"\xc3\xa4\xf0\x9f\x98\x80\"");
	assert_taken(OPTION_ARG, "1", "\"1\"");
}

static void variables__invalid_utf8__is_refused(void **state)
{
	(void)state;
	assert_refused(OPTION_ARG, "\xff", STATUS_MISUSE,
		       "not valid UTF-8");
	assert_refused(OPTION_ARG, "ab\n\"\"\xed\xa0\x80", STATUS_MISUSE,
		       "not valid UTF-8");
	assert_file_refused(OPTION_RAWFILE, TEXT("\nx\xc3"),
			    "--rawfile x: not valid UTF-8");
}

static void variables__json__keeps_its_spelling(void **state)
{
	(void)state;
	assert_taken(OPTION_ARGJSON, " 12345678901234567890.0\n",
		     "12345678901234567890.0");
	assert_taken(OPTION_ARGJSON, "{\"a\": [1, 1E+2]}",
		     "{\"a\": [1, 1E+2]}");
}

static void variables__json__must_be_one_valid_text(void **state)
{
	(void)state;
	assert_refused(OPTION_ARGJSON, "", STATUS_MISUSE,
		       "line 1, column 1: the text is empty");
	assert_refused(OPTION_ARGJSON, "1 2", STATUS_MISUSE,
		       "line 1, column 3: there is more behind the first "
		       "value");
	assert_refused(OPTION_ARGJSON, "NaN", STATUS_MISUSE,
		       "line 1, column 1: expected a value");
}

static void variables__slurped_file__is_an_array(void **state)
{
	(void)state;
	assert_file_taken(OPTION_SLURPFILE, TEXT(""), "[]");
	assert_file_taken(OPTION_SLURPFILE, TEXT(" \n"), "[]");
	assert_file_taken(OPTION_SLURPFILE, TEXT("{\"a\": 1}\n"),
			  "[{\"a\": 1}]");
	assert_file_taken(OPTION_SLURPFILE, TEXT("1 2\n[3]{}\"4\"true\n5"),
			  "[1,2,[3],{},\"4\",true,5]");
}

static void variables__slurped_garbage__is_refused_with_its_place(void **state)
{
	(void)state;
	assert_file_refused(OPTION_SLURPFILE, TEXT("{}\n{]\n"),
			    "--slurpfile x: line 2, column 2: expected a key "
			    "in double quotes");
	assert_file_refused(OPTION_SLURPFILE, TEXT("1true"),
			    "--slurpfile x: line 1, column 2: there is more "
			    "behind the first value");
	assert_file_refused(OPTION_SLURPFILE, TEXT("1\0 2"),
			    "--slurpfile x: line 1, column 2: a NUL byte is "
			    "not JSON");
	assert_file_refused(OPTION_SLURPFILE, TEXT("[1"),
			    "--slurpfile x: line 1, column 3: the text ends "
			    "too early");
}

static void variables__raw_file__is_a_string(void **state)
{
	(void)state;
	assert_file_taken(OPTION_RAWFILE, TEXT(""), "\"\"");
	assert_file_taken(OPTION_RAWFILE, TEXT("a\0b\n"), "\"a\\u0000b\\n\"");
}

static void variables__big_file__is_whole(void **state)
{
	const size_t size = 3 * 1000 * 1000;
	struct variables variables = VARIABLES_INIT;
	struct problem problem;
	char *content = malloc(size), *path;

	(void)state;
	assert_non_null(content);
	memset(content, 'x', size);
	path = make_file(content, size);
	add(&variables, OPTION_RAWFILE, "big", path);
	assert_int_equal(variables_load(&variables, &problem), 0);
	assert_int_equal(variables_find(&variables, "big", 3)->length,
			 size + 2);
	variables_release(&variables);
	unlink(path);
	free(path);
	free(content);
}

static void variables__missing_file__is_named(void **state)
{
	struct variables variables = VARIABLES_INIT;
	struct problem problem;

	(void)state;
	add(&variables, OPTION_RAWFILE, "x", "/nowhere/at all");
	assert_int_equal(variables_load(&variables, &problem), -1);
	assert_string_equal(problem.subject, "/nowhere/at all");
	assert_string_equal(problem.reason,
			    "--rawfile x: No such file or directory");
	variables_release(&variables);
}

static void variables__directory__is_refused(void **state)
{
	(void)state;
	assert_refused(OPTION_SLURPFILE, "/", STATUS_FAILED,
		       "--slurpfile x: Is a directory");
}

static void variables__same_name_twice__first_counts(void **state)
{
	struct variables variables = VARIABLES_INIT;
	struct problem problem;

	(void)state;
	add(&variables, OPTION_ARG, "x", "first");
	add(&variables, OPTION_ARGJSON, "x", "not even JSON");
	assert_int_equal(variables_load(&variables, &problem), 0);
	assert_value(&variables, "x", "\"first\"");
	variables_release(&variables);
}

static void variables__name__must_be_utf8(void **state)
{
	struct variables variables = VARIABLES_INIT;
	struct problem problem;

	(void)state;
	add(&variables, OPTION_ARG, "\xff", "1");
	assert_int_equal(variables_load(&variables, &problem), -1);
	assert_int_equal(problem.status, STATUS_MISUSE);
	variables_release(&variables);
}

static void variables__stdin__is_read_by_one_only(void **state)
{
	struct variables variables = VARIABLES_INIT;
	struct options options = {.value = "y", .second = "-"};
	struct problem problem;

	(void)state;
	add(&variables, OPTION_RAWFILE, "x", "-");
	assert_int_equal(variables_option(&variables, OPTION_SLURPFILE,
					  &options, &problem),
			 -1);
	assert_int_equal(problem.status, STATUS_MISUSE);
	assert_int_equal(variables_claim_stdin(&variables, "-f", &problem),
			 -1);
	variables_release(&variables);
}

static void variables__unknown_name__is_not_found(void **state)
{
	struct variables variables = VARIABLES_INIT;

	(void)state;
	add(&variables, OPTION_ARG, "xy", "1");
	assert_null(variables_find(&variables, "x", 1));
	assert_null(variables_find(&variables, "xyz", 3));
	assert_non_null(variables_find(&variables, "xyz", 2));
	variables_release(&variables);
}

static void variables__other_options__are_left_alone(void **state)
{
	struct variables variables = VARIABLES_INIT;
	struct options options = {.value = "x"};
	struct problem problem;

	(void)state;
	assert_int_equal(variables_option(&variables, 'f', &options, &problem),
			 0);
	assert_int_equal(variables_operand(&variables, 0, "x", &problem), 0);
	variables_release(&variables);
}

static void variables__all__print_as_args(void **state)
{
	struct variables variables = VARIABLES_INIT;
	struct buffer out = BUFFER_INIT;
	struct problem problem;

	(void)state;
	add(&variables, OPTION_ARG, "a\"", "1");
	add(&variables, OPTION_ARGS, NULL, NULL);
	assert_int_equal(variables_operand(&variables, OPTION_ARGS, "p",
					   &problem), 1);
	add(&variables, OPTION_JSONARGS, NULL, NULL);
	assert_int_equal(variables_operand(&variables, OPTION_JSONARGS, "[2]",
					   &problem), 1);
	add(&variables, OPTION_ARGJSON, "b", "3");
	assert_int_equal(variables_load(&variables, &problem), 0);
	assert_int_equal(variables_print(&variables, &out), 0);
	assert_string_equal(out.data, "{\"positional\":[\"p\",[2]],"
				      "\"named\":{\"a\\\"\":\"1\",\"b\":3}}");
	buffer_release(&out);
	variables_release(&variables);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables__string__is_quoted_as_jq_does),
		cmocka_unit_test(variables__invalid_utf8__is_refused),
		cmocka_unit_test(variables__json__keeps_its_spelling),
		cmocka_unit_test(variables__json__must_be_one_valid_text),
		cmocka_unit_test(variables__slurped_file__is_an_array),
		cmocka_unit_test(
			variables__slurped_garbage__is_refused_with_its_place),
		cmocka_unit_test(variables__raw_file__is_a_string),
		cmocka_unit_test(variables__big_file__is_whole),
		cmocka_unit_test(variables__missing_file__is_named),
		cmocka_unit_test(variables__directory__is_refused),
		cmocka_unit_test(variables__same_name_twice__first_counts),
		cmocka_unit_test(variables__name__must_be_utf8),
		cmocka_unit_test(variables__stdin__is_read_by_one_only),
		cmocka_unit_test(variables__unknown_name__is_not_found),
		cmocka_unit_test(variables__other_options__are_left_alone),
		cmocka_unit_test(variables__all__print_as_args),
	};

	return cmocka_run_group_tests_name("variables", tests, NULL, NULL);
}
