/* SPDX-License-Identifier: MIT */
#include "temp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fdio.h"

#define SUFFIX ".interlock-tmp"

enum {
	RANDOM = 8,	  /* characters */
	NAME_SHOWN = 100, /* bytes of NAME that a temp's name repeats */
	TRIES = 100,
};

static const char alphabet[] = "0123456789abcdefghijklmnopqrstuv";

/*
 * How much of NAME stands in its temps' names: all that fits, cut between
 * characters, because some file systems refuse names that are not UTF-8.
 */
static int shown_length(const char *name)
{
	size_t length = strlen(name);

	if (length <= NAME_SHOWN)
		return (int)length;
	length = NAME_SHOWN;
	while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
		length--;
	return (int)length;
}

int temp_name(const char *name, char temp[TEMP_NAME])
{
	unsigned char bytes[RANDOM];
	char random[RANDOM + 1];

	if (getentropy(bytes, sizeof(bytes)))
		return -1;
	for (int i = 0; i < RANDOM; i++)
		random[i] = alphabet[bytes[i] % (sizeof(alphabet) - 1)];
	random[RANDOM] = '\0';
	snprintf(temp, TEMP_NAME, ".%.*s.%s" SUFFIX, shown_length(name), name,
		 random);
	return 0;
}

bool temp_is(const char *entry, const char *name)
{
	size_t tail = 1 + RANDOM + strlen(SUFFIX);
	size_t length = strlen(entry), shown;
	const char *dot;

	if (entry[0] != '.' || length < 1 + tail ||
	    strcmp(entry + length - strlen(SUFFIX), SUFFIX))
		return false;
	dot = entry + length - tail;
	if (*dot != '.' || strspn(dot + 1, alphabet) != RANDOM)
		return false;
	if (!name)
		return true;
	shown = (size_t)shown_length(name);
	return shown == length - tail - 1 && !memcmp(entry + 1, name, shown);
}

/* A lock that cannot be had only makes the temp look like a leftover. */
static void lock_shared(int fd)
{
	for (int tries = 0; tries < TRIES; tries++)
		if (!flock(fd, LOCK_SH) || errno != EINTR)
			return;
}

/*
 * Lock a temp that was just made. A sweeper may have seen it before: then it
 * unlinks it while it has the lock, for which this waits.
 */
static bool claimed(int fd)
{
	struct stat status;

	lock_shared(fd);
	return !fstat(fd, &status) && status.st_nlink > 0;
}

int temp_create(int directory, const char *name, mode_t mode,
		char temp[TEMP_NAME])
{
	int fd;

	for (int tries = 0; tries < TRIES; tries++) {
		if (temp_name(name, temp))
			return -1;
		fd = openat(directory, temp,
			    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    mode);
		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd >= 0 && claimed(fd))
			return fd;
		fdio_discard(&fd);
	}
	errno = EEXIST;
	return -1;
}

static void descriptor_path(int fd, char path[32])
{
	snprintf(path, 32, "/proc/self/fd/%d", fd);
}

#ifdef O_TMPFILE
/*
 * Some kernels forgot the umask when they made such a file. Asking for the
 * umask means setting it, for an instant.
 */
static bool wider_than_umask(int fd, mode_t mode)
{
	struct stat status;
	mode_t mask;

	if (!(mode & 077))
		return false;
	mask = umask(077);
	umask(mask);
	return fstat(fd, &status) || (status.st_mode & mask & 0777);
}

int temp_create_unnamed(int directory, mode_t mode)
{
	int fd = openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
	char path[32];

	if (fd < 0)
		return -1;
	descriptor_path(fd, path);
	if (faccessat(AT_FDCWD, path, F_OK, 0) || wider_than_umask(fd, mode)) {
		close(fd);
		errno = ENOTSUP;
		return -1;
	}
	lock_shared(fd);
	return fd;
}
#else
int temp_create_unnamed(int directory, mode_t mode)
{
	(void)directory;
	(void)mode;
	errno = ENOTSUP;
	return -1;
}
#endif

int temp_link(int fd, int directory, const char *entry)
{
	char path[32];

	descriptor_path(fd, path);
	return linkat(AT_FDCWD, path, directory, entry, AT_SYMLINK_FOLLOW);
}

int temp_reopen(int fd, int directory, const char *temp)
{
	char path[32];
	int second;

	descriptor_path(fd, path);
	if (*temp)
		second = openat(directory, temp,
				O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	else
		second = open(path, O_RDONLY | O_CLOEXEC);
	if (second >= 0 && flock(second, LOCK_SH | LOCK_NB))
		fdio_discard(&second);
	return second;
}

/* 1: ENTRY names what FD is open on; 0: it does not; -1: who knows. */
static int compare(int directory, const char *entry, int fd)
{
	struct stat named, opened;

	if (fstatat(directory, entry, &named, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -1;
	if (fstat(fd, &opened))
		return -1;
	return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

bool temp_names(int directory, const char *entry, int fd)
{
	int saved = errno;
	bool same = compare(directory, entry, fd) > 0;

	errno = saved;
	return same;
}

void temp_remove(int directory, const char *entry, int fd)
{
	int saved = errno;

	/* Once more if it fails: nobody else may come to remove it. */
	if (compare(directory, entry, fd) != 0 &&
	    unlinkat(directory, entry, 0) && errno != ENOENT)
		unlinkat(directory, entry, 0);
	errno = saved;
}

int temp_scratch(int directory)
{
	const char *parent = getenv("TMPDIR");
	int fd = temp_create_unnamed(directory, 0600);
	char path[PATH_MAX];

	if (fd >= 0)
		return fd;
	snprintf(path, sizeof(path), "%s/interlock.XXXXXX",
		 parent && *parent ? parent : "/tmp");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/*
 * Whoever has the lock of a temp that nobody else has may remove it: its maker
 * is gone. The look at the name afterwards keeps us from removing a new temp
 * of the same name.
 */
static bool remove_leftover(int directory, const char *entry)
{
	int fd = openat(directory, entry,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	bool removed;

	if (fd < 0)
		return false;
	removed = !fstat(fd, &status) && S_ISREG(status.st_mode) &&
		  !flock(fd, LOCK_EX | LOCK_NB) &&
		  temp_names(directory, entry, fd) &&
		  !unlinkat(directory, entry, 0);
	close(fd);
	return removed;
}

int temp_sweep(int directory, const char *name)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int removed = 0;

	if (!stream) {
		fdio_discard(&fd);
		return -1;
	}
	while ((entry = readdir(stream)))
		if (temp_is(entry->d_name, name) &&
		    remove_leftover(directory, entry->d_name))
			removed++;
	closedir(stream);
	return removed;
}
