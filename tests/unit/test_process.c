/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <poll.h>
#include <sys/prctl.h>

#include "lock_wait.h"
#include "other.h"
#include "process.h"

static struct process_file file_of(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	return (struct process_file){status.st_dev, status.st_ino};
}

static int open_file(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	assert_true(fd >= 0);
	return fd;
}

static void only_stay(const struct other *self, const char *name)
{
	(void)name;
	other_say(self);
	other_stay(self);
}

/* Most of these tests have nothing to look at where there is no /proc. */
static void need_proc(void)
{
	if (access("/proc/self/stat", F_OK))
		skip();
}

static void process__ourselves__live_since_our_start(void **state)
{
	uint64_t start, again;

	(void)state;
	need_proc();
	assert_int_equal(process_start(getpid(), &start), 0);
	assert_int_equal(process_start(getpid(), &again), 0);
	assert_true(start > 0);
	assert_true(start == again);
	assert_true(start <= process_now());
	assert_true(process_lives(getpid(), 0));
	assert_true(process_lives(getpid(), start));
	assert_false(process_lives(getpid(), start + 1));
	assert_int_equal(process_parent(getpid()), getppid());
}

static void process__nobody__is_dead(void **state)
{
	uint64_t start;

	(void)state;
	assert_false(process_lives(0, 0));
	assert_false(process_lives(-1, 0));
	assert_false(process_lives(4194304 + 1, 0));
	assert_int_equal(process_start(4194304 + 1, &start), -1);
	assert_int_equal(process_parent(4194304 + 1), -1);
}

static void process__zombie__is_dead(void **state)
{
	struct other other;
	siginfo_t info;

	(void)state;
	need_proc();
	other_start(&other, only_stay, "");
	other_await(&other);
	assert_true(process_lives(other.pid, 0));
	kill(other.pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)other.pid, &info,
				WEXITED | WNOWAIT), 0);
	assert_false(process_lives(other.pid, 0));
	other_end(&other, 0);
	assert_false(process_lives(other.pid, 0));
}

static void rename_self(const struct other *self, const char *name)
{
	prctl(PR_SET_NAME, name);
	other_say(self);
	other_stay(self);
}

static void process__odd_name__does_not_confuse(void **state)
{
	struct other other;
	uint64_t start;
	char name[16];

	(void)state;
	need_proc();
	other_start(&other, rename_self, "a) S 1 (b c)");
	other_await(&other);
	assert_int_equal(process_parent(other.pid), getpid());
	assert_int_equal(process_start(other.pid, &start), 0);
	assert_true(process_lives(other.pid, start));
	process_name(other.pid, name);
	assert_string_equal(name, "a) S 1 (b c)");
	other_end(&other, 0);
	process_name(other.pid, name);
	assert_string_equal(name, "");
}

static void process__name_of_15_characters__is_whole(void **state)
{
	struct other other;
	char name[16];

	(void)state;
	need_proc();
	other_start(&other, rename_self, "123456789012345");
	other_await(&other);
	process_name(other.pid, name);
	assert_string_equal(name, "123456789012345");
	other_end(&other, 0);
}

/* A child of its own; the word is that child's pid. */
static void have_child(const struct other *self, const char *name)
{
	pid_t child = fork();

	(void)name;
	if (child == 0) {
		pause();
		_exit(0);
	}
	if (write(self->said, &child, sizeof(child)) != sizeof(child))
		_exit(1);
	other_stay(self);
	kill(child, SIGKILL);
}

static void process__descent__is_seen_with_its_branch(void **state)
{
	struct other other, stranger;
	pid_t grandchild, branch = 0;

	(void)state;
	need_proc();
	other_start(&stranger, only_stay, "");
	other_await(&stranger);
	other_start(&other, have_child, "");
	assert_int_equal(read(other.said, &grandchild, sizeof(grandchild)),
			 sizeof(grandchild));
	assert_true(process_descends(grandchild, getpid(), &branch));
	assert_int_equal(branch, other.pid);
	assert_true(process_descends(other.pid, getpid(), &branch));
	assert_int_equal(branch, other.pid);
	assert_true(process_descends(getpid(), getpid(), &branch));
	assert_int_equal(branch, getpid());
	assert_true(process_descends(grandchild, 1, NULL));
	assert_false(process_descends(getpid(), other.pid, NULL));
	assert_false(process_descends(grandchild, stranger.pid, &branch));
	assert_false(process_descends(4194305, getpid(), NULL));
	other_end(&other, 0);
	other_end(&stranger, 0);
}

struct seen {
	pid_t wanted;
	bool found;
};

static void see(pid_t child, void *context)
{
	struct seen *seen = context;

	seen->found |= child == seen->wanted;
}

static void process__children__are_listed(void **state)
{
	struct other one, two;
	struct seen seen;

	(void)state;
	need_proc();
	other_start(&one, only_stay, "");
	other_start(&two, only_stay, "");
	seen = (struct seen){two.pid, false};
	assert_int_equal(process_children(getpid(), see, &seen), 2);
	assert_true(seen.found);
	other_end(&one, 0);
	other_end(&two, 0);
	assert_int_equal(process_children(getpid(), see, &seen), 0);
}

static void process__boot_id__is_36_characters_and_stays(void **state)
{
	char one[37], two[37];

	(void)state;
	assert_int_equal(process_boot_id(one), 0);
	assert_int_equal(process_boot_id(two), 0);
	assert_int_equal(strlen(one), 36);
	assert_string_equal(one, two);
}

