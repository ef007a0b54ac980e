/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_FDIO_H
#define INTERLOCK_FDIO_H

/*
 * Reading and writing file descriptors in full.
 *
 * Guarantees: partial transfers and EINTR are continued; errno is that of the
 * call which failed, also after a close on the way out.
 *
 * Non-guarantees: nothing here has a deadline. A read from a pipe whose writer
 * sleeps waits as long as it does.
 *
 * Errors: 0, or -1 with errno.
 */

#include <sys/types.h>

#include "buffer.h"

/*
 * Make descriptors 0, 1 and 2 valid, so that nothing opened later lands on
 * one of them and receives what was meant for a terminal. One that is closed
 * gets /dev/null in the direction that makes its use fail with EBADF, as it
 * would have. To be called first of all.
 */
int fdio_open_standard(void);

/* Write all of BYTES. EPIPE comes back as an error if SIGPIPE is ignored. */
int fdio_write_all(int fd, const void *bytes, size_t length);

/* Append to BUFFER what FD yields up to its end. */
int fdio_read_all(int fd, struct buffer *buffer);

/*
 * The same for a file whose size is about SIZE: one read suffices where the
 * size is right, which is what makes it cheaper.
 */
int fdio_read_file(int fd, off_t size, struct buffer *buffer);

/* Close FD and leave errno as it is. For ways out that report another error. */
void fdio_close(int fd);

/* Close *FD if it is open (>= 0), leave errno as it is, set it to -1. */
void fdio_discard(int *fd);

/* Close all descriptors but the COUNT ones in KEEP (which may hold -1s). */
void fdio_close_others(const int *keep, size_t count);

#endif
