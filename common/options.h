/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_OPTIONS_H
#define INTERLOCK_OPTIONS_H

/*
 * Command lines, read from a table, from which --help is made as well.
 *
 * Why not getopt_long: it accepts abbreviations of long options (a script that
 * uses one breaks when a second option with that beginning is added), it stops
 * at the first operand when POSIXLY_CORRECT is set, and it hides whether "--"
 * was there, which starts COMMAND in these programs.
 *
 * Guarantees: options and operands may come in any order; argv is not changed,
 * so a process listing shows what was typed; nothing behind "--" is read.
 *
 * Calling order: options_init, then options_next until it returns OPTION_END
 * or -1. The struct's strings point into argv.
 */

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "problem.h"

/* Ids of options that have no letter start here. */
enum { OPTION_LONG_ONLY = 256 };

struct option_spec {
	int id;		      /* the letter, or a number of the tool's own */
	const char *name;     /* the long name, or NULL */
	const char *argument; /* name of its argument in --help, or NULL */
	const char *help;     /* one line of --help; NULL: not shown there */
	bool optional;	      /* only as --name=ARG; plain --name has none */
	bool pair;	      /* takes two arguments: value, then second */
};

/* What options_next returns besides ids. */
enum option_event {
	OPTION_END = 0,
	OPTION_OPERAND = -2, /* value is the operand */
	OPTION_COMMAND = -3, /* "--": command is what stands behind it */
};

struct options {
	const struct option_spec *specs; /* ended by one whose id is 0 */
	char **argv;
	int next;	    /* index of the next word to read */
	bool takes_command; /* "--" starts COMMAND; else it ends options */
	bool only_operands; /* such a "--" has been read */
	const char *cluster; /* rest of a word such as -rn */
	const char *value;  /* argument of the option just returned, or NULL */
	const char *second; /* second argument of a pair */
	char **command;	    /* NULL-terminated, NULL if there was no "--" */
};

void options_init(struct options *options, const struct option_spec *specs,
		  char **argv, bool takes_command);

/*
 * The next option's id, an enum option_event, or -1 with PROBLEM (MISUSE) for
 * an unknown option, a missing argument or one that may not be there.
 */
int options_next(struct options *options, struct problem *problem);

/*
 * Put what --help shows of SPECS behind TEXT, a line an option, in the table's
 * order. Returns 0, or -1 with errno ENOMEM.
 */
int options_help(const struct option_spec *specs, struct buffer *text);

#endif
