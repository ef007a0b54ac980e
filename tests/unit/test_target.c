/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <limits.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct problem problem;

/* OPERAND leads to the file NAME in the directory DIRECTORY. */
static void assert_leads(const char *operand, const char *directory,
			 const char *name)
{
	struct target target;
	struct stat expected, found;
	char lock_name[NAME_MAX];

	if (target_open(&target, operand, TARGET_DIRECTORY, &problem))
		fail_msg("%s: %s", operand, problem.reason);
	assert_int_equal(stat(directory, &expected), 0);
	assert_int_equal(fstat(target.directory, &found), 0);
	assert_string_equal(target.name, name);
	snprintf(lock_name, sizeof(lock_name), "%s.lock", name);
	assert_string_equal(target.lock_name, lock_name);
	if (found.st_dev != expected.st_dev || found.st_ino != expected.st_ino)
		fail_msg("%s led to another directory", operand);
	assert_ptr_equal(target.operand, operand);
	assert_int_equal(target.exists,
			 !fstatat(target.directory, name, &found,
				  AT_SYMLINK_NOFOLLOW));
	target_close(&target);
}

/* OPERAND is refused with STATUS, and the reason has WORDS in it. */
static void assert_refused(const char *operand, enum target_flags flags,
			   enum exit_status status, const char *words)
{
	struct target target;

	if (!target_open(&target, operand, flags, &problem))
		fail_msg("%s was taken", operand);
	assert_int_equal(problem.status, status);
	if (!strstr(problem.reason, words))
		fail_msg("%s: '%s', not '%s'", operand, problem.reason, words);
	assert_int_equal(target.directory, -1);
	assert_null(target.name);
	assert_null(target.lock_name);
}

static void target__spellings_of_one_file__lead_to_one_place(void **state)
{
	struct scratch *scratch = *state;
	char absolute[128];

	assert_int_equal(mkdir("d", 0777), 0);
	scratch_write("d/a", "");
	snprintf(absolute, sizeof(absolute), "%s/d/a", scratch->path);
	assert_leads("d/a", "d", "a");
	assert_leads("./d/a", "d", "a");
	assert_leads("d//a", "d", "a");
	assert_leads("d/../d/./a", "d", "a");
	assert_leads(absolute, "d", "a");
	assert_int_equal(chdir("d"), 0);
	assert_leads("a", ".", "a");
	assert_leads("../d/a", ".", "a");
}

static void target__missing_file__has_a_place(void **state)
{
	(void)state;
	assert_leads("new", ".", "new");
	assert_leads("/new", "/", "new");
	assert_leads("//new", "/", "new");
}

static void target__links__are_followed_to_the_end(void **state)
{
	struct scratch *scratch = *state;
	char absolute[128];

	assert_int_equal(mkdir("d", 0777), 0);
	assert_int_equal(mkdir("e", 0777), 0);
	scratch_write("d/a", "");
	snprintf(absolute, sizeof(absolute), "%s/e/two", scratch->path);
	assert_int_equal(symlink(absolute, "one"), 0);
	assert_int_equal(symlink("../d/three", "e/two"), 0);
	assert_int_equal(symlink("a", "d/three"), 0);
	assert_leads("one", "d", "a");
	assert_leads("e/two", "d", "a");
	assert_int_equal(symlink("d", "to_d"), 0);
	assert_leads("to_d/a", "d", "a");
	assert_leads("to_d/three", "d", "a");
}

static void target__dangling_link__is_where_it_points(void **state)
{
	(void)state;
	assert_int_equal(mkdir("d", 0777), 0);
	assert_int_equal(symlink("d/new", "link"), 0);
	assert_leads("link", "d", "new");
	assert_int_equal(symlink("nowhere/new", "lost"), 0);
	assert_refused("lost", 0, STATUS_STATE, "no such directory: nowhere");
}

static void make_chain(int links)
{
	char name[32], next[32];

	scratch_write("0", "");
	for (int i = 1; i <= links; i++) {
		snprintf(name, sizeof(name), "%d", i);
		snprintf(next, sizeof(next), "%d", i - 1);
		assert_int_equal(symlink(next, name), 0);
	}
}

