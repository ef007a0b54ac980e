/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_FILTER_H
#define INTERLOCK_FILTER_H

/*
 * jq programs, run by libjq.
 *
 * Guarantees
 * - A filter means the same for every client: ~/.jq is not read, and modules
 *   cannot be imported.
 * - What comes out is valid JSON: libjq can print a text that is not, and call
 *   that success.
 * - Works with every libjq from 1.6 on, as far as the filter itself does.
 *
 * Non-guarantees
 * - Arithmetic is done in doubles, and duplicate keys, long numbers and lone
 *   surrogates do not pass unharmed through every libjq: ask filter_guard.
 * - A filter may run for ever, eat all memory, or crash libjq and with it the
 *   process. Run it before anything on disk is touched, hold nothing but locks
 *   that the kernel releases, and set an alarm.
 *
 * Calling order: filter_compile, filter_apply or filter_each any number of
 * times, filter_release.
 *
 * Errors: -1 with PROBLEM (FAILED), whose reason is jq's own words as far as
 * they are jq's. Where libjq runs out of memory, it calls no_memory, and ends
 * the process if that returns.
 */

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "problem.h"
#include "variables.h"

/* What a tool does for libjq. */
struct filter_hooks {
	/* Pass on what `debug` and `stderr` print, as it is. */
	void (*say)(const char *text, size_t length);
	/* Say that memory ran out, and end the process. */
	void (*no_memory)(void *unused);
};

struct filter;

/*
 * Compile PROGRAM. VARIABLES, loaded, are copied; HOOKS is kept. Opens libjq.
 * Not for two threads at a time: HOME is unset meanwhile.
 */
int filter_compile(struct filter **filter, const char *program,
		   const struct variables *variables,
		   const struct filter_hooks *hooks, struct problem *problem);

/*
 * Would TEXT go through this libjq unharmed? See guard.h. 0, or -1 with PROBLEM
 * that names line, column and token.
 */
int filter_guard(const struct filter *filter, const char *subject,
		 const char *text, struct problem *problem);

/*
 * Append to OUT what FILTER yields for TEXT, as compact JSON, with sorted keys
 * if SORTED. It must be exactly one value: none or several is an error that
 * says how many. TEXT must be valid JSON, messages call it SUBJECT; it is
 * released as soon as it is parsed, because a large one takes much memory then.
 */
int filter_apply(struct filter *filter, const char *subject,
		 struct buffer *text, bool sorted, struct buffer *out,
		 struct problem *problem);

/* Takes a value as compact JSON. Returns 0, or -1 with PROBLEM to stop. */
typedef int filter_take(void *context, const struct buffer *value,
			struct problem *problem);

/* The same for filters that may yield any number of values. */
int filter_each(struct filter *filter, const char *subject, const char *text,
		size_t length, bool sorted, filter_take *take, void *context,
		struct problem *problem);

/*
 * Append LEFT OPERATOR RIGHT to OUT as libjq computes and prints it, without
 * compiling anything. LEFT and RIGHT are valid numbers, OPERATOR is '+', '-',
 * '*' or '/'. 0, 1 if that is not for arithmetic to say (a division by zero),
 * or -1 with PROBLEM.
 */
int filter_compute(char operator, const char *left, size_t left_length,
		   const char *right, size_t right_length, struct buffer *out,
		   struct problem *problem);

/* NULL is fine. */
void filter_release(struct filter *filter);

#endif
