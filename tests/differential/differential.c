/* SPDX-License-Identifier: MIT */

/*
 * Does common/edit do what jq does? Makes random filters of the kinds that edit
 * knows (and some that it must leave alone), applies each to many random
 * documents both ways, and compares.
 *
 * usage: differential [--pairs N] [--seed N]
 *
 * The environment's DIFFERENTIAL_PAIRS and DIFFERENTIAL_SEED say the same; the
 * seed is printed, and the same seed makes the same run.
 *
 * Rules
 * - What jq calls an error, edit declines: the filter or the document.
 * - On a document in jq's own style, the bytes are jq's.
 * - On any other, the value is jq's, and the members of the top level that the
 *   filter does not name are the same bytes as before.
 * - What is declined leaves the text alone, and `changed` tells the truth.
 */

#include <jv.h>
#include <jq.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit.h"
#include "json.h"

enum {
	DOCUMENTS = 100, /* for each filter */
	DEFAULT_PAIRS = 5000,
};

/* --- chance -------------------------------------------------------------- */

static uint64_t chance_state;

/* splitmix64: small, and the same everywhere. */
static uint64_t chance(void)
{
	uint64_t z = chance_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static unsigned below(unsigned limit)
{
	return (unsigned)(chance() % limit);
}

static bool one_in(unsigned n)
{
	return !below(n);
}

/* --- texts --------------------------------------------------------------- */

static void out_of_memory(void)
{
	fputs("differential: out of memory\n", stderr);
	exit(99);
}

static void put(struct buffer *out, const char *text)
{
	if (buffer_add_string(out, text))
		out_of_memory();
}

#define PICK(list) (list)[below(sizeof(list) / sizeof((list)[0]))]

/* The keys that documents and filters share, so that they meet. */
static const char *const keys[] = {"a",	       "b", "c",	"a b",
				   "\xc3\xa9", "",  "x\"y\\z\n"};

static unsigned some_key(void)
{
	return one_in(3) ? below(sizeof(keys) / sizeof(keys[0])) : below(3);
}

static const char *const plain_numbers[] = {
	"0",
	"1",
	"2",
	"-1",
	"7",
	"42",
	"-300",
	"1000000",
	"0.5",
	"-2.25",
	"3",
	"10",
	"999999999999999",
	"0.1",
	"17",
};

/* Numbers that some jq would spell otherwise, or cannot hold. */
static const char *const odd_numbers[] = {
	"1.0",
	"-0",
	"1e2",
	"1E+2",
	"0.10",
	"1.5e-3",
	"12345678901234567890",
	"1e400",
	"-0.0",
	"100000000000000000000000000000000000001",
};

static const char *const strings[] = {
	"",
	"x",
	"hello",
	"a\"b",
	"back\\slash",
	"line\nend",
	"\t\x01\x7f",
	"\xc3\xa9\xe2\x82\xac",
	"\xf0\x9f\x98\x80",
	"{[,:]}",
	"null",
};

/* TEXT as a string token, some characters as escapes they need not be. */
static void put_string(struct buffer *out, const char *text, bool odd)
{
	struct buffer token = BUFFER_INIT;

	if (json_quote(&token, text, strlen(text)))
		out_of_memory();
	for (const char *p = token.data; *p; p++) {
		if (odd && one_in(3) && *p >= 'a' && *p <= 'z' &&
		    (p == token.data || p[-1] != '\\') &&
		    !strchr(token.data, '\\')) {
			if (buffer_add_format(out, "\\u00%x", *p))
				out_of_memory();
		} else if (buffer_add_char(out, *p)) {
			out_of_memory();
		}
	}
	buffer_release(&token);
}

static void put_blanks(struct buffer *out, bool odd)
{
	static const char *const blanks[] = {"",   "",	 "",	    " ",
					     "\n", "\t", "\r\n   ", "\n    "};

	if (odd)
		put(out, PICK(blanks));
}

/* What a document is made of. */
struct manner {
	bool odd; /* blanks, escapes and numbers that jq would change */
	bool duplicates;
};

static void put_value(struct buffer *out, unsigned depth,
		      const struct manner *manner);

static void put_object(struct buffer *out, unsigned depth,
		       const struct manner *manner)
{
	unsigned used = 0;
	const char *separator = "";

	put(out, "{");
	put_blanks(out, manner->odd);
	for (unsigned i = below(5); i > 0; i--) {
		unsigned key = some_key();

		if (used & 1U << key && !(manner->duplicates && one_in(2)))
			continue;
		used |= 1U << key;
		put(out, separator);
		put_blanks(out, manner->odd);
		put_string(out, keys[key], manner->odd);
		put_blanks(out, manner->odd);
		put(out, ":");
		put_blanks(out, manner->odd);
		put_value(out, depth - 1, manner);
		put_blanks(out, manner->odd);
		separator = ",";
	}
	put(out, "}");
}

static void put_array(struct buffer *out, unsigned depth,
		      const struct manner *manner)
{
	const char *separator = "";

	put(out, "[");
	put_blanks(out, manner->odd);
	for (unsigned i = below(4); i > 0; i--) {
		put(out, separator);
		put_blanks(out, manner->odd);
		put_value(out, depth - 1, manner);
		put_blanks(out, manner->odd);
		separator = ",";
	}
	put(out, "]");
}

static void put_value(struct buffer *out, unsigned depth,
		      const struct manner *manner)
{
	static const char *const words[] = {"null", "true", "false"};

	switch (depth ? below(8) : below(4)) {
	case 0:
		put(out, PICK(words));
		break;
	case 1:
		put_string(out, PICK(strings), manner->odd);
		break;
	case 2:
		if (manner->odd && one_in(2)) {
			put(out, PICK(odd_numbers));
			break;
		}
		/* fall through */
	case 3:
		put(out, PICK(plain_numbers));
		break;
	case 4:
		put_array(out, depth, manner);
		break;
	default:
		put_object(out, depth, manner);
	}
}

static void put_document(struct buffer *out, const struct manner *manner)
{
	put_blanks(out, manner->odd);
	if (one_in(12))
		put_value(out, 2, manner);
	else
		put_object(out, 4, manner);
	put_blanks(out, manner->odd);
}

/* --- variables ----------------------------------------------------------- */

static const char *const names[] = {"k", "i", "s", "n", "v", "w"};

static struct buffer values[sizeof(names) / sizeof(names[0])];

static const char *find_value(void *context, const char *name, size_t length,
			      size_t *text_length)
{
	(void)context;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) != length ||
		    memcmp(names[i], name, length))
			continue;
		*text_length = values[i].length;
		return values[i].data;
	}
	return NULL;
}

