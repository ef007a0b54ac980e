/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "append.h"

static struct target target;
static struct problem problem;

static int setup(void **state)
{
	return scratch_setup(state) || target_open(&target, "a", 0, &problem);
}

static int teardown(void **state)
{
	target_close(&target);
	return scratch_teardown(state);
}

#define append_test(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

static int append(const char *text)
{
	struct append append;
	int result;

	append_init(&append, &target, false);
	result = append_bytes(&append, text, strlen(text), &problem);
	append_release(&append);
	return result;
}

static int recover(void)
{
	return append_recover(target.directory, "a", "a", &problem);
}

static off_t whole_length(void)
{
	int fd = open("a", O_RDONLY | O_CLOEXEC);
	off_t length = -1;

	assert_int_equal(append_length(target.directory, "a", fd, &length), 0);
	close(fd);
	return length;
}

static off_t file_size(const char *name)
{
	struct stat status;

	assert_int_equal(stat(name, &status), 0);
	return status.st_size;
}

static const char record[] = ".a.interlock-append";

/* 1000 bytes, which is more than a record, ended by a newline. */
static void write_old(void)
{
	char text[1001];

	memset(text, 'o', 999);
	strcpy(text + 999, "\n");
	scratch_write("a", text);
}

/*
 * Let a child append "piece\n" to the 1000 bytes and die when it has written
 * three of them: at a file size limit whose signal has its default action.
 */
static void append_and_die(void)
{
	const struct rlimit size = {1003, 1003}, core = {0, 0};
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGXFSZ, SIG_DFL);
		setrlimit(RLIMIT_CORE, &core);
		setrlimit(RLIMIT_FSIZE, &size);
		append("piece\n");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(scratch_exists(record));
	assert_int_equal(file_size("a"), 1003);
}

static void append__missing_file__is_made(void **state)
{
	(void)state;
	assert_int_equal(append("one\n"), 0);
	scratch_holds("a", "one\n");
	assert_int_equal(scratch_mode("a"), 0644);
	assert_int_equal(scratch_entries(), 1);
}

static void append__missing_newline__is_put_first(void **state)
{
	(void)state;
	scratch_write("a", "one");
	assert_int_equal(append("two"), 0);
	assert_int_equal(append("three\n"), 0);
	scratch_holds("a", "one\ntwo\nthree\n");
	assert_int_equal(scratch_entries(), 1);
}

static void append__file_replaced_between__goes_to_the_new_one(void **state)
{
	struct append log;

	(void)state;
	append_init(&log, &target, true);
	assert_int_equal(append_bytes(&log, "one\n", 4, &problem), 0);
	assert_int_equal(rename("a", "a.1"), 0);
	assert_int_equal(append_bytes(&log, "two\n", 4, &problem), 0);
	assert_int_equal(append_sync(&log, &problem), 0);
	append_release(&log);
	scratch_holds("a.1", "one\n");
	scratch_holds("a", "two\n");
}

static void append__from_file__adds_all_of_it(void **state)
{
	struct append append;
	int source;

	(void)state;
	scratch_write("a", "one\n");
	scratch_write("source", "two\nthree\n");
	source = open("source", O_RDONLY | O_CLOEXEC);
	append_init(&append, &target, false);
	assert_int_equal(append_from(&append, source, &problem), 0);
	append_release(&append);
	close(source);
	scratch_holds("a", "one\ntwo\nthree\n");
}

static void append__cut_short__is_taken_back(void **state)
{
	(void)state;
	write_old();
	append_and_die();
	assert_int_equal(whole_length(), 1000);
	assert_int_equal(recover(), 0);
	assert_int_equal(file_size("a"), 1000);
	assert_int_equal(scratch_entries(), 1);
	assert_int_equal(recover(), 0);
}

static void append__after_one_cut_short__recovers_first(void **state)
{
	(void)state;
	write_old();
	append_and_die();
	assert_int_equal(append("new\n"), 0);
	assert_int_equal(file_size("a"), 1004);
	assert_int_equal(scratch_entries(), 1);
}

