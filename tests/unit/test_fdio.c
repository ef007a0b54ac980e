/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fdio.h"

/* More than a pipe holds, so that writing it takes several transfers. */
enum { MUCH = 3 * 1024 * 1024 + 17 };

static char *pattern(size_t length)
{
	char *bytes = malloc(length);

	assert_non_null(bytes);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(i * 31 + i / 251);
	return bytes;
}

/* An unnamed file that holds LENGTH bytes of the pattern. */
static int file_of(const char *bytes, size_t length)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	fd = dup(fileno(file));
	assert_true(fd >= 0);
	fclose(file);
	assert_int_equal(fdio_write_all(fd, bytes, length), 0);
	assert_true(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void on_alarm(int signo)
{
	(void)signo;
}

/* A signal each 200 us, whose handler interrupts reads and writes. */
static void interrupt_often(bool on)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval often = {{0, on ? 200 : 0}, {0, on ? 200 : 0}};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

/*
 * A child that copies THERE to BACK in pieces, with a nap before each, until
 * nobody writes into THERE any more.
 */
static pid_t slow_copier(const int there[2], const int back[2])
{
	pid_t pid = fork();
	char piece[40000];
	ssize_t n;

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	close(there[1]);
	while ((n = read(there[0], piece, sizeof(piece))) > 0) {
		usleep(300);
		for (ssize_t done = 0, w; done < n; done += w) {
			w = write(back[1], piece + done, (size_t)(n - done));
			if (w < 0)
				_exit(1);
		}
	}
	_exit(n < 0);
}

static void fdio__slow_pipes_and_signals__all_bytes_pass(void **state)
{
	char *bytes = pattern(MUCH);
	struct buffer buffer = BUFFER_INIT;
	int there[2], back[2], wait_status;
	pid_t copier, writer;

	(void)state;
	assert_int_equal(pipe(there) | pipe(back), 0);
	copier = slow_copier(there, back);
	writer = fork();
	assert_true(writer >= 0);
	if (!writer) {
		interrupt_often(true);
		_exit(fdio_write_all(there[1], bytes, MUCH) ? 1 : 0);
	}
	close(there[0]);
	close(there[1]);
	close(back[1]);
	interrupt_often(true);
	assert_int_equal(fdio_read_all(back[0], &buffer), 0);
	interrupt_often(false);
	assert_true(waitpid(writer, &wait_status, 0) == writer);
	assert_int_equal(wait_status, 0);
	assert_true(waitpid(copier, &wait_status, 0) == copier);
	assert_int_equal(buffer.length, MUCH);
	assert_memory_equal(buffer.data, bytes, MUCH);
	close(back[0]);
	buffer_release(&buffer);
	free(bytes);
}

static void fdio__nothing_to_read__is_an_empty_string(void **state)
{
	struct buffer buffer = BUFFER_INIT;
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_int_equal(fdio_read_all(fd, &buffer), 0);
	assert_int_equal(buffer.length, 0);
	assert_string_equal(buffer.data, "");
	assert_int_equal(fdio_read_file(fd, 0, &buffer), 0);
	assert_int_equal(buffer.length, 0);
	close(fd);
	buffer_release(&buffer);
}

/* Whatever SIZE says, what is in the file is what comes back. */
static void fdio__wrong_size__does_not_matter(void **state)
{
	static const off_t sizes[] = {0, 1, 99999, 100000, 100001, 5000000};
	char *bytes = pattern(100000);
	int fd = file_of(bytes, 100000);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct buffer buffer = BUFFER_INIT;

		assert_true(lseek(fd, 0, SEEK_SET) == 0);
		assert_int_equal(fdio_read_file(fd, sizes[i], &buffer), 0);
		assert_int_equal(buffer.length, 100000);
		assert_memory_equal(buffer.data, bytes, 100000);
		assert_int_equal(buffer.data[100000], '\0');
		buffer_release(&buffer);
	}
	close(fd);
	free(bytes);
}

