/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_HOLDER_H
#define INTERLOCK_HOLDER_H

/*
 * Who holds a lock: the record in the lock file, and what the system says.
 *
 * The record is a few lines, written by a holder into the file that it has
 * locked and emptied when it lets go:
 *
 *	PID: 12345
 *	ACQUIRED: 2026-01-25T10:30:00Z
 *	HOSTNAME: macbook.local
 *	CLIENT: cursor				(if the user gave one)
 *	COMMAND: sleep				(a program's name, no arguments)
 *	OWNER: 12340 8436100 8436521 12342	(a keeper holds it for a shell)
 *	START: 8436521				(ends the record)
 *
 * OWNER is that shell's pid and start, the moment at which the lock was taken,
 * and which children it had then that had started at that very tick of the
 * clock (older ones are known by their start).
 *
 * Guarantees: nothing is decided by it. It counts only where its process lives,
 * started then, and is seen to hold the lock; otherwise the system's word
 * counts, and where that is silent, the holder is one "that cannot be seen from
 * here". A file whose content is not such a record is left as it is.
 *
 * Non-guarantees: an empty file does not mean that nobody holds (Python's
 * filelock empties it at every attempt).
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "buffer.h"
#include "process.h"
#include "utc.h"

/* No record of ours is longer; what is longer is somebody's data. */
enum { HOLDER_RECORD_MAX = 1024 };

/* For whom a keeper holds. Starts and moments as process_start counts. */
struct holder_owner {
	pid_t pid;		/* 0: nobody, the holder holds for itself */
	uint64_t start;
	uint64_t taken;		/* when the lock was taken */
	pid_t children[32];	/* that it had then, of the same tick */
	int count;		/* of them; -1: too many to say */
};

struct holder {
	pid_t pid;		/* 0: cannot be seen from here */
	uint64_t start;		/* its start, clock ticks since boot; 0: ? */
	char since[UTC_SIZE];	/* "" if not known */
	char host[65];
	char client[65];	/* "" if none was given */
	char command[33];
	struct holder_owner owner;
};

/* What stands in a lock file. */
enum holder_content {
	HOLDER_EMPTY,
	HOLDER_RECORD,	  /* of ours */
	HOLDER_LOST,	  /* of ours: a keeper's time to live has ended */
	HOLDER_EXISTENCE, /* another tool's pid: the file's being there locks */
	HOLDER_FOREIGN,	  /* anything else: somebody's data */
};

/* This process from now on. CLIENT may be NULL; COMMAND's directory is cut. */
void holder_self(struct holder *holder, const char *client,
		 const char *command);

/*
 * The same without the start, which is dearer to ask for than all the rest: for
 * those who hold a lock for milliseconds.
 */
void holder_self_brief(struct holder *holder, const char *client,
		       const char *command);

/* OWNER as it is now, taken now: for the keeper that holds for PID. */
void holder_set_owner(struct holder *holder, pid_t pid);

/*
 * Is this process, or what it descends from, the owner or one of those whom
 * the owner started after it had the lock? (Not those it had started before:
 * they are to be kept out like anybody.)
 */
bool holder_owner_covers(const struct holder_owner *owner);

/*
 * Read the lock file FD. HOLDER is filled for a RECORD; pid, start and since
 * (then: when) for a LOST one; pid and command of an EXISTENCE as far as it
 * tells them. Never fails: what cannot be read is
 * FOREIGN.
 */
enum holder_content holder_read(int fd, struct holder *holder);

/* Write the record over the OLD_SIZE bytes in FD. 0, or -1 with errno. */
int holder_write(int fd, const struct holder *holder, off_t old_size);

/* Write over the record of process PID that it has lost the lock just now. */
void holder_write_lost(int fd, pid_t pid);

/* Empty the lock file, if what stands in it is the record of process PID. */
void holder_erase(int fd, pid_t pid);

/* A record's lines, as written. 0, or -1 with errno ENOMEM. */
int holder_format(struct buffer *text, const struct holder *holder);

/* What a keeper's process is called, by whatever name `acquire` was. */
#define HOLDER_KEEPER "lock-keeper"

/*
 * A keeper carries its record with it as well, in a file without a name: others
 * may empty the lock file (Python's filelock does) or have their data in it.
 * Returns the descriptor (close-on-exec), to be kept open, or -1 with errno;
 * ENOSYS where the system has no such files.
 */
int holder_carry(const struct holder *holder);

/*
 * Of the keepers that hold a flock on FILE, one that carries a record by which
 * it covers us (holder_owner_covers). Slow: it may look at every process.
 */
bool holder_find_carried(struct process_file file, struct holder *record);

/*
 * Who holds the flock on the open lock file FD at this moment? RECORD as read
 * from it (or NULL) counts if the system bears it out. Fills HOLDER; its pid
 * is 0 where the holder cannot be seen. Looking takes no lock. Slow: it may
 * look at every process.
 */
void holder_find(int fd, const struct holder *record, struct holder *holder);

enum { HOLDER_WORDS = 256 };

/* "sleep (pid 12345, client cursor) since 2026-01-25T10:30:00Z" */
void holder_describe(const struct holder *holder, char words[HOLDER_WORDS]);

#endif
