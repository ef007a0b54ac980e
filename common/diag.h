/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_DIAG_H
#define INTERLOCK_DIAG_H

/*
 * Messages for people, on standard error: `tool: subject: reason`.
 *
 * Guarantees: a message is one line and one write(2), so that messages of many
 * processes do not mix; control characters in it (a file's name may hold some)
 * are shown as '?', so that they cannot drive a terminal; errno is kept.
 *
 * Non-guarantees: a message over some 8 KiB is cut; one that cannot be written
 * is lost, and nobody is told.
 *
 * This is the one unit of common/ that prints, and only the tools call it.
 */

#include <stdarg.h>
#include <stdbool.h>

#include "problem.h"

/* Name the tool whose messages these are. NAME is kept, not copied. */
void diag_init(const char *name);

/* The name given to diag_init. */
const char *diag_name(void);

/* Let diag_ok speak. */
void diag_set_verbose(bool verbose);

/* `tool: subject: reason`; SUBJECT may be NULL or "". */
void diag_error(const char *subject, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same for a problem. Returns its status, for `return diag_problem(..)`. */
int diag_problem(const struct problem *problem);

/* An error of usage and the line "Try 'tool --help'". Returns MISUSE. */
int diag_misuse(const char *subject, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* `[OK] ...`, with --verbose only. */
void diag_ok(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line with a mark of its own, such as "[INFO]" or "[LOCK DEBUG]". */
void diag_mark(const char *mark, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "[LOCK DEBUG] ..." */
void diag_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "tool: subject: waiting: locked by WHO": a lock_notice. */
void diag_waiting(const char *subject, const char *who);

#endif