static void target__forty_links__are_followed_but_no_more(void **state)
{
	(void)state;
	make_chain(41);
	assert_leads("40", ".", "0");
	assert_refused("41", 0, STATUS_FAILED, strerror(ELOOP));
}

static void target__loop__is_refused(void **state)
{
	(void)state;
	assert_int_equal(symlink("b", "a"), 0);
	assert_int_equal(symlink("a", "b"), 0);
	assert_int_equal(symlink("self", "self"), 0);
	assert_refused("a", 0, STATUS_FAILED, strerror(ELOOP));
	assert_refused("self", 0, STATUS_FAILED, strerror(ELOOP));
	assert_refused("self/x", 0, STATUS_FAILED, strerror(ELOOP));
}

static void target__directory__is_one_only_if_allowed(void **state)
{
	(void)state;
	assert_int_equal(mkdir("d", 0777), 0);
	assert_int_equal(symlink("d", "link"), 0);
	assert_refused("d", 0, STATUS_FAILED, "is a directory");
	assert_refused("d/", 0, STATUS_FAILED, "is a directory");
	assert_leads("d", ".", "d");
	assert_leads("d/", ".", "d");
	assert_leads("d///", ".", "d");
	assert_leads("d/.", ".", "d");
	assert_leads("link", ".", "d");
	assert_leads("link/", ".", "d");
}

static void target__dots__are_named_beside_themselves(void **state)
{
	struct scratch *scratch = *state;
	const char *name = strrchr(scratch->path, '/') + 1;

	assert_int_equal(mkdir("d", 0777), 0);
	assert_leads(".", "..", name);
	assert_leads("./", "..", name);
	assert_leads("d/..", "..", name);
	assert_leads("d/../", "..", name);
	assert_int_equal(symlink(".", "link"), 0);
	assert_leads("link", "..", name);
	assert_refused(".", 0, STATUS_FAILED, "is a directory");
	assert_int_equal(chdir("d"), 0);
	assert_leads("..", "../..", name);
}

static void target__root__has_no_name(void **state)
{
	(void)state;
	assert_refused("/", TARGET_DIRECTORY, STATUS_FAILED, "--lock-file");
	assert_refused("//", TARGET_DIRECTORY, STATUS_FAILED, "--lock-file");
	assert_refused("/..", TARGET_DIRECTORY, STATUS_FAILED, "--lock-file");
	assert_int_equal(symlink("/", "root"), 0);
	assert_refused("root", TARGET_DIRECTORY, STATUS_FAILED, "--lock-file");
}

static void target__slash_behind_what_is_no_directory__is_refused(void **state)
{
	(void)state;
	scratch_write("a", "");
	assert_refused("a/", TARGET_DIRECTORY, STATUS_FAILED,
		       strerror(ENOTDIR));
	assert_refused("a/b", 0, STATUS_FAILED, strerror(ENOTDIR));
	assert_refused("new/", TARGET_DIRECTORY, STATUS_FAILED,
		       strerror(EISDIR));
	assert_refused("new/", TARGET_MAKE_PARENTS, STATUS_FAILED,
		       strerror(EISDIR));
	assert_int_equal(symlink("a/", "link"), 0);
	assert_refused("link", 0, STATUS_FAILED, strerror(ENOTDIR));
}

static void target__empty_operand__is_refused(void **state)
{
	(void)state;
	assert_refused("", 0, STATUS_FAILED, strerror(ENOENT));
}

static void target__what_is_no_file__is_named(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX,
				      .sun_path = "socket"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(mkfifo("fifo", 0666), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
			      sizeof(address)), 0);
	assert_refused("fifo", TARGET_DIRECTORY, STATUS_FAILED, "is a FIFO");
	assert_refused("socket", 0, STATUS_FAILED, "is a socket");
	assert_refused("/dev/null", 0, STATUS_FAILED, "is a device");
	close(fd);
}

