/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "duration.h"
#include "locking.h"
#include "other.h"

static struct problem problem;

static const struct option_spec specs[] = {LOCKING_SPECS, {0}};

static int plain(void **state)
{
	unsetenv("LOCK_TIMEOUT");
	unsetenv("LOCK_RETRY");
	unsetenv("LOCK_DEBUG");
	return scratch_setup(state);
}

#define locking_test(function)                            \
	cmocka_unit_test_setup_teardown(function, plain, \
					scratch_teardown)

static struct locking defaults(void)
{
	struct locking locking;

	assert_int_equal(locking_init(&locking, &problem), 0);
	return locking;
}

static void locking__nothing_said__is_30_seconds(void **state)
{
	struct locking locking = defaults();

	(void)state;
	assert_int_equal(locking.timeout, 30 * NS_PER_SECOND);
	assert_int_equal(locking.retry, NS_PER_SECOND / 10);
	assert_false(locking.off);
	assert_null(locking.lock_file);
	setenv("LOCK_TIMEOUT", "", 1);
	setenv("LOCK_RETRY", "", 1);
	locking = defaults();
	assert_int_equal(locking.timeout, 30 * NS_PER_SECOND);
	assert_int_equal(locking.retry, NS_PER_SECOND / 10);
}

static void locking__environment__is_heard(void **state)
{
	(void)state;
	setenv("LOCK_TIMEOUT", "0.1", 1);
	setenv("LOCK_RETRY", "20ms", 1);
	assert_int_equal(defaults().timeout, NS_PER_SECOND / 10);
	assert_int_equal(defaults().retry, NS_PER_SECOND / 50);
	setenv("LOCK_TIMEOUT", "0", 1);
	assert_int_equal(defaults().timeout, 0);
	setenv("LOCK_TIMEOUT", "inf", 1);
	assert_int_equal(defaults().timeout, DURATION_FOREVER);
	/* A pace of nothing would spin. */
	setenv("LOCK_RETRY", "0", 1);
	assert_true(defaults().retry > 0);
}

static void locking__nonsense_in_the_environment__is_misuse(void **state)
{
	struct locking locking;

	(void)state;
	setenv("LOCK_TIMEOUT", "soon", 1);
	assert_int_equal(locking_init(&locking, &problem), -1);
	assert_int_equal(problem.status, STATUS_MISUSE);
	assert_non_null(strstr(problem.reason, "LOCK_TIMEOUT: 'soon'"));
	setenv("LOCK_TIMEOUT", "5", 1);
	setenv("LOCK_RETRY", "-1", 1);
	assert_int_equal(locking_init(&locking, &problem), -1);
	assert_non_null(strstr(problem.reason, "LOCK_RETRY: '-1'"));
	setenv("LOCK_RETRY", "99999999999999h", 1);
	assert_int_equal(locking_init(&locking, &problem), -1);
	assert_non_null(strstr(problem.reason, "too long"));
}

/* All options of a line: 0, or -1 with the problem. */
static int parse(struct locking *locking, char **argv)
{
	struct options options;
	int id;

	options_init(&options, specs, argv, false);
	while ((id = options_next(&options, &problem)) != OPTION_END)
		if (id == -1 || locking_option(locking, id, &options,
					       &problem) != 1)
			return -1;
	return 0;
}

