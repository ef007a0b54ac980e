/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_EDIT_H
#define INTERLOCK_EDIT_H

/*
 * The jq filters that people mostly write, applied to the text itself:
 *
 *	.a.b[0]."c d"[$k] = CONSTANT	also |= += -= *= /= %= //=
 *	del(PATH, ...)
 *	.
 *
 * joined by `|`, where CONSTANT is JSON with $variables as values or keys, and
 * `+` of such. libjq is what a filter means; this unit is a short cut that
 * leaves every byte alone that the filter does not touch, and costs
 * microseconds where libjq 1.6 takes 17 ms to compile.
 *
 * Guarantees
 * - The result is what jq's would be, as a value; and byte for byte, if the
 *   text is in jq's own style and nothing in it is spelled otherwise than jq
 *   would. Numbers in constants keep their spelling; strings get jq's.
 * - What is put into the text is laid out like its surroundings.
 * - At any doubt it declines: a construct it does not know, a type that does
 *   not fit, a key on the way that stands there twice, anything that jq would
 *   call an error. Then nothing has changed, and libjq is to decide.
 * - Arithmetic on integers of up to 15 digits, in and out, is done here: every
 *   jq computes it exactly and prints it plainly. All other is asked of the
 *   caller.
 *
 * Non-guarantees
 * - Duplicate keys, long numbers and lone surrogates that are not on the way
 *   stay as they are, though jq would change them.
 *
 * Calling order: edit_parse or edit_parse_path; then edit_apply or edit_get for
 * any number of texts; edit_release.
 */

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "json.h"

enum edit_result {
	EDIT_DONE,
	EDIT_DECLINED, /* not mine: ask libjq */
	EDIT_INVALID,  /* the text is not valid JSON */
	EDIT_NO_MEMORY,
};

/* How to look up $NAME: its value as valid JSON, or NULL. */
struct edit_variables {
	const char *(*find)(void *context, const char *name, size_t length,
			    size_t *text_length);
	void *context;
};

/*
 * How to compute what edit does not: append LEFT OPERATOR RIGHT to RESULT, as
 * jq computes and prints it. LEFT and RIGHT are valid numbers, OPERATOR is one
 * of "+-*" and '/'. Returns DONE, DECLINED (a division by zero is for jq to
 * refuse) or NO_MEMORY.
 */
struct edit_arithmetic {
	enum edit_result (*compute)(void *context, char operator,
				    const char * left, size_t left_length,
				    const char *right, size_t right_length,
				    struct buffer *result);
	void *context;
};

struct edit;

/*
 * Read FILTER. VARIABLES may be NULL; their values are copied. Returns DONE,
 * DECLINED or NO_MEMORY; *EDIT is set only if DONE.
 */
enum edit_result edit_parse(struct edit **edit, const char *filter,
			    const struct edit_variables *variables);

/* The same for a filter that only names a path: `.a[0] | .b`, or `.`. */
enum edit_result edit_parse_path(struct edit **path, const char *filter,
				 const struct edit_variables *variables);

/*
 * Apply EDIT to TEXT, in place. CHANGED tells whether the bytes differ from
 * what they were. ARITHMETIC may be NULL: then what would be asked of it is
 * declined. INVALID fills ERROR (may be NULL). Whatever is not DONE leaves TEXT
 * as it was.
 */
enum edit_result edit_apply(const struct edit *edit, struct buffer *text,
			    const struct edit_arithmetic *arithmetic,
			    bool *changed, struct json_error *error);

/*
 * The value to which PATH leads in TEXT: VALUE points into TEXT, or to a
 * constant "null" where the path leads to nothing. Returns DONE, DECLINED, or
 * INVALID with ERROR (may be NULL).
 */
enum edit_result edit_get(const struct edit *path, const char *text,
			  size_t length, const char **value,
			  size_t *value_length, struct json_error *error);

/* NULL is fine. */
void edit_release(struct edit *edit);

#endif
