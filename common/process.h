/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_PROCESS_H
#define INTERLOCK_PROCESS_H

/*
 * What the system tells about processes, and which of them hold a lock.
 *
 * On Linux from /proc. Where there is no /proc, each function has the fallback
 * that its comment names; nothing above this unit may depend on more for being
 * right, only for saying more.
 *
 * Non-guarantees: processes of another pid namespace cannot be seen, those of
 * other users only in part. A process may end right after we looked at it.
 *
 * Errors: -1 with errno, unless said otherwise.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * When PID started, in clock ticks since boot: with the pid it names a process
 * for good, as a reused pid has another start. ENOSYS without /proc.
 */
int process_start(pid_t pid, uint64_t *ticks);

/*
 * Does PID live, and did it start at START (0: any)? A zombie is dead.
 * Fallback: kill(pid, 0).
 */
bool process_lives(pid_t pid, uint64_t start);

/* The parent of PID, or -1. */
pid_t process_parent(pid_t pid);

/* The name that PID's program goes by, at most 15 characters; "" if unknown. */
void process_name(pid_t pid, char name[16]);

/*
 * This boot of the system, 36 characters. Fallback: the moment of boot as the
 * clocks tell it, rounded, in the same form.
 */
int process_boot_id(char id[37]);

/* A file that may be locked, by what every process agrees on. */
struct process_file {
	dev_t device;
	ino_t inode;
};

enum process_lock {
	PROCESS_NO_LOCK,
	PROCESS_SHARED,
	PROCESS_EXCLUSIVE,
};

/* Which flock PID's descriptor FD carries. Without /proc: none. */
enum process_lock process_fd_lock(pid_t pid, int fd);

/*
 * Which flock on FILE process PID holds through any descriptor. NO_LOCK also
 * where it cannot be seen (another user's process).
 */
enum process_lock process_holds(pid_t pid, struct process_file file);

/* What /proc/locks says of FILE's flocks. */
struct process_locks {
	pid_t holder;		/* who called flock; 0: nobody that we see */
	enum process_lock lock; /* of that one */
	unsigned holders;
	unsigned waiters;
};

/* Fill LOCKS. 0, or -1 where the system has no such list. */
int process_locks(struct process_file file, struct process_locks *locks);

/*
 * Some living process that holds a flock on FILE, found by looking at all of
 * them: slow, for messages only. Its pid, or 0.
 */
pid_t process_find_holder(struct process_file file);

#endif
