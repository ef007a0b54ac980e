/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "duration.h"
#include "holder.h"
#include "inherit.h"
#include "lock.h"
#include "other.h"

static struct problem problem;

/* A target and a request for its lock: the usual one, to be changed. */
struct job {
	struct target target;
	struct lock_request request;
	struct lock lock;
};

static void open_job(struct job *job, const char *name, enum lock_flags flags)
{
	*job = (struct job){
		.request = {.flags = flags,
			    .deadline = deadline_in(0),
			    .retry = NS_PER_SECOND / 100,
			    .command = "unit"},
	};
	assert_int_equal(target_open(&job->target, name, TARGET_DIRECTORY,
				     &problem), 0);
}

static int take(struct job *job)
{
	return lock_take(&job->lock, &job->target, &job->request, &problem);
}

static void close_job(struct job *job)
{
	lock_release(&job->lock);
	target_close(&job->target);
}

static void take_now(struct job *job, const char *name, enum lock_flags flags)
{
	open_job(job, name, flags);
	if (take(job))
		fail_msg("%s: %s", problem.subject, problem.reason);
}

static void assert_none(const struct lock *lock)
{
	assert_int_equal(lock->fd, -1);
	assert_int_equal(lock->inner, -1);
	assert_int_equal(lock->slot, -1);
	assert_null(lock->own);
	assert_false(lock->locked);
}

/* It fails with STATUS, leaves nothing, and the reason has WORDS in it. */
static void refused_now(const char *name, enum lock_flags flags,
			enum exit_status status, const char *words)
{
	struct job job;

	open_job(&job, name, flags);
	if (!take(&job))
		fail_msg("%s was locked", name);
	assert_int_equal(problem.status, status);
	if (!strstr(problem.reason, words))
		fail_msg("'%s' lacks '%s'", problem.reason, words);
	assert_none(&job.lock);
	target_close(&job.target);
}

/* Does somebody hold the flock on NAME? */
static bool is_held(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	bool held = flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK;

	assert_true(fd >= 0);
	close(fd);
	return held;
}

static void lock__taken__is_an_flock_with_a_record(void **state)
{
	struct holder record;
	struct job job;
	int fd;

	(void)state;
	open_job(&job, "f", 0);
	job.request.client = "cursor";
	assert_int_equal(take(&job), 0);
	assert_true(is_held("f.lock"));
	assert_false(job.lock.after_crash);
	fd = open("f.lock", O_RDONLY);
	assert_int_equal(holder_read(fd, &record), HOLDER_RECORD);
	assert_int_equal(record.pid, getpid());
	assert_string_equal(record.client, "cursor");
	assert_string_equal(record.command, "unit");
	close(fd);
	errno = EXDEV;
	lock_release(&job.lock);
	assert_int_equal(errno, EXDEV);
	assert_none(&job.lock);
	assert_false(is_held("f.lock"));
	scratch_holds("f.lock", "");
	lock_release(&job.lock);
	close_job(&job);
}

static void lock__none__can_be_released(void **state)
{
	struct lock lock = LOCK_NONE;

	(void)state;
	lock_release(&lock);
	assert_none(&lock);
	assert_int_equal(lock_pass_on(&lock), 0);
}

static void lock__busy__says_who(void **state)
{
	struct other other;
	char pid[32];

	(void)state;
	other_hold(&other, "f.lock", false);
	snprintf(pid, sizeof(pid), "pid %ld", (long)other.pid);
	refused_now("f", 0, STATUS_BUSY, "locked by ");
	if (!access("/proc/locks", F_OK))
		refused_now("f", LOCK_SHARED, STATUS_BUSY, pid);
	assert_string_equal(problem.subject, "f");
	other_end(&other, 0);
}

static void lock__busy_until_the_deadline__gives_up_then(void **state)
{
	struct other other;
	struct job job;
	int64_t began;

	(void)state;
	other_hold(&other, "f.lock", false);
	open_job(&job, "f", 0);
	began = deadline_now();
	job.request.deadline = deadline_in(NS_PER_SECOND / 20);
	assert_int_equal(take(&job), -1);
	assert_int_equal(problem.status, STATUS_BUSY);
	assert_true(deadline_now() - began >= NS_PER_SECOND / 20);
	assert_true(deadline_now() - began < 5 * NS_PER_SECOND);
	other_end(&other, 0);
	close_job(&job);
}

