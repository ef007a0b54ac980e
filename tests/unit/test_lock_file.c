/* SPDX-License-Identifier: MIT */
#include "scratch.h"


#include "lock_file.h"

static int open_here(const char *name, const struct stat *like, bool create)
{
	return lock_file_open(AT_FDCWD, name, like, create);
}

static void lock_file__missing__is_made_only_if_asked(void **state)
{
	int fd;

	(void)state;
	errno = 0;
	assert_int_equal(open_here("f.lock", NULL, false), -1);
	assert_int_equal(errno, ENOENT);
	assert_false(scratch_exists("f.lock"));
	fd = open_here("f.lock", NULL, true);
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
	assert_int_equal(scratch_mode("f.lock"), 0644);
	close(fd);
}

static mode_t mode_beside(mode_t mode)
{
	struct stat like;

	unlink("f.lock");
	scratch_write("f", "");
	assert_int_equal(chmod("f", mode), 0);
	assert_int_equal(stat("f", &like), 0);
	close(open_here("f.lock", &like, true));
	return scratch_mode("f.lock");
}

static void lock_file__new__has_the_files_permissions(void **state)
{
	(void)state;
	assert_int_equal(mode_beside(0600), 0600);
	assert_int_equal(mode_beside(0644), 0644);
	/* Not cut by the umask, nothing to execute, no set-user-ID. */
	assert_int_equal(mode_beside(0666), 0666);
	assert_int_equal(mode_beside(0755), 0644);
	assert_int_equal(mode_beside(04711), 0600);
	if (!geteuid())
		assert_int_equal(mode_beside(0444), 0444);
}

static void lock_file__new__has_the_files_owner_if_allowed(void **state)
{
	struct stat like;

	(void)state;
	if (geteuid())
		skip();
	scratch_write("f", "");
	assert_int_equal(chmod("f", 0640), 0);
	assert_int_equal(chown("f", 65534, 65533), 0);
	assert_int_equal(stat("f", &like), 0);
	close(open_here("f.lock", &like, true));
	assert_int_equal(stat("f.lock", &like), 0);
	assert_int_equal(like.st_uid, 65534);
	assert_int_equal(like.st_gid, 65533);
	assert_int_equal(like.st_mode & 07777, 0640);
}

static void lock_file__existing__is_not_changed(void **state)
{
	struct stat like;
	ino_t inode;
	int fd;

	(void)state;
	scratch_write("f", "");
	assert_int_equal(stat("f", &like), 0);
	scratch_write("f.lock", "data");
	assert_int_equal(chmod("f.lock", 0600), 0);
	inode = scratch_inode("f.lock");
	fd = open_here("f.lock", &like, true);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(scratch_inode("f.lock"), inode);
	assert_int_equal(scratch_mode("f.lock"), 0600);
	scratch_holds("f.lock", "data");
}

static void lock_file__link__is_not_followed(void **state)
{
	(void)state;
	scratch_write("victim", "data");
	assert_int_equal(symlink("victim", "f.lock"), 0);
	assert_int_equal(symlink("nothing", "g.lock"), 0);
	errno = 0;
	assert_int_equal(open_here("f.lock", NULL, true), -1);
	assert_int_equal(errno, ELOOP);
	errno = 0;
	assert_int_equal(open_here("g.lock", NULL, true), -1);
	assert_int_equal(errno, ELOOP);
	assert_false(scratch_exists("nothing"));
	scratch_holds("victim", "data");
}

static void lock_file__directory__is_told(void **state)
{
	(void)state;
	assert_int_equal(mkdir("f.lock", 0777), 0);
	errno = 0;
	assert_int_equal(open_here("f.lock", NULL, true), -1);
	assert_int_equal(errno, EISDIR);
}

static void lock_file__fifo__does_not_block(void **state)
{
	struct stat status;
	int fd;

	(void)state;
	assert_int_equal(mkfifo("f.lock", 0666), 0);
	fd = open_here("f.lock", NULL, true);
	if (fd >= 0) {
		assert_int_equal(fstat(fd, &status), 0);
		assert_true(S_ISFIFO(status.st_mode));
		close(fd);
	}
}

static void lock_file__missing_directory__is_told(void **state)
{
	(void)state;
	errno = 0;
	assert_int_equal(open_here("d/f.lock", NULL, true), -1);
	assert_int_equal(errno, ENOENT);
}

/* Run as an ordinary user, which only root can become. */
static void as_other(bool begin)
{
	static uid_t self;

	if (begin)
		self = geteuid();
	if (!self)
		assert_int_equal(seteuid(begin ? 65534 : 0), 0);
}

static void lock_file__of_another__is_opened_for_reading(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(chmod(".", 0755), 0);
	scratch_write("f.lock", "");
	assert_int_equal(chmod("f.lock", 0444), 0);
	as_other(true);
	fd = open_here("f.lock", NULL, true);
	as_other(false);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	close(fd);
}

static void lock_file__that_may_not_be_used__is_told(void **state)
{
	(void)state;
	scratch_write("f.lock", "");
	assert_int_equal(chmod("f.lock", 0), 0);
	assert_int_equal(chmod(".", 0555), 0);
	as_other(true);
	errno = 0;
	assert_int_equal(open_here("f.lock", NULL, true), -1);
	assert_int_equal(errno, EACCES);
	errno = 0;
	assert_int_equal(open_here("g.lock", NULL, true), -1);
	assert_int_equal(errno, EACCES);
	as_other(false);
	assert_int_equal(chmod(".", 0755), 0);
}

static void assert_problem(int error, bool exists, const char *words)
{
	struct problem problem;

	errno = error;
	assert_int_equal(lock_file_problem(&problem, "f.lock", exists), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_string_equal(problem.subject, "f.lock");
	if (!strstr(problem.reason, words))
		fail_msg("'%s' lacks '%s'", problem.reason, words);
}

static void lock_file_problem__says_what_to_do(void **state)
{
	(void)state;
	assert_problem(ELOOP, true, "is a symbolic link");
	assert_problem(ENXIO, true, "is not a regular file");
	assert_problem(EACCES, true, "cannot open the lock file");
	assert_problem(EACCES, false, "cannot make the lock file");
	assert_problem(EACCES, false, "--lock-file");
	assert_problem(EMFILE, true, strerror(EMFILE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(lock_file__missing__is_made_only_if_asked),
		scratch_test(lock_file__new__has_the_files_permissions),
		scratch_test(lock_file__new__has_the_files_owner_if_allowed),
		scratch_test(lock_file__existing__is_not_changed),
		scratch_test(lock_file__link__is_not_followed),
		scratch_test(lock_file__directory__is_told),
		scratch_test(lock_file__fifo__does_not_block),
		scratch_test(lock_file__missing_directory__is_told),
		scratch_test(lock_file__of_another__is_opened_for_reading),
		scratch_test(lock_file__that_may_not_be_used__is_told),
		scratch_test(lock_file_problem__says_what_to_do),
	};

	return cmocka_run_group_tests_name("lock_file", tests, NULL, NULL);
}
