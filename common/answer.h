/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_ANSWER_H
#define INTERLOCK_ANSWER_H

/*
 * The values that a question about a JSON text has for an answer, printed as jq
 * prints them, one after another. Nothing is written: `out` is for the tool.
 *
 * A question is a path as edit knows it, which is answered from the text
 * itself, digit for digit; or any jq filter, for which libjq is opened.
 *
 * Calling order: ANSWER_INIT, answer_prepare (may take long: not under a lock),
 * answer_ask, answer_release.
 *
 * Errors: 0, or -1 with PROBLEM.
 */

#include <stdbool.h>

#include "buffer.h"
#include "edit.h"
#include "filter.h"
#include "problem.h"
#include "variables.h"

struct answer {
	bool raw;	   /* strings as their text, without quotes */
	struct buffer out; /* what is to be printed */
	bool truthy;	   /* the last value was neither null nor false */
	/* the rest is answer.c's own */
	const char *program;
	struct variables *variables;
	const struct filter_hooks *hooks;
	struct edit *path;
	struct filter *filter;
	const char *subject;
};

#define ANSWER_INIT {.out = BUFFER_INIT}

/*
 * Read the question PROGRAM; libjq compiles it if it is more than a path. All
 * that is passed is kept.
 */
int answer_prepare(struct answer *answer, const char *program,
		   struct variables *variables,
		   const struct filter_hooks *hooks, struct problem *problem);

/* Ask it of TEXT, valid JSON, which messages call SUBJECT. */
int answer_ask(struct answer *answer, const char *subject,
	       const struct buffer *text, struct problem *problem);

/* Print VALUE, valid JSON, as an answer. */
int answer_add(struct answer *answer, const char *subject, const char *value,
	       size_t length, struct problem *problem);

void answer_release(struct answer *answer);

#endif