static void fdio__read__appends(void **state)
{
	struct buffer buffer = BUFFER_INIT;
	int fd = file_of("tail", 4);

	(void)state;
	assert_int_equal(buffer_add_string(&buffer, "head "), 0);
	assert_int_equal(fdio_read_file(fd, 4, &buffer), 0);
	assert_string_equal(buffer.data, "head tail");
	close(fd);
	buffer_release(&buffer);
}

static void fdio__errors__are_reported(void **state)
{
	struct buffer buffer = BUFFER_INIT;
	int fd = open("/", O_RDONLY);
	int full = open("/dev/full", O_WRONLY);

	(void)state;
	errno = 0;
	assert_int_equal(fdio_read_all(fd, &buffer), -1);
	assert_int_equal(errno, EISDIR);
	errno = 0;
	assert_int_equal(fdio_read_file(fd, 10, &buffer), -1);
	assert_int_equal(errno, EISDIR);
	errno = 0;
	assert_int_equal(fdio_write_all(-1, "x", 1), -1);
	assert_int_equal(errno, EBADF);
	if (full >= 0) {
		assert_int_equal(fdio_write_all(full, "x", 1), -1);
		assert_int_equal(errno, ENOSPC);
		close(full);
	}
	close(fd);
	buffer_release(&buffer);
}

static void fdio__reader_gone__is_an_error_if_ignored(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	errno = 0;
	assert_int_equal(fdio_write_all(ends[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	signal(SIGPIPE, SIG_DFL);
	close(ends[1]);
}

static void fdio__close__keeps_errno(void **state)
{
	int fd = dup(0);

	(void)state;
	errno = ENOSPC;
	fdio_close(fd);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	errno = ENOSPC;
	fdio_close(-1);
	assert_int_equal(errno, ENOSPC);
}

static void fdio__discard__closes_once(void **state)
{
	int fd = dup(0), number = fd;

	(void)state;
	errno = ENOSPC;
	fdio_discard(&fd);
	assert_int_equal(fd, -1);
	fdio_discard(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(fcntl(number, F_GETFD), -1);
}

/*
 * In a child with descriptor FD closed: is it taken afterwards, does its use
 * fail with EBADF as if it were closed, and are open ones left alone?
 */
static int child_without(int closed)
{
	struct stat before, after;
	char c = 'x';
	int other = closed == 1 ? 0 : 1;

	if (closed >= 0)
		close(closed);
	if (fstat(other, &before) || fdio_open_standard() ||
	    fstat(other, &after) || before.st_ino != after.st_ino)
		return 1;
	if (closed < 0)
		return 0;
	if (fcntl(closed, F_GETFD) < 0)
		return 2;
	errno = 0;
	if (closed == 0 ? read(0, &c, 1) != -1 : write(closed, &c, 1) != -1)
		return 3;
	return errno == EBADF ? 0 : 4;
}

static void fdio__closed_standard_descriptor__is_made_valid(void **state)
{
	(void)state;
	for (int closed = -1; closed <= 2; closed++) {
		pid_t pid = fork();
		int status;

		assert_true(pid >= 0);
		if (!pid)
			_exit(child_without(closed));
		assert_true(waitpid(pid, &status, 0) == pid);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fdio__slow_pipes_and_signals__all_bytes_pass),
		cmocka_unit_test(fdio__nothing_to_read__is_an_empty_string),
		cmocka_unit_test(fdio__wrong_size__does_not_matter),
		cmocka_unit_test(fdio__read__appends),
		cmocka_unit_test(fdio__errors__are_reported),
		cmocka_unit_test(fdio__reader_gone__is_an_error_if_ignored),
		cmocka_unit_test(fdio__close__keeps_errno),
		cmocka_unit_test(fdio__discard__closes_once),
		cmocka_unit_test(
			fdio__closed_standard_descriptor__is_made_valid),
	};

	return cmocka_run_group_tests_name("fdio", tests, NULL, NULL);
}
