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

/* Does each member get a line of its own? */
bool json_style_has_lines(const struct json_style *style);

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

/*
 * The same for a value that is to stand inside a text: each line but the first
 * begins with MARGIN as well, and no line end is put behind it.
 */
int json_print_value(struct buffer *out, const char *text, size_t length,
		     const struct json_style *style, const char *margin,
		     size_t margin_length);

/*
 * The style of TEXT, which must be valid, as far as its first member shows it:
 * a text may mix styles. One that has no member is taken to be as `jq .`
 * prints, but for its final newline.
 */
void json_detect_style(const char *text, size_t length,
		       struct json_style *style);

/*
 * Append BYTES (UTF-8, bytes[length] a NUL) as a string token, quotes and all,
 * spelled as jq spells it. 0, or -1 with errno ENOMEM, or EILSEQ if they are
 * not UTF-8.
 */
int json_quote(struct buffer *out, const char *bytes, size_t length);

/*
 * The same for TEXT of any bytes, such as a path in a report: each that is no
 * UTF-8 becomes U+FFFD, as a report must be valid and is not read back as a
 * path. 0, or -1 with errno ENOMEM.
 */
int json_quote_any(struct buffer *out, const char *text);

/*
 * Append the bytes that the string TOKEN, valid and with its quotes, stands
 * for. 0, or -1 with errno ENOMEM, or EILSEQ where it has half a surrogate
 * pair. Then OUT may hold a part.
 */
int json_unquote(struct buffer *out, const char *token, size_t length);

/* What is behind the value that begins at P in a valid text. */
const char *json_value_end(const char *p);

/* One step of a path: into an object by key, into an array by index. */
struct json_step {
	const char *key; /* UTF-8, may hold NULs; NULL: this is an index */
	size_t length;	 /* of the key */
	ptrdiff_t index; /* below 0: from the end, -1 is the last */
};

/* Where a member of an object or an element of an array stands: offsets. */
struct json_member {
	size_t before;	/* end of the one before it, or of the '{' or '[' */
	size_t start;	/* its key, if it is a member; else its value */
	size_t key_end; /* behind the key; of an element: start */
	size_t value;
	size_t end;
	size_t behind; /* start of the one behind it, or the closer */
};

/* Where a path leads in a text. */
struct json_place {
	size_t found;		 /* so many steps lead to something */
	bool doubtful;		 /* a key on the way stands there twice, or an
				    object there has one that is no Unicode
				    string */
	struct json_member here; /* what they lead to. The whole text has
				    nothing before, behind, and no key */
	size_t count;		 /* members or elements in that */
	struct json_member last; /* the last one of them, if count > 0 */
};

/*
 * Follow PATH, COUNT steps, into TEXT as far as it goes, and validate the text
 * in the same pass. Keys are compared as what they stand for ("\u0061" is "a").
 * Of equal keys the first is followed. A step that does not fit the value it
 * meets ends the path there, as a missing member does. Returns 0, or -1 with
 * ERROR (may be NULL) if TEXT is not valid. Recurses once a step.
 */
int json_locate(const char *text, size_t length, const struct json_step *path,
		size_t count, struct json_place *place,
		struct json_error *error);

#endif