static void target__pipe_without_a_name__is_a_fifo(void **state)
{
	char path[64];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	if (access(path, F_OK))
		skip();
	assert_refused(path, 0, STATUS_FAILED, "is a FIFO");
	close(ends[0]);
	close(ends[1]);
}

static void target__names_too_long__are_refused(void **state)
{
	char name[NAME_MAX + 2], path[PATH_MAX + 64];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_refused(name, 0, STATUS_FAILED, strerror(ENAMETOOLONG));
	memset(path, '/', sizeof(path));
	strcpy(path + sizeof(path) - 2, "n");
	memset(path, 'a', 1);
	assert_refused(path, 0, STATUS_FAILED, strerror(ENAMETOOLONG));
}

static void target__missing_directory__is_made_where_asked(void **state)
{
	struct target target;

	(void)state;
	assert_refused("x/y/f", 0, STATUS_STATE, "no such directory: x/y");
	assert_false(scratch_exists("x"));
	assert_int_equal(target_open(&target, "x/y/f", TARGET_MAKE_PARENTS,
				     &problem), 0);
	assert_int_equal(target.made, 2);
	assert_false(target.exists);
	assert_int_equal(scratch_mode("x/y"), 0755);
	target_undo_parents(&target);
	assert_false(scratch_exists("x"));
	target_close(&target);
}

static void target__parents_in_use__are_not_undone(void **state)
{
	struct target target;

	(void)state;
	assert_int_equal(mkdir("old", 0777), 0);
	assert_int_equal(target_open(&target, "old/x/y/f",
				     TARGET_MAKE_PARENTS | TARGET_NO_SYNC,
				     &problem), 0);
	assert_int_equal(target.made, 2);
	scratch_write("old/x/other", "");
	target_undo_parents(&target);
	assert_false(scratch_exists("old/x/y"));
	assert_true(scratch_exists("old/x/other"));
	target_close(&target);
	assert_int_equal(target_open(&target, "old/f", TARGET_MAKE_PARENTS,
				     &problem), 0);
	assert_int_equal(target.made, 0);
	target_undo_parents(&target);
	assert_true(scratch_exists("old"));
	target_close(&target);
}

static void target__parents_behind_a_link__are_made(void **state)
{
	struct target target;

	(void)state;
	assert_int_equal(mkdir("d", 0777), 0);
	assert_int_equal(symlink("d/x/f", "link"), 0);
	assert_int_equal(target_open(&target, "link", TARGET_MAKE_PARENTS,
				     &problem), 0);
	assert_true(scratch_exists("d/x"));
	target_undo_parents(&target);
	assert_false(scratch_exists("d/x"));
	assert_true(scratch_exists("d"));
	target_close(&target);
}

static void target__parents_of_a_failure__are_undone(void **state)
{
	char path[NAME_MAX + 32] = "x/y/";

	(void)state;
	memset(path + 4, 'n', NAME_MAX + 1);
	assert_refused(path, TARGET_MAKE_PARENTS, STATUS_FAILED,
		       strerror(ENAMETOOLONG));
	assert_false(scratch_exists("x"));
	strcat(path, "/f");
	assert_refused(path, TARGET_MAKE_PARENTS, STATUS_FAILED,
		       strerror(ENAMETOOLONG));
	assert_false(scratch_exists("x"));
}

static void target__parent_that_may_not_be_made__says_so(void **state)
{
	const uid_t self = geteuid();

	(void)state;
	assert_int_equal(mkdir("d", 0777), 0);
	assert_int_equal(chmod("d", 0555), 0);
	assert_int_equal(chmod(".", 0755), 0);
	if (!self)
		assert_int_equal(seteuid(65534), 0);
	assert_refused("d/x/y/f", TARGET_MAKE_PARENTS, STATUS_FAILED,
		       strerror(EACCES));
	assert_int_equal(seteuid(self), 0);
	scratch_write("a", "");
	assert_refused("a/x/f", TARGET_MAKE_PARENTS, STATUS_FAILED,
		       strerror(ENOTDIR));
}

