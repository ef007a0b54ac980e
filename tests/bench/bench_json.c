/* SPDX-License-Identifier: MIT */

/*
 * How fast is common/json on one core? Makes texts of the kinds that differ
 * most in cost, and prints MB/s, the best of several passes, for each.
 *
 * usage: bench_json [MEGABYTES]
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deadline.h"
#include "json.h"

enum { PASSES = 15 };

/* The N-th element of an array of each kind; %u takes N. */
static const struct {
	const char *name;
	const char *element;
	bool pretty;
} kinds[] = {
	{"log, pretty",
	 "{\"id\":%u,\"time\":\"2026-01-25T10:30:00Z\",\"client\":\"worker-%"
	 "u\","
	 "\"ok\":true,\"took\":0.125,\"tags\":[\"read\",\"update\"],"
	 "\"note\":\"a line of about fifty characters, as logs have it\"}",
	 true},
	{"log, compact",
	 "{\"id\":%u,\"time\":\"2026-01-25T10:30:00Z\",\"client\":\"worker-%"
	 "u\","
	 "\"ok\":true,\"took\":0.125,\"tags\":[\"read\",\"update\"],"
	 "\"note\":\"a line of about fifty characters, as logs have it\"}",
	 false},
	{"short numbers", "%u,-1.5,7,%u,0", false},
	{"small objects", "{\"a\":%u,\"b\":{\"c\":[]}},{\"a\":%u}", false},
	{"short strings", "\"a%u\",\"bc\",\"\",\"d%u\",\"efg\"", false},
	{"escapes", "\"\\n\\t\\u00e9 \\\"%u\\\" \\\\ \\/ \\ud83d\\ude00 %u\"",
	 false},
	{"chat text",
	 "{\"role\":\"user\",\"n\":%u,\"text\":\"Could you look at this again? "
	 "It fails with status %u, and I think the reason is that the file "
	 "was replaced while it was being read. See the log:\\n\\n\"}",
	 false},
	{"Cyrillic",
	 "\"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 %u "
	 "\xd0\xba\xd0\xb0\xd0\xba \xd0\xb4\xd0\xb5\xd0\xbb\xd0\xb0 %u\"",
	 false},
	{"Chinese",
	 "\"\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xb8\x96\xe7\x95\x8c%u"
	 "\xe6\x96\x87\xe4\xbb\xb6\xe9\x94\x81\xe5\xae\x9a%u\"",
	 false},
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void fill(struct buffer *text, size_t kind, size_t size)
{
	const struct json_style style = JSON_STYLE_JQ;
	struct buffer compact = BUFFER_INIT;

	buffer_clear(text);
	if (buffer_add_string(&compact, "{\"items\":["))
		die("buffer");
	for (unsigned n = 0; compact.length < size; n++)
		if ((n && buffer_add_char(&compact, ',')) ||
		    buffer_add_format(&compact, kinds[kind].element, n, n))
			die("buffer");
	if (buffer_add_string(&compact, "],\"last\":1}"))
		die("buffer");
	if (kinds[kind].pretty
		    ? json_print(text, compact.data, compact.length, &style)
		    : buffer_add(text, compact.data, compact.length))
		die("buffer");
	buffer_release(&compact);
}

static int validate(const struct buffer *text)
{
	return json_validate(text->data, text->length, NULL);
}

/* To the last member of all, past everything else. */
static int locate(const struct buffer *text)
{
	const struct json_step last = {.key = "last", .length = 4};
	struct json_place place;

	return json_locate(text->data, text->length, &last, 1, &place, NULL);
}

static int print(const struct buffer *text)
{
	static struct buffer out;
	const struct json_style style = JSON_STYLE_JQ;

	buffer_clear(&out);
	return json_print(&out, text->data, text->length, &style);
}

/* MB/s of WORK over TEXT. */
static double measure(int (*work)(const struct buffer *text),
		      const struct buffer *text)
{
	int64_t best = INT64_MAX;

	for (int pass = 0; pass < PASSES; pass++) {
		int64_t start = deadline_now(), took;

		if (work(text))
			die("the text is not valid");
		took = deadline_now() - start;
		if (took < best)
			best = took;
	}
	return (double)text->length * 1e3 / (double)best;
}

int main(int argc, char **argv)
{
	size_t megabytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 10;
	struct buffer text = BUFFER_INIT;

	printf("%-16s %10s %10s %10s   MB/s\n", "kind", "validate", "locate",
	       "print");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		fill(&text, i, megabytes * 1000000);
		printf("%-16s %10.0f %10.0f %10.0f\n", kinds[i].name,
		       measure(validate, &text), measure(locate, &text),
		       measure(print, &text));
	}
	buffer_release(&text);
	return 0;
}