/* $k is a key, $i an index, $s a string, $n a number, the others anything. */
static void make_values(void)
{
	const struct manner manner = {.odd = false};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		buffer_clear(&values[i]);
		switch (*names[i]) {
		case 'k':
			put_string(&values[i], PICK(keys), false);
			break;
		case 'i':
			put(&values[i], one_in(3) ? "-1" : "1");
			break;
		case 's':
			put_string(&values[i], PICK(strings), false);
			break;
		case 'n':
			put(&values[i], PICK(plain_numbers));
			break;
		default:
			put_value(&values[i], 2, &manner);
		}
	}
}

static jv jq_arguments(void)
{
	jv arguments = jv_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		arguments = jv_object_set(arguments, jv_string(names[i]),
					  jv_parse(values[i].data));
	return arguments;
}

/* --- filters ------------------------------------------------------------- */

struct filter {
	struct buffer text;
	bool reads; /* it names a path only */
	bool odd;   /* jq may spell its numbers otherwise */
	bool whole; /* the top level itself is touched */
	bool touched[sizeof(keys) / sizeof(keys[0])]; /* which top-level keys */
};

static void touch(struct filter *filter, size_t key, bool first)
{
	if (first)
		filter->touched[key] = true;
}

static void put_key_step(struct filter *filter, bool first)
{
	size_t key = some_key();
	struct buffer *out = &filter->text;

	touch(filter, key, first);
	if (key < 3 && !one_in(4)) {
		put(out, ".");
		put(out, keys[key]);
		return;
	}
	if (one_in(2)) {
		put(out, ".");
		put_string(out, keys[key], one_in(3));
		return;
	}
	put(out, first ? ".[" : "[");
	put_string(out, keys[key], false);
	put(out, one_in(4) ? " ]" : "]");
}

