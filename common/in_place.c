/* SPDX-License-Identifier: MIT */
#include "in_place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "fdio.h"
#include "lock_wait.h"

static int fail(const struct in_place *place, struct problem *problem,
		const char *what)
{
	return problem_errno(problem, place->subject, what);
}

static int lock_file(const struct in_place *place, int fd,
		     struct problem *problem)
{
	if (!lock_wait(fd, LOCK_EX, place->deadline))
		return 0;
	if (errno == ETIMEDOUT)
		return problem_set(problem, STATUS_BUSY, place->subject,
				   "is locked itself (flock) by another "
				   "process");
	return fail(place, problem, "cannot lock it");
}

/* So that a full disk is noticed while the old content is whole. */
static int reserve(int fd, off_t size)
{
#ifdef FALLOC_FL_KEEP_SIZE
	if (size > 0 && fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, size))
		return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ||
				       errno == EIO
			       ? -1
			       : 0;
#else
	(void)fd;
	(void)size;
#endif
	return 0;
}

static bool is_still(int fd, const struct stat *was)
{
	struct stat now;

	return !fstat(fd, &now) && now.st_dev == was->st_dev &&
	       now.st_ino == was->st_ino && now.st_size == was->st_size &&
	       now.st_mtim.tv_sec == was->st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == was->st_mtim.tv_nsec;
}

/* Unless nothing has happened yet, the file is neither old nor new now. */
static int damaged(const struct in_place *place, int fd, const struct stat *was,
		   struct problem *problem, const char *what)
{
	int saved = errno;

	if (is_still(fd, was)) {
		errno = saved;
		return fail(place, problem, what);
	}
	return problem_set(problem, STATUS_UNSURE, place->subject,
			   "written in part only: %s: %s", what,
			   strerror(saved));
}

static int overwrite(const struct in_place *place, int fd, int source,
		     const struct stat *was, struct problem *problem)
{
	char bytes[64 * 1024];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(source, bytes, sizeof(bytes), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return damaged(place, fd, was, problem,
				       "cannot read the new content");
		if (fdio_write_all(fd, bytes, (size_t)n))
			return damaged(place, fd, was, problem,
				       "cannot write the new content");
		at += n;
	}
	if (ftruncate(fd, at))
		return damaged(place, fd, was, problem, "cannot shorten it");
	if (place->set_mode && fchmod(fd, place->mode))
		return problem_set(problem, STATUS_UNSURE, place->subject,
				   "written, but its mode could not be set: %s",
				   strerror(errno));
	if (!place->no_sync && fsync(fd))
		return problem_set(problem, STATUS_UNSURE, place->subject,
				   "written, but it could not be synced: %s",
				   strerror(errno));
	return 0;
}

int in_place_write(const struct in_place *place, int source,
		   const struct stat *was, struct problem *problem)
{
	int fd = openat(place->directory, place->name,
			O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
				O_CLOEXEC);
	struct stat size;
	int result;

	if (fd < 0)
		return fail(place, problem, "cannot write into it");
	if (lock_file(place, fd, problem))
		result = -1;
	else if (!is_still(fd, was))
		result = 1;
	else if (fstat(source, &size) || reserve(fd, size.st_size))
		result = fail(place, problem, "cannot write into it");
	else
		result = overwrite(place, fd, source, was, problem);
	fdio_close(fd);
	return result;
}
