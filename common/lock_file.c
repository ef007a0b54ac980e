/* SPDX-License-Identifier: MIT */
#include "lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/*
 * The kernel applies the umask to the mode we ask for, so what it took away is
 * given back; the owner is set first, as that may clear mode bits. Failures
 * are of no concern: the lock works for us, and that is all that somebody
 * without rights can have.
 */
static void adopt_permissions(int fd, const struct stat *like, mode_t mode)
{
	struct stat status;

	if (fstat(fd, &status))
		return;
	if ((status.st_uid != like->st_uid || status.st_gid != like->st_gid) &&
	    fchown(fd, like->st_uid, like->st_gid) &&
	    fchown(fd, (uid_t)-1, like->st_gid))
		return;
	if ((status.st_mode & 0777) != mode && fchmod(fd, mode))
		return;
}

static int create_new(int directory, const char *name, const struct stat *like)
{
	mode_t mode = like ? like->st_mode & 0666 : 0666;
	int fd = openat(directory, name,
			O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			mode);

	if (fd >= 0 && like)
		adopt_permissions(fd, like, mode);
	return fd;
}

/*
 * Without O_CREAT, which the kernel refuses for another user's file in a sticky
 * directory (fs.protected_regular).
 */
static int open_existing(int directory, const char *name)
{
	const int flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
	int fd = openat(directory, name, O_RDWR | flags);

	if (fd < 0 && (errno == EACCES || errno == EPERM || errno == EROFS ||
		       errno == ETXTBSY))
		fd = openat(directory, name, O_RDONLY | flags);
	return fd;
}

int lock_file_open(int directory, const char *name, const struct stat *like,
		   bool create)
{
	int fd;

	for (int tries = 0; tries < 100; tries++) {
		fd = open_existing(directory, name);
		if (fd >= 0 || errno != ENOENT || !create)
			return fd;
		fd = create_new(directory, name, like);
		/* EEXIST: another process was faster. Open that one. */
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

int lock_file_problem(struct problem *problem, const char *shown, bool exists)
{
	const char *advice = " (--lock-file names another)";

	switch (errno) {
	case ELOOP:
	case EMLINK: /* what FreeBSD says */
		return problem_set(problem, STATUS_FAILED, shown,
				   "is a symbolic link, which is not followed: "
				   "remove it or use --lock-file");
	case ENXIO:
	case EINVAL:
		return problem_set(problem, STATUS_FAILED, shown,
				   "is not a regular file: remove it or use "
				   "--lock-file");
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		advice = "";
		break;
	default:
		break;
	}
	return problem_set(problem, STATUS_FAILED, shown,
			   "cannot %s the lock file: %s%s",
			   exists ? "open" : "make", strerror(errno), advice);
}
