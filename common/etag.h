/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_ETAG_H
#define INTERLOCK_ETAG_H

/*
 * A file's tag for --if-match and --etag: 32 hexadecimal digits, the 128-bit
 * XXH3 hash of its content, in the order that xxhsum -H2 prints. A file that
 * does not exist has the tag "none", so that --if-match none means "only if
 * nobody has made it yet".
 *
 * Guarantees: the same content has the same tag on every machine and in every
 * version; two contents that differ by chance have different ones (2^-128).
 *
 * Non-guarantees: it is no cryptographic hash. Somebody who wants to can make
 * two contents of one tag.
 *
 * Why xxhash: it reads memory as fast as the machine does, and its reference
 * code is one header which the compiler puts into this unit (XXH_INLINE_ALL),
 * so that no program of ours is linked to one library more and starts slower.
 */

#include <stdbool.h>
#include <stddef.h>

/* Room for a tag and its NUL. */
#define ETAG_SIZE 33

/* The tag of what does not exist. */
#define ETAG_NONE "none"

/* Is TEXT one, in the spelling that etag_of gives? */
bool etag_is(const char *text);

/* The tag of LENGTH BYTES, which may be NULL if there are none. */
void etag_of(const void *bytes, size_t length, char tag[ETAG_SIZE]);

/*
 * The tag of what FD holds from its beginning, or from OFFSET to OFFSET plus
 * LENGTH (to its end, if that comes first). Its position is not used. Returns
 * 0, or -1 with errno.
 */
int etag_of_file(int fd, char tag[ETAG_SIZE]);
int etag_of_range(int fd, long long offset, long long length,
		  char tag[ETAG_SIZE]);

#endif