static int parse_line(struct locking *locking, char *line)
{
	char *argv[16] = {line}, *rest = NULL;
	int count = 1;

	for (char *word = strtok_r(line, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		argv[count++] = word;
	return parse(locking, argv);
}

static void locking__options__win_over_the_environment(void **state)
{
	char line[] = "-t 5 --client me -L x.lock --no-lock";
	char last[] = "--timeout=1 -w 2 --no-lock --lock";
	struct locking locking;

	(void)state;
	setenv("LOCK_TIMEOUT", "7", 1);
	locking = defaults();
	assert_int_equal(parse_line(&locking, line), 0);
	assert_int_equal(locking.timeout, 5 * NS_PER_SECOND);
	assert_string_equal(locking.client, "me");
	assert_string_equal(locking.lock_file, "x.lock");
	assert_true(locking.off);
	assert_int_equal(parse_line(&locking, last), 0);
	assert_int_equal(locking.timeout, 2 * NS_PER_SECOND);
	assert_false(locking.off);
}

static void locking__nonsense_in_an_option__is_misuse(void **state)
{
	char one[] = "--timeout soon", two[] = "-w 1x";
	struct locking locking = defaults();

	(void)state;
	assert_int_equal(parse_line(&locking, one), -1);
	assert_int_equal(problem.status, STATUS_MISUSE);
	assert_non_null(strstr(problem.reason, "--timeout: 'soon'"));
	assert_int_equal(parse_line(&locking, two), -1);
	assert_non_null(strstr(problem.reason, "-w: '1x'"));
	assert_int_equal(locking.timeout, 30 * NS_PER_SECOND);
}

static void locking__options_of_others__are_left(void **state)
{
	struct locking locking = defaults();
	const struct options options = {.value = NULL};

	(void)state;
	assert_int_equal(locking_option(&locking, 'z', &options, &problem), 0);
	assert_int_equal(locking_option(&locking, OPTION_OPERAND, &options,
					&problem), 0);
}

static void locking__timeout__begins_anew_with_each_request(void **state)
{
	struct locking locking = defaults();
	struct lock_request one, two;

	(void)state;
	one = locking_request(&locking, LOCK_SHARED, "c");
	other_nap();
	two = locking_request(&locking, 0, "c");
	assert_true(two.deadline.at > one.deadline.at);
	assert_int_equal(one.flags, LOCK_SHARED);
	assert_string_equal(one.command, "c");
}

static char heard[1024];

static void hear(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void hear(const char *format, ...)
{
	size_t length = strlen(heard);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(heard + length, sizeof(heard) - length, format, arguments);
	va_end(arguments);
	strcat(heard, "\n");
}

static void lock_and_release(struct locking *locking)
{
	struct target target;
	struct lock lock;

	heard[0] = '\0';
	assert_int_equal(target_open(&target, "f", 0, &problem), 0);
	assert_int_equal(locking_take(locking, &lock, &target, 0, "c",
				      &problem), 0);
	locking_release(locking, &lock, &target);
	target_close(&target);
}

static void locking__debug__tells_each_step(void **state)
{
	struct scratch *scratch = *state;
	struct locking locking = defaults();
	char expected[1024];

	locking.debug = hear;
	lock_and_release(&locking);
	assert_string_equal(heard, "");
	setenv("LOCK_DEBUG", "0", 1);
	lock_and_release(&locking);
	assert_string_equal(heard, "");
	setenv("LOCK_DEBUG", "1", 1);
	lock_and_release(&locking);
	snprintf(expected, sizeof(expected),
		 "Acquiring lock for: f\nLock file: %s/f.lock\n"
		 "Lock acquired: %s/f.lock\nReleasing lock: %s/f.lock\n"
		 "Lock released\n",
		 scratch->path, scratch->path, scratch->path);
	assert_string_equal(heard, expected);
}

static void locking__off__takes_and_tells_nothing(void **state)
{
	struct locking locking = defaults();

	(void)state;
	setenv("LOCK_DEBUG", "1", 1);
	locking.debug = hear;
	locking.off = true;
	lock_and_release(&locking);
	assert_string_equal(heard, "");
	assert_false(scratch_exists("f.lock"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		locking_test(locking__nothing_said__is_30_seconds),
		locking_test(locking__environment__is_heard),
		locking_test(locking__nonsense_in_the_environment__is_misuse),
		locking_test(locking__options__win_over_the_environment),
		locking_test(locking__nonsense_in_an_option__is_misuse),
		locking_test(locking__options_of_others__are_left),
		locking_test(locking__timeout__begins_anew_with_each_request),
		locking_test(locking__debug__tells_each_step),
		locking_test(locking__off__takes_and_tells_nothing),
	};

	return cmocka_run_group_tests_name("locking", tests, NULL, NULL);
}
