/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_DECIMAL_H
#define INTERLOCK_DECIMAL_H

/*
 * The exact values of JSON numbers, of any length: 1.0, 1, 10e-1 and 0.1E+1 are
 * one value, 9007199254740993 and 9007199254740992 are two. Nothing is
 * converted, so nothing is rounded and nothing overflows.
 *
 * Non-guarantees: 0 and -0 are one value here.
 */

#include <stdbool.h>
#include <stddef.h>

/*
 * Do the LENGTH bytes at ONE and at OTHER, both valid JSON numbers, have one
 * value? Where an exponent has more than 18 digits, the answer is only whether
 * the two are spelled alike.
 */
bool decimal_equal(const char *one, size_t one_length, const char *other,
		   size_t other_length);

#endif
