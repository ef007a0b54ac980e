/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <signal.h>
#include <sys/time.h>

#include "deadline.h"
#include "duration.h"

#define MS INT64_C(1000000)

static void deadline__clock__does_not_run_backwards(void **state)
{
	int64_t before = deadline_now();

	(void)state;
	assert_true(before > 0);
	for (int i = 0; i < 1000; i++) {
		int64_t now = deadline_now();

		assert_true(now >= before);
		before = now;
	}
}

static void deadline__zero__has_passed_at_once(void **state)
{
	struct deadline deadline = deadline_in(0);

	(void)state;
	assert_true(deadline_passed(deadline));
	assert_false(deadline_never(deadline));
	assert_true(deadline_left(deadline) == 0);
}

static void deadline__an_hour__is_ahead(void **state)
{
	struct deadline deadline = deadline_in(3600 * NS_PER_SECOND);

	(void)state;
	assert_false(deadline_passed(deadline));
	assert_false(deadline_never(deadline));
	assert_true(deadline_left(deadline) <= 3600 * NS_PER_SECOND);
	assert_true(deadline_left(deadline) > 3000 * NS_PER_SECOND);
}

static void deadline__for_ever__never_passes(void **state)
{
	struct deadline deadline = deadline_in(DURATION_FOREVER);

	(void)state;
	assert_true(deadline_never(deadline));
	assert_false(deadline_passed(deadline));
	assert_true(deadline_left(deadline) == INT64_MAX);
}

/* 292 years from now is beyond what the clock can count: never, not past. */
static void deadline__beyond_the_clock__never_passes(void **state)
{
	struct deadline deadline = deadline_in(INT64_MAX - 1);

	(void)state;
	assert_true(deadline_never(deadline));
	assert_false(deadline_passed(deadline));
}

static void deadline__sleep__lasts_as_said(void **state)
{
	int64_t start = deadline_now();

	(void)state;
	assert_int_equal(deadline_sleep(deadline_in(DURATION_FOREVER), 5 * MS),
			 0);
	assert_true(deadline_now() - start >= 5 * MS);
}

static void deadline__sleep__ends_at_the_deadline(void **state)
{
	struct deadline deadline = deadline_in(5 * MS);

	(void)state;
	assert_int_equal(deadline_sleep(deadline, 3600 * NS_PER_SECOND), 0);
	assert_true(deadline_passed(deadline));
	assert_int_equal(deadline_sleep(deadline, 3600 * NS_PER_SECOND), 0);
}

static void on_alarm(int signo)
{
	(void)signo;
}

static void deadline__sleep__is_ended_by_a_handler(void **state)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval soon = {{0, 1000}, {0, 1000}};
	struct itimerval never = {{0, 0}, {0, 0}};
	int result;

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	result = deadline_sleep(deadline_in(DURATION_FOREVER),
				3600 * NS_PER_SECOND);
	setitimer(ITIMER_REAL, &never, NULL);
	assert_int_equal(result, -1);
	assert_int_equal(errno, EINTR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadline__clock__does_not_run_backwards),
		cmocka_unit_test(deadline__zero__has_passed_at_once),
		cmocka_unit_test(deadline__an_hour__is_ahead),
		cmocka_unit_test(deadline__for_ever__never_passes),
		cmocka_unit_test(deadline__beyond_the_clock__never_passes),
		cmocka_unit_test(deadline__sleep__lasts_as_said),
		cmocka_unit_test(deadline__sleep__ends_at_the_deadline),
		cmocka_unit_test(deadline__sleep__is_ended_by_a_handler),
	};

	return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
