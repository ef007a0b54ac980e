/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_JSON_H
#define INTERLOCK_JSON_H

/*
 * JSON as text (RFC 8259). Nothing here builds a tree: the text is the data,
 * and what need not change keeps every byte it has.
 *
 * Guarantees
 * - Valid means: exactly one value with blanks around it, grammar to the
 *   letter, strict UTF-8 (no surrogates, no overlong forms), at most JSON_DEPTH
 *   levels of nesting. A NUL byte is legal nowhere.
 * - Numbers have no range and strings no length: they are never converted.
 * - One pass, no recursion, no allocation but for what is put into a buffer.
 *
 * Non-guarantees
 * - A key may stand in an object twice: RFC 8259 allows that.
 * - "\ud800", half of a surrogate pair as an escape, is valid by the grammar,
 *   though it is no character.
 * - A byte order mark is refused, with a reason that says so.
 *
 * Caveat: text[length] must be a NUL, the sentinel that stops every loop; a
 * struct buffer has one. Without it the functions read past the end.
 */

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

/* Levels of arrays and objects that a text may have. */
#define JSON_DEPTH 10000

struct json_error {
	size_t offset;	    /* the byte at which the text stops being JSON */
	const char *reason; /* a phrase; points to constant memory */
};

/* How a text is laid out. */
struct json_style {
	int indent;	    /* blanks a level; 0: all on one line */
	bool tab;	    /* one tab a level, whatever indent says */
	bool compact;	    /* all on one line, whatever indent and tab say */
	bool spaced;	    /* one line, with a blank behind each ',' and ':' */
	bool crlf;	    /* lines end with \r\n */
	bool final_newline; /* the text ends with a line end */
};

/* What `jq .` prints. */
#define JSON_STYLE_JQ                              \
	{                                          \
		.indent = 2, .final_newline = true \
	}

/* Is TEXT valid? 0, or -1 with ERROR (may be NULL) filled. errno is kept. */
int json_validate(const char *text, size_t length, struct json_error *error);

/*
 * Where OFFSET is, for people: both count from 1, a column is a character (not
 * a byte) of its line.
 */
void json_position(const char *text, size_t offset, size_t *line,
		   size_t *column);

/*
 * Append TEXT, which must be valid, to OUT, laid out in STYLE. Every key,
 * string and number is spelled as it stands; order and duplicates are kept.
 * Returns 0, or -1 with errno ENOMEM; then OUT may hold a part.
 */
int json_print(struct buffer *out, const char *text, size_t length,
	       const struct json_style *style);

#endif
