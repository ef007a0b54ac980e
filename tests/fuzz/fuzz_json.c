/* SPDX-License-Identifier: MIT */

/*
 * libFuzzer target for common/json: any bytes are a text. What is valid must
 * stay valid, and the same tokens, however it is printed; and each way into the
 * text must agree with the others.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition, const char *what)
{
	if (!condition) {
		fprintf(stderr, "broken: %s\n", what);
		abort();
	}
}

static void print(struct buffer *out, const struct buffer *text,
		  const struct json_style *style)
{
	buffer_clear(out);
	require(!json_print(out, text->data, text->length, style), "memory");
	require(!json_validate(out->data, out->length, NULL),
		"what is printed is valid");
}

/* Printed in any style and then compactly, a text is the same. */
static void check_print(const struct buffer *text)
{
	const struct json_style compact = {.compact = true};
	struct json_style styles[] = {
		JSON_STYLE_JQ,
		{.tab = true, .crlf = true},
		{.compact = true, .spaced = true},
		{.indent = 0},
	};
	struct buffer plain = BUFFER_INIT, styled = BUFFER_INIT,
		      again = BUFFER_INIT;

	json_detect_style(text->data, text->length, &styles[3]);
	if (styles[3].indent > 100)
		styles[3].indent = 100;
	print(&plain, text, &compact);
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		print(&styled, text, &styles[i]);
		print(&again, &styled, &compact);
		require(plain.length == again.length &&
				!memcmp(plain.data, again.data, plain.length),
			"printing keeps the tokens");
	}
	buffer_release(&plain);
	buffer_release(&styled);
	buffer_release(&again);
}

static void check_member(const struct json_member *member, size_t length)
{
	require(member->before <= member->start &&
			member->start <= member->key_end &&
			member->key_end <= member->value &&
			member->value < member->end &&
			member->end <= member->behind &&
			member->behind <= length,
		"a member's parts are in order");
}

static void check_locate(const struct buffer *text, int valid)
{
	static const struct json_step paths[][2] = {
		{{.key = "a", .length = 1}, {.key = "b", .length = 1}},
		{{.key = "a", .length = 1}, {.index = -1}},
		{{.index = 1}, {.key = "", .length = 0}},
		{{.index = -2}, {.index = 0}},
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct json_place place;
		struct json_error error, expected;

		if (json_locate(text->data, text->length, paths[i], 2, &place,
				&error)) {
			require(!valid, "locate takes what is valid");
			json_validate(text->data, text->length, &expected);
			require(error.offset == expected.offset &&
					error.reason == expected.reason,
				"both find the same error");
			continue;
		}
		require(valid, "locate refuses what is not valid");
		check_member(&place.here, text->length);
		require(json_value_end(text->data + place.here.value) ==
				text->data + place.here.end,
			"a value ends where it was said to end");
		if (place.count)
			check_member(&place.last, text->length);
	}
}

static void check_quote(const struct buffer *text)
{
	struct buffer token = BUFFER_INIT, bytes = BUFFER_INIT;

	if (!json_quote(&token, text->data, text->length)) {
		require(!json_validate(token.data, token.length, NULL),
			"a quoted string is valid");
		require(!json_unquote(&bytes, token.data, token.length) &&
				bytes.length == text->length &&
				(!text->length ||
				 !memcmp(bytes.data, text->data, text->length)),
			"quoting can be undone");
	}
	buffer_release(&token);
	buffer_release(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer text = BUFFER_INIT;
	struct json_error error;
	size_t line, column;
	int valid;

	require(!buffer_add(&text, data, size), "memory");
	valid = !json_validate(text.data, text.length, &error);
	if (valid) {
		check_print(&text);
	} else {
		require(error.offset <= size, "the error is in the text");
		json_position(text.data, error.offset, &line, &column);
	}
	check_locate(&text, valid);
	check_quote(&text);
	buffer_release(&text);
	return 0;
}
