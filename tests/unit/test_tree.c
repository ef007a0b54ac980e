/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "tree.h"

/* What a walk saw: "PATH/NAME" each, sorted at the end. */
struct walk_log {
	char lines[64][256];
	int count;
	int stop_after; /* 0: never */
};

static int note(int directory, const char *path, const char *name,
		void *context)
{
	struct walk_log *log = context;
	struct stat status;

	assert_int_equal(fstatat(directory, name, &status,
				 AT_SYMLINK_NOFOLLOW), 0);
	assert_true(log->count < 64);
	snprintf(log->lines[log->count++], 256, "%.127s/%.127s", path, name);
	return log->stop_after && log->count == log->stop_after ? 7 : 0;
}

static bool saw(const struct walk_log *log, const char *line)
{
	for (int i = 0; i < log->count; i++)
		if (!strcmp(log->lines[i], line))
			return true;
	return false;
}

static void tree__files__are_seen_at_every_depth(void **state)
{
	struct walk_log log = {.count = 0};

	(void)state;
	assert_int_equal(mkdir("t", 0777), 0);
	assert_int_equal(mkdir("t/d", 0777), 0);
	assert_int_equal(mkdir("t/d/e", 0777), 0);
	scratch_write("t/a", "");
	scratch_write("t/d/b", "");
	scratch_write("t/d/e/.c", "");
	assert_int_equal(mkfifo("t/fifo", 0666), 0);
	assert_int_equal(tree_walk("t", note, &log), 0);
	assert_int_equal(log.count, 4);
	assert_true(saw(&log, "t/a"));
	assert_true(saw(&log, "t/d/b"));
	assert_true(saw(&log, "t/d/e/.c"));
	assert_true(saw(&log, "t/fifo"));
}

static void tree__lock_directories__are_seen_too(void **state)
{
	struct walk_log log = {.count = 0};

	(void)state;
	assert_int_equal(mkdir("t", 0777), 0);
	assert_int_equal(mkdir("t/f.lock", 0777), 0);
	assert_int_equal(mkdir("t/.lock", 0777), 0);
	scratch_write("t/f.lock/x", "");
	assert_int_equal(tree_walk("t", note, &log), 0);
	assert_int_equal(log.count, 2);
	assert_true(saw(&log, "t/f.lock"));
	assert_true(saw(&log, "t/f.lock/x"));
}

static void tree__links_and_git__are_not_entered(void **state)
{
	struct walk_log log = {.count = 0};

	(void)state;
	assert_int_equal(mkdir("outside", 0777), 0);
	scratch_write("outside/x", "");
	assert_int_equal(mkdir("t", 0777), 0);
	assert_int_equal(mkdir("t/.git", 0777), 0);
	scratch_write("t/.git/index.lock", "");
	assert_int_equal(symlink("../outside", "t/link"), 0);
	assert_int_equal(symlink(".", "t/loop"), 0);
	assert_int_equal(tree_walk("t", note, &log), 0);
	assert_int_equal(log.count, 2);
	assert_true(saw(&log, "t/link"));
	assert_true(saw(&log, "t/loop"));
}

static void tree__visitor__can_end_it(void **state)
{
	struct walk_log log = {.stop_after = 2};

	(void)state;
	assert_int_equal(mkdir("t", 0777), 0);
	assert_int_equal(mkdir("t/d", 0777), 0);
	for (char name[] = "t/d/a"; name[4] < 'f'; name[4]++)
		scratch_write(name, "");
	assert_int_equal(tree_walk("t", note, &log), 7);
	assert_int_equal(log.count, 2);
}

static void tree__root_that_is_no_directory__fails(void **state)
{
	struct walk_log log = {.count = 0};

	(void)state;
	errno = 0;
	assert_int_equal(tree_walk("t", note, &log), -1);
	assert_int_equal(errno, ENOENT);
	scratch_write("t", "");
	errno = 0;
	assert_int_equal(tree_walk("t", note, &log), -1);
	assert_int_equal(errno, ENOTDIR);
}

static void tree__unreadable_directory__is_passed_over(void **state)
{
	struct walk_log log = {.count = 0};
	const uid_t self = geteuid();

	(void)state;
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("t", 0777), 0);
	assert_int_equal(mkdir("t/closed", 0), 0);
	assert_int_equal(mkdir("t/open", 0777), 0);
	scratch_write("t/open/a", "");
	if (!self)
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(tree_walk("t", note, &log), 0);
	assert_int_equal(seteuid(self), 0);
	assert_int_equal(log.count, 1);
	assert_true(saw(&log, "t/open/a"));
	assert_int_equal(chmod("t/closed", 0700), 0);
}

static void tree__very_deep__ends(void **state)
{
	struct walk_log log = {.count = 0};
	char path[2048] = "t";

	(void)state;
	for (int i = 0; i < 260; i++) {
		assert_int_equal(mkdir(path, 0777), 0);
		strcat(path, "/d");
	}
	scratch_write("t/d/a", "");
	assert_int_equal(tree_walk("t", note, &log), 0);
	assert_int_equal(log.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(tree__files__are_seen_at_every_depth),
		scratch_test(tree__lock_directories__are_seen_too),
		scratch_test(tree__links_and_git__are_not_entered),
		scratch_test(tree__visitor__can_end_it),
		scratch_test(tree__root_that_is_no_directory__fails),
		scratch_test(tree__unreadable_directory__is_passed_over),
		scratch_test(tree__very_deep__ends),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
