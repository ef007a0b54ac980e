/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/*
 * A page fault for every 4 KiB costs as much as scanning them for JSON does:
 * of a large piece the system may make its pages larger. Only a wish.
 */
static void wish_large_pages(char *data, size_t capacity)
{
#ifdef MADV_HUGEPAGE
	const uintptr_t large = 2 * 1024 * 1024;
	uintptr_t first = ((uintptr_t)data + large - 1) & ~(large - 1);
	uintptr_t end = ((uintptr_t)data + capacity) & ~(large - 1);
	int saved = errno;

	if (capacity >= 2 * large && first < end)
		madvise(data + (first - (uintptr_t)data), end - first,
			MADV_HUGEPAGE);
	errno = saved;
#else
	(void)data;
	(void)capacity;
#endif
}

int buffer_reserve(struct buffer *buffer, size_t extra)
{
	size_t need, capacity = buffer->capacity;
	char *data;

	if (extra > SIZE_MAX / 4 - buffer->length) {
		errno = ENOMEM;
		return -1;
	}
	need = buffer->length + extra + 1;
	if (need <= capacity)
		return 0;
	capacity = capacity ? capacity + capacity / 2 : 64;
	if (capacity < need)
		capacity = need;
	data = realloc(buffer->data, capacity);
	if (!data)
		return -1;
	wish_large_pages(data, capacity);
	data[buffer->length] = '\0';
	buffer->data = data;
	buffer->capacity = capacity;
	return 0;
}

int buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	if (buffer_reserve(buffer, length))
		return -1;
	if (length)
		memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
	return 0;
}

int buffer_add_string(struct buffer *buffer, const char *string)
{
	return buffer_add(buffer, string, strlen(string));
}

int buffer_add_char(struct buffer *buffer, char c)
{
	return buffer_add(buffer, &c, 1);
}

int buffer_add_format(struct buffer *buffer, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0 || buffer_reserve(buffer, (size_t)length))
		return -1;
	va_start(args, format);
	vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format,
		  args);
	va_end(args);
	buffer->length += (size_t)length;
	return 0;
}

int buffer_adopt(struct buffer *buffer, char *data, size_t length)
{
	int result;

	if (buffer->length) {
		result = buffer_add(buffer, data, length);
		free(data);
		return result;
	}
	free(buffer->data);
	buffer->data = data;
	buffer->length = length;
	buffer->capacity = length + 1;
	return 0;
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	if (buffer->data)
		buffer->data[0] = '\0';
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer)BUFFER_INIT;
}
