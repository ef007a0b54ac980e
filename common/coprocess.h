/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_COPROCESS_H
#define INTERLOCK_COPROCESS_H

/*
 * A command whose output is wanted, and which may be given input.
 *
 * Guarantees
 * - Input and output flow at the same time, so neither side can block the
 *   other for ever.
 * - It is over when the command is: what it leaves running in the background
 *   is not waited for, even if that has its standard output open.
 * - A command that reads only part of its input is not wrong for that.
 * - When the deadline passes, or a signal was caught (signals.h), the command
 *   is told to end (TERM, or that signal), a second later it is killed.
 *
 * Non-guarantees: its own children are not killed with it.
 *
 * To be called after signals_catch.
 *
 * Errors: -1 with PROBLEM about the command's name: FAILED if it cannot be run,
 * exits with another status than 0 or is killed, BUSY at the deadline.
 */

#include <stddef.h>

#include "deadline.h"
#include "problem.h"

struct coprocess {
	char *const *argv;
	const char *input; /* for its standard input; NULL: it has ours */
	size_t input_length;
	struct deadline deadline;
	/* Takes its output, piece by piece. -1 with PROBLEM ends it. */
	int (*take)(void *context, const char *bytes, size_t length,
		    struct problem *problem);
	void *context;
};

/* Run it to its end. 0: it exited with 0, and all was taken. */
int coprocess_run(const struct coprocess *coprocess, struct problem *problem);

#endif
