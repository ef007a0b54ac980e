/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <string.h>

/*
 * What a byte can be part of. NUL has no class, so that each loop over a class
 * ends at the sentinel without looking at a bound.
 */
enum class {
	PLAIN = 1 << 0, /* stands for itself in a string */
	BLANK = 1 << 1,
	DIGIT = 1 << 2,
	HEX = 1 << 3,
	SCALAR = 1 << 4, /* in numbers, true, false and null */
};

#define B  BLANK
#define P  PLAIN
#define PB (PLAIN | BLANK)
#define PS (PLAIN | SCALAR)
#define PD (PLAIN | DIGIT | HEX | SCALAR)
#define PH (PLAIN | HEX)
#define HS (PLAIN | HEX | SCALAR)

/* clang-format off */
/* Control characters, '"', '\\' and what is not ASCII are not plain. */
static const unsigned char classes[256] = {
	0,  0,  0,  0,  0,  0,  0,  0,  0,  B,  B,  0,  0,  B,  0,  0,
	0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	PB, P,  0,  P,  P,  P,  P,  P,  P,  P,  P,  PS, P,  PS, PS, P,
	PD, PD, PD, PD, PD, PD, PD, PD, PD, PD, P,  P,  P,  P,  P,  P,
	P,  PH, PH, PH, PH, HS, PH, P,  P,  P,  P,  P,  P,  P,  P,  P,
	P,  P,  P,  P,  P,  P,  P,  P,  P,  P,  P,  P,  0,  P,  P,  P,
	P,  HS, PH, PH, PH, HS, HS, P,  P,  P,  P,  P,  PS, P,  PS, P,
	P,  P,  PS, PS, PS, PS, P,  P,  P,  P,  P,  P,  P,  P,  P,  P,
};
/* clang-format on */

#undef B
#undef P
#undef PB
#undef PS
#undef PD
#undef PH
#undef HS

static inline bool is(const char *p, enum class class)
{
	return classes[(unsigned char)*p] & class;
}

static inline const char *skip(const char *p, enum class class)
{
	while (is(p, class))
		p++;
	return p;
}

/*
 * A scan over one text. What is open around the place where it is: a bit a
 * level, set for an object; the level that was entered last also stands in
 * `closer`.
 */
struct scan {
	const char *end;
	const char *at; /* of the error */
	const char *reason;
	size_t depth;
	char closer; /* '}' or ']' */
	unsigned char objects[JSON_DEPTH / 8 + 1];
};

/*
 * Note that the text is wrong at P. Returns NULL, as all scanning functions do
 * that otherwise return what is behind the thing they scanned.
 */
static const char *wrong(struct scan *scan, const char *p, const char *reason)
{
	scan->at = p;
	scan->reason = reason;
	if (*p == '\0')
		scan->reason = p == scan->end ? "the text ends too early"
					      : "a NUL byte is not JSON";
	return NULL;
}

