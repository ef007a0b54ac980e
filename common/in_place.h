/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_IN_PLACE_H
#define INTERLOCK_IN_PLACE_H

/*
 * Writing new content into a file's own inode: for files that have several
 * names, are mounted by themselves, or whose owner only root could keep.
 *
 * Guarantees: the file itself is locked (flock) meanwhile, besides whatever
 * lock the caller has; space is reserved before the first old byte is
 * overwritten, where the file system can do that; when it returns 0 the content
 * is synced.
 *
 * Non-guarantees: a reader without a lock may see a mixture, and a kill, a
 * power loss or an I/O error can leave one.
 */

#include <stdbool.h>
#include <sys/stat.h>

#include "deadline.h"
#include "problem.h"

struct in_place {
	int directory;
	const char *name;
	struct deadline deadline; /* for the file's own lock */
	bool no_sync;
	bool set_mode; /* and mode is it */
	mode_t mode;
	const char *subject; /* what messages name */
};

/*
 * Make the content of the file that of SOURCE, from its beginning to its end.
 * WAS is what the file was when it was looked at; 1 if it is that no more, and
 * nothing was done. 0, or -1 with PROBLEM: FAILED if the file is as it was,
 * UNSURE if it is not.
 */
int in_place_write(const struct in_place *place, int source,
		   const struct stat *was, struct problem *problem);

#endif