static void lock__readers__share(void **state)
{
	struct job one, two;

	(void)state;
	take_now(&one, "f", LOCK_SHARED);
	take_now(&two, "f", LOCK_SHARED);
	refused_now("f", 0, STATUS_BUSY, "locked by");
	close_job(&one);
	refused_now("f", 0, STATUS_BUSY, "locked by");
	close_job(&two);
	take_now(&one, "f", 0);
	close_job(&one);
}

/* A writer that holds the inner lock as well, as memory-update does. */
static void be_writer(const struct other *self, const char *name)
{
	struct job job;

	open_job(&job, name, LOCK_WRITER);
	if (take(&job))
		_exit(1);
	other_say(self);
	other_stay(self);
	lock_release(&job.lock);
}

static void give_up(const struct other *self, const char *name)
{
	struct job job;

	(void)self;
	open_job(&job, name, LOCK_WRITER);
	_exit(!take(&job));
}

static bool has_ended(void *argument)
{
	struct other *other = argument;
	siginfo_t info = {.si_pid = 0};

	return !waitid(P_PID, (id_t)other->pid, &info,
		       WEXITED | WNOHANG | WNOWAIT) && info.si_pid;
}

static void lock__giving_up__does_not_wait_for_the_writer(void **state)
{
	struct other writer, other;

	(void)state;
	other_start(&writer, be_writer, "f");
	other_await(&writer);
	other_start(&other, give_up, "f");
	if (!other_poll(has_ended, &other)) {
		other_end(&other, SIGKILL);
		fail_msg("hangs");
	}
	assert_int_equal(other_end(&other, 0), 0);
	other_end(&writer, 0);
}

static void lock__crashed_holder__is_noticed(void **state)
{
	struct other writer;
	struct job job;

	(void)state;
	other_start(&writer, be_writer, "f");
	other_await(&writer);
	other_end(&writer, SIGKILL);
	take_now(&job, "f", 0);
	assert_true(job.lock.after_crash);
	close_job(&job);
	take_now(&job, "f", 0);
	assert_false(job.lock.after_crash);
	close_job(&job);
}

static void lock__foreign_content__is_locked_but_kept(void **state)
{
	struct job job;

	(void)state;
	scratch_write("f.lock", "somebody's data\n");
	for (int scoped = 0; scoped < 2; scoped++) {
		take_now(&job, "f", scoped ? LOCK_SCOPED : 0);
		assert_true(is_held("f.lock"));
		scratch_holds("f.lock", "somebody's data\n");
		close_job(&job);
		scratch_holds("f.lock", "somebody's data\n");
		assert_false(is_held("f.lock"));
	}
}

static void lock__existence_locks__count_as_held(void **state)
{
	(void)state;
	scratch_write("f.lock", "1\nhost\n");
	refused_now("f", 0, STATUS_BUSY, "lock file exists");
	refused_now("f", LOCK_SHARED, STATUS_BUSY, "lock file exists");
	scratch_holds("f.lock", "1\nhost\n");
	assert_false(is_held("f.lock"));
	assert_int_equal(mkdir("g.lock", 0777), 0);
	refused_now("g", 0, STATUS_BUSY, "lock file exists");
}

static void remove_soon(const struct other *self, const char *name)
{
	other_say(self);
	other_nap();
	other_nap();
	rmdir(name);
}

static void lock__existence_lock_that_goes__is_seen(void **state)
{
	struct other other;
	struct job job;

	(void)state;
	assert_int_equal(mkdir("f.lock", 0777), 0);
	other_start(&other, remove_soon, "f.lock");
	open_job(&job, "f", 0);
	job.request.deadline = deadline_in(20 * NS_PER_SECOND);
	assert_int_equal(take(&job), 0);
	close_job(&job);
	other_end(&other, 0);
}

static void lock__what_cannot_be_a_lock_file__is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("f.lock", 0666), 0);
	refused_now("f", 0, STATUS_FAILED, "is not a regular file");
	assert_int_equal(symlink("victim", "g.lock"), 0);
	refused_now("g", 0, STATUS_FAILED, "is a symbolic link");
	assert_false(scratch_exists("victim"));
}

