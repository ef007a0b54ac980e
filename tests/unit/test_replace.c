/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <sys/file.h>

#include "duration.h"
#include "replace.h"

/* Everything up to the commit, which is left to the test. */
struct job {
	struct target target;
	struct replacement r;
	struct problem problem;
};

static void open_job(struct job *job, const char *name,
		     const struct replace_options *options)
{
	assert_int_equal(target_open(&job->target, name, 0, &job->problem), 0);
	replace_init(&job->r, &job->target, options);
	assert_int_equal(replace_look(&job->r, &job->problem), 0);
}

static int fill_job(struct job *job, const char *content)
{
	if (replace_begin(&job->r, &job->problem) ||
	    replace_write(&job->r, content, strlen(content), &job->problem))
		return -1;
	return replace_prepare(&job->r, &job->problem);
}

static void close_job(struct job *job)
{
	replace_release(&job->r);
	target_close(&job->target);
}

static int replace_whole(const char *name, const char *content,
			 const struct replace_options *options)
{
	struct job job;
	int result;

	open_job(&job, name, options);
	result = fill_job(&job, content);
	if (!result)
		result = replace_commit(&job.r, &job.problem);
	if (!result)
		result = replace_sync(&job.r, &job.problem);
	if (result < 0)
		print_message("%s\n", job.problem.reason);
	close_job(&job);
	return result;
}

static const struct replace_options plain = {.mode = 0};
static const struct replace_options exact = {.exact = true};
static const struct replace_options unnamed = {.exact = true, .unnamed = true};

static void replace__missing_file__is_made(void **state)
{
	const struct replace_options *const all[] = {&plain, &exact, &unnamed};

	(void)state;
	umask(027);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(replace_whole("a", "new", all[i]), 0);
		scratch_holds("a", "new");
		assert_int_equal(scratch_mode("a"), 0640);
		assert_int_equal(scratch_entries(), 1);
		unlink("a");
	}
}

static void replace__existing_file__gets_a_new_inode(void **state)
{
	const struct replace_options *const all[] = {&plain, &exact, &unnamed};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		ino_t before;

		scratch_write("a", "old");
		chmod("a", 0604);
		before = scratch_inode("a");
		assert_int_equal(replace_whole("a", "new", all[i]), 0);
		scratch_holds("a", "new");
		assert_int_not_equal(scratch_inode("a"), before);
		assert_int_equal(scratch_mode("a"), 0604);
		assert_int_equal(scratch_entries(), 1);
	}
}

static void replace__mode_asked_for__is_given(void **state)
{
	const struct replace_options options = {.set_mode = true, .mode = 0751};

	(void)state;
	assert_int_equal(replace_whole("a", "new", &options), 0);
	assert_int_equal(scratch_mode("a"), 0751);
	chmod("a", 0600);
	assert_int_equal(replace_whole("a", "new", &options), 0);
	assert_int_equal(scratch_mode("a"), 0751);
}

