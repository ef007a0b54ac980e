/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <time.h>

#include "inspect.h"
#include "other.h"

static struct inspection look(const char *name)
{
	struct inspection now;

	assert_int_equal(inspect_lock(AT_FDCWD, name, &now), 0);
	return now;
}

static void write_record(const char *name, pid_t pid, const char *client)
{
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	struct holder record;

	holder_self(&record, client, "c");
	record.pid = pid;
	process_start(pid, &record.start);
	assert_int_equal(holder_write(fd, &record, HOLDER_RECORD_MAX), 0);
	close(fd);
}

static void inspect__missing__is_free(void **state)
{
	struct inspection now = look("f.lock");

	(void)state;
	assert_int_equal(now.state, INSPECT_FREE);
	assert_int_equal(now.content, HOLDER_EMPTY);
	assert_int_equal(inspect_seconds(&now), -1);
	assert_false(scratch_exists("f.lock"));
}

static void inspect__empty__is_free(void **state)
{
	(void)state;
	scratch_write("f.lock", "");
	assert_int_equal(look("f.lock").state, INSPECT_FREE);
}

static void inspect__somebodys_data__is_free(void **state)
{
	struct inspection now;

	(void)state;
	scratch_write("f.lock", "data\n");
	now = look("f.lock");
	assert_int_equal(now.state, INSPECT_FREE);
	assert_int_equal(now.content, HOLDER_FOREIGN);
	scratch_holds("f.lock", "data\n");
}

static void inspect__record_of_the_dead__is_stale(void **state)
{
	struct inspection now;
	struct other dead;

	(void)state;
	other_hold(&dead, "f.lock", false);
	write_record("f.lock", dead.pid, "cursor");
	other_end(&dead, SIGKILL);
	now = look("f.lock");
	assert_int_equal(now.state, INSPECT_STALE);
	assert_int_equal(now.holder.pid, dead.pid);
	assert_string_equal(now.holder.client, "cursor");
	assert_int_equal(inspect_seconds(&now), -1);
}

static void inspect__held__names_the_holder(void **state)
{
	struct inspection now;
	struct other other;

	(void)state;
	other_hold(&other, "f.lock", false);
	now = look("f.lock");
	assert_int_equal(now.state, INSPECT_HELD);
	assert_false(now.shared);
	if (!access("/proc/locks", F_OK))
		assert_int_equal(now.holder.pid, other.pid);
	assert_int_equal(inspect_seconds(&now), -1);
	write_record("f.lock", other.pid, "cursor");
	now = look("f.lock");
	assert_string_equal(now.holder.client, "cursor");
	assert_in_range(inspect_seconds(&now), 0, 60);
	other_end(&other, 0);
}

static void inspect__held_shared__says_so(void **state)
{
	struct inspection now;
	struct other other;

	(void)state;
	if (access("/proc/locks", F_OK))
		skip();
	other_hold(&other, "f.lock", true);
	now = look("f.lock");
	assert_int_equal(now.state, INSPECT_HELD);
	assert_true(now.shared);
	other_end(&other, 0);
}

static void inspect__held_with_foreign_content__is_held(void **state)
{
	struct inspection now;
	struct other other;

	(void)state;
	scratch_write("f.lock", "data\n");
	other_hold(&other, "f.lock", false);
	now = look("f.lock");
	assert_int_equal(now.state, INSPECT_HELD);
	assert_int_equal(now.content, HOLDER_FOREIGN);
	other_end(&other, 0);
	scratch_holds("f.lock", "data\n");
}

static void inspect__existence_locks__are_held(void **state)
{
	struct inspection now;

	(void)state;
	scratch_write("f.lock", "12\nhost\n");
	now = look("f.lock");
	assert_int_equal(now.state, INSPECT_EXISTENCE);
	assert_int_equal(now.holder.pid, 12);
	assert_int_equal(mkdir("g.lock", 0777), 0);
	now = look("g.lock");
	assert_int_equal(now.state, INSPECT_EXISTENCE);
	assert_int_equal(now.holder.pid, 0);
	assert_int_equal(inspect_seconds(&now), -1);
}

static void inspect__lost__is_free_but_tells(void **state)
{
	int fd = open("f.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	struct inspection now;

	(void)state;
	holder_write_lost(fd, getpid());
	close(fd);
	now = look("f.lock");
	assert_int_equal(now.state, INSPECT_FREE);
	assert_int_equal(now.content, HOLDER_LOST);
	assert_int_equal(now.holder.pid, getpid());
}

static void inspect__what_cannot_be_a_lock__fails(void **state)
{
	struct inspection now;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0666), 0);
	assert_int_equal(symlink("fifo", "link"), 0);
	errno = 0;
	assert_int_equal(inspect_lock(AT_FDCWD, "fifo", &now), -1);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(inspect_lock(AT_FDCWD, "link", &now), -1);
	assert_int_equal(errno, ELOOP);
}

/* Looking takes nothing: nobody who tries meanwhile is turned away. */
static void inspect__looking__disturbs_nobody(void **state)
{
	int fd = open("f.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	(void)state;
	if (!process_sees_all())
		skip();
	assert_int_equal(flock(fd, LOCK_EX), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(look("f.lock").state, INSPECT_HELD);
	assert_int_equal(flock(fd, LOCK_UN), 0);
	assert_int_equal(look("f.lock").state, INSPECT_FREE);
	close(fd);
}

static void inspect__seconds__count_from_the_record(void **state)
{
	struct inspection now = {.state = INSPECT_HELD};

	(void)state;
	utc_format(time(NULL) - 100, now.holder.since);
	assert_in_range(inspect_seconds(&now), 100, 160);
	/* The clock was set back. */
	utc_format(time(NULL) + 1000, now.holder.since);
	assert_int_equal(inspect_seconds(&now), 0);
	strcpy(now.holder.since, "yesterday");
	assert_int_equal(inspect_seconds(&now), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(inspect__missing__is_free),
		scratch_test(inspect__empty__is_free),
		scratch_test(inspect__somebodys_data__is_free),
		scratch_test(inspect__record_of_the_dead__is_stale),
		scratch_test(inspect__held__names_the_holder),
		scratch_test(inspect__held_shared__says_so),
		scratch_test(inspect__held_with_foreign_content__is_held),
		scratch_test(inspect__existence_locks__are_held),
		scratch_test(inspect__lost__is_free_but_tells),
		scratch_test(inspect__what_cannot_be_a_lock__fails),
		scratch_test(inspect__looking__disturbs_nobody),
		cmocka_unit_test(inspect__seconds__count_from_the_record),
	};

	return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
