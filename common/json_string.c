/* SPDX-License-Identifier: MIT */
#include "json_string.h"

#include <stddef.h>
#include <string.h>

/*
 * The length of the UTF-8 character at P, or 0 if there is none (the ranges of
 * RFC 3629, section 4). A NUL never continues a character, so this stays
 * within a string.
 */
static size_t character_length(const unsigned char *p)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	if (p[0] == 0xed)
		high = 0x9f;
	if (p[0] == 0xf0)
		low = 0x90;
	if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

int json_add_string(struct buffer *out, const char *text)
{
	int error = buffer_add_char(out, '"');
	size_t length;

	for (; *text && !error; text += length ? length : 1) {
		unsigned char c = (unsigned char)*text;

		length = character_length((const unsigned char *)text);
		if (!length)
			error = buffer_add_string(out, "\\ufffd");
		else if (c == '"' || c == '\\')
			error = buffer_add_format(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			error = buffer_add_format(out, "\\u%04x", c);
		else
			error = buffer_add(out, text, length);
	}
	return error | buffer_add_char(out, '"');
}
