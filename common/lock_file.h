/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_LOCK_FILE_H
#define INTERLOCK_LOCK_FILE_H

/*
 * Opening and making the file that carries a lock.
 *
 * Guarantees: a symbolic link is not followed, a FIFO does not block us; an
 * existing file is not changed; a new one can be opened by whoever can open the
 * file that it guards, as far as we are allowed to arrange that.
 *
 * Non-guarantees: what is opened may be anything (fstat it), and a moment later
 * the name may mean another file.
 */

#include <stdbool.h>
#include <sys/stat.h>

#include "problem.h"

/*
 * Bytes of the lock file that carry open file description locks, beside the
 * flock on the whole of it. Slots have theirs from SLOTS_FIRST_BYTE on.
 */
enum lock_byte {
	BYTE_INNER,     /* a writer, from reading FILE to replacing it */
	BYTE_TURNSTILE, /* a waiting writer holds it and readers pass it,
				so that no stream of them keeps a writer out */
	BYTE_PEN,	     /* one of several readers, writing the record, so
				that no scraps of two remain */
	BYTE_LOOK,	     /* those who only look, shared: see inspect.c */
};

/*
 * Open NAME in DIRECTORY for reading and writing, or for reading alone where
 * that is all we may: enough for flock, but on NFS. If it is missing and CREATE
 * is set, it is made with the read and write bits, owner and group of LIKE, or,
 * if that is NULL, as any new file. Returns a descriptor (close-on-exec), or
 * -1 with errno: EISDIR or ELOOP for a directory or a symbolic link, and
 * whatever open(2) says.
 */
int lock_file_open(int directory, const char *name, const struct stat *like,
		   bool create);

/*
 * errno of a failed lock_file_open in words: what is wrong with the lock file
 * SHOWN, and what to do. EXISTS: it is there. Returns -1.
 */
int lock_file_problem(struct problem *problem, const char *shown, bool exists);

#endif
