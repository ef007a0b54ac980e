/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "boot_clock.h"
#include "duration.h"
#include "signals.h"

#define MS (NS_PER_SECOND / 1000)

static struct boot_clock opened(void)
{
	struct boot_clock clock;

	assert_int_equal(boot_clock_init(&clock), 0);
	return clock;
}

static void clock__read_twice__goes_forward(void **state)
{
	struct boot_clock clock = opened();
	int64_t first = boot_clock_now(&clock);

	(void)state;
	assert_true(boot_clock_now(&clock) >= first);
	assert_int_equal(strlen(clock.boot), 36);
	assert_int_equal(boot_clock_own(&clock, 5), 5 + clock.offset);
	boot_clock_release(&clock);
}

static void clock__time_to_come__is_slept_for(void **state)
{
	struct boot_clock clock = opened();
	int64_t wake = boot_clock_now(&clock) + 20 * MS;

	(void)state;
	assert_int_equal(boot_clock_sleep(&clock, wake), 0);
	assert_true(boot_clock_now(&clock) >= wake);
	wake += 20 * MS;
	assert_int_equal(boot_clock_sleep(&clock, wake), 0);
	assert_true(boot_clock_now(&clock) >= wake);
	boot_clock_release(&clock);
}

static void clock__time_gone__does_not_sleep(void **state)
{
	struct boot_clock clock = opened();

	(void)state;
	assert_int_equal(boot_clock_sleep(&clock, 0), 0);
	assert_int_equal(boot_clock_sleep(&clock, -5), 0);
	assert_int_equal(clock.timer, -1);
	boot_clock_release(&clock);
}

/* Last: the signal stays caught. */
static void clock__signal__ends_the_sleep(void **state)
{
	struct boot_clock clock = opened();
	const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
	int64_t never = boot_clock_now(&clock) + 3600 * NS_PER_SECOND;

	(void)state;
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(boot_clock_sleep(&clock, never), -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(signals_caught(), SIGALRM);
	/* Also where it came before. */
	assert_int_equal(boot_clock_sleep(&clock, never), -1);
	boot_clock_release(&clock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock__read_twice__goes_forward),
		cmocka_unit_test(clock__time_to_come__is_slept_for),
		cmocka_unit_test(clock__time_gone__does_not_sleep),
		cmocka_unit_test(clock__signal__ends_the_sleep),
	};

	signals_catch();
	return cmocka_run_group_tests_name("boot_clock", tests, NULL, NULL);
}