static void append__finished_but_still_noted__is_kept(void **state)
{
	FILE *file;

	(void)state;
	write_old();
	append_and_die();
	file = fopen("a", "a");
	fputs("ce\n", file);
	fclose(file);
	assert_int_equal(whole_length(), 1006);
	assert_int_equal(recover(), 0);
	assert_int_equal(file_size("a"), 1006);
	assert_int_equal(scratch_entries(), 1);
}

static void append__record_of_another_file__cuts_nothing(void **state)
{
	(void)state;
	write_old();
	append_and_die();
	/* Another inode. */
	assert_int_equal(rename("a", "b"), 0);
	write_old();
	scratch_write("c", "c");
	assert_int_equal(rename("a", "c"), 0);
	assert_int_equal(rename("c", "a"), 0);
	assert_int_equal(truncate("a", 2000), 0);
	assert_int_equal(whole_length(), 2000);
	assert_int_equal(recover(), 0);
	assert_int_equal(file_size("a"), 2000);
	assert_false(scratch_exists(record));
}

static void append__record_of_other_content__cuts_nothing(void **state)
{
	int fd;

	(void)state;
	write_old();
	append_and_die();
	/* The same inode, written anew. */
	fd = open("a", O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, "new", 3), 3);
	close(fd);
	assert_int_equal(whole_length(), 1003);
	assert_int_equal(recover(), 0);
	assert_int_equal(file_size("a"), 1003);
	assert_false(scratch_exists(record));
}

static void append__torn_record__is_none(void **state)
{
	(void)state;
	write_old();
	append_and_die();
	assert_int_equal(truncate(record, 60), 0);
	assert_int_equal(recover(), 0);
	assert_int_equal(file_size("a"), 1003);
	assert_false(scratch_exists(record));
}

static void append__writer_alive__is_left_alone(void **state)
{
	int writer;

	(void)state;
	write_old();
	append_and_die();
	writer = open(record, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(writer, LOCK_SH), 0);
	assert_int_equal(recover(), 0);
	assert_int_equal(file_size("a"), 1003);
	assert_int_equal(append("new\n"), -1);
	assert_non_null(strstr(problem.reason, "in the way"));
	close(writer);
	assert_int_equal(recover(), 0);
	assert_int_equal(file_size("a"), 1000);
}

static void append__planted_record__is_not_followed(void **state)
{
	(void)state;
	write_old();
	scratch_write("victim", "x");
	assert_int_equal(symlink("victim", record), 0);
	assert_int_equal(recover(), 0);
	assert_int_equal(append("new\n"), -1);
	scratch_holds("victim", "x");
	assert_int_equal(file_size("a"), 1000);
}

static void append__long_names__do_not_share_a_record(void **state)
{
	char name[256];

	(void)state;
	memset(name, 'n', 240);
	name[240] = '\0';
	target_close(&target);
	assert_int_equal(target_open(&target, name, 0, &problem), 0);
	assert_int_equal(append("one\n"), 0);
	scratch_holds(name, "one\n");
	assert_int_equal(scratch_entries(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		append_test(append__missing_file__is_made),
		append_test(append__missing_newline__is_put_first),
		append_test(append__file_replaced_between__goes_to_the_new_one),
		append_test(append__from_file__adds_all_of_it),
		append_test(append__cut_short__is_taken_back),
		append_test(append__after_one_cut_short__recovers_first),
		append_test(append__finished_but_still_noted__is_kept),
		append_test(append__record_of_another_file__cuts_nothing),
		append_test(append__record_of_other_content__cuts_nothing),
		append_test(append__torn_record__is_none),
		append_test(append__writer_alive__is_left_alone),
		append_test(append__planted_record__is_not_followed),
		append_test(append__long_names__do_not_share_a_record),
	};

	return cmocka_run_group_tests_name("append", tests, NULL, NULL);
}
