/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_TARGET_H
#define INTERLOCK_TARGET_H

/*
 * From an operand to the real file: which directory it lives in, under which
 * name, and where its lock is.
 *
 * Guarantees: two operands that name the same directory entry give the same
 * directory and name, however they are spelled ("./a", "../d/a", an absolute
 * path, a chain of symbolic links of any length up to 40). Everything is done
 * on a descriptor of the directory, so that a directory renamed later does not
 * lead the work astray.
 *
 * Non-guarantees: hard links are not seen through (two names of one inode have
 * two locks); nor is a single file mounted by itself, whose lock is beside the
 * mount point. Somebody may replace FILE the moment after we looked: `status`
 * is what it was then.
 *
 * Calling order: target_open, use, target_close. After a failed target_open
 * there is nothing to close.
 */

#include <stdbool.h>
#include <sys/stat.h>

#include "problem.h"

enum target_flags {
	TARGET_MAKE_PARENTS = 1 << 0, /* make missing directories */
	TARGET_NO_SYNC = 1 << 1,      /* do not sync what that made */
	TARGET_DIRECTORY = 1 << 2,    /* FILE may be a directory */
};

struct target {
	const char *operand; /* as typed; what messages name. Not copied */
	char *name;	     /* the real file's name within directory */
	char *lock_name;     /* NAME.lock */
	int directory;	     /* descriptor, O_CLOEXEC; readable if allowed */
	bool exists;
	struct stat status; /* if it exists */
	unsigned made;	    /* how many parents MAKE_PARENTS made */
};

/*
 * Resolve OPERAND (kept, not copied). Returns 0, or -1 with PROBLEM: FAILED
 * for what is neither a regular file nor missing or for an unreachable
 * directory; STATE if the directory is missing.
 */
int target_open(struct target *target, const char *operand,
		enum target_flags flags, struct problem *problem);

/* Look again: fills exists and status. 0, or -1 with PROBLEM as above. */
int target_look(struct target *target, enum target_flags flags,
		struct problem *problem);

/* Remove again the directories that target_open made, if they are empty. */
void target_undo_parents(struct target *target);

/*
 * The absolute path of NAME in the target's directory (NAME may be its
 * lock_name), for messages and records: to be freed. NULL with errno where the
 * system will not tell.
 */
char *target_path(const struct target *target, const char *name);

/* Is it inside a .git directory, where a lasting FILE.lock breaks git? */
bool target_in_git(const struct target *target);

void target_close(struct target *target);

#endif
