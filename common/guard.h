/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_GUARD_H
#define INTERLOCK_GUARD_H

/*
 * Does a JSON text go through libjq unharmed?
 *
 * Guarantees: if it says yes, each number, key and string that a filter does
 * not touch has the same value after libjq has parsed and printed the text.
 * Numbers are judged by the libjq at hand, which is asked to print them: 1.6
 * rounds them to doubles, later ones keep the digits of those that are not
 * computed with. 1.0 that comes back as 1 is the same value.
 *
 * What it says no to: numbers that change, two equal keys in one object (of
 * which jq drops the first), and half a surrogate pair (which it replaces).
 * Other things that libjq cannot do, such as deep nesting, make it fail, not
 * lose anything.
 *
 * Non-guarantees: constants in a filter's own text are not looked at.
 */

#include <stddef.h>

#include "libjq.h"
#include "problem.h"

/*
 * Look at TEXT, which must be valid JSON and is called SUBJECT. 0: it survives.
 * -1 with PROBLEM (FAILED): it does not, and line, column and token are named.
 */
int guard_check(const struct libjq *jq, const char *subject, const char *text,
		struct problem *problem);

#endif
