/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_VARIABLES_H
#define INTERLOCK_VARIABLES_H

/*
 * The variables of a filter, given as jq's options give them: --arg, --argjson,
 * --slurpfile, --rawfile, --args, --jsonargs. They are kept as JSON text, so
 * that a filter that needs no libjq can use them without it.
 *
 * Guarantees
 * - Each value is valid JSON, checked before it is used. A number keeps the
 *   digits it was given.
 * - Of two values for one name the first counts, as in jq.
 * - No byte is replaced: what is not UTF-8 is refused.
 * - Files are read by variables_load and not before, so that an error in the
 *   command line is reported before anybody waits for standard input.
 *
 * Calling order: VARIABLES_INIT, then variables_option for each option and
 * variables_operand for what follows --args; variables_load; then lookups;
 * variables_release. The strings passed in are kept, not copied.
 *
 * Errors: -1 with PROBLEM. MISUSE for what is wrong in the command line itself,
 * FAILED for files and memory.
 */

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "edit.h"
#include "options.h"
#include "problem.h"

/* Ids that a tool's own must not collide with. */
enum variables_option {
	OPTION_ARG = 0x7200,
	OPTION_ARGJSON,
	OPTION_SLURPFILE,
	OPTION_RAWFILE,
	OPTION_ARGS,
	OPTION_JSONARGS,
};

/* Rows for the tool's option table. */
#define VARIABLES_SPECS                                                       \
	{OPTION_ARG, "arg", "NAME VALUE", "set $NAME to the string VALUE",    \
	 false, true},                                                        \
	{OPTION_ARGJSON, "argjson", "NAME JSON", "set $NAME to JSON", false,  \
	 true},                                                               \
	{OPTION_SLURPFILE, "slurpfile", "NAME PATH",                          \
	 "set $NAME to the array of JSON texts in PATH (-: stdin)", false,    \
	 true},                                                               \
	{OPTION_RAWFILE, "rawfile", "NAME PATH",                              \
	 "set $NAME to PATH's content as a string (-: stdin)", false, true},  \
	{OPTION_ARGS, "args", NULL,                                           \
	 "operands that follow are strings in $ARGS.positional", false,       \
	 false},                                                              \
	{OPTION_JSONARGS, "jsonargs", NULL, "likewise, JSON texts", false,    \
	 false}

/* Those that take part in $ARGS.named have a name, positional ones none. */
struct variable {
	enum variables_option kind;
	const char *name;   /* NULL: positional */
	const char *source; /* the value or path, as given */
	struct buffer json;
};

struct variables {
	struct variable *list; /* in the order they were given */
	size_t count;
	enum variables_option positional; /* what operands are; 0: not ours */
	bool uses_stdin;
};

#define VARIABLES_INIT {NULL, 0, 0, false}

/*
 * If ID is one of VARIABLES_SPECS, take it with the values in OPTIONS: 1. Not
 * one of them: 0. An error: -1.
 */
int variables_option(struct variables *variables, int id,
		     const struct options *options, struct problem *problem);

/*
 * An operand that the tool has no use for itself. KIND is what `positional` was
 * when it was read: 1 if that makes it a value, else 0; -1 on error.
 */
int variables_operand(struct variables *variables, enum variables_option kind,
		      const char *operand, struct problem *problem);

/*
 * Say that the tool reads standard input for WHAT (an option, as typed). Only
 * one may: the second is MISUSE.
 */
int variables_claim_stdin(struct variables *variables, const char *what,
			  struct problem *problem);

/*
 * Append to CONTENT all that PATH holds, standard input if it is "-"; CONTENT
 * ends in a NUL even if that is nothing. 0, or -1 with errno.
 */
int variables_read_file(const char *path, struct buffer *content);

/* PATH as messages name it: "-" is standard input. */
const char *variables_path(const char *path);

/* Read and check all values. 0 or -1. */
int variables_load(struct variables *variables, struct problem *problem);

/* The value of $NAME (LENGTH bytes of NAME) as JSON text, or NULL. */
const struct buffer *variables_find(const struct variables *variables,
				    const char *name, size_t length);

/* The same as edit wants to be told. VARIABLES must outlive what uses it. */
struct edit_variables variables_for_edit(struct variables *variables);

/* Room for a variable as messages call it; what is longer is cut. */
struct variables_label {
	char text[96];
};

/* "--arg x", "--jsonargs": in LABEL, and returned. */
const char *variables_label(struct variables_label *label,
			    const struct variable *variable);

/* Append what jq calls $ARGS to OUT. 0, or -1 with errno ENOMEM. */
int variables_print(const struct variables *variables, struct buffer *out);

void variables_release(struct variables *variables);

#endif