static void process__watch__sees_the_end(void **state)
{
	struct pollfd wait = {.events = POLLIN};
	struct other other;

	(void)state;
	other_start(&other, only_stay, "");
	other_await(&other);
	wait.fd = process_watch(other.pid);
	if (wait.fd < 0 && errno == ENOSYS) {
		other_end(&other, 0);
		skip();
	}
	assert_true(wait.fd >= 0);
	assert_true(fcntl(wait.fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(poll(&wait, 1, 0), 0);
	kill(other.pid, SIGKILL);
	assert_int_equal(poll(&wait, 1, 10000), 1);
	other_end(&other, 0);
	close(wait.fd);
	errno = 0;
	assert_int_equal(process_watch(other.pid), -1);
	assert_int_equal(errno, ESRCH);
}

static void process__flock__is_seen_on_its_descriptor(void **state)
{
	int fd = open_file(), other = open_file();

	(void)state;
	need_proc();
	assert_int_equal(process_fd_lock(getpid(), fd), PROCESS_NO_LOCK);
	assert_int_equal(flock(fd, LOCK_SH), 0);
	assert_int_equal(process_fd_lock(getpid(), fd), PROCESS_SHARED);
	assert_int_equal(process_fd_lock(getpid(), other), PROCESS_NO_LOCK);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(process_fd_lock(getpid(), fd), PROCESS_EXCLUSIVE);
	assert_int_equal(process_holds(getpid(), file_of(fd)),
			 PROCESS_EXCLUSIVE);
	assert_int_equal(flock(fd, LOCK_UN), 0);
	assert_int_equal(process_fd_lock(getpid(), fd), PROCESS_NO_LOCK);
	assert_int_equal(process_holds(getpid(), file_of(fd)),
			 PROCESS_NO_LOCK);
	assert_int_equal(process_fd_lock(getpid(), 9999), PROCESS_NO_LOCK);
	close(fd);
	close(other);
}

static void process__lock_on_a_byte__is_no_flock(void **state)
{
	int fd = open_file();
	struct process_locks locks;

	(void)state;
	need_proc();
	assert_int_equal(lock_wait_byte(fd, F_WRLCK, 0, deadline_in(0)), 0);
	assert_int_equal(process_fd_lock(getpid(), fd), PROCESS_NO_LOCK);
	assert_int_equal(process_locks(file_of(fd), &locks), 0);
	assert_int_equal(locks.holders, 0);
	assert_int_equal(flock(fd, LOCK_SH), 0);
	assert_int_equal(process_fd_lock(getpid(), fd), PROCESS_SHARED);
	close(fd);
}

static void process__others_lock__is_found(void **state)
{
	int fd = open_file();
	struct other other;
	struct process_locks locks;

	(void)state;
	need_proc();
	assert_int_equal(process_locks(file_of(fd), &locks), 0);
	assert_int_equal(locks.holder, 0);
	assert_int_equal(locks.holders, 0);
	assert_int_equal(process_find_holder(file_of(fd)), 0);
	other_hold(&other, "file", false);
	assert_int_equal(process_locks(file_of(fd), &locks), 0);
	assert_int_equal(locks.holder, other.pid);
	assert_int_equal(locks.holders, 1);
	assert_int_equal(locks.waiters, 0);
	assert_int_equal(locks.lock, PROCESS_EXCLUSIVE);
	assert_int_equal(process_holds(other.pid, file_of(fd)),
			 PROCESS_EXCLUSIVE);
	assert_int_equal(process_find_holder(file_of(fd)), other.pid);
	other_end(&other, SIGKILL);
	assert_int_equal(process_locks(file_of(fd), &locks), 0);
	assert_int_equal(locks.holders, 0);
	close(fd);
}

static void process__readers__are_counted(void **state)
{
	int fd = open_file();
	struct other one, two;
	struct process_locks locks;

	(void)state;
	need_proc();
	other_hold(&one, "file", true);
	other_hold(&two, "file", true);
	assert_int_equal(process_locks(file_of(fd), &locks), 0);
	assert_int_equal(locks.holders, 2);
	assert_int_equal(locks.lock, PROCESS_SHARED);
	other_end(&one, 0);
	other_end(&two, 0);
	close(fd);
}

static bool three_wait(void *argument)
{
	struct process_locks locks;

	return !process_locks(*(struct process_file *)argument, &locks) &&
	       locks.waiters == 3;
}

static void process__waiters__are_counted(void **state)
{
	int fd = open_file();
	struct process_file file = file_of(fd);
	struct process_locks locks;
	struct other waiters[3];

	(void)state;
	need_proc();
	assert_false(process_sees_all() && process_lock_waited(file));
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_false(process_sees_all() && process_lock_waited(file));
	for (int i = 0; i < 3; i++)
		other_start(&waiters[i], i == 1 ? other_shared
						: other_exclusive, "file");
	assert_true(other_poll(three_wait, &file));
	assert_true(process_lock_waited(file));
	assert_int_equal(process_locks(file, &locks), 0);
	assert_int_equal(locks.holders, 1);
	assert_int_equal(locks.holder, getpid());
	close(fd);
	for (int i = 0; i < 3; i++)
		other_end(&waiters[i], SIGKILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(process__ourselves__live_since_our_start),
		cmocka_unit_test(process__nobody__is_dead),
		cmocka_unit_test(process__zombie__is_dead),
		cmocka_unit_test(process__odd_name__does_not_confuse),
		cmocka_unit_test(process__name_of_15_characters__is_whole),
		cmocka_unit_test(process__descent__is_seen_with_its_branch),
		cmocka_unit_test(process__children__are_listed),
		cmocka_unit_test(process__boot_id__is_36_characters_and_stays),
		cmocka_unit_test(process__watch__sees_the_end),
		scratch_test(process__flock__is_seen_on_its_descriptor),
		scratch_test(process__lock_on_a_byte__is_no_flock),
		scratch_test(process__others_lock__is_found),
		scratch_test(process__readers__are_counted),
		scratch_test(process__waiters__are_counted),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
