/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_JSON_STRING_H
#define INTERLOCK_JSON_STRING_H

/* Strings of any bytes as JSON strings, for reports (--json). */

#include "buffer.h"

/*
 * Add TEXT, with quotes, to OUT. A byte that is no UTF-8 (a path may hold some)
 * becomes U+FFFD: a report must be valid, and is not read back as a path.
 * Returns 0, or -1 with errno ENOMEM.
 */
int json_add_string(struct buffer *out, const char *text);

#endif
