/* SPDX-License-Identifier: MIT */
/*
 * The floor under every update: what locks a file, reads it, and replaces it
 * so that it survives a power loss, has to do at the least. No JSON, no
 * options, no owner, mode or record; the content goes back as it was.
 *
 * Usage: floor FILE
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* All of FD, whose size goes to LENGTH. */
static char *read_file(int fd, size_t *length)
{
	struct stat status;
	char *bytes;

	if (fstat(fd, &status))
		fail("fstat");
	*length = (size_t)status.st_size;
	bytes = malloc(*length + 1);
	if (!bytes || read(fd, bytes, *length) != (ssize_t)*length)
		fail("read");
	return bytes;
}

/* New content for NAME in DIRECTORY, on disk when this returns. */
static void replace(int directory, const char *name, const char *bytes,
		    size_t length)
{
	char temp[64];
	int fd;

	snprintf(temp, sizeof(temp), ".floor.%ld", (long)getpid());
	fd = openat(directory, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);
	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
		fail(temp);
	if (fsync(fd) || close(fd))
		fail("fsync");
	if (renameat(directory, temp, directory, name) || fsync(directory))
		fail(name);
}

int main(int argc, char **argv)
{
	char lock_name[4096];
	char *path, *name, *bytes;
	size_t length;
	int directory, lock, fd;

	if (argc != 2 || !(name = strrchr(argv[1], '/'))) {
		fputs("usage: floor DIRECTORY/FILE\n", stderr);
		return 2;
	}
	path = argv[1];
	*name++ = '\0';
	directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(lock_name, sizeof(lock_name), "%s.lock", name);
	lock = openat(directory, lock_name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (lock < 0 || flock(lock, LOCK_EX))
		fail(lock_name);
	fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(name);
	bytes = read_file(fd, &length);
	replace(directory, name, bytes, length);
	return 0;
}