static void put_path(struct filter *filter)
{
	static const char *const indexes[] = {
		"[0]", "[1]", "[2]", "[-1]", "[5]", "[$i]", "[-7]",
	};

	for (unsigned i = 0, count = one_in(2) ? 1 : 1 + below(3); i < count;
	     i++) {
		if (one_in(i ? 3 : 12)) {
			put(&filter->text, i ? "" : ".");
			put(&filter->text, PICK(indexes));
			filter->whole |= !i;
		} else if (one_in(10)) {
			put(&filter->text, i ? "[$k]" : ".[$k]");
			filter->whole |= !i;
		} else {
			put_key_step(filter, !i);
		}
	}
}

static void put_constant(struct filter *filter, unsigned depth);

static void put_constant_object(struct filter *filter, unsigned depth)
{
	static const char *const shorthands[] = {"$s", "$n", "$v", "($k): 1",
						 "(\"q\" + $k): $i"};
	struct buffer *out = &filter->text;
	const char *separator = "";

	put(out, "{");
	for (unsigned i = below(4); i > 0; i--) {
		put(out, separator);
		separator = one_in(2) ? ", " : ",";
		if (one_in(5)) {
			put(out, PICK(shorthands));
			continue;
		}
		if (one_in(2))
			put(out, keys[below(3)]);
		else
			put_string(out, PICK(keys), one_in(3));
		put(out, one_in(2) ? ": " : " :");
		put_constant(filter, depth - 1);
	}
	put(out, "}");
}

static void put_constant(struct filter *filter, unsigned depth)
{
	static const char *const words[] = {"null", "true", "false"};
	static const char *const variables[] = {"$k", "$i", "$s",
						"$n", "$v", "$w"};
	struct buffer *out = &filter->text;
	const char *separator = "";

	switch (depth ? below(9) : below(7)) {
	case 0:
		put(out, PICK(words));
		return;
	case 1:
	case 2:
		put(out, PICK(variables));
		return;
	case 3:
	case 4:
		if (one_in(8)) {
			put(out, PICK(odd_numbers));
			filter->odd = true;
			return;
		}
		put(out, PICK(plain_numbers));
		return;
	case 5:
	case 6:
		put_string(out, PICK(strings), one_in(3));
		return;
	case 7:
		put_constant_object(filter, depth);
		return;
	default:
		put(out, "[");
		for (unsigned i = below(4); i > 0; i--) {
			put(out, separator);
			separator = " , ";
			put_constant(filter, depth - 1);
		}
		put(out, "]");
	}
}

static void put_update(struct filter *filter)
{
	static const char *const setters[] = {
		" = ", "=", " |= ", " += ", "+=", " //= ",
	};
	static const char *const counters[] = {
		" += ", " -= ", "-=", " *= ", " /= ",
	};
	/* jq 1.6 dies of a division by zero if it is less than 1. */
	static const char *const divisors[] = {"1", "2", "-3", "10", "0"};

	if (one_in(20)) {
		put(&filter->text, ".");
		if (one_in(4)) {
			put(&filter->text, PICK(setters));
			put_constant(filter, 2);
			filter->whole = true;
		}
		return;
	}
	if (one_in(5)) {
		put(&filter->text, "del(");
		for (put_path(filter); one_in(3); put_path(filter))
			put(&filter->text, ", ");
		put(&filter->text, ")");
		return;
	}
	put_path(filter);
	if (one_in(20)) {
		put(&filter->text, " %= ");
		put(&filter->text, PICK(divisors));
		return;
	}
	if (one_in(4)) {
		put(&filter->text, PICK(counters));
		put(&filter->text, one_in(3) ? "$n" : PICK(plain_numbers));
		return;
	}
	put(&filter->text, PICK(setters));
	put_constant(filter, 3);
	while (one_in(6)) {
		put(&filter->text, one_in(2) ? " + " : "+");
		put_constant(filter, 2);
	}
}

