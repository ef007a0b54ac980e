/* SPDX-License-Identifier: MIT */
#include "fdio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* What one read asks for when nobody knows how much there is. */
enum { CHUNK = 64 * 1024 };

int fdio_open_standard(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		int wrong_way = fd == 0 ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (open("/dev/null", wrong_way) != fd)
			return -1;
	}
	return 0;
}

int fdio_write_all(int fd, const void *bytes, size_t length)
{
	const char *p = bytes;

	while (length > 0) {
		ssize_t n = write(fd, p, length);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		p += n;
		length -= (size_t)n;
	}
	return 0;
}

/* One read of up to ROOM bytes: the number read, 0 at the end, or -1. */
static ssize_t read_some(int fd, struct buffer *buffer, size_t room)
{
	ssize_t n;

	if (buffer_reserve(buffer, room))
		return -1;
	do
		n = read(fd, buffer->data + buffer->length, room);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		buffer->length += (size_t)n;
	buffer->data[buffer->length] = '\0';
	return n;
}

int fdio_read_all(int fd, struct buffer *buffer)
{
	ssize_t n;

	do
		n = read_some(fd, buffer, CHUNK);
	while (n > 0);
	return n < 0 ? -1 : 0;
}

int fdio_read_file(int fd, off_t size, struct buffer *buffer)
{
	ssize_t n;

	/* The byte beyond SIZE lets one read see a file that has grown. */
	if (size > 0) {
		/* And room for what the last read offers, so that nothing has
		 * to be moved. */
		if (buffer_reserve(buffer, (size_t)size + CHUNK + 1))
			return -1;
		n = read_some(fd, buffer, (size_t)size + 1);
		if (n < 0)
			return -1;
		if (n == 0)
			return 0;
	}
	return fdio_read_all(fd, buffer);
}

void fdio_close(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

void fdio_discard(int *fd)
{
	if (*fd >= 0)
		fdio_close(*fd);
	*fd = -1;
}

static bool is_among(int fd, const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i] == fd)
			return true;
	return false;
}

void fdio_close_others(const int *keep, size_t count)
{
	DIR *open_ones = opendir("/proc/self/fd");
	long limit = sysconf(_SC_OPEN_MAX);
	struct dirent *entry;
	int fd;

	/* The limit may be a billion: closing that many takes minutes. */
	while (open_ones && (entry = readdir(open_ones))) {
		fd = atoi(entry->d_name);
		if (entry->d_name[0] != '.' && fd != dirfd(open_ones) &&
		    !is_among(fd, keep, count))
			close(fd);
	}
	if (open_ones) {
		closedir(open_ones);
		return;
	}
	for (fd = 0; fd < limit; fd++)
		if (!is_among(fd, keep, count))
			close(fd);
}