static void lock__if_present__makes_nothing(void **state)
{
	struct other other;
	struct job job;

	(void)state;
	take_now(&job, "f", LOCK_SHARED | LOCK_IF_PRESENT);
	assert_none(&job.lock);
	assert_false(scratch_exists("f.lock"));
	close_job(&job);
	scratch_write("f.lock", "");
	take_now(&job, "f", LOCK_SHARED | LOCK_IF_PRESENT);
	assert_true(is_held("f.lock"));
	scratch_holds("f.lock", "");
	close_job(&job);
	other_hold(&other, "f.lock", false);
	refused_now("f", LOCK_SHARED | LOCK_IF_PRESENT, STATUS_BUSY, "locked");
	other_end(&other, 0);
}

static void lock__scoped__leaves_no_file(void **state)
{
	struct job job, reader;

	(void)state;
	take_now(&job, "f", LOCK_SCOPED);
	assert_true(scratch_exists("f.lock"));
	refused_now("f", LOCK_SCOPED, STATUS_BUSY, "locked");
	assert_true(scratch_exists("f.lock"));
	close_job(&job);
	assert_false(scratch_exists("f.lock"));
	take_now(&job, "f", LOCK_SCOPED | LOCK_SHARED);
	take_now(&reader, "f", LOCK_SCOPED | LOCK_SHARED);
	close_job(&job);
	assert_true(scratch_exists("f.lock"));
	close_job(&reader);
	assert_false(scratch_exists("f.lock"));
}

static void lock__scoped_file_of_another_holder__is_kept(void **state)
{
	struct job job;
	struct other other;

	(void)state;
	take_now(&job, "f", LOCK_SCOPED);
	/* Somebody removes lock files, and somebody else makes a new one. */
	unlink("f.lock");
	other_hold(&other, "f.lock", false);
	close_job(&job);
	assert_true(scratch_exists("f.lock"));
	other_end(&other, 0);
}

/* Hold, unlink while the test waits, let go: its lock must be the new file. */
static void unlink_when_waited(const struct other *self, const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT, 0666);
	struct process_locks locks;
	struct stat status;

	if (fd < 0 || flock(fd, LOCK_EX) || fstat(fd, &status))
		_exit(1);
	other_say(self);
	do
		process_locks((struct process_file){status.st_dev,
						    status.st_ino}, &locks);
	while (!locks.waiters);
	unlink(name);
}

static void lock__file_unlinked_meanwhile__is_taken_anew(void **state)
{
	struct other other;
	struct job job;
	struct stat status;

	(void)state;
	if (access("/proc/locks", F_OK))
		skip();
	other_start(&other, unlink_when_waited, "f.lock");
	other_await(&other);
	open_job(&job, "f", 0);
	job.request.deadline = deadline_in(20 * NS_PER_SECOND);
	assert_int_equal(take(&job), 0);
	assert_int_equal(fstat(job.lock.fd, &status), 0);
	assert_true(status.st_ino == scratch_inode("f.lock"));
	assert_int_equal(status.st_nlink, 1);
	assert_true(is_held("f.lock"));
	close_job(&job);
	other_end(&other, 0);
}

static void lock__git_directory__is_refused_unless_scoped(void **state)
{
	struct job job;

	(void)state;
	assert_int_equal(mkdir(".git", 0777), 0);
	refused_now(".git/index", 0, STATUS_FAILED, "--scoped");
	assert_false(scratch_exists(".git/index.lock"));
	take_now(&job, ".git/index", LOCK_SCOPED);
	close_job(&job);
	assert_false(scratch_exists(".git/index.lock"));
}

static void lock__other_lock_file__is_used_alone(void **state)
{
	struct job job;

	(void)state;
	assert_int_equal(mkdir("d", 0777), 0);
	open_job(&job, "f", 0);
	job.request.lock_file = "d/mine";
	assert_int_equal(take(&job), 0);
	assert_true(is_held("d/mine"));
	assert_false(scratch_exists("f.lock"));
	close_job(&job);
	open_job(&job, "f", 0);
	job.request.lock_file = "nowhere/mine";
	assert_int_equal(take(&job), -1);
	assert_none(&job.lock);
	target_close(&job.target);
}

