/* SPDX-License-Identifier: MIT */
/*
 * The life of a struct bucket_file
 *
 *   found     target is open, fd is -1.
 *   open      fd is a regular file, not locked.
 *   locked    fd is locked, and was what the path names when the lock was had.
 */
#include "bucket_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bucket_record.h"
#include "fdio.h"
#include "lock_wait.h"

/* How often the path may change under us before that is somebody's attack. */
enum { TRIES = 100 };

static int fail(const struct bucket_file *file, const char *what,
		struct problem *problem)
{
	return problem_errno(problem, file->target.operand, what);
}

int bucket_file_open(struct bucket_file *file, const char *path,
		     struct problem *problem)
{
	file->fd = -1;
	file->locked = false;
	return target_open(&file->target, path, 0, problem);
}

/* --- opening and locking ------------------------------------------------- */

/*
 * Without O_CREAT, which the kernel refuses for another user's file in a sticky
 * directory (fs.protected_regular). A link cannot be there, target followed
 * them all; O_NONBLOCK in case somebody has put a FIFO in its place.
 */
static int open_existing(const struct bucket_file *file, int access)
{
	return openat(file->target.directory, file->target.name,
		      access | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int check_regular(struct bucket_file *file, struct problem *problem)
{
	struct stat status;

	if (fstat(file->fd, &status))
		return fail(file, NULL, problem);
	if (S_ISREG(status.st_mode))
		return 0;
	return problem_set(problem, STATUS_FAILED, file->target.operand,
			   "is not a regular file");
}

static bool still_named(const struct bucket_file *file)
{
	struct stat opened, named;

	return !fstat(file->fd, &opened) &&
	       !fstatat(file->target.directory, file->target.name, &named,
			AT_SYMLINK_NOFOLLOW) &&
	       opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

static int wait_problem(const struct bucket_file *file,
			struct problem *problem)
{
	if (errno != ETIMEDOUT)
		return fail(file, "cannot lock", problem);
	return problem_set(problem, STATUS_BUSY, file->target.operand,
			   "its lock was not free in time (LOCK_TIMEOUT)");
}

static int lock(struct bucket_file *file, int access, int operation,
		struct deadline deadline, struct problem *problem)
{
	for (int tries = 0; tries < TRIES; tries++) {
		if (file->fd < 0) {
			file->fd = open_existing(file, access);
			if (file->fd < 0 && errno == ENOENT)
				return 1;
			if (file->fd < 0)
				return fail(file, "cannot open", problem);
			if (check_regular(file, problem))
				break;
		}
		if (lock_wait(file->fd, operation, deadline)) {
			wait_problem(file, problem);
			break;
		}
		file->locked = true;
		if (still_named(file))
			return 0;
		file->locked = false;
		fdio_discard(&file->fd);
		errno = EAGAIN;
		fail(file, "is replaced again and again", problem);
	}
	fdio_discard(&file->fd);
	return -1;
}

int bucket_file_lock(struct bucket_file *file, struct deadline deadline,
		     struct problem *problem)
{
	return lock(file, O_RDWR, LOCK_EX, deadline, problem);
}

int bucket_file_lock_shared(struct bucket_file *file, struct deadline deadline,
			    struct problem *problem)
{
	return lock(file, O_RDONLY, LOCK_SH, deadline, problem);
}

void bucket_file_unlock(struct bucket_file *file)
{
	int saved = errno;

	if (file->locked)
		flock(file->fd, LOCK_UN);
	file->locked = false;
	errno = saved;
}

void bucket_file_close(struct bucket_file *file)
{
	file->locked = false;
	fdio_discard(&file->fd);
	target_close(&file->target);
}

/* --- making -------------------------------------------------------------- */

/* One write: half a record must not be there for the time between two. */
static int write_record(int fd, const struct bucket *bucket)
{
	unsigned char bytes[BUCKET_RECORD];
	ssize_t n;

	bucket_encode(bucket, bytes);
	n = pwrite(fd, bytes, sizeof(bytes), 0);
	if (n >= 0 && n < BUCKET_RECORD)
		errno = ENOSPC;
	return n == BUCKET_RECORD ? 0 : -1;
}

/*
 * Synced once: a file whose name outlives a power loss and whose content does
 * not would be an empty state, which is an error.
 */
static int write_first(int fd, const struct bucket *bucket)
{
	return write_record(fd, bucket) || fsync(fd) ? -1 : 0;
}

/* A file without a name needs no clean-up, however we end. */
static int create_unnamed(const struct bucket_file *file,
			  const struct bucket *bucket)
{
#ifdef O_TMPFILE
	char path[64];
	int fd = openat(file->target.directory, ".",
			O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	int result;

	if (fd < 0) {
		errno = ENOTSUP;
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	result = write_first(fd, bucket);
	if (!result &&
	    linkat(AT_FDCWD, path, file->target.directory, file->target.name,
		   AT_SYMLINK_FOLLOW)) {
		result = -1;
		if (errno != EEXIST)
			errno = ENOTSUP;
	}
	fdio_close(fd);
	return result;
#else
	(void)file;
	(void)bucket;
	errno = ENOTSUP;
	return -1;
#endif
}

static int create_named(const struct bucket_file *file,
			const struct bucket *bucket)
{
	int directory = file->target.directory, fd, result, saved;
	char name[64];

	snprintf(name, sizeof(name), ".rate-wait.%ld.%llx", (long)getpid(),
		 (unsigned long long)bucket->identity);
	fd = openat(directory, name,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	result = write_first(fd, bucket);
	if (!result)
		result = linkat(directory, name, directory, file->target.name,
				0);
	saved = errno;
	unlinkat(directory, name, 0);
	fdio_close(fd);
	errno = saved;
	return result;
}

int bucket_file_create(struct bucket_file *file, const struct bucket *bucket,
		       struct problem *problem)
{
	int result = create_unnamed(file, bucket);

	if (result && errno == ENOTSUP)
		result = create_named(file, bucket);
	if (result && errno != EEXIST)
		return fail(file, "cannot make it", problem);
	return 0;
}

/* --- the record ---------------------------------------------------------- */

/* What is there, up to a byte more than a record has: its length, or -1. */
static ssize_t read_record(const struct bucket_file *file,
			   unsigned char bytes[BUCKET_RECORD + 1])
{
	return pread(file->fd, bytes, BUCKET_RECORD + 1, 0);
}

int bucket_file_load(struct bucket_file *file, struct bucket *bucket,
		     struct problem *problem)
{
	unsigned char bytes[BUCKET_RECORD + 1];
	ssize_t length = read_record(file, bytes);
	const char *reason;

	if (length < 0)
		return fail(file, "cannot read", problem);
	if (!bucket_decode(bucket, bytes, (size_t)length, &reason))
		return 0;
	return problem_set(problem, STATUS_FAILED, file->target.operand,
			   "%s: nothing is granted; --reset starts it anew",
			   reason);
}

int bucket_file_store(struct bucket_file *file, const struct bucket *bucket,
		      struct problem *problem)
{
	if (write_record(file->fd, bucket))
		return fail(file, "cannot write", problem);
	return 0;
}

int bucket_file_reset(struct bucket_file *file, const struct bucket *bucket,
		      struct problem *problem)
{
	unsigned char bytes[BUCKET_RECORD + 1];
	ssize_t length = read_record(file, bytes);

	if (length < 0)
		return fail(file, "cannot read", problem);
	if (length > BUCKET_RECORD && !bucket_is_record(bytes, (size_t)length))
		return problem_set(problem, STATUS_FAILED, file->target.operand,
				   "is not a state of rate-wait, and too large "
				   "to be a damaged one: remove it if nobody "
				   "needs it");
	if (bucket_file_store(file, bucket, problem))
		return -1;
	if (length > BUCKET_RECORD && ftruncate(file->fd, BUCKET_RECORD))
		return fail(file, "cannot cut to its length", problem);
	return 0;
}
