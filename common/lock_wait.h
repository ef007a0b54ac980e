/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_LOCK_WAIT_H
#define INTERLOCK_LOCK_WAIT_H

/*
 * Blocking in the kernel for a lock, but not beyond a deadline.
 *
 * Guarantees: the waiter sleeps in flock(2) or fcntl(2), so it is served in
 * order of arrival and wakes when the lock comes free; nothing interrupts it
 * before the deadline, since one that is interrupted loses its place.
 *
 * How the deadline ends the wait: a timer whose first shot is the time left,
 * and which then shoots every millisecond. A single shot could land just before
 * the call blocks, which would then wait for ever; the next shot, a millisecond
 * later, cannot.
 *
 * Non-guarantees: while a wait with a deadline lasts, SIGALRM and ITIMER_REAL
 * are taken; the signal's action and mask are given back, a timer that was
 * running before is not. No second thread may wait at the same time.
 *
 * Errors: -1 with errno ETIMEDOUT once the deadline has passed; EINTR if a
 * handler of another signal ran; else what the call said, and waiting longer
 * would not help.
 */

#include <sys/types.h>

#include "deadline.h"

/* flock(2); OPERATION is LOCK_SH or LOCK_EX. A passed deadline is one try. */
int lock_wait(int fd, int operation, struct deadline deadline);

/*
 * An open file description's lock on one byte of FD; TYPE is F_RDLCK, F_WRLCK
 * or F_UNLCK. EBADF if FD is not open for it; ENOSYS where the system has no
 * such locks.
 */
int lock_wait_byte(int fd, int type, off_t byte, struct deadline deadline);

#endif