static void replace__temp__is_never_wider_than_the_file(void **state)
{
	struct job job;
	struct stat status;

	(void)state;
	scratch_write("a", "old");
	chmod("a", 0644);
	open_job(&job, "a", &plain);
	assert_int_equal(replace_begin(&job.r, &job.problem), 0);
	assert_int_equal(fstat(job.r.fd, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	close_job(&job);
	assert_int_equal(scratch_entries(), 1);
}

static void replace__released_before_commit__leaves_no_trace(void **state)
{
	struct job job;

	(void)state;
	scratch_write("a", "old");
	open_job(&job, "a", &plain);
	assert_int_equal(fill_job(&job, "new"), 0);
	assert_int_equal(scratch_entries(), 2);
	close_job(&job);
	assert_int_equal(scratch_entries(), 1);
	scratch_holds("a", "old");
}

/* FILE is changed by somebody else between the look and the commit. */
static void changed_by(void (*change)(void), bool exists)
{
	struct job job;

	if (exists)
		scratch_write("a", "old");
	open_job(&job, "a", &exact);
	assert_int_equal(fill_job(&job, "new"), 0);
	change();
	assert_int_equal(replace_commit(&job.r, &job.problem),
			 REPLACE_CHANGED);
	/* Looked at again, it may be replaced. */
	assert_int_equal(replace_look(&job.r, &job.problem), 0);
	assert_int_equal(replace_prepare(&job.r, &job.problem), 0);
	assert_int_equal(replace_commit(&job.r, &job.problem), 0);
	close_job(&job);
	scratch_holds("a", "new");
	unlink("a");
	assert_int_equal(scratch_entries(), 0);
}

static void change_content(void)
{
	scratch_write("a", "other");
}

static void change_inode(void)
{
	scratch_write("b", "old");
	assert_int_equal(rename("b", "a"), 0);
}

static void change_mode(void)
{
	assert_int_equal(chmod("a", 0600), 0);
}

static void change_away(void)
{
	assert_int_equal(unlink("a"), 0);
}

static void replace__file_changed_meanwhile__is_noticed(void **state)
{
	(void)state;
	changed_by(change_content, true);
	changed_by(change_inode, true);
	changed_by(change_mode, true);
	changed_by(change_away, true);
	changed_by(change_content, false);
}

static void replace__metadata_changed_meanwhile__is_taken_anew(void **state)
{
	struct job job;

	(void)state;
	scratch_write("a", "old");
	chmod("a", 0644);
	open_job(&job, "a", &plain);
	assert_int_equal(fill_job(&job, "new"), 0);
	chmod("a", 0600);
	assert_int_equal(replace_look(&job.r, &job.problem), 0);
	assert_int_equal(replace_prepare(&job.r, &job.problem), 0);
	assert_int_equal(replace_commit(&job.r, &job.problem), 0);
	close_job(&job);
	assert_int_equal(scratch_mode("a"), 0600);
}

static void replace__several_links__are_refused(void **state)
{
	struct job job;

	(void)state;
	scratch_write("a", "old");
	assert_int_equal(link("a", "b"), 0);
	open_job(&job, "a", &plain);
	assert_int_equal(fill_job(&job, "new"), 0);
	assert_int_equal(replace_commit(&job.r, &job.problem), -1);
	assert_int_equal(job.problem.status, STATUS_FAILED);
	assert_non_null(strstr(job.problem.reason, "--in-place"));
	close_job(&job);
	scratch_holds("a", "old");
	assert_int_equal(scratch_entries(), 2);
}

static void replace__links_of_our_own__do_not_count(void **state)
{
	(void)state;
	scratch_write("a", "old");
	assert_int_equal(link("a", "a.bak"), 0);
	assert_int_equal(link("a", ".a.01234567.interlock-tmp"), 0);
	assert_int_equal(replace_whole("a", "new", &plain), 0);
	scratch_holds("a", "new");
	scratch_holds("a.bak", "old");
	assert_int_equal(scratch_entries(), 2);
}

static void replace__in_place__keeps_the_inode(void **state)
{
	const struct replace_options options = {
		.in_place = true,
		.in_place_deadline = deadline_in(DURATION_FOREVER),
	};
	ino_t before;

	(void)state;
	scratch_write("a", "a longer content");
	assert_int_equal(link("a", "b"), 0);
	before = scratch_inode("a");
	assert_int_equal(replace_whole("a", "new", &options), 0);
	scratch_holds("b", "new");
	assert_int_equal(scratch_inode("a"), before);
	assert_int_equal(scratch_entries(), 2);
	assert_int_equal(replace_whole("c", "new", &options), 0);
	scratch_holds("c", "new");
}

static void replace__in_place_locked_file__is_busy(void **state)
{
	const struct replace_options options = {
		.in_place = true,
		.in_place_deadline = deadline_in(0),
	};
	struct job job;
	int holder;

	(void)state;
	scratch_write("a", "old");
	holder = open("a", O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(holder, LOCK_EX), 0);
	open_job(&job, "a", &options);
	assert_int_equal(fill_job(&job, "new"), 0);
	assert_int_equal(replace_commit(&job.r, &job.problem), -1);
	assert_int_equal(job.problem.status, STATUS_BUSY);
	close_job(&job);
	close(holder);
	scratch_holds("a", "old");
}

static void replace__in_place__does_not_change_the_backup(void **state)
{
	const struct replace_options options = {
		.in_place = true,
		.in_place_deadline = deadline_in(DURATION_FOREVER),
	};

	(void)state;
	scratch_write("a", "old");
	assert_int_equal(link("a", "a.bak"), 0);
	assert_int_equal(replace_whole("a", "new", &options), 0);
	scratch_holds("a", "new");
	scratch_holds("a.bak", "old");
}

static void replace__read__gives_what_was_looked_at(void **state)
{
	struct buffer content = BUFFER_INIT;
	struct job job;

	(void)state;
	scratch_write("a", "old");
	open_job(&job, "a", &plain);
	assert_int_equal(replace_read(&job.r, &content, &job.problem), 0);
	assert_string_equal(content.data, "old");
	close_job(&job);
	buffer_clear(&content);
	open_job(&job, "missing", &plain);
	assert_false(job.r.exists);
	assert_int_equal(replace_read(&job.r, &content, &job.problem), 0);
	assert_int_equal(content.length, 0);
	close_job(&job);
	buffer_release(&content);
}

static void replace__script__can_be_run_at_once(void **state)
{
	struct job job;

	(void)state;
	scratch_write("a", "#!/bin/sh\n");
	chmod("a", 0755);
	open_job(&job, "a", &plain);
	assert_int_equal(fill_job(&job, "#!/bin/sh\nexit 7\n"), 0);
	assert_int_equal(replace_commit(&job.r, &job.problem), 0);
	/* Not released yet: a descriptor that writes would be ETXTBSY. */
	assert_int_equal(system("./a") >> 8, 7);
	close_job(&job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(replace__missing_file__is_made),
		scratch_test(replace__existing_file__gets_a_new_inode),
		scratch_test(replace__mode_asked_for__is_given),
		scratch_test(replace__temp__is_never_wider_than_the_file),
		scratch_test(replace__released_before_commit__leaves_no_trace),
		scratch_test(replace__file_changed_meanwhile__is_noticed),
		scratch_test(replace__metadata_changed_meanwhile__is_taken_anew),
		scratch_test(replace__several_links__are_refused),
		scratch_test(replace__links_of_our_own__do_not_count),
		scratch_test(replace__in_place__keeps_the_inode),
		scratch_test(replace__in_place_locked_file__is_busy),
		scratch_test(replace__in_place__does_not_change_the_backup),
		scratch_test(replace__read__gives_what_was_looked_at),
		scratch_test(replace__script__can_be_run_at_once),
	};

	return cmocka_run_group_tests_name("replace", tests, NULL, NULL);
}