/* What edit must leave to jq, or get right. */
static void put_foreign(struct filter *filter)
{
	static const char *const foreign[] = {
		".a?",
		".[]",
		".a, .b",
		".a // 1",
		".a = .b",
		".a = (1,2)",
		".. = 1",
		".a[1:2] = [0]",
		".a = 1 // 2",
		".a |= empty",
		".a = 1, .b = 2",
		".a = -$n",
		".a = \"\\(1)\"",
		".a += 1 as $x | .",
		"{a}",
		".a == 1",
		".a = @text \"x\"",
		"empty",
		"del(.)",
		"del(.[])",
		"del(.a, .[0])",
		".a = $n | .b",
		".a = {a:1}.a",
		".a = [1,2][0]",
		".a = 1 - 1",
		".a = [1|2]",
		".a = {(1):2}",
		".a = {\"a\":1,\"a\":2}",
		".a = # x\n 1",
		".a = nan",
		".a = $__loc__",
		".a = $ENV.HOME",
		".a=1;",
		".[1.5] = 1",
		".a.[0] = 1",
		".a = {if:1}",
		".a = {a:1 + 2}",
		".a = 01",
		".a = .5",
		".a = 1.",
		".a[00] = 1",
		".a = 1 | .b |= $v | .",
		"(.a = 1)",
		".a = ((1) + ($n))",
		"",
	};

	put(&filter->text, PICK(foreign));
	filter->odd = filter->whole = true;
}

/* Change a byte or two: mostly nonsense, which edit must not accept alone. */
static void spoil(struct filter *filter)
{
	static const char bytes[] = ".|=+-*/$\"\\[]{}(),:; \n#?a0e1@";
	struct buffer *text = &filter->text;

	for (unsigned i = 1 + below(2); i > 0 && text->length; i--) {
		size_t at = below((unsigned)text->length);

		if (one_in(2)) {
			text->data[at] = bytes[below(sizeof(bytes) - 1)];
		} else {
			memmove(text->data + at, text->data + at + 1,
				text->length - at);
			text->length--;
		}
	}
	filter->odd = filter->whole = true;
}

static void make_filter(struct filter *filter)
{
	struct buffer text = filter->text;

	memset(filter, 0, sizeof(*filter));
	filter->text = text;
	buffer_clear(&filter->text);
	if (one_in(15)) {
		put_foreign(filter);
		return;
	}
	filter->reads = one_in(10);
	if (filter->reads) {
		put_path(filter);
	} else {
		for (put_update(filter); one_in(3); put_update(filter))
			put(&filter->text, " | ");
	}
	if (one_in(12) && !strchr(filter->text.data, '%'))
		spoil(filter);
}

/* --- both ways ----------------------------------------------------------- */

static struct {
	uint64_t pairs;
	uint64_t done;	 /* edit did it */
	uint64_t left;	 /* edit declined what jq did */
	uint64_t errors; /* jq refused, and edit declined */
	uint64_t failures;
} tally;

/* One comparison. */
struct pair {
	const struct filter *filter;
	const struct edit *edit; /* NULL: declined */
	jq_state *jq;		 /* NULL: does not compile */
	bool jq_style;
	struct buffer document;
	struct buffer result; /* of edit */
	jv expected;	      /* invalid: jq refuses */
};

static void complain(const struct pair *pair, const char *what)
{
	jv text = jv_is_valid(pair->expected)
			  ? jv_dump_string(jv_copy(pair->expected), 0)
			  : jv_string("an error");

	tally.failures++;
	printf("FAIL: %s\n  filter:   %s\n", what, pair->filter->text.data);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		printf("  $%s: %s\n", names[i], values[i].data);
	printf("  document: %s\n  edit:     %s\n  jq:       %s\n",
	       pair->document.data ? pair->document.data : "",
	       pair->result.data ? pair->result.data : "",
	       jv_string_value(text));
	jv_free(text);
}

/* The one value that the filter yields, or invalid. */
static jv run_jq(jq_state *jq, const char *document)
{
	jv result, more;

	jq_start(jq, jv_parse(document), 0);
	result = jq_next(jq);
	if (!jv_is_valid(result))
		return result;
	more = jq_next(jq);
	if (jv_is_valid(more) || jv_invalid_has_msg(jv_copy(more))) {
		jv_free(result);
		result = jv_invalid();
	}
	jv_free(more);
	return result;
}

