/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_BUFFER_H
#define INTERLOCK_BUFFER_H

/*
 * A growing piece of bytes.
 *
 * Guarantees: once anything was added, data[length] is a NUL (the JSON code
 * and libjq rely on that sentinel); bytes may be NUL themselves. A failed call
 * leaves the contents as they were.
 *
 * Calling order: BUFFER_INIT, then anything, then buffer_release, after which
 * the buffer is as new.
 *
 * Errors: the functions that return int give 0, or -1 with errno ENOMEM.
 */

#include <stddef.h>

struct buffer {
	char *data;	 /* NULL until something was added */
	size_t length;	 /* bytes in use */
	size_t capacity; /* bytes allocated, the NUL's included */
};

#define BUFFER_INIT {NULL, 0, 0}

/* Make room for EXTRA more bytes and their NUL. */
int buffer_reserve(struct buffer *buffer, size_t extra);

int buffer_add(struct buffer *buffer, const void *bytes, size_t length);
int buffer_add_string(struct buffer *buffer, const char *string);
int buffer_add_char(struct buffer *buffer, char c);
int buffer_add_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Add the LENGTH bytes at DATA, which are followed by a NUL and were allocated
 * by malloc, and own them from now on: they are not copied if there is nothing
 * in BUFFER yet. On error they are freed.
 */
int buffer_adopt(struct buffer *buffer, char *data, size_t length);

/* Forget the contents, keep the memory. */
void buffer_clear(struct buffer *buffer);

/* Give the memory back. */
void buffer_release(struct buffer *buffer);

#endif