/* P is at a byte that is not ASCII: how long is its character? 0: it is none */
static size_t utf8_length(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;
	length = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (u[0] == 0xe0)
		low = 0xa0; /* below: overlong */
	else if (u[0] == 0xed)
		high = 0x9f; /* above: surrogates */
	else if (u[0] == 0xf0)
		low = 0x90; /* below: overlong */
	else if (u[0] == 0xf4)
		high = 0x8f; /* above: past U+10FFFF */
	if (u[1] < low || u[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

/* P is at a backslash: how long is the escape? 0: it is none */
static size_t escape_length(const char *p)
{
	switch (p[1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return 2;
	case 'u':
		for (size_t i = 2; i < 6; i++)
			if (!is(p + i, HEX))
				return 0;
		return 6;
	default:
		return 0;
	}
}

/* P is behind a string's opening quote. */
static const char *scan_string(struct scan *scan, const char *p)
{
	size_t length;

	for (;;) {
		p = skip(p, PLAIN);
		if (*p == '"')
			return p + 1;
		if (*p == '\\') {
			length = escape_length(p);
			if (!length)
				return wrong(scan, p, "not a valid escape");
		} else if ((unsigned char)*p >= 0x80) {
			length = utf8_length(p);
			if (!length)
				return wrong(scan, p, "not valid UTF-8");
		} else {
			return wrong(scan, p,
				     "a control character must be escaped");
		}
		p += length;
	}
}

static const char *scan_digits(struct scan *scan, const char *p)
{
	if (!is(p, DIGIT))
		return wrong(scan, p, "expected a digit");
	return skip(p + 1, DIGIT);
}

static const char *scan_number(struct scan *scan, const char *p)
{
	if (*p == '-')
		p++;
	if (*p == '0' && is(p + 1, DIGIT))
		return wrong(scan, p, "a number must not begin with 0");
	p = scan_digits(scan, p);
	if (p && *p == '.')
		p = scan_digits(scan, p + 1);
	if (p && (*p == 'e' || *p == 'E')) {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		p = scan_digits(scan, p);
	}
	return p;
}

static const char *scan_word(struct scan *scan, const char *p, const char *word)
{
	for (; *word; p++, word++)
		if (*p != *word)
			return wrong(scan, p, "expected a value");
	return p;
}

/* P is where a string, a number, true, false or null should be. */
static const char *scan_scalar(struct scan *scan, const char *p)
{
	switch (*p) {
	case '"':
		return scan_string(scan, p + 1);
	case 't':
		return scan_word(scan, p, "true");
	case 'f':
		return scan_word(scan, p, "false");
	case 'n':
		return scan_word(scan, p, "null");
	default:
		if (*p != '-' && !is(p, DIGIT))
			return wrong(scan, p, "expected a value");
		return scan_number(scan, p);
	}
}

/* A key with its colon, up to where its value begins. */
static const char *scan_key(struct scan *scan, const char *p)
{
	if (*p != '"')
		return wrong(scan, p, "expected a key in double quotes");
	p = scan_string(scan, p + 1);
	if (!p)
		return NULL;
	p = skip(p, BLANK);
	if (*p != ':')
		return wrong(scan, p, "expected ':'");
	return skip(p + 1, BLANK);
}

/* P is at a '{' or '['. Returns where its first member or closer is. */
static const char *scan_open(struct scan *scan, const char *p)
{
	unsigned char bit = (unsigned char)(1 << scan->depth % 8);

	if (scan->depth == JSON_DEPTH)
		return wrong(scan, p, "nested more than 10000 levels deep");
	if (*p == '{')
		scan->objects[scan->depth / 8] |= bit;
	else
		scan->objects[scan->depth / 8] &= (unsigned char)~bit;
	scan->depth++;
	scan->closer = *p == '{' ? '}' : ']';
	return skip(p + 1, BLANK);
}

/* The closer of what was opened last is behind us. */
static void scan_close(struct scan *scan)
{
	size_t above;

	if (!--scan->depth)
		return;
	above = scan->depth - 1;
	scan->closer = scan->objects[above / 8] & 1 << above % 8 ? '}' : ']';
}

/* P is where a value should be. Nothing more is open when this returns. */
static const char *scan_value(struct scan *scan, const char *p)
{
	const size_t outside = scan->depth;

	for (;;) {
		if (scan->depth > outside && scan->closer == '}')
			p = scan_key(scan, p);
		if (p && (*p == '{' || *p == '[')) {
			p = scan_open(scan, p);
			if (p && *p != scan->closer)
				continue;
		} else if (p) {
			p = scan_scalar(scan, p);
		}
		while (p && scan->depth > outside) {
			p = skip(p, BLANK);
			if (*p != scan->closer)
				break;
			scan_close(scan);
			p++;
		}
		if (!p || scan->depth == outside)
			return p;
		if (*p != ',')
			return wrong(scan, p,
				     scan->closer == '}'
					     ? "expected ',' or '}'"
					     : "expected ',' or ']'");
		p = skip(p + 1, BLANK);
	}
}

/* The whole of a text: one value and the blanks around it. */
static const char *scan_text(struct scan *scan, const char *text)
{
	const char *p = skip(text, BLANK);

	if (!strncmp(text, "\xef\xbb\xbf", 3))
		return wrong(scan, text, "a byte order mark is not JSON");
	if (p == scan->end) {
		wrong(scan, p, NULL);
		scan->reason = "the text is empty";
		return NULL;
	}
	p = scan_value(scan, p);
	if (!p)
		return NULL;
	p = skip(p, BLANK);
	if (p != scan->end)
		return wrong(scan, p, "there is more behind the first value");
	return p;
}

int json_validate(const char *text, size_t length, struct json_error *error)
{
	struct scan scan;

	scan.end = text + length;
	scan.depth = 0;
	if (scan_text(&scan, text))
		return 0;
	if (error) {
		error->offset = (size_t)(scan.at - text);
		error->reason = scan.reason;
	}
	return -1;
}

void json_position(const char *text, size_t offset, size_t *line,
		   size_t *column)
{
	*line = *column = 1;
	for (size_t i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)text[i] & 0xc0) != 0x80) {
			++*column;
		}
	}
}

/* In a valid text: what is behind the string whose opening quote P is at. */
static const char *string_end(const char *p)
{
	for (p++;; p += *p == '\\' ? 2 : 1) {
		p = skip(p, PLAIN);
		if (*p == '"')
			return p + 1;
	}
}

/* Likewise for any scalar. */
static const char *scalar_end(const char *p)
{
	return *p == '"' ? string_end(p) : skip(p, SCALAR);
}

/* A text being printed. Once memory is out, nothing more is added. */
struct printer {
	struct buffer *out;
	const struct json_style *style;
	size_t depth;
	bool lines; /* one for each member and element */
	bool failed;
};

static void put(struct printer *printer, const char *bytes, size_t length)
{
	if (!printer->failed && buffer_add(printer->out, bytes, length))
		printer->failed = true;
}

static void put_line_end(struct printer *printer)
{
	if (printer->style->crlf)
		put(printer, "\r\n", 2);
	else
		put(printer, "\n", 1);
}

/* What stands between two tokens where a line may end. */
static void put_break(struct printer *printer)
{
	const struct json_style *style = printer->style;
	size_t blanks = printer->depth;

	if (!printer->lines)
		return;
	if (!style->tab)
		blanks *= (size_t)style->indent;
	put_line_end(printer);
	if (printer->failed || buffer_reserve(printer->out, blanks)) {
		printer->failed = true;
		return;
	}
	memset(printer->out->data + printer->out->length,
	       style->tab ? '\t' : ' ', blanks);
	printer->out->length += blanks;
	printer->out->data[printer->out->length] = '\0';
}

/* Print the token at P. Returns what is behind it. */
static const char *put_token(struct printer *printer, const char *p)
{
	const bool spaced = !printer->lines && printer->style->spaced;
	const char *next = p + 1;

	switch (*p) {
	case '{':
	case '[':
		put(printer, p, 1);
		next = skip(next, BLANK);
		if (*next == '}' || *next == ']') {
			put(printer, next++, 1);
		} else {
			printer->depth++;
			put_break(printer);
		}
		break;
	case '}':
	case ']':
		printer->depth--;
		put_break(printer);
		put(printer, p, 1);
		break;
	case ',':
		put(printer, ", ", spaced ? 2 : 1);
		put_break(printer);
		break;
	case ':':
		put(printer, ": ", spaced || printer->lines ? 2 : 1);
		break;
	default:
		next = scalar_end(p);
		put(printer, p, (size_t)(next - p));
	}
	return next;
}

int json_print(struct buffer *out, const char *text, size_t length,
	       const struct json_style *style)
{
	struct printer printer = {
		.out = out,
		.style = style,
		.lines = !style->compact && (style->tab || style->indent > 0),
	};
	const char *const end = text + length;

	for (const char *p = skip(text, BLANK); p < end; p = skip(p, BLANK))
		p = put_token(&printer, p);
	if (style->final_newline)
		put_line_end(&printer);
	return printer.failed ? -1 : 0;
}