/* What edit asks of libjq. */
static enum edit_result compute(void *context, char operator, const char * left,
				size_t left_length, const char *right,
				size_t right_length, struct buffer *result)
{
	jv l = jv_parse_sized(left, (int)left_length);
	jv r = jv_parse_sized(right, (int)right_length);
	double a = jv_number_value(l), b = jv_number_value(r);
	jv text;

	(void)context;
	jv_free(l);
	jv_free(r);
	if (operator== '/' && b == 0)
		return EDIT_DECLINED;
	text = jv_dump_string(jv_number(operator== '+' ? a + b :
					operator== '-' ? a - b
					:
					operator== '*' ? a * b
						       : a / b),
			      0);
	put(result, jv_string_value(text));
	jv_free(text);
	return EDIT_DONE;
}

/* Values as jq prints them: an infinity has become the largest number. */
static jv printed(jv value)
{
	jv text = jv_dump_string(value, 0);
	jv result = jv_parse(jv_string_value(text));

	jv_free(text);
	return result;
}

static bool same_value(const char *text, jv expected)
{
	return jv_equal(printed(jv_parse(text)), printed(jv_copy(expected)));
}

static void make_document(struct pair *pair)
{
	const struct manner manner = {
		.odd = !pair->jq_style,
		.duplicates = !pair->jq_style && one_in(3),
	};
	jv text;

	buffer_clear(&pair->document);
	put_document(&pair->document, &manner);
	if (!pair->jq_style)
		return;
	text = jv_dump_string(jv_parse(pair->document.data),
			      JV_PRINT_PRETTY | JV_PRINT_SPACE1);
	buffer_clear(&pair->document);
	put(&pair->document, jv_string_value(text));
	put(&pair->document, "\n");
	jv_free(text);
}

/* Is the member KEY the same bytes (or the same absence) in both texts? */
static bool same_member(const struct buffer *a, const struct buffer *b,
			const char *key)
{
	const struct json_step step = {.key = key, .length = strlen(key)};
	struct json_place p, q;
	size_t length;

	if (json_locate(a->data, a->length, &step, 1, &p, NULL) ||
	    json_locate(b->data, b->length, &step, 1, &q, NULL))
		return false;
	if (!p.found || !q.found)
		return p.found == q.found;
	length = p.here.end - p.here.start;
	return length == q.here.end - q.here.start &&
	       !memcmp(a->data + p.here.start, b->data + q.here.start, length);
}

static void check_bytes(const struct pair *pair)
{
	const struct filter *filter = pair->filter;
	jv text;

	if (pair->jq_style && !filter->odd) {
		text = jv_dump_string(jv_copy(pair->expected),
				      JV_PRINT_PRETTY | JV_PRINT_SPACE1);
		if (strncmp(jv_string_value(text), pair->result.data,
			    pair->result.length - 1) ||
		    pair->result.data[pair->result.length - 1] != '\n')
			complain(pair, "not the bytes that jq prints");
		jv_free(text);
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!filter->whole && !filter->touched[i] &&
		    !same_member(&pair->document, &pair->result, keys[i]))
			complain(pair, "a member was touched");
}

static void check_update(struct pair *pair)
{
	const struct edit_arithmetic arithmetic = {compute, NULL};
	struct buffer *document = &pair->document, *result = &pair->result;
	bool changed = false, differs;
	enum edit_result outcome;

	buffer_clear(result);
	if (buffer_add(result, document->data, document->length))
		out_of_memory();
	outcome = edit_apply(pair->edit, result, &arithmetic, &changed, NULL);
	differs = result->length != document->length ||
		  memcmp(result->data, document->data, document->length);
	if (outcome == EDIT_DECLINED) {
		if (differs)
			complain(pair, "declined, and changed the text");
		if (jv_is_valid(pair->expected))
			tally.left++;
		else
			tally.errors++;
	} else if (outcome != EDIT_DONE) {
		complain(pair, "the document was refused");
	} else if (!jv_is_valid(pair->expected)) {
		complain(pair, "jq refuses, edit does not");
	} else if (json_validate(result->data, result->length, NULL)) {
		complain(pair, "the result is not JSON");
	} else if (!same_value(result->data, pair->expected)) {
		complain(pair, "not the value that jq makes");
	} else if (changed != differs) {
		complain(pair, "`changed` is wrong");
	} else {
		tally.done++;
		check_bytes(pair);
	}
}

