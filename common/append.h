/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_APPEND_H
#define INTERLOCK_APPEND_H

/*
 * Adding to the end of a file, in place, whole pieces only.
 *
 * Guarantees
 * - A piece that was cut short, by a kill or by a loss of power, is taken away
 *   again by append_recover, which everybody calls who has just locked the
 *   file exclusively: then it holds each piece wholly or not at all.
 * - A missing newline at the end of the file is put before the piece.
 * - A full disk or an I/O error: the file is cut back to what it was.
 * - Without no_sync, what append_bytes and append_from add is on stable storage
 *   when they return 0. With it, kills do no harm, but a loss of power can tear
 *   what was added since the last append_sync.
 *
 * How: a file beside it, ".NAME.interlock-append", says before the first byte
 * is written how long the file was, and what the piece is (a hash). It is
 * removed afterwards. Whoever finds it and sees the whole piece in the file
 * keeps that; so it does no harm if a loss of power brings back a record of a
 * piece that had been finished. Its writer has it locked (flock) as long as it
 * lives; one that is locked is left alone.
 *
 * Non-guarantees: a reader without a lock may see a part of a piece, unless it
 * asks append_length. A program that adds to the file without the lock can lose
 * what it adds while a piece is being written and then cut back.
 *
 * Calling order: append_init; append_bytes or append_from, with the file's
 * exclusive lock, which may be given back between two pieces; append_sync
 * without it; append_release. append_recover is for those who lock the file to
 * do something else with it.
 *
 * Errors: 0, or -1 with PROBLEM: FAILED if the file is as it was, UNSURE if it
 * has the piece, but could not be synced.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "problem.h"
#include "target.h"

struct append {
	const struct target *target;
	bool no_sync;
	bool set_mode; /* a file that has to be made gets this mode */
	mode_t mode;
	/* append.c's own */
	int file;
	bool made;
};

/* TARGET must live as long as APPEND. Cannot fail. */
void append_init(struct append *append, const struct target *target,
		 bool no_sync);

/* Add LENGTH BYTES. The file is made if it does not exist. */
int append_bytes(struct append *append, const char *bytes, size_t length,
		 struct problem *problem);

/* Add all that SOURCE holds from its beginning on. */
int append_from(struct append *append, int source, struct problem *problem);

/* Make last what was added under no_sync. Nothing added: nothing done. */
int append_sync(struct append *append, struct problem *problem);

void append_release(struct append *append);

/*
 * Take away what a dead process has left half added to NAME in DIRECTORY;
 * SUBJECT names it in messages. Costs one failing open where there is nothing
 * to do. What we have no right to repair is left to somebody who has.
 */
int append_recover(int directory, const char *name, const char *subject,
		   struct problem *problem);

/*
 * For readers: how much of the file, open as FILE, is whole pieces. 0, or -1
 * with errno.
 */
int append_length(int directory, const char *name, int file, off_t *length);

#endif
