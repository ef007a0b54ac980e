/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_EDIT_PLAN_H
#define INTERLOCK_EDIT_PLAN_H

/*
 * What edit_parse.c makes of a filter and edit.c applies; private to the two.
 */

#include <stdbool.h>
#include <stddef.h>

#include "edit.h"
#include "json.h"

/* More steps than this in a path are declined. */
#define EDIT_STEPS 64

enum edit_kind {
	EDIT_SET, /* = and |= */
	EDIT_ADD, /* += and so on */
	EDIT_SUBTRACT,
	EDIT_MULTIPLY,
	EDIT_DIVIDE,
	EDIT_MODULO,
	EDIT_DEFAULT, /* //= */
	EDIT_DELETE,
	EDIT_READ, /* the path of edit_parse_path */
};

struct edit_operation {
	enum edit_kind kind;
	const struct json_step *path;
	size_t steps;
	const char *value; /* compact JSON; of DELETE and READ: NULL */
	size_t value_length;
};

/* A piece of memory that lives as long as its plan. */
struct edit_piece {
	struct edit_piece *next;
	_Alignas(max_align_t) char bytes[];
};

struct edit {
	struct edit_operation *operations;
	size_t count;
	struct edit_piece *pieces;
};

/*
 * LEFT KIND RIGHT for integers of up to 15 digits with a result of the same
 * kind, appended to RESULT. Returns DONE, DECLINED if they are not that or the
 * result is not, or is a negative zero, or NO_MEMORY.
 */
enum edit_result edit_compute(enum edit_kind kind, const char *left,
			      size_t left_length, const char *right,
			      size_t right_length, struct buffer *result);

#endif
