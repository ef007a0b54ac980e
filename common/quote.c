/* SPDX-License-Identifier: MIT */
#include "quote.h"

#include <stdint.h>
#include <string.h>

/* How jq spells C in a string; NULL: as itself. */
static const char *escape(unsigned char c, char room[7])
{
	static const char digits[] = "0123456789abcdef";

	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\f':
		return "\\f";
	case '\r':
		return "\\r";
	default:
		if (c >= 0x20 && c != 0x7f)
			return NULL;
		memcpy(room, "\\u00", 4);
		room[4] = digits[c >> 4];
		room[5] = digits[c & 15];
		room[6] = '\0';
		return room;
	}
}

int quote_add(struct buffer *out, const char *bytes, size_t length)
{
	size_t start = 0;
	char room[7];

	if (buffer_reserve(out, length + 2) || buffer_add_char(out, '"'))
		return -1;
	for (size_t i = 0; i < length; i++) {
		const char *spelled = escape((unsigned char)bytes[i], room);

		if (!spelled)
			continue;
		if (buffer_add(out, bytes + start, i - start) ||
		    buffer_add_string(out, spelled))
			return -1;
		start = i + 1;
	}
	if (buffer_add(out, bytes + start, length - start))
		return -1;
	return buffer_add_char(out, '"');
}

size_t quote_source(const char *bytes, size_t offset)
{
	size_t quoted = 1, i;
	char room[7];

	for (i = 0; quoted < offset; i++) {
		const char *spelled = escape((unsigned char)bytes[i], room);

		quoted += spelled ? strlen(spelled) : 1;
	}
	return i;
}

/* The four hexadecimal digits at P. */
static uint32_t hex(const char *p)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];

		value = value << 4 |
			(uint32_t)(c <= '9' ? c - '0' : (c & 7) + 9);
	}
	return value;
}

static int add_character(struct buffer *out, uint32_t c)
{
	char bytes[4];
	size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (length == 1)
		return buffer_add_char(out, (char)c);
	for (size_t i = length; i-- > 1; c >>= 6)
		bytes[i] = (char)(0x80 | (c & 0x3f));
	bytes[0] = (char)((0xf00 >> length & 0xf0) | c);
	return buffer_add(out, bytes, length);
}

/* P is at "\\u" and END behind the string. Returns how many bytes it took. */
static size_t decode(const char *p, const char *end, uint32_t *c)
{
	uint32_t low;

	*c = hex(p + 2);
	if (*c < 0xd800 || *c > 0xdfff)
		return 6;
	if (*c < 0xdc00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u') {
		low = hex(p + 8);
		if (low >= 0xdc00 && low <= 0xdfff) {
			*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
			return 12;
		}
	}
	*c = 0xfffd;
	return 6;
}

int quote_undo(struct buffer *out, const char *text, size_t length)
{
	static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	const char *p = text + 1, *end = text + length - 1, *letter;
	uint32_t c;

	if (buffer_reserve(out, length))
		return -1;
	while (p < end) {
		const char *escaped = memchr(p, '\\', (size_t)(end - p));
		const char *stop = escaped ? escaped : end;

		if (buffer_add(out, p, (size_t)(stop - p)))
			return -1;
		p = stop;
		if (p == end)
			break;
		if (p[1] == 'u') {
			p += decode(p, end, &c);
		} else {
			letter = strchr(letters, p[1]);
			c = (unsigned char)(letter ? meanings[letter - letters]
						   : p[1]);
			p += 2;
		}
		if (add_character(out, c))
			return -1;
	}
	return 0;
}
