/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_REPLACE_H
#define INTERLOCK_REPLACE_H

/*
 * Replace the content of a file.
 *
 * Guarantees
 * - Old or new: whatever is killed and whenever, power included, FILE is wholly
 *   its old content or wholly its new content, and so it is for every reader.
 * - After replace_sync it is on stable storage (unless no_sync).
 * - Mode, owner, access control list and user.* attributes are FILE's before it
 *   can be seen, or the write is refused. The new content is never readable by
 *   anybody whom FILE did not let read.
 * - Failure before replace_commit has done its work leaves no trace: FILE as it
 *   was, no temp. (With backups, NAME.bak may already be made.)
 * - A program that does not lock and changed FILE meanwhile is noticed: by
 *   inode, size and times right before the rename, and with `exact`, where the
 *   system can exchange two names, by what came out of it.
 *
 * Non-guarantees
 * - in_place gives up "old or new": a kill can leave a mixture.
 * - Without renameat2, what such a program writes between our last look and the
 *   rename, a few microseconds, is lost.
 * - A write of the same length within the clock tick of the one before it looks
 *   like no change.
 * - FILE's lock is the caller's business.
 *
 * Calling order
 *     replace_init
 *     replace_look                 FILE as it is: exists, was, old
 *     replace_begin                the temp
 *     replace_write ...            or write(2) to fd
 *     replace_prepare              metadata, sync
 *     replace_commit               with FILE's lock: the new content is FILE
 *     replace_sync                 the lock may be given back before this
 *     replace_release              always; before a commit it takes all back
 * Who does not hold the lock from replace_look on (writing and syncing a temp
 * is better done before) takes it before replace_commit and calls replace_look
 * and replace_prepare again: they do only what is new. After REPLACE_CHANGED,
 * likewise.
 *
 * Errors: -1 with PROBLEM; FAILED until replace_commit has done its work, then
 * UNSURE: the new content is there, and it must be said that more is not known.
 */

#include <stdbool.h>
#include <sys/stat.h>

#include "buffer.h"
#include "deadline.h"
#include "metadata.h"
#include "problem.h"
#include "target.h"
#include "temp.h"

struct replace_options {
	unsigned backups; /* keep so many of what FILE held */
	bool set_mode;	  /* give it this mode instead of keeping FILE's */
	mode_t mode;
	bool new_owner; /* go on where the owner cannot be kept */
	bool no_sync;
	bool in_place; /* write into FILE's inode, which is locked as well */
	struct deadline in_place_deadline; /* for that lock */
	bool exact;   /* replace nothing but what was looked at */
	bool unnamed; /* the lock is taken later: a kill before must leave
			 no temp, as nobody would look for it */
};

struct replacement {
	const struct target *target;
	struct replace_options options;
	bool exists;	 /* FILE, when it was looked at */
	struct stat was; /* then */
	int old;	 /* open on it for reading; -1: it did not exist */
	int fd;		 /* the temp, to write to, until replace_prepare */
	/* the rest is replace.c's own */
	int second;
	char temp[TEMP_NAME];
	bool prepared;
	bool committed;
	bool has_metadata;
	struct metadata metadata;
	struct stat source;
};

/* What replace_commit returns besides 0 and -1. */
enum { REPLACE_CHANGED = 1 };

/* TARGET must live as long as R; OPTIONS are copied. Cannot fail. */
void replace_init(struct replacement *r, const struct target *target,
		  const struct replace_options *options);

/*
 * Open FILE and see what it is. FILE that does not exist is no error. One that
 * may not be read is none either, until its content is asked for.
 */
int replace_look(struct replacement *r, struct problem *problem);

/* Append FILE's content, as looked at, to CONTENT. */
int replace_read(const struct replacement *r, struct buffer *content,
		 struct problem *problem);

/* Make the temp. */
int replace_begin(struct replacement *r, struct problem *problem);

int replace_write(struct replacement *r, const void *bytes, size_t length,
		  struct problem *problem);

/*
 * Complete the temp: FILE's metadata, sync, close. Again after another
 * replace_look: only what has changed since.
 */
int replace_prepare(struct replacement *r, struct problem *problem);

/* A descriptor of the temp to read from (pread), also when it is prepared. */
int replace_content(const struct replacement *r);

/*
 * Put the new content in FILE's place. REPLACE_CHANGED: FILE is no longer what
 * was looked at; nothing was done.
 */
int replace_commit(struct replacement *r, struct problem *problem);

/*
 * What the temp, read from the beginning, and FILE, as looked at, hold: 1 if
 * the same, 0 if not, -1 with PROBLEM.
 */
int replace_is_same(const struct replacement *r, struct problem *problem);

/* Likewise, whether FILE, as looked at, holds the LENGTH BYTES. */
int replace_holds(const struct replacement *r, const char *bytes,
		  size_t length, struct problem *problem);

/*
 * Make the commit last. Without one (FILE held what was wanted) make FILE last
 * as it is: who has written that may not have synced it yet.
 */
int replace_sync(struct replacement *r, struct problem *problem);

/* Close everything; remove the temp if it has not become FILE. Keeps errno. */
void replace_release(struct replacement *r);

#endif
