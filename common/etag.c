/* SPDX-License-Identifier: MIT */
#include "etag.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

bool etag_is(const char *text)
{
	if (!strcmp(text, ETAG_NONE))
		return true;
	return strlen(text) == ETAG_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == ETAG_SIZE - 1;
}

static void print(XXH128_hash_t hash, char tag[ETAG_SIZE])
{
	snprintf(tag, ETAG_SIZE, "%016llx%016llx",
		 (unsigned long long)hash.high64,
		 (unsigned long long)hash.low64);
}

void etag_of(const void *bytes, size_t length, char tag[ETAG_SIZE])
{
	print(XXH3_128bits(length ? bytes : "", length), tag);
}

int etag_of_range(int fd, long long offset, long long length,
		  char tag[ETAG_SIZE])
{
	char bytes[64 * 1024];
	XXH3_state_t state;
	ssize_t n;

	XXH3_128bits_reset(&state);
	while (length > 0) {
		size_t want = length < (long long)sizeof(bytes)
				      ? (size_t)length
				      : sizeof(bytes);

		n = pread(fd, bytes, want, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		XXH3_128bits_update(&state, bytes, (size_t)n);
		offset += n;
		length -= n;
	}
	print(XXH3_128bits_digest(&state), tag);
	return 0;
}

int etag_of_file(int fd, char tag[ETAG_SIZE])
{
	return etag_of_range(fd, 0, LLONG_MAX, tag);
}
