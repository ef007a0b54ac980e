/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "duration.h"
#include "holder.h"
#include "keeper.h"
#include "other.h"
#include "process.h"

static struct problem problem;

struct job {
	struct target target;
	struct lock lock;
	struct keeper keeper;
	struct buffer id;
};

static bool is_free(void *argument)
{
	const char *name = argument;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	bool is_free = !flock(fd, LOCK_EX | LOCK_NB);

	close(fd);
	return is_free;
}

static char lock_name[] = "f.lock";

static void take(struct job *job)
{
	const struct lock_request request = {.deadline = deadline_in(0),
					     .command = "unit"};

	*job = (struct job){.id = BUFFER_INIT};
	assert_int_equal(target_open(&job->target, "f", 0, &problem), 0);
	assert_int_equal(lock_take(&job->lock, &job->target, &request,
				   &problem), 0);
}

/* As acquire does it; CONFIRM: the ID could be handed out. */
static void start(struct job *job, pid_t owner, int64_t ttl, bool confirm)
{
	const struct keeper_request request = {
		.owner = owner, .ttl = ttl, .path = "/d/f", .client = "cursor"};

	take(job);
	if (keeper_start(&job->keeper, &job->lock, &request, &job->id,
			 &problem))
		fail_msg("%s", problem.reason);
	if (confirm)
		assert_int_equal(keeper_confirm(&job->keeper), 0);
	/* acquire ends now, and its descriptors with it */
	close(job->lock.fd);
	target_close(&job->target);
}

