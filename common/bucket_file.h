/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_BUCKET_FILE_H
#define INTERLOCK_BUCKET_FILE_H

/*
 * The file in which processes share a bucket.
 *
 * Guarantees
 * - It comes into being whole: whichever process is first makes it under no
 *   name or another one and links it to its own; the others use that one.
 * - After that it is never replaced, so flock(2) on the file itself is its
 *   lock; each record is one write(2). Killed at whatever moment, it is valid.
 * - After locking, the path still names what was locked, or it is opened anew.
 * - A file that is not a valid state is an error and stays as it is.
 *
 * Non-guarantees: records are not synced (only the first is), so after a power
 * loss the state may be that of some seconds before; the boot has changed then.
 *
 * Calling order: bucket_file_open, then as often as wanted bucket_file_lock,
 * bucket_file_load, bucket_file_store, bucket_file_unlock; bucket_file_close.
 *
 * Errors: -1 with PROBLEM: BUSY if the lock is not had in time, STATE if the
 * file (or its directory) is not there and may not be made, else FAILED.
 */

#include <stdbool.h>

#include "bucket.h"
#include "deadline.h"
#include "problem.h"
#include "target.h"

struct bucket_file {
	struct target target;
	int fd; /* -1: not open */
	bool locked;
};

/* Find where PATH (kept, not copied) leads. Opens and makes no file. */
int bucket_file_open(struct bucket_file *file, const char *path,
		     struct problem *problem);

/*
 * Lock it exclusively, by DEADLINE. Returns 0 if it is there, 1 if not: then
 * nothing is locked, and bucket_file_create may make it.
 */
int bucket_file_lock(struct bucket_file *file, struct deadline deadline,
		     struct problem *problem);

/* The same for looking only: shared, and a file that may only be read does. */
int bucket_file_lock_shared(struct bucket_file *file, struct deadline deadline,
			    struct problem *problem);

/*
 * Make it, holding BUCKET, unless another process does so first: no error.
 * Afterwards lock it.
 */
int bucket_file_create(struct bucket_file *file, const struct bucket *bucket,
		       struct problem *problem);

/* Read and write the state of a file that is locked. */
int bucket_file_load(struct bucket_file *file, struct bucket *bucket,
		     struct problem *problem);
int bucket_file_store(struct bucket_file *file, const struct bucket *bucket,
		      struct problem *problem);

/*
 * Write BUCKET over whatever is there. Refused where that is no state and too
 * large to be a damaged one: somebody mistyped the name of a file.
 */
int bucket_file_reset(struct bucket_file *file, const struct bucket *bucket,
		      struct problem *problem);

/* Keeps errno. The file stays open: the next lock is cheaper. */
void bucket_file_unlock(struct bucket_file *file);

void bucket_file_close(struct bucket_file *file);

#endif
