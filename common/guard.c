/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "decimal.h"
#include "json.h"

/* A key that has been seen in an object that is still open. */
struct key {
	uint64_t hash;
	const char *token;
	size_t length;
};

/*
 * One pass over the text. The keys of all open objects stand in one stack,
 * `open` tells where those of each begin.
 */
struct walk {
	const struct libjq *jq;
	const char *subject;
	const char *text;
	struct problem *problem;
	bool keeps_literals; /* this libjq keeps long numbers as they are */
	struct key *keys;
	size_t key_count, key_room;
	size_t open[JSON_DEPTH];
	size_t depth;
	struct buffer one, other; /* for unquoting */
};

/* How much of a token a message shows. */
enum { SHOWN = 60 };

/* What is wrong with the token at P of LENGTH bytes. Returns -1. */
static int refuse(struct walk *walk, const char *p, size_t length,
		  const char *what, const char *detail)
{
	bool cut = length > SHOWN;
	size_t line, column;

	json_position(walk->text, (size_t)(p - walk->text), &line, &column);
	return problem_set(walk->problem, STATUS_FAILED, walk->subject,
			   "line %zu, column %zu: %.*s%s %s%s with this filter "
			   "(--lossy allows it)",
			   line, column, cut ? SHOWN : (int)length, p,
			   cut ? "..." : "", what, detail);
}

static int no_memory(struct walk *walk)
{
	return problem_errno(walk->problem, NULL, NULL);
}

/* --- numbers --------------------------------------------------------------*/

/* The number TOKEN, a string, as libjq prints it when it is left alone. */
static int ask(const struct libjq *jq, const char *token, struct buffer *out)
{
	jv printed = jq->jv_dump_string(jq->jv_parse(token), 0);
	int result = buffer_add_string(out, jq->jv_string_value(printed));

	jq->jv_free(printed);
	return result;
}

/*
 * Doubles keep 15 digits, and every libjq prints what is needed to tell two
 * doubles apart. About the rest it must be asked.
 */
static bool is_harmless(const struct walk *walk, const char *p, size_t length)
{
	size_t digits = 0;

	for (size_t i = 0; i < length; i++) {
		if (p[i] == 'e' || p[i] == 'E')
			return false;
		digits += p[i] >= '0' && p[i] <= '9';
	}
	return digits <= (walk->keeps_literals ? 300 : 15);
}

static int check_number(struct walk *walk, const char *p, size_t length)
{
	struct buffer *token = &walk->one, *printed = &walk->other;

	if (is_harmless(walk, p, length))
		return 0;
	buffer_clear(token);
	buffer_clear(printed);
	if (buffer_add(token, p, length) ||
	    ask(walk->jq, token->data, printed))
		return no_memory(walk);
	if (decimal_equal(p, length, printed->data, printed->length))
		return 0;
	if (printed->length > SHOWN)
		memcpy(printed->data + SHOWN, "...", 4);
	return refuse(walk, p, length, "would become ", printed->data);
}

static bool probe_literals(struct walk *walk)
{
	static const char probe[] = "100000000000000000001.000000000000000001";

	buffer_clear(&walk->one);
	return !ask(walk->jq, probe, &walk->one) &&
	       !strcmp(walk->one.data, probe);
}

/* --- strings --------------------------------------------------------------*/

static bool is_surrogate(const char *p, char low, char high)
{
	return p[0] == '\\' && p[1] == 'u' && (p[2] | 0x20) == 'd' &&
	       (p[3] | 0x20) >= low && (p[3] | 0x20) <= high;
}

/*
 * P is at a string's opening quote. Returns what is behind it, or NULL. A digit
 * is the same with the bit that makes letters small.
 */
static const char *check_string(struct walk *walk, const char *p)
{
	for (p++;; p++) {
		p += strcspn(p, "\"\\");
		if (*p == '"')
			return p + 1;
		if (is_surrogate(p, '8', '9') || is_surrogate(p, 'a', 'b')) {
			if (!is_surrogate(p + 6, 'c', 'f')) {
				refuse(walk, p, 6, "is half of a surrogate "
						   "pair and would be replaced",
				       "");
				return NULL;
			}
			p += 11;
		} else if (is_surrogate(p, 'c', 'f')) {
			refuse(walk, p, 6, "is half of a surrogate pair and "
					   "would be replaced", "");
			return NULL;
		} else {
			p++;
		}
	}
}

