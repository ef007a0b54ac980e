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

/*
 * Is ANCESTOR the process PID itself, its parent, or a parent's parent? If so
 * and BRANCH is not NULL, *BRANCH becomes the one of that line whose parent
 * ANCESTOR is (or PID, if they are the same).
 */
bool process_descends(pid_t pid, pid_t ancestor, pid_t *branch);

/* The present moment in the unit of process_start. */
uint64_t process_now(void);

/*
 * Call FOUND for every child of PID. Returns the number of them, or -1 with
 * errno where children cannot be listed.
 */
int process_children(pid_t pid, void (*found)(pid_t child, void *context),
		     void *context);

/* The name that PID's program goes by, at most 15 characters; "" if unknown. */
void process_name(pid_t pid, char name[16]);

/*
 * Let this process go by NAME, at most 15 characters. Does nothing where the
 * system has no such call.
 */
void process_set_name(const char *name);

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

/*
 * For whom does a program work that a shell script calls: the shell that will
 * use what it prints, and not a copy of the shell that ends at once.
 *
 * The owner of PID is the nearest ancestor that reads the pipe (in ksh93: the
 * unlinked file) on PID's standard output, else its parent. If that is a copy
 * of its parent that has not called exec (a subshell) whose own output is a
 * pipe read by an ancestor
 * reached through such copies, the same applies to it, and so on:
 * `$(f || true)` runs f in a subshell that ends before the script goes on, but
 * `( ... ) &` is a subshell that works for itself. (Found by trial on eight
 * shells and what runs between them; wrong only where the output is read by
 * nobody who is an ancestor, such as a coprocess.) Without /proc: the parent.
 */
pid_t process_owner(pid_t pid);

/*
 * A descriptor that becomes readable when PID ends (pidfd_open), close-on-exec,
 * or -1 with errno: ESRCH if there is no such process, ENOSYS where the system
 * has none and process_lives must be polled.
 */
int process_watch(pid_t pid);

/* Which flock PID's descriptor FD carries. Without /proc: none. */
enum process_lock process_fd_lock(pid_t pid, int fd);

/*
 * Which flock on FILE process PID holds through any descriptor. NO_LOCK also
 * where it cannot be seen (another user's process).
 */
enum process_lock process_holds(pid_t pid, struct process_file file);

/* From which byte of a file on waiters are counted apart. */
enum { PROCESS_FAR_BYTE = 17 };

/* What /proc/locks says of FILE's flocks. */
struct process_locks {
	pid_t holder;		/* who called flock; 0: nobody that we see */
	enum process_lock lock; /* of that one */
	unsigned holders;
	unsigned waiters;	/* for it, or for a byte of it */
	unsigned waiters_far;	/* of these, for bytes from FAR_BYTE on */
	bool namesakes; /* others are listed with FILE's inode number, but on
			   another device; btrfs lists FILE itself like that */
	bool partial; /* none was found, but may have been passed over */
};

/* Fill LOCKS. 0, or -1 where the system has no such list. */
int process_locks(struct process_file file, struct process_locks *locks);

/* Does anybody wait for FILE's lock? True where that cannot be told. */
bool process_lock_waited(struct process_file file);

/*
 * Does the system show us every process, and so every lock? (Not in a pid
 * namespace of our own.)
 */
bool process_sees_all(void);

/*
 * Some living process that holds a flock on FILE, found by looking at all of
 * them: slow, for messages only. Its pid, or 0.
 */
pid_t process_find_holder(struct process_file file);

#endif