static void lock__slots__let_so_many_in(void **state)
{
	struct job jobs[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		open_job(&jobs[i], "f", LOCK_SHARED);
		jobs[i].request.slots = 2;
	}
	assert_int_equal(take(&jobs[0]), 0);
	assert_int_equal(take(&jobs[1]), 0);
	assert_int_equal(take(&jobs[2]), -1);
	assert_int_equal(problem.status, STATUS_BUSY);
	assert_none(&jobs[2].lock);
	refused_now("f", 0, STATUS_BUSY, "locked");
	lock_release(&jobs[0].lock);
	assert_int_equal(take(&jobs[2]), 0);
	for (int i = 0; i < 3; i++)
		close_job(&jobs[i]);
	take_now(&jobs[0], "f", 0);
	close_job(&jobs[0]);
}

/* --- nesting ------------------------------------------------------------- */

static void lock__passed_on__is_nested_into(void **state)
{
	struct job outer, inner;

	(void)state;
	if (access("/proc/self/fdinfo", F_OK))
		skip();
	take_now(&outer, "f", 0);
	assert_int_equal(lock_pass_on(&outer.lock), 0);
	assert_false(fcntl(outer.lock.fd, F_GETFD) & FD_CLOEXEC);
	take_now(&inner, "f", LOCK_WRITER);
	assert_true(inner.lock.nested);
	close_job(&inner);
	assert_true(is_held("f.lock"));
	take_now(&inner, "f", LOCK_SHARED);
	close_job(&inner);
	assert_true(is_held("f.lock"));
	close_job(&outer);
	assert_false(is_held("f.lock"));
	/* Announced still, but no longer true. */
	take_now(&inner, "f", 0);
	assert_false(inner.lock.nested);
	close_job(&inner);
	unsetenv(INHERIT_VARIABLE);
}

static void lock__exclusive_inside_shared__is_refused(void **state)
{
	struct job outer, inner;

	(void)state;
	if (access("/proc/self/fdinfo", F_OK))
		skip();
	take_now(&outer, "f", LOCK_SHARED);
	assert_int_equal(lock_pass_on(&outer.lock), 0);
	refused_now("f", 0, STATUS_FAILED, "is locked shared around");
	take_now(&inner, "f", LOCK_SHARED);
	close_job(&inner);
	assert_true(is_held("f.lock"));
	close_job(&outer);
	unsetenv(INHERIT_VARIABLE);
}

static void lock__nested_writers__keep_each_other_out(void **state)
{
	struct job outer, one, two;

	(void)state;
	if (access("/proc/self/fdinfo", F_OK))
		skip();
	take_now(&outer, "f", 0);
	assert_int_equal(lock_pass_on(&outer.lock), 0);
	take_now(&one, "f", LOCK_WRITER);
	refused_now("f", LOCK_WRITER, STATUS_BUSY, "locked by");
	take_now(&two, "f", LOCK_SHARED);
	close_job(&two);
	close_job(&one);
	take_now(&two, "f", LOCK_WRITER);
	close_job(&two);
	close_job(&outer);
	unsetenv(INHERIT_VARIABLE);
}

static void lock__writer_nested_elsewhere__is_waited_for(void **state)
{
	struct job outer, nested;
	struct other other;

	(void)state;
	if (access("/proc/self/fdinfo", F_OK))
		skip();
	take_now(&outer, "f", 0);
	assert_int_equal(lock_pass_on(&outer.lock), 0);
	other_start(&other, be_writer, "f");
	other_await(&other);
	/* With the writer in the middle the inner lock is not to be had. */
	refused_now("f", LOCK_WRITER, STATUS_BUSY, "locked by");
	other_end(&other, 0);
	take_now(&nested, "f", LOCK_WRITER);
	close_job(&nested);
	close_job(&outer);
	unsetenv(INHERIT_VARIABLE);
}

static void lock__until_closed__stays_with_the_copy(void **state)
{
	struct job job;
	int copy;

	(void)state;
	take_now(&job, "f", LOCK_UNTIL_CLOSED);
	copy = dup(job.lock.fd);
	close_job(&job);
	assert_true(is_held("f.lock"));
	close(copy);
	assert_false(is_held("f.lock"));
	take_now(&job, "f", 0);
	copy = dup(job.lock.fd);
	close_job(&job);
	assert_false(is_held("f.lock"));
	close(copy);
}