/* --- keys -----------------------------------------------------------------*/

/* What TOKEN stands for; without escapes, that is what it is. */
static int decode(const char *token, size_t length, struct buffer *room,
		  const char **bytes, size_t *count)
{
	*bytes = token + 1;
	*count = length - 2;
	if (!memchr(*bytes, '\\', *count))
		return 0;
	buffer_clear(room);
	if (buffer_reserve(room, 0) || json_unquote(room, token, length))
		return -1;
	*bytes = room->data;
	*count = room->length;
	return 0;
}

/* FNV-1a. That two keys have one hash only costs a comparison. */
static uint64_t hash(const char *bytes, size_t length)
{
	uint64_t value = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < length; i++)
		value = (value ^ (unsigned char)bytes[i]) *
			UINT64_C(1099511628211);
	return value;
}

static int push_key(struct walk *walk, const char *token, size_t length)
{
	size_t room = walk->key_room ? walk->key_room * 2 : 64, count;
	const char *bytes;
	struct key *keys;

	if (walk->key_count == walk->key_room) {
		keys = realloc(walk->keys, room * sizeof(*keys));
		if (!keys)
			return no_memory(walk);
		walk->keys = keys;
		walk->key_room = room;
	}
	if (decode(token, length, &walk->one, &bytes, &count))
		return no_memory(walk);
	walk->keys[walk->key_count++] =
		(struct key){hash(bytes, count), token, length};
	return 0;
}

static int by_hash(const void *left, const void *right)
{
	const struct key *one = left, *other = right;

	if (one->hash != other->hash)
		return one->hash < other->hash ? -1 : 1;
	return one->token < other->token ? -1 : one->token > other->token;
}

/* 1: they are one key. */
static int same_key(struct walk *walk, const struct key *one,
		    const struct key *other)
{
	const char *bytes, *others;
	size_t count, other_count;

	if (one->hash != other->hash)
		return 0;
	if (decode(one->token, one->length, &walk->one, &bytes, &count) ||
	    decode(other->token, other->length, &walk->other, &others,
		   &other_count))
		return no_memory(walk);
	return count == other_count && !memcmp(bytes, others, count);
}

/*
 * The keys of the object that ends here. Sorted, equal ones stand together,
 * but for others of the same hash among them.
 */
static int close_object(struct walk *walk)
{
	size_t start = walk->open[--walk->depth];
	size_t count = walk->key_count - start;
	struct key *keys = walk->keys + start;

	walk->key_count = start;
	if (count < 2)
		return 0;
	qsort(keys, count, sizeof(*keys), by_hash);
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j-- > 0 && keys[j].hash == keys[i].hash;) {
			int same = same_key(walk, &keys[j], &keys[i]);

			if (same < 0)
				return -1;
			if (same)
				return refuse(walk, keys[i].token,
					      keys[i].length,
					      "stands there twice, and the "
					      "first would be lost", "");
		}
	return 0;
}

/* --- the walk -------------------------------------------------------------*/

/* A string is a key if a colon follows. */
static const char *take_string(struct walk *walk, const char *p)
{
	const char *end = check_string(walk, p), *next;

	if (!end)
		return NULL;
	next = end + strspn(end, " \t\r\n");
	if (*next == ':' && push_key(walk, p, (size_t)(end - p)))
		return NULL;
	return next;
}

static const char *take_token(struct walk *walk, const char *p)
{
	size_t length;

	switch (*p) {
	case '"':
		return take_string(walk, p);
	case '{':
		walk->open[walk->depth++] = walk->key_count;
		return p + 1;
	case '}':
		return close_object(walk) ? NULL : p + 1;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		length = strspn(p, "+-.0123456789eE");
		return check_number(walk, p, length) ? NULL : p + length;
	default:
		return p + 1;
	}
}

int guard_check(const struct libjq *jq, const char *subject, const char *text,
		struct problem *problem)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	const char *p = text;

	if (!walk)
		return problem_errno(problem, NULL, NULL);
	walk->jq = jq;
	walk->subject = subject;
	walk->text = text;
	walk->problem = problem;
	walk->keeps_literals = probe_literals(walk);
	while (p && *p)
		p = take_token(walk, p);
	free(walk->keys);
	buffer_release(&walk->one);
	buffer_release(&walk->other);
	free(walk);
	return p ? 0 : -1;
}
