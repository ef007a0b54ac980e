/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_INHERIT_H
#define INTERLOCK_INHERIT_H

/*
 * Locks that are held around us: a tool that runs under `file-lock with F`, or
 * was started by a shell that holds F through `file-lock acquire F`, must not
 * wait for F, which would be a wait for itself.
 *
 * FILE_LOCK_HELD, set by `with` for its command, names each lock held:
 * "FD:DEVICE:INODE:PID:START", separated by blanks: the descriptor that the
 * command inherits, which file it is, and the wrapper. What it says is believed
 * only as far as it can be proved at this moment:
 * - FD is that file and /proc/self/fdinfo shows a flock on it. A process that
 *   was left behind in the background still has the descriptor after the lock
 *   is gone, but then not the flock.
 * - Or (Python's and Node's subprocesses close descriptors) the wrapper lives,
 *   started then, is an ancestor of ours and is seen to hold the flock.
 * A lock that a keeper holds for a shell is proved by the record in the lock
 * file, or, if that is gone, the one that it carries: the keeper holds it, and
 * we descend from its owner by a branch that did not exist when the lock was
 * taken.
 *
 * Guarantees: reads only; a claim that cannot be proved counts for nothing.
 * Non-guarantees: the claim may become untrue right afterwards. Who writes must
 * prove it again while holding the inner lock, which the outer lock's holder
 * takes before it lets go.
 */

#include <stdbool.h>

#include "process.h"

/* The variable's name. */
#define INHERIT_VARIABLE "FILE_LOCK_HELD"

/*
 * How FILE is locked around us, by what FILE_LOCK_HELD says and can be proved:
 * PROCESS_NO_LOCK if it is not.
 */
enum process_lock inherit_from_wrapper(struct process_file file);

/* The same by the keeper's record in the lock file that is open as FD. */
enum process_lock inherit_from_keeper(int fd, struct process_file file);

/*
 * Name in FILE_LOCK_HELD that descriptor FD of FILE, held by this process, goes
 * to the command about to be started. 0, or -1 with errno.
 */
int inherit_announce(int fd, struct process_file file);

#endif
