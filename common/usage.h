/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_USAGE_H
#define INTERLOCK_USAGE_H

/*
 * --help, --version and --verbose, the same in all programs.
 *
 * Like diag, this unit writes (to standard output), and only tools call it.
 */

#include "options.h"

enum usage_option {
	OPTION_HELP = 0x7f00,
	OPTION_VERSION,
};

/* The last rows of every tool's option table. */
#define USAGE_SPECS                                                           \
	{'v', "verbose", NULL, "say what was done", false, false},            \
	{OPTION_HELP, "help", NULL, "show this help", false, false},          \
	{OPTION_VERSION, "version", NULL, "show the version", false, false}

/*
 * What --help shows. The synopsis' lines are those of the manual page; a test
 * compares them.
 */
struct usage {
	const char *synopsis; /* lines, each ended by a newline */
	const char *purpose;  /* what it does; lines, likewise */
	const struct option_spec *specs;
	const char *notes;    /* lines behind the options, or NULL */
};

/* Write the help to standard output. Returns the exit status. */
int usage_help(const struct usage *usage);

/* "NAME (interlock) VERSION". Returns the exit status. */
int usage_version(void);

/* Write TEXT to standard output: DONE, or FAILED with a message. */
int usage_print(const char *text, size_t length);

#endif