/* --- waiting ------------------------------------------------------------- */

static char told[512];

static void hear(const char *subject, const char *who)
{
	snprintf(told, sizeof(told), "%.99s: %.399s", subject, who);
}

static void lock__wait_over_a_second__is_told_once(void **state)
{
	struct other other;
	struct job job;
	char pid[32];

	(void)state;
	other_hold(&other, "f.lock", false);
	snprintf(pid, sizeof(pid), "(pid %ld)", (long)other.pid);
	open_job(&job, "f", 0);
	job.request.notice = hear;
	job.request.deadline = deadline_in(NS_PER_SECOND * 3 / 2);
	assert_int_equal(take(&job), -1);
	assert_int_equal(strncmp(told, "f: ", 3), 0);
	if (!access("/proc/locks", F_OK))
		assert_non_null(strstr(told, pid));
	told[0] = '\0';
	job.request.deadline = deadline_in(NS_PER_SECOND / 20);
	assert_int_equal(take(&job), -1);
	assert_string_equal(told, "");
	other_end(&other, 0);
	target_close(&job.target);
}

static void wait_for_it(const struct other *self, const char *name)
{
	struct job job;

	open_job(&job, name, 0);
	job.request.deadline = deadline_in(20 * NS_PER_SECOND);
	if (take(&job))
		_exit(1);
	other_say(self);
	other_stay(self);
	lock_release(&job.lock);
}

static bool one_waits(void *argument)
{
	struct process_locks locks;

	return !process_locks(*(struct process_file *)argument, &locks) &&
	       locks.waiters > 0;
}

/* A writer that waits stops new readers, so that they cannot starve it. */
static void lock__waiting_writer__goes_before_new_readers(void **state)
{
	struct other writer;
	struct process_file file;
	struct job reader;
	struct stat status;

	(void)state;
	if (access("/proc/locks", F_OK))
		skip();
	take_now(&reader, "f", LOCK_SHARED);
	assert_int_equal(fstat(reader.lock.fd, &status), 0);
	file = (struct process_file){status.st_dev, status.st_ino};
	other_start(&writer, wait_for_it, "f");
	assert_true(other_poll(one_waits, &file));
	refused_now("f", LOCK_SHARED, STATUS_BUSY, "locked by");
	close_job(&reader);
	other_await(&writer);
	refused_now("f", LOCK_SHARED, STATUS_BUSY, "locked by");
	assert_int_equal(other_end(&writer, 0), 0);
	take_now(&reader, "f", LOCK_SHARED);
	close_job(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(lock__taken__is_an_flock_with_a_record),
		cmocka_unit_test(lock__none__can_be_released),
		scratch_test(lock__busy__says_who),
		scratch_test(lock__busy_until_the_deadline__gives_up_then),
		scratch_test(lock__readers__share),
		scratch_test(lock__giving_up__does_not_wait_for_the_writer),
		scratch_test(lock__crashed_holder__is_noticed),
		scratch_test(lock__foreign_content__is_locked_but_kept),
		scratch_test(lock__existence_locks__count_as_held),
		scratch_test(lock__existence_lock_that_goes__is_seen),
		scratch_test(lock__what_cannot_be_a_lock_file__is_refused),
		scratch_test(lock__if_present__makes_nothing),
		scratch_test(lock__scoped__leaves_no_file),
		scratch_test(lock__scoped_file_of_another_holder__is_kept),
		scratch_test(lock__file_unlinked_meanwhile__is_taken_anew),
		scratch_test(lock__git_directory__is_refused_unless_scoped),
		scratch_test(lock__other_lock_file__is_used_alone),
		scratch_test(lock__slots__let_so_many_in),
		scratch_test(lock__passed_on__is_nested_into),
		scratch_test(lock__exclusive_inside_shared__is_refused),
		scratch_test(lock__nested_writers__keep_each_other_out),
		scratch_test(lock__writer_nested_elsewhere__is_waited_for),
		scratch_test(lock__until_closed__stays_with_the_copy),
		scratch_test(lock__wait_over_a_second__is_told_once),
		scratch_test(lock__waiting_writer__goes_before_new_readers),
	};

	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
