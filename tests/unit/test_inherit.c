/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "fdio.h"
#include "holder.h"
#include "inherit.h"
#include "other.h"

static int open_file(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	assert_true(fd >= 0);
	return fd;
}

static struct process_file file_of(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	return (struct process_file){status.st_dev, status.st_ino};
}

static void claim(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static void claim(const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	assert_int_equal(setenv(INHERIT_VARIABLE, text, 1), 0);
}

static void claim_file(int fd, struct process_file file, pid_t wrapper)
{
	uint64_t start = 0;

	process_start(wrapper, &start);
	claim("%d:%llu:%llu:%ld:%llu", fd, (unsigned long long)file.device,
	      (unsigned long long)file.inode, (long)wrapper,
	      (unsigned long long)start);
}

static int forget(void **state)
{
	unsetenv(INHERIT_VARIABLE);
	if (access("/proc/self/fdinfo", F_OK))
		skip();
	return scratch_setup(state);
}

#define inherit_test(function)                             \
	cmocka_unit_test_setup_teardown(function, forget, \
					scratch_teardown)

static void inherit__nothing_claimed__is_no_lock(void **state)
{
	int fd = open_file("f");

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(inherit_from_wrapper(file_of(fd)), PROCESS_NO_LOCK);
	claim(" ");
	assert_int_equal(inherit_from_wrapper(file_of(fd)), PROCESS_NO_LOCK);
	close(fd);
}

static void inherit__announced_descriptor__is_believed(void **state)
{
	int fd = open_file("f");

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(inherit_announce(fd, file_of(fd)), 0);
	assert_int_equal(inherit_from_wrapper(file_of(fd)),
			 PROCESS_EXCLUSIVE);
	assert_int_equal(flock(fd, LOCK_SH), 0);
	assert_int_equal(inherit_from_wrapper(file_of(fd)), PROCESS_SHARED);
	/* True once, and no more. */
	assert_int_equal(flock(fd, LOCK_UN), 0);
	assert_int_equal(inherit_from_wrapper(file_of(fd)), PROCESS_NO_LOCK);
	close(fd);
	assert_int_equal(inherit_from_wrapper(file_of(open_file("f"))),
			 PROCESS_NO_LOCK);
}

static void inherit__two_announced__are_both_believed(void **state)
{
	int one = open_file("one"), two = open_file("two");

	(void)state;
	assert_int_equal(flock(one, LOCK_EX), 0);
	assert_int_equal(flock(two, LOCK_SH), 0);
	assert_int_equal(inherit_announce(one, file_of(one)), 0);
	assert_int_equal(inherit_announce(two, file_of(two)), 0);
	assert_int_equal(inherit_from_wrapper(file_of(one)),
			 PROCESS_EXCLUSIVE);
	assert_int_equal(inherit_from_wrapper(file_of(two)), PROCESS_SHARED);
	close(one);
	close(two);
}

static void inherit__lies__are_not_believed(void **state)
{
	int fd = open_file("f"), locked = open_file("g");
	struct process_file file = file_of(fd), other = file_of(locked);

	(void)state;
	assert_int_equal(flock(locked, LOCK_EX), 0);
	/* Another file's descriptor, a closed one, one that is not locked. */
	claim_file(locked, file, getpid());
	assert_int_equal(inherit_from_wrapper(file), PROCESS_NO_LOCK);
	claim_file(locked, other, getpid());
	assert_int_equal(inherit_from_wrapper(file), PROCESS_NO_LOCK);
	claim_file(999, file, getpid());
	assert_int_equal(inherit_from_wrapper(file), PROCESS_NO_LOCK);
	claim_file(-1, file, getpid());
	assert_int_equal(inherit_from_wrapper(file), PROCESS_NO_LOCK);
	claim_file(fd, file, getpid());
	assert_int_equal(inherit_from_wrapper(file), PROCESS_NO_LOCK);
	/* The wrapper is no ancestor, does not hold, started another time. */
	claim_file(999, file, 1);
	assert_int_equal(inherit_from_wrapper(file), PROCESS_NO_LOCK);
	claim_file(999, file, getppid());
	assert_int_equal(inherit_from_wrapper(file), PROCESS_NO_LOCK);
	close(fd);
	close(locked);
}

static void inherit__garbage__is_not_believed(void **state)
{
	static const char *const garbage[] = {
		"", " ", "x", "1", "1:2", "1:2:3:4", "1:2:3:4:", ":::::",
		"1:2:3:4:5:6", "1:2:3:4:5 x", "-1:-1:-1:-1:-1",
		"99999999999999999999:1:1:1:1", "%s%n:1:1:1:1",
	};
	int fd = open_file("f");

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		claim("%s", garbage[i]);
		assert_int_equal(inherit_from_wrapper(file_of(fd)),
				 PROCESS_NO_LOCK);
	}
	close(fd);
}

