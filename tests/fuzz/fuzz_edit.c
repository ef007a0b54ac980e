/* SPDX-License-Identifier: MIT */

/*
 * libFuzzer target for common/edit: the first line is a filter, the rest a
 * document. What edit does must be JSON again; what it declines must be as it
 * was; and it may take only what is valid.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition, const char *what)
{
	if (!condition) {
		fprintf(stderr, "broken: %s\n", what);
		abort();
	}
}

static const char *find(void *context, const char *name, size_t length,
			size_t *text_length)
{
	static const char *const values[] = {
		"\"a\"", "-1", " [1.0, {}] ", "{\"a\": null}", "null",
	};
	const char *value = values[*name % 5];

	(void)context;
	if (length != 1)
		return NULL;
	*text_length = strlen(value);
	return value;
}

static const struct edit_variables variables = {find, NULL};

static enum edit_result compute(void *context, char operator, const char * left,
				size_t left_length, const char *right,
				size_t right_length, struct buffer *result)
{
	(void)context;
	(void)right;
	require(strchr("+-*/", operator) && operator&& right_length> 0,
		"an operator with two operands");
	return buffer_add(result, left, left_length) ? EDIT_NO_MEMORY
						     : EDIT_DONE;
}

static void check_apply(const struct edit *edit, const struct buffer *before)
{
	const struct edit_arithmetic arithmetic = {compute, NULL};
	const int valid = !json_validate(before->data, before->length, NULL);
	struct buffer text = BUFFER_INIT;
	struct json_error error;
	bool changed = false, differs;
	enum edit_result result;

	require(!buffer_add(&text, before->data, before->length), "memory");
	result = edit_apply(edit, &text, &arithmetic, &changed, &error);
	differs = text.length != before->length ||
		  memcmp(text.data, before->data, text.length);
	require(text.data[text.length] == '\0', "a NUL ends the text");
	if (result == EDIT_DONE) {
		require(valid, "only what is valid is edited");
		require(!json_validate(text.data, text.length, NULL),
			"the result is valid");
		require(changed == differs, "`changed` tells the truth");
	} else {
		require(!differs, "what is not done is not changed");
		require((result == EDIT_INVALID) == !valid,
			"invalid is said of what is");
	}
	buffer_release(&text);
}

static void check_get(const struct edit *path, const struct buffer *text)
{
	struct buffer value = BUFFER_INIT;
	const char *start;
	size_t length;

	if (edit_get(path, text->data, text->length, &start, &length, NULL) !=
	    EDIT_DONE)
		return;
	require(!buffer_add(&value, start, length), "memory");
	require(!json_validate(value.data, value.length, NULL),
		"what a path leads to is a value");
	buffer_release(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	struct buffer filter = BUFFER_INIT, text = BUFFER_INIT;
	struct edit *edit;

	if (!newline)
		return 0;
	require(!buffer_add(&filter, data, (size_t)(newline - data)) &&
			!buffer_add(&text, newline + 1,
				    size - (size_t)(newline + 1 - data)),
		"memory");
	if (edit_parse(&edit, filter.data, &variables) == EDIT_DONE) {
		check_apply(edit, &text);
		edit_release(edit);
	}
	if (edit_parse_path(&edit, filter.data, &variables) == EDIT_DONE) {
		check_get(edit, &text);
		edit_release(edit);
	}
	buffer_release(&filter);
	buffer_release(&text);
	return 0;
}
