/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <errno.h>
#include <stdint.h>
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

/* Four steps a round: a quarter faster on indented text than one. */
static inline const char *skip(const char *p, enum class class)
{
	for (;; p += 4) {
		if (!is(p, class))
			return p;
		if (!is(p + 1, class))
			return p + 1;
		if (!is(p + 2, class))
			return p + 2;
		if (!is(p + 3, class))
			return p + 3;
	}
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
__attribute__((cold, noinline)) static const char *
wrong(struct scan *scan, const char *p, const char *reason)
{
	scan->at = p;
	scan->reason = reason;
	if (*p == '\0')
		scan->reason = p == scan->end ? "the text ends too early"
					      : "a NUL byte is not JSON";
	return NULL;
}

/*
 * P is at a byte that is not ASCII: how long is its character? 0: it is none.
 * Inline, because a call here halves the speed on texts in Cyrillic.
 */
static inline size_t utf8_length(const char *p)
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

static const char *scan_number(struct scan *scan, const char *p)
{
	const char *digits = p + (*p == '-');

	p = skip(digits, DIGIT);
	if (*digits == '0' && p > digits + 1)
		return wrong(scan, digits, "a number must not begin with 0");
	if (*p == '.' && p > digits) {
		digits = p + 1;
		p = skip(digits, DIGIT);
	}
	if ((*p == 'e' || *p == 'E') && p > digits) {
		digits = p + 1;
		digits += *digits == '+' || *digits == '-';
		p = skip(digits, DIGIT);
	}
	if (p == digits)
		return wrong(scan, p, "expected a digit");
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

/* What is between a key and its value. */
static const char *scan_colon(struct scan *scan, const char *p)
{
	p = skip(p, BLANK);
	if (*p != ':')
		return wrong(scan, p, "expected ':'");
	return skip(p + 1, BLANK);
}

static const char *scan_key(struct scan *scan, const char *p)
{
	if (*p != '"')
		return wrong(scan, p, "expected a key in double quotes");
	return scan_string(scan, p + 1);
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

static const char *wrong_separator(struct scan *scan, const char *p)
{
	return wrong(scan, p,
		     scan->closer == '}' ? "expected ',' or '}'"
					 : "expected ',' or ']'");
}

/* P is where a value should be. Nothing more is open when this returns. */
static const char *scan_value(struct scan *scan, const char *p)
{
	const size_t outside = scan->depth;

	for (;;) {
		if (scan->depth > outside && scan->closer == '}') {
			p = scan_key(scan, p);
			if (p)
				p = scan_colon(scan, p);
		}
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
			return wrong_separator(scan, p);
		p = skip(p + 1, BLANK);
	}
}

/* Where the one value of a text begins. */
static const char *scan_begin(struct scan *scan, const char *text,
			      size_t length)
{
	const char *p = skip(text, BLANK);

	scan->end = text + length;
	scan->depth = 0;
	if (!strncmp(text, "\xef\xbb\xbf", 3))
		return wrong(scan, text, "a byte order mark is not JSON");
	if (p == scan->end) {
		scan->at = p;
		scan->reason = "the text is empty";
		return NULL;
	}
	return p;
}

/* P is behind the value: nothing else may follow. */
static const char *scan_end(struct scan *scan, const char *p)
{
	p = skip(p, BLANK);
	if (p != scan->end)
		return wrong(scan, p, "there is more behind the first value");
	return p;
}

/* What a scan that ended with P has to report. */
static int scan_result(const struct scan *scan, const char *p, const char *text,
		       struct json_error *error)
{
	if (p)
		return 0;
	if (error) {
		error->offset = (size_t)(scan->at - text);
		error->reason = scan->reason;
	}
	return -1;
}

int json_validate(const char *text, size_t length, struct json_error *error)
{
	struct scan scan;
	const char *p;

	p = scan_begin(&scan, text, length);
	if (p)
		p = scan_value(&scan, p);
	if (p)
		p = scan_end(&scan, p);
	return scan_result(&scan, p, text, error);
}

/* The four hexadecimal digits at P. */
static unsigned hex4(const char *p)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++) {
		unsigned c = (unsigned char)p[i];

		value = value << 4 |
			(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* U+CODE in UTF-8, into BYTES. Returns its length. */
static size_t utf8_encode(unsigned code, char bytes[4])
{
	static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t length = code < 0x80	 ? 1
			: code < 0x800	 ? 2
			: code < 0x10000 ? 3
					 : 4;

	for (size_t i = length; i-- > 1; code >>= 6)
		bytes[i] = (char)(0x80 | (code & 0x3f));
	bytes[0] = (char)(marks[length] | code);
	return length;
}

/*
 * What the escape at *P stands for, into BYTES, and step over it (both halves
 * of a surrogate pair). Returns its length, 0 for half a pair alone.
 */
static size_t decode_escape(const char **p, char bytes[4])
{
	static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
	const char *e = *p + 1;
	unsigned code;

	*p += *e == 'u' ? 6 : 2;
	if (*e != 'u') {
		for (const char *l = letters; *l; l += 2)
			if (*l == *e)
				bytes[0] = l[1];
		return 1;
	}
	code = hex4(e + 1);
	if (code < 0xd800 || code > 0xdfff)
		return utf8_encode(code, bytes);
	if (code > 0xdbff || (*p)[0] != '\\' || (*p)[1] != 'u' ||
	    (hex4(*p + 2) & 0xfc00) != 0xdc00)
		return 0;
	code = 0x10000 + ((code & 0x3ff) << 10 | (hex4(*p + 2) & 0x3ff));
	*p += 6;
	return utf8_encode(code, bytes);
}

static int not_unicode(void)
{
	errno = EILSEQ;
	return -1;
}

int json_unquote(struct buffer *out, const char *token, size_t length)
{
	const char *p = token + 1, *const end = token + length - 1;

	while (p < end) {
		const char *run = p;
		char bytes[4];
		size_t decoded;

		p = memchr(run, '\\', (size_t)(end - run));
		if (!p)
			p = end;
		if (buffer_add(out, run, (size_t)(p - run)))
			return -1;
		if (p == end)
			break;
		decoded = decode_escape(&p, bytes);
		if (!decoded)
			return not_unicode();
		if (buffer_add(out, bytes, decoded))
			return -1;
	}
	return 0;
}

/* C, which may not or, as jq sees it, should not stand in a string as it is. */
static int quote_char(struct buffer *out, char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *l = letters; *l; l += 2)
		if (*l == c)
			return buffer_add_format(out, "\\%c", l[1]);
	return buffer_add_format(out, "\\u%04x", (unsigned char)c);
}

/* What is behind the characters at P that jq puts into a string as they are. */
static const char *skip_unescaped(const char *p)
{
	for (;;) {
		size_t length = (unsigned char)*p < 0x80
					? is(p, PLAIN) && *p != 0x7f
					: utf8_length(p);

		if (!length)
			return p;
		p += length;
	}
}

/* FLAWED: what is not UTF-8 becomes U+FFFD. */
static int quote(struct buffer *out, const char *bytes, size_t length,
		 bool flawed)
{
	const char *const end = bytes + length;

	if (buffer_add_char(out, '"'))
		return -1;
	for (const char *p = bytes;; bytes = ++p) {
		p = skip_unescaped(p);
		if (buffer_add(out, bytes, (size_t)(p - bytes)))
			return -1;
		if (p == end)
			return buffer_add_char(out, '"');
		if ((unsigned char)*p < 0x80) {
			if (quote_char(out, *p))
				return -1;
		} else if (!flawed) {
			return not_unicode();
		} else if (buffer_add_string(out, "\\ufffd")) {
			return -1;
		}
	}
}

int json_quote(struct buffer *out, const char *bytes, size_t length)
{
	return quote(out, bytes, length, false);
}

int json_quote_any(struct buffer *out, const char *text)
{
	return quote(out, text, strlen(text), true);
}

/* A walk along a path. Offsets in `place` are relative to `text`. */
struct walk {
	struct scan scan;
	const char *text;
	const struct json_step *path;
	size_t count;
	struct json_place *place;
};

/* Does the key between P and END, inside its quotes, say what STEP says? */
static bool key_is(const char *p, const char *end, const struct json_step *step,
		   bool *doubtful)
{
	const char *key = step->key;
	size_t left = step->length;

	if (!memchr(p, '\\', (size_t)(end - p)))
		return (size_t)(end - p) == left && !memcmp(p, key, left);
	while (p < end) {
		char bytes[4] = {*p};
		size_t length = 1;

		if (*p != '\\') {
			p++;
		} else if (!(length = decode_escape(&p, bytes))) {
			*doubtful = true;
			return false;
		}
		if (length > left || memcmp(key, bytes, length))
			return false;
		key += length;
		left -= length;
	}
	return !left;
}

static const char *walk_value(struct walk *walk, const char *p, size_t found,
			      const struct json_member *here);

/*
 * P is where a member begins. Fills MEMBER up to where its value begins, which
 * is returned.
 */
static const char *walk_key(struct walk *walk, const char *p,
			    struct json_member *member)
{
	member->start = member->key_end = (size_t)(p - walk->text);
	if (walk->scan.closer == '}') {
		p = scan_key(&walk->scan, p);
		if (!p)
			return NULL;
		member->key_end = (size_t)(p - walk->text);
		p = scan_colon(&walk->scan, p);
		if (!p)
			return NULL;
	}
	member->value = (size_t)(p - walk->text);
	return p;
}

/* Is MEMBER, the INDEX-th of what is open, the one that STEP names? */
static bool step_is(struct walk *walk, const struct json_step *step,
		    const struct json_member *member, size_t index)
{
	if (!step->key)
		return walk->scan.closer == ']' && (size_t)step->index == index;
	return walk->scan.closer == '}' &&
	       key_is(walk->text + member->start + 1,
		      walk->text + member->key_end - 1, step,
		      &walk->place->doubtful);
}

/*
 * P is at the '{' or '[' to which FOUND steps lead. STEP (may be NULL) is the
 * next one: the member that it names is walked, the others are scanned. If
 * there is none, the last member is noted.
 */
static const char *walk_members(struct walk *walk, const char *p, size_t found,
				const struct json_step *step)
{
	struct json_place *place = walk->place;
	struct json_member member = {.end = (size_t)(p + 1 - walk->text)};
	bool entered = false;
	size_t index = 0;

	p = scan_open(&walk->scan, p);
	if (!p)
		return NULL;
	for (bool more = *p != walk->scan.closer; more; index++) {
		bool enter;

		member.before = member.end;
		p = walk_key(walk, p, &member);
		if (!p)
			return NULL;
		enter = step && step_is(walk, step, &member, index);
		place->doubtful |= enter && entered;
		enter &= !entered;
		p = enter ? walk_value(walk, p, found + 1, &member)
			  : scan_value(&walk->scan, p);
		if (!p)
			return NULL;
		member.end = (size_t)(p - walk->text);
		p = skip(p, BLANK);
		more = *p == ',';
		if (more)
			p = skip(p + 1, BLANK);
		else if (*p != walk->scan.closer)
			return wrong_separator(&walk->scan, p);
		member.behind = (size_t)(p - walk->text);
		if (enter && place->found == found + 1) {
			place->here.end = member.end;
			place->here.behind = member.behind;
		}
		entered |= enter;
	}
	scan_close(&walk->scan);
	if (!entered) {
		place->count = index;
		place->last = member;
	}
	return p + 1;
}

/*
 * P is where the value begins to which FOUND steps lead, the one of HERE. An
 * index from the end costs a pass of its own over the array.
 */
static const char *walk_value(struct walk *walk, const char *p, size_t found,
			      const struct json_member *here)
{
	const size_t none = walk->count;
	struct json_step step;

	walk->place->found = found;
	walk->place->here = *here;
	walk->place->count = 0;
	if (*p != '{' && *p != '[')
		return scan_value(&walk->scan, p);
	if (found == none)
		return walk_members(walk, p, found, NULL);
	step = walk->path[found];
	if (!step.key && step.index < 0 && *p == '[') {
		if (!walk_members(walk, p, none, NULL))
			return NULL;
		step.index += (ptrdiff_t)walk->place->count;
	}
	return walk_members(walk, p, found, &step);
}

int json_locate(const char *text, size_t length, const struct json_step *path,
		size_t count, struct json_place *place,
		struct json_error *error)
{
	struct walk walk = {
		.text = text,
		.path = path,
		.count = count,
		.place = place,
	};
	const char *p = scan_begin(&walk.scan, text, length);

	place->doubtful = false;
	if (p) {
		size_t start = (size_t)(p - text);
		struct json_member all = {
			.start = start,
			.key_end = start,
			.value = start,
			.behind = length,
		};

		p = walk_value(&walk, p, 0, &all);
	}
	if (p && !place->found)
		place->here.end = (size_t)(p - text);
	if (p)
		p = scan_end(&walk.scan, p);
	return scan_result(&walk.scan, p, text, error);
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

const char *json_value_end(const char *p)
{
	size_t depth = 0;

	do {
		if (*p == '{' || *p == '[') {
			depth++;
			p++;
		} else if (*p == '}' || *p == ']') {
			depth--;
			p++;
		} else if (*p == '"' || is(p, SCALAR)) {
			p = scalar_end(p);
		} else {
			p++;
		}
	} while (depth);
	return p;
}

bool json_style_has_lines(const struct json_style *style)
{
	return !style->compact && (style->tab || style->indent > 0);
}

/* A text being printed. Once memory is out, nothing more is added. */
struct printer {
	struct buffer *out;
	const struct json_style *style;
	const char *margin; /* what each line but the first begins with */
	size_t margin_length;
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
	put(printer, printer->margin, printer->margin_length);
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

static void put_value(struct printer *printer, const char *text, size_t length)
{
	const char *const end = text + length;
	const struct json_style *style = printer->style;

	printer->lines = json_style_has_lines(style);
	for (const char *p = skip(text, BLANK); p < end; p = skip(p, BLANK))
		p = put_token(printer, p);
}

int json_print(struct buffer *out, const char *text, size_t length,
	       const struct json_style *style)
{
	struct printer printer = {.out = out, .style = style};

	put_value(&printer, text, length);
	if (style->final_newline)
		put_line_end(&printer);
	return printer.failed ? -1 : 0;
}

int json_print_value(struct buffer *out, const char *text, size_t length,
		     const struct json_style *style, const char *margin,
		     size_t margin_length)
{
	struct printer printer = {
		.out = out,
		.style = style,
		.margin = margin,
		.margin_length = margin_length,
	};

	put_value(&printer, text, length);
	return printer.failed ? -1 : 0;
}

/* The style that the blanks between P and END show, which hold a newline. */
static void detect_lines(const char *p, const char *end,
			 struct json_style *style)
{
	const char *line = end;

	while (line[-1] != '\n')
		line--;
	style->crlf = line - p > 1 && line[-2] == '\r';
	style->tab = *line == '\t';
	style->indent = (int)(end - line);
	style->compact = line == end;
}

/* The same from the first ',' or ':' behind the scalar at P, if there is one.
 */
static void detect_line(const char *p, struct json_style *style)
{
	style->compact = true;
	p = skip(scalar_end(p), BLANK);
	style->spaced = (*p == ',' || *p == ':') && is(p + 1, BLANK);
}

void json_detect_style(const char *text, size_t length,
		       struct json_style *style)
{
	const char *p = skip(text, BLANK);

	*style = (struct json_style)JSON_STYLE_JQ;
	style->final_newline = length && text[length - 1] == '\n';
	while (*p == '{' || *p == '[') {
		const char *inside = p + 1;

		p = skip(inside, BLANK);
		if (*p == '}' || *p == ']')
			return;
		if (memchr(inside, '\n', (size_t)(p - inside))) {
			detect_lines(inside, p, style);
			return;
		}
		if (is(p, SCALAR) || *p == '"')
			detect_line(p, style);
	}
}