/* In a child that has lost the descriptor: exit with what it makes of it. */
static void judge(const struct other *self, const char *name)
{
	struct stat status;

	(void)self;
	if (stat(name, &status))
		_exit(99);
	fdio_close_others(NULL, 0);
	_exit(inherit_from_wrapper((struct process_file){
		status.st_dev, status.st_ino}));
}

static void inherit__closed_descriptor__is_replaced_by_the_wrapper(void **state)
{
	int fd = open_file("f");
	struct other child, stranger;

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(inherit_announce(fd, file_of(fd)), 0);
	other_start(&child, judge, "f");
	assert_int_equal(WEXITSTATUS(other_end(&child, 0)),
			 PROCESS_EXCLUSIVE);
	/* The lock went to somebody else meanwhile. */
	assert_int_equal(flock(fd, LOCK_UN), 0);
	other_hold(&stranger, "f", false);
	other_start(&child, judge, "f");
	assert_int_equal(WEXITSTATUS(other_end(&child, 0)), PROCESS_NO_LOCK);
	/* The stranger holds, but is no ancestor. */
	claim_file(999, file_of(fd), stranger.pid);
	other_start(&child, judge, "f");
	assert_int_equal(WEXITSTATUS(other_end(&child, 0)), PROCESS_NO_LOCK);
	other_end(&stranger, 0);
	/* The right wrapper of another time. */
	assert_int_equal(flock(fd, LOCK_EX), 0);
	claim("999:%llu:%llu:%ld:1", (unsigned long long)file_of(fd).device,
	      (unsigned long long)file_of(fd).inode, (long)getpid());
	other_start(&child, judge, "f");
	assert_int_equal(WEXITSTATUS(other_end(&child, 0)), PROCESS_NO_LOCK);
	close(fd);
}

/* A keeper: holds the lock and says in the record that it is for its parent. */
static void be_keeper(const struct other *self, const char *name)
{
	int fd = open(name, O_RDWR);
	struct holder record;

	if (fd < 0 || flock(fd, LOCK_EX))
		_exit(1);
	holder_self(&record, NULL, "");
	holder_set_owner(&record, getppid());
	if (holder_write(fd, &record, 0))
		_exit(1);
	other_say(self);
	other_stay(self);
}

static void inherit__keeper_for_us__is_believed(void **state)
{
	int fd = open_file("f");
	struct other keeper;

	(void)state;
	assert_int_equal(inherit_from_keeper(fd, file_of(fd)),
			 PROCESS_NO_LOCK);
	other_start(&keeper, be_keeper, "f");
	other_await(&keeper);
	assert_int_equal(inherit_from_keeper(fd, file_of(fd)),
			 PROCESS_EXCLUSIVE);
	other_end(&keeper, SIGKILL);
	/* Its record is still there, it is not. */
	assert_int_equal(inherit_from_keeper(fd, file_of(fd)),
			 PROCESS_NO_LOCK);
	close(fd);
}

static void inherit__record_without_lock__is_not_believed(void **state)
{
	int fd = open_file("f");
	struct holder record;
	struct other other;

	(void)state;
	other_hold(&other, "elsewhere", false);
	holder_self(&record, NULL, "");
	holder_set_owner(&record, getpid());
	record.pid = other.pid;
	process_start(record.pid, &record.start);
	assert_int_equal(holder_write(fd, &record, 0), 0);
	assert_int_equal(inherit_from_keeper(fd, file_of(fd)),
			 PROCESS_NO_LOCK);
	other_end(&other, 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		inherit_test(inherit__nothing_claimed__is_no_lock),
		inherit_test(inherit__announced_descriptor__is_believed),
		inherit_test(inherit__two_announced__are_both_believed),
		inherit_test(inherit__lies__are_not_believed),
		inherit_test(inherit__garbage__is_not_believed),
		inherit_test(
			inherit__closed_descriptor__is_replaced_by_the_wrapper),
		inherit_test(inherit__keeper_for_us__is_believed),
		inherit_test(inherit__record_without_lock__is_not_believed),
	};

	return cmocka_run_group_tests_name("inherit", tests, NULL, NULL);
}
