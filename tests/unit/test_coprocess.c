/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>

#include "buffer.h"
#include "coprocess.h"
#include "duration.h"
#include "signals.h"

static int collect(void *context, const char *bytes, size_t length,
		   struct problem *problem)
{
	(void)problem;
	return buffer_add(context, bytes, length);
}

static int refuse(void *context, const char *bytes, size_t length,
		  struct problem *problem)
{
	(void)context;
	(void)bytes;
	(void)length;
	return problem_set(problem, STATUS_FAILED, NULL, "disk full");
}

static struct buffer output;
static struct problem problem;

/* Run SCRIPT by sh, with INPUT; its output is in `output` then. */
static int run_shell(const char *script, const char *input, size_t length,
		     int64_t timeout)
{
	char sh[] = "sh", option[] = "-c", *text = strdup(script);
	char *argv[] = {sh, option, text, NULL};
	const struct coprocess coprocess = {
		.argv = argv,
		.input = input,
		.input_length = length,
		.deadline = deadline_in(timeout),
		.take = collect,
		.context = &output,
	};
	int result;

	buffer_release(&output);
	buffer_reserve(&output, 0);
	result = coprocess_run(&coprocess, &problem);
	free(text);
	return result;
}

static int run_plain(const char *script)
{
	return run_shell(script, "", 0, DURATION_FOREVER);
}

static void coprocess__output__is_taken(void **state)
{
	(void)state;
	assert_int_equal(run_plain("printf one; printf two"), 0);
	assert_string_equal(output.data, "onetwo");
}

static void coprocess__more_than_a_pipe_holds__flows_both_ways(void **state)
{
	enum { LENGTH = 1000000 };
	char *input = malloc(LENGTH);

	(void)state;
	memset(input, 'x', LENGTH);
	assert_int_equal(run_shell("cat", input, LENGTH, DURATION_FOREVER), 0);
	assert_int_equal(output.length, LENGTH);
	assert_memory_equal(output.data, input, LENGTH);
	assert_int_equal(run_shell("exit 0", input, LENGTH, DURATION_FOREVER),
			 0);
	free(input);
}

static void coprocess__failure__is_told(void **state)
{
	char nothing[] = "/nonexistent/command", *argv[] = {nothing, NULL};
	const struct coprocess coprocess = {
		.argv = argv,
		.deadline = deadline_in(DURATION_FOREVER),
		.take = collect,
		.context = &output,
	};

	(void)state;
	assert_int_equal(run_plain("exit 3"), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_string_equal(problem.reason, "exited with status 3");
	assert_int_equal(run_plain("kill -9 $$"), -1);
	assert_non_null(strstr(problem.reason, "killed by signal 9"));
	assert_int_equal(coprocess_run(&coprocess, &problem), -1);
	assert_non_null(strstr(problem.reason, "cannot be run"));
	assert_string_equal(problem.subject, nothing);
}

static void coprocess__deadline__ends_it(void **state)
{
	(void)state;
	assert_int_equal(run_shell("echo begun; exec sleep 60", "", 0,
				   50000000),
			 -1);
	assert_int_equal(problem.status, STATUS_BUSY);
}

static void coprocess__background_child__is_not_waited_for(void **state)
{
	const struct deadline soon = deadline_in(20 * NS_PER_SECOND);

	(void)state;
	assert_int_equal(run_plain("sleep 30 & echo $!"), 0);
	assert_false(deadline_passed(soon));
	/* It has our pipe; let it go. */
	assert_int_equal(kill(atoi(output.data), SIGKILL), 0);
}

static void coprocess__output_not_wanted__ends_it(void **state)
{
	char yes[] = "yes", *argv[] = {yes, NULL};
	const struct coprocess coprocess = {
		.argv = argv,
		.deadline = deadline_in(DURATION_FOREVER),
		.take = refuse,
	};

	(void)state;
	assert_int_equal(coprocess_run(&coprocess, &problem), -1);
	assert_string_equal(problem.reason, "disk full");
}

static void coprocess__signals__are_those_we_were_given(void **state)
{
	(void)state;
	/* With SIGPIPE ignored, yes would complain and exit with 1. */
	assert_int_equal(run_plain("(yes; echo $? >&2) 2>/dev/null | head -1"),
			 0);
	assert_int_equal(run_plain("kill -PIPE $$"), -1);
	assert_non_null(strstr(problem.reason, "killed by signal"));
}

static int begin(void **state)
{
	(void)state;
	signals_catch();
	return 0;
}

static int end(void **state)
{
	(void)state;
	buffer_release(&output);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coprocess__output__is_taken),
		cmocka_unit_test(
			coprocess__more_than_a_pipe_holds__flows_both_ways),
		cmocka_unit_test(coprocess__failure__is_told),
		cmocka_unit_test(coprocess__deadline__ends_it),
		cmocka_unit_test(
			coprocess__background_child__is_not_waited_for),
		cmocka_unit_test(coprocess__output_not_wanted__ends_it),
		cmocka_unit_test(coprocess__signals__are_those_we_were_given),
	};

	return cmocka_run_group_tests_name("coprocess", tests, begin, end);
}
