/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_BUCKET_RECORD_H
#define INTERLOCK_BUCKET_RECORD_H

/*
 * A bucket as bytes.
 *
 * Guarantees: always the same length, so that one write(2) within a page
 * replaces it; the same bytes on every machine; a checksum over all of them, so
 * that a damaged state is noticed and never granted from; what decodes without
 * complaint is in range everywhere and safe to reckon with.
 *
 * Non-guarantees: the checksum finds accidents, not forgers.
 */

#include <stdbool.h>
#include <stddef.h>

#include "bucket.h"

enum { BUCKET_RECORD = 2048 };

void bucket_encode(const struct bucket *bucket,
		   unsigned char bytes[BUCKET_RECORD]);

/*
 * Read LENGTH bytes. Returns 0, or -1 with *REASON, a phrase that says what is
 * wrong with them ("is empty"); then BUCKET is undefined.
 */
int bucket_decode(struct bucket *bucket, const unsigned char *bytes,
		  size_t length, const char **reason);

/* Do BYTES begin like a state, of whatever version? */
bool bucket_is_record(const unsigned char *bytes, size_t length);

#endif
