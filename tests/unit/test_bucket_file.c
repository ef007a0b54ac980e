/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <sys/file.h>
#include <sys/stat.h>

#include "bucket_file.h"
#include "bucket_record.h"
#include "duration.h"

static struct bucket make(int64_t burst)
{
	const struct rate rate = {3, NS_PER_SECOND};
	struct bucket bucket;

	bucket_init(&bucket, "boot", 7, 0, 0);
	assert_int_equal(bucket_set(&bucket, "default", rate, burst, 0), 0);
	return bucket;
}

static void open_file(struct bucket_file *file, const char *path)
{
	struct problem problem;

	if (bucket_file_open(file, path, &problem))
		fail_msg("%s: %s", path, problem.reason);
}

static struct deadline at_once(void)
{
	return deadline_in(0);
}

static void file__missing__is_made_once(void **state)
{
	struct bucket first = make(1), second = make(2), found;
	struct bucket_file file;
	struct problem problem;

	(void)state;
	open_file(&file, "state");
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 1);
	assert_int_equal(scratch_entries(), 0);
	assert_int_equal(bucket_file_create(&file, &first, &problem), 0);
	assert_int_equal(bucket_file_create(&file, &second, &problem), 0);
	assert_int_equal(scratch_entries(), 1);
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 0);
	assert_int_equal(bucket_file_load(&file, &found, &problem), 0);
	assert_memory_equal(&found, &first, sizeof(found));
	bucket_file_close(&file);
}

static void file__stored__is_loaded_again(void **state)
{
	struct bucket bucket = make(1), found;
	struct bucket_file file;
	struct problem problem;

	(void)state;
	open_file(&file, "state");
	assert_int_equal(bucket_file_create(&file, &bucket, &problem), 0);
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 0);
	bucket = make(5);
	assert_int_equal(bucket_file_store(&file, &bucket, &problem), 0);
	bucket_file_unlock(&file);
	assert_int_equal(bucket_file_lock_shared(&file, at_once(), &problem),
			 0);
	assert_int_equal(bucket_file_load(&file, &found, &problem), 0);
	assert_memory_equal(&found, &bucket, sizeof(found));
	bucket_file_close(&file);
}

static void file__held_by_another__is_busy(void **state)
{
	struct bucket bucket = make(1);
	struct bucket_file file;
	struct problem problem;
	int fd;

	(void)state;
	open_file(&file, "state");
	assert_int_equal(bucket_file_create(&file, &bucket, &problem), 0);
	fd = open("state", O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), -1);
	assert_int_equal(problem.status, STATUS_BUSY);
	close(fd);
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 0);
	bucket_file_close(&file);
}

static void file__replaced_while_open__is_opened_anew(void **state)
{
	struct bucket bucket = make(1), other = make(2), found;
	struct bucket_file file, new;
	struct problem problem;

	(void)state;
	open_file(&file, "state");
	assert_int_equal(bucket_file_create(&file, &bucket, &problem), 0);
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 0);
	bucket_file_unlock(&file);
	unlink("state");
	open_file(&new, "state");
	assert_int_equal(bucket_file_create(&new, &other, &problem), 0);
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 0);
	assert_int_equal(bucket_file_load(&file, &found, &problem), 0);
	assert_memory_equal(&found, &other, sizeof(found));
	bucket_file_unlock(&file);
	unlink("state");
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 1);
	bucket_file_close(&new);
	bucket_file_close(&file);
}

/* A file of LENGTH bytes that are no state. */
static void write_foreign(size_t length)
{
	FILE *out = fopen("state", "w");

	assert_non_null(out);
	while (length-- > 0)
		fputc('x', out);
	assert_int_equal(fclose(out), 0);
}

static void file__foreign__is_an_error_until_reset(void **state)
{
	struct bucket bucket = make(1), found;
	struct bucket_file file;
	struct problem problem;
	struct stat status;

	(void)state;
	write_foreign(100);
	open_file(&file, "state");
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 0);
	assert_int_equal(bucket_file_load(&file, &found, &problem), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_non_null(strstr(problem.reason, "--reset"));
	assert_int_equal(bucket_file_reset(&file, &bucket, &problem), 0);
	assert_int_equal(bucket_file_load(&file, &found, &problem), 0);
	assert_memory_equal(&found, &bucket, sizeof(found));
	bucket_file_close(&file);
	write_foreign(BUCKET_RECORD + 1);
	open_file(&file, "state");
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), 0);
	assert_int_equal(bucket_file_reset(&file, &bucket, &problem), -1);
	assert_int_equal(stat("state", &status), 0);
	assert_int_equal(status.st_size, BUCKET_RECORD + 1);
	bucket_file_close(&file);
}

static void file__of_another_kind__is_refused(void **state)
{
	struct bucket_file file;
	struct problem problem;

	(void)state;
	assert_int_equal(mkdir("directory", 0700), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(bucket_file_open(&file, "directory", &problem), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	assert_int_equal(bucket_file_open(&file, "fifo", &problem), -1);
	assert_int_equal(bucket_file_open(&file, "no/state", &problem), -1);
	assert_int_equal(problem.status, STATUS_STATE);
	/* Put there after we looked. */
	open_file(&file, "state");
	assert_int_equal(mkfifo("state", 0600), 0);
	assert_int_equal(bucket_file_lock(&file, at_once(), &problem), -1);
	assert_int_equal(problem.status, STATUS_FAILED);
	bucket_file_close(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scratch_test(file__missing__is_made_once),
		scratch_test(file__stored__is_loaded_again),
		scratch_test(file__held_by_another__is_busy),
		scratch_test(file__replaced_while_open__is_opened_anew),
		scratch_test(file__foreign__is_an_error_until_reset),
		scratch_test(file__of_another_kind__is_refused),
	};

	return cmocka_run_group_tests_name("bucket_file", tests, NULL, NULL);
}
