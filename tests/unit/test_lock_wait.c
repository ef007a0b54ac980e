/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <sys/time.h>

#include "duration.h"
#include "lock_wait.h"
#include "other.h"

static const int64_t MS = NS_PER_SECOND / 1000;

static int open_file(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	assert_true(fd >= 0);
	return fd;
}

static void lock_wait__free__is_taken(void **state)
{
	int fd = open_file(), again = open_file();

	(void)state;
	assert_int_equal(lock_wait(fd, LOCK_EX, deadline_in(0)), 0);
	assert_int_equal(flock(again, LOCK_SH | LOCK_NB), -1);
	close(fd);
	close(again);
}

static void lock_wait__busy__times_out_at_the_deadline(void **state)
{
	int fd = open_file();
	struct other other;
	int64_t began;

	(void)state;
	other_hold(&other, "file", false);
	errno = 0;
	assert_int_equal(lock_wait(fd, LOCK_EX, deadline_in(0)), -1);
	assert_int_equal(errno, ETIMEDOUT);
	began = deadline_now();
	errno = 0;
	assert_int_equal(lock_wait(fd, LOCK_SH, deadline_in(60 * MS)), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_true(deadline_now() - began >= 60 * MS);
	assert_true(deadline_now() - began < 5 * NS_PER_SECOND);
	other_end(&other, 0);
	close(fd);
}

/* In the other process, as one that hangs can then be ended. */
static void race_deadlines(const struct other *self, const char *name)
{
	int fd = open(name, O_RDWR);

	for (int i = 0; i < 600; i++) {
		struct deadline soon = deadline_in(1000 * (i % 12 + 1));

		if (!lock_wait(fd, LOCK_EX, soon) || errno != ETIMEDOUT)
			_exit(1);
		if (!lock_wait_byte(fd, F_WRLCK, 7, soon) ||
		    errno != ETIMEDOUT)
			_exit(2);
	}
	other_say(self);
}

static bool has_ended(void *argument)
{
	struct other *other = argument;
	siginfo_t info = {.si_pid = 0};

	return !waitid(P_PID, (id_t)other->pid, &info,
		       WEXITED | WNOHANG | WNOWAIT) && info.si_pid;
}

static void lock_wait__deadline_of_microseconds__never_hangs(void **state)
{
	int fd = open_file();
	struct other other;

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(lock_wait_byte(fd, F_WRLCK, 7, deadline_in(0)), 0);
	other_start(&other, race_deadlines, "file");
	if (!other_poll(has_ended, &other)) {
		other_end(&other, SIGKILL);
		fail_msg("hangs");
	}
	assert_int_equal(other_end(&other, 0), 0);
	close(fd);
}

static void release_soon(const struct other *self, const char *name)
{
	int fd = open(name, O_RDWR);
	const struct timespec pause = {0, 50000000};

	if (fd < 0 || flock(fd, LOCK_EX))
		_exit(1);
	other_say(self);
	nanosleep(&pause, NULL);
}

static void wait_for_release(struct deadline deadline)
{
	int fd = open_file();
	struct other other;
	int64_t began = deadline_now();

	other_start(&other, release_soon, "file");
	other_await(&other);
	assert_int_equal(lock_wait(fd, LOCK_EX, deadline), 0);
	assert_true(deadline_now() - began < 20 * NS_PER_SECOND);
	other_end(&other, 0);
	close(fd);
}

static void lock_wait__release__wakes(void **state)
{
	(void)state;
	wait_for_release(deadline_in(30 * NS_PER_SECOND));
	wait_for_release(deadline_in(DURATION_FOREVER));
}

static volatile sig_atomic_t handled;

static void handle(int signal)
{
	handled = signal;
}

static void lock_wait__alarm__is_given_back(void **state)
{
	const struct sigaction ours = {.sa_handler = handle};
	struct sigaction now;
	struct itimerval timer;
	sigset_t block, mask;
	int fd = open_file();
	struct other other;

	(void)state;
	sigemptyset(&block);
	sigaddset(&block, SIGALRM);
	sigaction(SIGALRM, &ours, NULL);
	sigprocmask(SIG_BLOCK, &block, NULL);
	handled = 0;
	other_hold(&other, "file", false);
	assert_int_equal(lock_wait(fd, LOCK_EX, deadline_in(10 * MS)), -1);
	assert_int_equal(errno, ETIMEDOUT);
	sigaction(SIGALRM, NULL, &now);
	assert_ptr_equal(now.sa_handler, handle);
	sigprocmask(SIG_UNBLOCK, &block, &mask);
	assert_true(sigismember(&mask, SIGALRM));
	getitimer(ITIMER_REAL, &timer);
	assert_int_equal(timer.it_value.tv_sec + timer.it_value.tv_usec, 0);
	assert_int_equal(timer.it_interval.tv_usec, 0);
	assert_int_equal(handled, 0);
	signal(SIGALRM, SIG_DFL);
	other_end(&other, 0);
	close(fd);
}

/* A signal to the test, again and again: the first may come too early. */
static void pester(const struct other *self, const char *name)
{
	(void)self;
	(void)name;
	for (int i = 0; i < 2000; i++) {
		kill(getppid(), SIGUSR1);
		other_nap();
	}
}

static void lock_wait__other_signal__interrupts(void **state)
{
	const struct sigaction ours = {.sa_handler = handle};
	int fd = open_file();
	struct other holder, signaller;

	(void)state;
	sigaction(SIGUSR1, &ours, NULL);
	other_hold(&holder, "file", false);
	other_start(&signaller, pester, "");
	errno = 0;
	assert_int_equal(lock_wait(fd, LOCK_EX,
				   deadline_in(30 * NS_PER_SECOND)), -1);
	assert_int_equal(errno, EINTR);
	errno = 0;
	assert_int_equal(lock_wait(fd, LOCK_EX,
				   deadline_in(DURATION_FOREVER)), -1);
	assert_int_equal(errno, EINTR);
	other_end(&signaller, SIGKILL);
	signal(SIGUSR1, SIG_DFL);
	other_end(&holder, 0);
	close(fd);
}

static void lock_wait__what_waiting_cannot_cure__fails_at_once(void **state)
{
	int fd = open_file();

	(void)state;
	errno = 0;
	assert_int_equal(lock_wait(-1, LOCK_EX,
				   deadline_in(NS_PER_SECOND)), -1);
	assert_int_equal(errno, EBADF);
	errno = 0;
	assert_int_equal(lock_wait(fd, 64, deadline_in(NS_PER_SECOND)), -1);
	assert_int_equal(errno, EINVAL);
	close(fd);
}

static int take_byte(int fd, int type, off_t byte)
{
	return lock_wait_byte(fd, type, byte, deadline_in(0));
}

static void lock_wait_byte__descriptions__exclude_each_other(void **state)
{
	int one = open_file(), two = open_file(), three = open_file();

	(void)state;
	assert_int_equal(take_byte(one, F_RDLCK, 3), 0);
	assert_int_equal(take_byte(two, F_RDLCK, 3), 0);
	assert_int_equal(take_byte(three, F_WRLCK, 3), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_int_equal(take_byte(three, F_WRLCK, 4), 0);
	assert_int_equal(take_byte(one, F_UNLCK, 3), 0);
	close(two);
	assert_int_equal(take_byte(three, F_WRLCK, 3), 0);
	assert_int_equal(take_byte(one, F_RDLCK, 3), -1);
	close(one);
	close(three);
}

static void lock_wait_byte__flock__is_another_lock(void **state)
{
	int one = open_file(), two = open_file();

	(void)state;
	assert_int_equal(flock(one, LOCK_EX), 0);
	assert_int_equal(take_byte(two, F_WRLCK, 0), 0);
	close(one);
	close(two);
}

static void lock_wait_byte__closing_another_copy__keeps_it(void **state)
{
	int one = open_file(), two = open_file();

	(void)state;
	assert_int_equal(take_byte(one, F_WRLCK, 0), 0);
	close(open_file());
	assert_int_equal(take_byte(two, F_WRLCK, 0), -1);
	close(one);
	close(two);
}

static void lock_wait_byte__read_only__is_refused(void **state)
{
	int fd;

	(void)state;
	scratch_write("file", "");
	fd = open("file", O_RDONLY);
	errno = 0;
	assert_int_equal(take_byte(fd, F_WRLCK, 0), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(take_byte(fd, F_RDLCK, 0), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(lock_wait__free__is_taken),
		scratch_test(lock_wait__busy__times_out_at_the_deadline),
		scratch_test(lock_wait__deadline_of_microseconds__never_hangs),
		scratch_test(lock_wait__release__wakes),
		scratch_test(lock_wait__alarm__is_given_back),
		scratch_test(lock_wait__other_signal__interrupts),
		scratch_test(
			lock_wait__what_waiting_cannot_cure__fails_at_once),
		scratch_test(lock_wait_byte__descriptions__exclude_each_other),
		scratch_test(lock_wait_byte__flock__is_another_lock),
		scratch_test(lock_wait_byte__closing_another_copy__keeps_it),
		scratch_test(lock_wait_byte__read_only__is_refused),
	};

	return cmocka_run_group_tests_name("lock_wait", tests, NULL, NULL);
}