static void check_read(struct pair *pair)
{
	const char *value;
	size_t length;
	enum edit_result outcome =
		edit_get(pair->edit, pair->document.data, pair->document.length,
			 &value, &length, NULL);

	buffer_clear(&pair->result);
	if (outcome == EDIT_DECLINED) {
		if (jv_is_valid(pair->expected))
			tally.left++;
		else
			tally.errors++;
		return;
	}
	if (outcome == EDIT_DONE && buffer_add(&pair->result, value, length))
		out_of_memory();
	if (outcome != EDIT_DONE)
		complain(pair, "the document was refused");
	else if (!jv_is_valid(pair->expected))
		complain(pair, "jq refuses, edit does not");
	else if (!same_value(pair->result.data, pair->expected))
		complain(pair, "not the value that jq finds");
	else
		tally.done++;
}

static void check_pair(struct pair *pair)
{
	pair->jq_style = one_in(2);
	make_document(pair);
	pair->expected =
		pair->jq ? run_jq(pair->jq, pair->document.data) : jv_invalid();
	tally.pairs++;
	if (!pair->edit && jv_is_valid(pair->expected))
		tally.left++;
	else if (!pair->edit)
		tally.errors++;
	else if (pair->filter->reads)
		check_read(pair);
	else
		check_update(pair);
	jv_free(pair->expected);
}

static void say_nothing(void *data, jv message)
{
	(void)data;
	jv_free(message);
}

static void check_filter(struct filter *filter)
{
	const struct edit_variables variables = {find_value, NULL};
	struct pair pair = {.filter = filter};
	struct edit *edit = NULL;
	jq_state *jq = jq_init();

	if (!jq)
		out_of_memory();
	jq_set_error_cb(jq, say_nothing, NULL);
	make_values();
	make_filter(filter);
	if (jq_compile_args(jq, filter->text.data, jq_arguments()))
		pair.jq = jq;
	if ((filter->reads ? edit_parse_path : edit_parse)(
		    &edit, filter->text.data, &variables) == EDIT_DONE)
		pair.edit = edit;
	for (unsigned i = 0; i < DOCUMENTS; i++)
		check_pair(&pair);
	edit_release(edit);
	jq_teardown(&jq);
	buffer_release(&pair.document);
	buffer_release(&pair.result);
}

/* --- main ---------------------------------------------------------------- */

/* libjq does not tell its version; what it does to a long number does. */
static bool keeps_digits(void)
{
	static const char digits[] = "100000000000000000001";
	jv text = jv_dump_string(jv_parse(digits), 0);
	bool kept = !strcmp(jv_string_value(text), digits);

	jv_free(text);
	return kept;
}

static uint64_t setting(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	uint64_t pairs = setting("DIFFERENTIAL_PAIRS", DEFAULT_PAIRS);
	uint64_t seed = setting("DIFFERENTIAL_SEED", 1);
	struct filter filter = {.text = BUFFER_INIT};

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--pairs"))
			pairs = strtoull(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--seed"))
			seed = strtoull(argv[i + 1], NULL, 10);
	}
	unsetenv("HOME");
	chance_state = seed;
	printf("seed %" PRIu64 "\n", seed);
	puts(keeps_digits() ? "libjq 1.7 or later" : "libjq 1.6");
	while (tally.pairs < pairs && tally.failures < 10)
		check_filter(&filter);
	printf("%" PRIu64 " pairs: %" PRIu64 " done by edit, %" PRIu64
	       " left to jq, %" PRIu64 " refused by jq\n",
	       tally.pairs, tally.done, tally.left, tally.errors);
	buffer_release(&filter.text);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		buffer_release(&values[i]);
	if (tally.done < tally.pairs / 5) {
		puts("FAIL: edit did too little of it to prove anything");
		return 1;
	}
	return tally.failures > 0;
}
