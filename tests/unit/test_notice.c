/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <signal.h>
#include <stdatomic.h>

#include "deadline.h"
#include "duration.h"
#include "notice.h"

static const int64_t MS = NS_PER_SECOND / 1000;

struct record {
	atomic_int calls;
	bool signals_blocked;
};

static void call(const void *context)
{
	struct record *record = *(struct record *const *)context;
	sigset_t mask;

	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	record->signals_blocked = sigismember(&mask, SIGALRM) == 1 &&
				  sigismember(&mask, SIGTERM) == 1;
	record->calls++;
}

static void notice__takes_longer__is_called_once(void **state)
{
	struct record record = {.calls = 0}, *context = &record;
	struct deadline end = deadline_in(10 * NS_PER_SECOND);
	struct notice notice;
	sigset_t before, after;

	(void)state;
	sigprocmask(SIG_BLOCK, NULL, &before);
	notice_start(&notice, 5 * MS, call, &context);
	sigprocmask(SIG_BLOCK, NULL, &after);
	assert_int_equal(sigismember(&before, SIGTERM),
			 sigismember(&after, SIGTERM));
	while (!record.calls && !deadline_passed(end))
		deadline_sleep(end, MS);
	deadline_sleep(end, 20 * MS);
	notice_stop(&notice);
	assert_int_equal(record.calls, 1);
	assert_true(record.signals_blocked);
}

static void notice__stopped_before__is_not_called(void **state)
{
	struct record record = {.calls = 0}, *context = &record;
	int64_t began = deadline_now();
	struct notice notice;

	(void)state;
	notice_start(&notice, 60 * NS_PER_SECOND, call, &context);
	errno = EXDEV;
	notice_stop(&notice);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(record.calls, 0);
	assert_true(deadline_now() - began < 30 * NS_PER_SECOND);
}

/* Stopping at the very moment of the call: it runs before stop returns, or
 * never. */
static void notice__stop_in_a_race__is_final(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		struct record record = {.calls = 0}, *context = &record;
		struct notice notice;
		int calls;

		notice_start(&notice, 100000, call, &context);
		deadline_sleep(deadline_in(NS_PER_SECOND), 60000);
		notice_stop(&notice);
		calls = record.calls;
		assert_in_range(calls, 0, 1);
		deadline_sleep(deadline_in(NS_PER_SECOND), 60000);
		assert_int_equal(record.calls, calls);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notice__takes_longer__is_called_once),
		cmocka_unit_test(notice__stopped_before__is_not_called),
		cmocka_unit_test(notice__stop_in_a_race__is_final),
	};

	return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
