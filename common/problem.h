/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_PROBLEM_H
#define INTERLOCK_PROBLEM_H

/*
 * What went wrong, in words. The units of common/ never print; where errno
 * alone would not tell a reader what to do, a function takes a struct problem,
 * fills it and returns -1, and the tool prints it (diag_problem) and exits with
 * its status.
 *
 * Guarantees: a problem owns no memory, so there is nothing to free; setting
 * one never fails, what is too long is cut. The functions return -1, so that a
 * caller can write `return problem_set(...)`.
 *
 * Non-guarantees: a second problem overwrites the first. Clean-up that runs
 * after a failure must therefore not report into the same struct.
 */

#include "exitcode.h"

struct problem {
	enum exit_status status; /* what the program should exit with */
	char subject[512];	 /* the file or word it is about, or "" */
	char reason[1024];	 /* why, as a phrase without a full stop; what
				    is too long keeps both ends */
};

/*
 * Say that SUBJECT (may be NULL) failed for the reason that FORMAT makes.
 * Returns -1; errno is left as it was.
 */
int problem_set(struct problem *problem, enum exit_status status,
		const char *subject, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * The same with the reason taken from errno (strerror), status FAILED. WHAT,
 * if not NULL, names the step that failed: "cannot rename: No space left".
 * Returns -1 with errno unchanged.
 */
int problem_errno(struct problem *problem, const char *subject,
		  const char *what);

#endif