static void finish(struct job *job)
{
	buffer_release(&job->id);
	while (waitpid(job->keeper.pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

static void read_id(const struct job *job, struct keeper_name *name)
{
	assert_int_equal(keeper_parse_id(job->id.data, name), 4);
}

static void keeper__confirmed__holds_until_released(void **state)
{
	struct keeper_name name;
	struct holder record;
	struct job job;
	int fd;

	(void)state;
	start(&job, getpid(), DURATION_FOREVER, true);
	assert_false(is_free(lock_name));
	read_id(&job, &name);
	assert_int_equal(name.keeper, job.keeper.pid);
	assert_int_equal(name.owner, getpid());
	assert_true(keeper_lives(&name));
	fd = open(lock_name, O_RDONLY);
	assert_int_equal(holder_read(fd, &record), HOLDER_RECORD);
	assert_int_equal(record.pid, name.keeper);
	assert_int_equal(record.owner.pid, getpid());
	assert_string_equal(record.client, "cursor");
	close(fd);
	assert_int_equal(keeper_release(&name, false,
					deadline_in(10 * NS_PER_SECOND), "f",
					&problem), 0);
	assert_false(keeper_lives(&name));
	assert_true(is_free(lock_name));
	scratch_holds(lock_name, "");
	finish(&job);
}

static void keeper__abandoned__lets_go(void **state)
{
	struct keeper_name name;
	struct job job;

	(void)state;
	start(&job, getpid(), DURATION_FOREVER, false);
	read_id(&job, &name);
	keeper_abandon(&job.keeper);
	assert_true(is_free(lock_name));
	assert_false(keeper_lives(&name));
	scratch_holds(lock_name, "");
	buffer_release(&job.id);
}

/* acquire is killed before its word. */
static void start_and_stay(const struct other *self, const char *name)
{
	struct job job;

	(void)name;
	start(&job, getppid(), DURATION_FOREVER, false);
	other_say(self);
	other_stay(self);
}

static void keeper__acquirer_killed__lets_go(void **state)
{
	struct other acquirer;

	(void)state;
	other_start(&acquirer, start_and_stay, "");
	other_await(&acquirer);
	assert_false(is_free(lock_name));
	other_end(&acquirer, SIGKILL);
	assert_true(other_poll(is_free, lock_name));
}

static void keeper__owner_ends__lets_go(void **state)
{
	struct other owner;
	struct job job;

	(void)state;
	other_hold(&owner, "elsewhere", false);
	start(&job, owner.pid, DURATION_FOREVER, true);
	assert_false(is_free(lock_name));
	other_end(&owner, SIGKILL);
	assert_true(other_poll(is_free, lock_name));
	scratch_holds(lock_name, "");
	finish(&job);
}

static void keeper__time_is_up__lets_go_and_leaves_word(void **state)
{
	struct holder lost;
	struct job job;
	int fd;

	(void)state;
	start(&job, getpid(), NS_PER_SECOND / 20, true);
	assert_true(other_poll(is_free, lock_name));
	fd = open(lock_name, O_RDONLY);
	assert_int_equal(holder_read(fd, &lost), HOLDER_LOST);
	assert_int_equal(lost.pid, job.keeper.pid);
	close(fd);
	finish(&job);
}

static void keeper__signals_of_a_terminal__do_not_reach_it(void **state)
{
	struct keeper_name name;
	struct job job;

	(void)state;
	start(&job, getpid(), DURATION_FOREVER, true);
	read_id(&job, &name);
	assert_int_not_equal(getsid(name.keeper), getsid(0));
	kill(name.keeper, SIGHUP);
	kill(name.keeper, SIGINT);
	kill(name.keeper, SIGUSR1);
	for (int i = 0; i < 10; i++)
		other_nap();
	assert_true(keeper_lives(&name));
	assert_int_equal(keeper_release(&name, false,
					deadline_in(10 * NS_PER_SECOND), "f",
					&problem), 0);
	finish(&job);
}

static void keeper__owner_that_has_ended__is_refused(void **state)
{
	struct keeper_request request = {.ttl = DURATION_FOREVER,
					 .path = "f"};
	struct other owner;
	struct job job;

	(void)state;
	other_hold(&owner, "elsewhere", false);
	other_end(&owner, 0);
	take(&job);
	request.owner = owner.pid;
	assert_int_equal(keeper_start(&job.keeper, &job.lock, &request,
				      &job.id, &problem), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_true(is_free(lock_name));
	target_close(&job.target);
	buffer_release(&job.id);
}

/* The pid lives, but is another process's by now. */
static void keeper__owner_whose_pid_was_reused__is_refused(void **state)
{
	struct keeper_request request = {.owner = getpid(), .start = 1,
					 .ttl = DURATION_FOREVER, .path = "f"};
	struct job job;

	(void)state;
	take(&job);
	assert_int_equal(keeper_start(&job.keeper, &job.lock, &request,
				      &job.id, &problem), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_true(is_free(lock_name));
	target_close(&job.target);
	buffer_release(&job.id);
}

static void keeper__release_by_a_stranger__needs_force(void **state)
{
	struct keeper_name name;
	struct other owner;
	struct job job;

	(void)state;
	other_hold(&owner, "elsewhere", false);
	start(&job, owner.pid, DURATION_FOREVER, true);
	read_id(&job, &name);
	assert_int_equal(keeper_release(&name, false,
					deadline_in(NS_PER_SECOND), "f",
					&problem), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_non_null(strstr(problem.reason, "--force"));
	assert_false(is_free(lock_name));
	assert_int_equal(keeper_release(&name, true,
					deadline_in(10 * NS_PER_SECOND), "f",
					&problem), 0);
	assert_true(is_free(lock_name));
	other_end(&owner, 0);
	finish(&job);
}

static void keeper_id__what_is_none__is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "f", "f#", "f#1", "f#12345678901234",
		"f#1234567890123x5", "f#x00000010000002", "f#-1000000100000002",
		"f# 12345678901234567", "f#99999999999999999999900000010000002",
	};
	struct keeper_name name;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (keeper_parse_id(wrong[i], &name) != -1)
			fail_msg("\"%s\" was taken", wrong[i]);
	assert_int_equal(keeper_parse_id("a#b#900000120000034", &name), 3);
	assert_int_equal(name.start, 9);
	assert_int_equal(name.keeper, 12);
	assert_int_equal(name.owner, 34);
}

static void keeper_id__of_another_process__names_no_keeper(void **state)
{
	struct keeper_name name = {.keeper = getpid(), .owner = 1, .start = 1};

	(void)state;
	assert_false(keeper_lives(&name));
	name.start = 0;
	assert_false(keeper_lives(&name));
	/* init lives, but is none of ours. */
	name.keeper = 1;
	process_start(1, &name.start);
	assert_false(keeper_lives(&name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(keeper__confirmed__holds_until_released),
		scratch_test(keeper__abandoned__lets_go),
		scratch_test(keeper__acquirer_killed__lets_go),
		scratch_test(keeper__owner_ends__lets_go),
		scratch_test(keeper__time_is_up__lets_go_and_leaves_word),
		scratch_test(keeper__signals_of_a_terminal__do_not_reach_it),
		scratch_test(keeper__owner_that_has_ended__is_refused),
		scratch_test(keeper__owner_whose_pid_was_reused__is_refused),
		scratch_test(keeper__release_by_a_stranger__needs_force),
		cmocka_unit_test(keeper_id__what_is_none__is_refused),
		cmocka_unit_test(
			keeper_id__of_another_process__names_no_keeper),
	};

	return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
