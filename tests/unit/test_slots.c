/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <sys/select.h>

#include "duration.h"
#include "other.h"
#include "slots.h"

static int take(unsigned count, struct deadline deadline)
{
	return slots_take(AT_FDCWD, "f.lock", count, deadline);
}

static int slots_setup(void **state)
{
	if (scratch_setup(state))
		return -1;
	scratch_write("f.lock", "");
	return 0;
}

#define slots_test(function)                                    \
	cmocka_unit_test_setup_teardown(function, slots_setup, \
					scratch_teardown)

static void slots__as_many_as_there_are__are_had(void **state)
{
	int fds[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		fds[i] = take(3, deadline_in(0));
		assert_true(fds[i] >= 0);
		assert_true(fcntl(fds[i], F_GETFD) & FD_CLOEXEC);
	}
	errno = 0;
	assert_int_equal(take(3, deadline_in(0)), -1);
	assert_int_equal(errno, ETIMEDOUT);
	errno = 0;
	assert_int_equal(take(3, deadline_in(NS_PER_SECOND / 20)), -1);
	assert_int_equal(errno, ETIMEDOUT);
	slots_release(fds[1]);
	fds[1] = take(3, deadline_in(0));
	assert_true(fds[1] >= 0);
	for (int i = 0; i < 3; i++)
		slots_release(fds[i]);
}

static void slots__release__keeps_errno_and_frees_for_all_copies(void **state)
{
	int fd = take(1, deadline_in(0)), copy = dup(fd);

	(void)state;
	errno = EXDEV;
	slots_release(fd);
	assert_int_equal(errno, EXDEV);
	fd = take(1, deadline_in(0));
	assert_true(fd >= 0);
	close(fd);
	close(copy);
}

static void take_one_of_two(const struct other *self, const char *name)
{
	if (slots_take(AT_FDCWD, name, 2, deadline_in(0)) < 0)
		_exit(1);
	other_say(self);
	other_stay(self);
}

static void slots__killed_holder__leaks_none(void **state)
{
	struct other one, two;
	int fd;

	(void)state;
	other_start(&one, take_one_of_two, "f.lock");
	other_await(&one);
	other_start(&two, take_one_of_two, "f.lock");
	other_await(&two);
	assert_int_equal(take(2, deadline_in(0)), -1);
	other_end(&two, SIGKILL);
	fd = take(2, deadline_in(0));
	assert_true(fd >= 0);
	other_end(&one, 0);
	close(fd);
}

/* Wait for one of two, say that it was had. */
static void wait_for_slot(const struct other *self, const char *name)
{
	if (slots_take(AT_FDCWD, name, 2, deadline_in(20 * NS_PER_SECOND)) < 0)
		_exit(1);
	other_say(self);
	other_stay(self);
}

static bool is_ready(void *argument)
{
	struct timeval none = {0, 0};
	int fd = *(int *)argument;
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return select(fd + 1, &set, NULL, NULL, &none) == 1;
}

static void slots__whichever_comes_free__is_had_by_a_waiter(void **state)
{
	(void)state;
	for (int freed = 0; freed < 2; freed++) {
		int fds[2] = {take(2, deadline_in(0)), take(2, deadline_in(0))};
		struct other waiter;

		other_start(&waiter, wait_for_slot, "f.lock");
		other_nap();
		assert_false(is_ready(&waiter.said));
		slots_release(fds[freed]);
		assert_true(other_poll(is_ready, &waiter.said));
		other_await(&waiter);
		/* And the waiter alone has it. */
		assert_int_equal(take(2, deadline_in(0)), -1);
		other_end(&waiter, 0);
		slots_release(fds[!freed]);
	}
}

static void slots__waiters__all_get_one_in_the_end(void **state)
{
	int fds[2] = {take(2, deadline_in(0)), take(2, deadline_in(0))};
	struct other waiters[5];

	(void)state;
	for (int i = 0; i < 5; i++)
		other_start(&waiters[i], wait_for_slot, "f.lock");
	slots_release(fds[0]);
	slots_release(fds[1]);
	for (int done = 0; done < 5;) {
		for (int i = 0; i < 5; i++) {
			if (!waiters[i].pid || !is_ready(&waiters[i].said))
				continue;
			other_await(&waiters[i]);
			other_end(&waiters[i], 0);
			waiters[i].pid = 0;
			done++;
		}
		other_nap();
	}
}

static void slots__missing_file__fails(void **state)
{
	(void)state;
	errno = 0;
	assert_int_equal(slots_take(AT_FDCWD, "nothing", 2, deadline_in(0)),
			 -1);
	assert_int_equal(errno, ENOENT);
}

static void slots__no_child_is_left(void **state)
{
	int fds[2] = {take(2, deadline_in(0)), take(2, deadline_in(0))};

	(void)state;
	assert_int_equal(take(2, deadline_in(NS_PER_SECOND / 50)), -1);
	errno = 0;
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	slots_release(fds[0]);
	slots_release(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		slots_test(slots__as_many_as_there_are__are_had),
		slots_test(
			slots__release__keeps_errno_and_frees_for_all_copies),
		slots_test(slots__killed_holder__leaks_none),
		slots_test(slots__whichever_comes_free__is_had_by_a_waiter),
		slots_test(slots__waiters__all_get_one_in_the_end),
		slots_test(slots__missing_file__fails),
		slots_test(slots__no_child_is_left),
	};

	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
