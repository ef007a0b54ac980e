/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_QUOTE_H
#define INTERLOCK_QUOTE_H

/*
 * Between a JSON string and the bytes it stands for.
 *
 * Non-guarantees: half of a surrogate pair is no character; like jq, undoing
 * gives U+FFFD for it.
 *
 * Errors: 0, or -1 with errno ENOMEM; then OUT may hold a part.
 */

#include <stddef.h>

#include "buffer.h"

/*
 * Append the LENGTH bytes at BYTES to OUT as a JSON string, in its quotes,
 * spelled as jq spells it. Bytes that are not UTF-8 go in as they are, to be
 * found by json_validate.
 */
int quote_add(struct buffer *out, const char *bytes, size_t length);

/* Which of BYTES does what stands at OFFSET of their quoted form come from? */
size_t quote_source(const char *bytes, size_t offset);

/*
 * Append what the JSON string TEXT, valid and in its quotes, stands for. It may
 * hold NULs.
 */
int quote_undo(struct buffer *out, const char *text, size_t length);

#endif
