/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_NUMBER_H
#define INTERLOCK_NUMBER_H

/* Whole numbers as people type them: digits and nothing else. */

#include <stdint.h>

#include "problem.h"

/*
 * Read TEXT, all of it, into *NUMBER, which must be from LOW (>= 0) to HIGH.
 * Returns 0, or -1 with PROBLEM (MISUSE) that names OPTION and the range; then
 * *NUMBER is unchanged.
 */
int number_parse(const char *option, const char *text, int64_t low,
		 int64_t high, int64_t *number, struct problem *problem);

#endif
