/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_BACKUP_H
#define INTERLOCK_BACKUP_H

/*
 * Keeping what a file held: NAME.bak, and NAME.bak.1, NAME.bak.2 ... for what
 * it held before that.
 *
 * Guarantees
 * - A backup appears whole or not at all: it is made under a temp's name and
 *   renamed. With one backup there is NAME.bak at every instant.
 * - A hard link where the write that follows makes a new inode: the old inode
 *   is the backup, with all its metadata, at no cost. A synced copy where links
 *   do not work, or where the write keeps the inode. A copy whose owner cannot
 *   be kept is readable for nobody but its owner.
 * - What stands at NAME.bak is replaced, never written to and never followed:
 *   a symbolic link planted there leads nowhere.
 * - Killed at any point, it can be done again: a NAME.bak that already is the
 *   file itself is left as it is, and nothing is rotated for it.
 *
 * Non-guarantees: with several backups NAME.bak is missing for an instant while
 * they are rotated. Directory entries are not synced here; the sync that ends
 * the write does that.
 *
 * To be called with the file's lock held.
 *
 * Errors: -1 with PROBLEM about SUBJECT; the file itself is as it was.
 */

#include <stdbool.h>

#include "problem.h"

struct backup {
	int directory;
	const char *name;    /* of the file */
	int file;	     /* open on it, for copying */
	unsigned count;	     /* how many to keep, at least 1 */
	bool copy;	     /* the write keeps the inode: no links */
	bool no_sync;	     /* do not sync a copy */
	const char *subject; /* what messages name */
};

/* Make NAME.bak from NAME. */
int backup_make(const struct backup *backup, struct problem *problem);

/*
 * Is NAME.bak the very file that NAME is? So it is after a kill between making
 * the backup and replacing the file.
 */
bool backup_is_file(const struct backup *backup);

/*
 * Before a write that keeps the inode: if NAME.bak is that inode, make it a
 * copy, so that the write does not change it.
 */
int backup_detach(const struct backup *backup, struct problem *problem);

#endif