static void target__look__sees_what_changed(void **state)
{
	struct target target;

	(void)state;
	assert_int_equal(target_open(&target, "f", 0, &problem), 0);
	assert_false(target.exists);
	scratch_write("f", "12345");
	assert_int_equal(target_look(&target, 0, &problem), 0);
	assert_true(target.exists);
	assert_int_equal(target.status.st_size, 5);
	unlink("f");
	assert_int_equal(symlink("elsewhere", "f"), 0);
	assert_int_equal(target_look(&target, 0, &problem), -1);
	assert_non_null(strstr(problem.reason, "is a symbolic link"));
	unlink("f");
	assert_int_equal(target_look(&target, 0, &problem), 0);
	assert_false(target.exists);
	target_close(&target);
}

static void target__directory_renamed__is_still_used(void **state)
{
	struct scratch *scratch = *state;
	struct target target;
	char expected[128], *path;

	assert_int_equal(mkdir("d", 0777), 0);
	scratch_write("d/a", "");
	assert_int_equal(target_open(&target, "d/a", 0, &problem), 0);
	assert_int_equal(rename("d", "e"), 0);
	assert_int_equal(target_look(&target, 0, &problem), 0);
	assert_true(target.exists);
	snprintf(expected, sizeof(expected), "%s/e/a.lock", scratch->path);
	path = target_path(&target, target.lock_name);
	assert_non_null(path);
	assert_string_equal(path, expected);
	free(path);
	target_close(&target);
}

static void target__path_in_root__has_one_slash(void **state)
{
	struct target target;
	char *path;

	(void)state;
	assert_int_equal(target_open(&target, "/f", 0, &problem), 0);
	path = target_path(&target, target.name);
	assert_string_equal(path, "/f");
	free(path);
	target_close(&target);
}

static bool in_git(const char *operand)
{
	struct target target;
	bool inside;

	assert_int_equal(target_open(&target, operand, TARGET_DIRECTORY,
				     &problem), 0);
	inside = target_in_git(&target);
	target_close(&target);
	return inside;
}

static void target__git_directory__is_known(void **state)
{
	(void)state;
	assert_int_equal(mkdir(".git", 0777), 0);
	assert_int_equal(mkdir(".git/refs", 0777), 0);
	assert_int_equal(mkdir(".github", 0777), 0);
	assert_int_equal(mkdir(".github/.git", 0777), 0);
	assert_int_equal(mkdir("x.git", 0777), 0);
	assert_int_equal(symlink(".git/config", "link"), 0);
	assert_true(in_git(".git/index"));
	assert_true(in_git(".git/refs/x"));
	assert_true(in_git("link"));
	assert_true(in_git(".github/.git/x"));
	assert_false(in_git(".github/x"));
	assert_false(in_git("x.git/x"));
	assert_false(in_git("x"));
	assert_false(in_git(".git"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(target__spellings_of_one_file__lead_to_one_place),
		scratch_test(target__missing_file__has_a_place),
		scratch_test(target__links__are_followed_to_the_end),
		scratch_test(target__dangling_link__is_where_it_points),
		scratch_test(target__forty_links__are_followed_but_no_more),
		scratch_test(target__loop__is_refused),
		scratch_test(target__directory__is_one_only_if_allowed),
		scratch_test(target__dots__are_named_beside_themselves),
		scratch_test(target__root__has_no_name),
		scratch_test(
			target__slash_behind_what_is_no_directory__is_refused),
		scratch_test(target__empty_operand__is_refused),
		scratch_test(target__what_is_no_file__is_named),
		scratch_test(target__pipe_without_a_name__is_a_fifo),
		scratch_test(target__names_too_long__are_refused),
		scratch_test(target__missing_directory__is_made_where_asked),
		scratch_test(target__parents_in_use__are_not_undone),
		scratch_test(target__parents_behind_a_link__are_made),
		scratch_test(target__parents_of_a_failure__are_undone),
		scratch_test(target__parent_that_may_not_be_made__says_so),
		scratch_test(target__look__sees_what_changed),
		scratch_test(target__directory_renamed__is_still_used),
		scratch_test(target__path_in_root__has_one_slash),
		scratch_test(target__git_directory__is_known),
	};

	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
