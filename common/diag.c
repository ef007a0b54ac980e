/* SPDX-License-Identifier: MIT */
#include "diag.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *tool = "interlock";
static bool verbose;

/* A line in the making. One byte is kept free for the newline. */
struct line {
	char text[8192];
	size_t length;
};

void diag_init(const char *name)
{
	tool = name;
}

const char *diag_name(void)
{
	return tool;
}

void diag_set_verbose(bool on)
{
	verbose = on;
}

static void add_arguments(struct line *line, const char *format, va_list args)
{
	size_t room = sizeof(line->text) - 1 - line->length;
	int n = vsnprintf(line->text + line->length, room, format, args);

	if (n < 0)
		return;
	line->length += (size_t)n < room ? (size_t)n : room - 1;
}

static void add(struct line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_arguments(line, format, args);
	va_end(args);
}

/*
 * C0, DEL, and C1 as UTF-8 spells it (C2 80 to C2 9F). A lone byte of 80 to 9F
 * is left: in UTF-8 it is part of an ordinary character.
 */
static void mask_controls(struct line *line)
{
	for (size_t i = 0; i < line->length; i++) {
		unsigned char c = (unsigned char)line->text[i];
		unsigned char next = (unsigned char)line->text[i + 1];

		if (c < 0x20 || c == 0x7f)
			line->text[i] = '?';
		else if (c == 0xc2 && i + 1 < line->length && next >= 0x80 &&
			 next <= 0x9f)
			line->text[i] = line->text[i + 1] = '?';
	}
}

static void emit(struct line *line)
{
	int saved = errno;
	ssize_t n;

	mask_controls(line);
	line->text[line->length++] = '\n';
	do
		n = write(STDERR_FILENO, line->text, line->length);
	while (n < 0 && errno == EINTR);
	errno = saved;
}

static void emit_message(const char *subject, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void emit_message(const char *subject, const char *format, va_list args)
{
	struct line line = {.length = 0};

	add(&line, "%s: ", tool);
	if (subject && *subject)
		add(&line, "%s: ", subject);
	add_arguments(&line, format, args);
	emit(&line);
}

void diag_error(const char *subject, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit_message(subject, format, args);
	va_end(args);
}

int diag_problem(const struct problem *problem)
{
	diag_error(problem->subject, "%s", problem->reason);
	return (int)problem->status;
}

int diag_misuse(const char *subject, const char *format, ...)
{
	struct line line = {.length = 0};
	va_list args;

	va_start(args, format);
	emit_message(subject, format, args);
	va_end(args);
	add(&line, "Try '%s --help' for more information.", tool);
	emit(&line);
	return STATUS_MISUSE;
}

static void emit_marked(const char *mark, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void emit_marked(const char *mark, const char *format, va_list args)
{
	struct line line = {.length = 0};

	add(&line, "%s ", mark);
	add_arguments(&line, format, args);
	emit(&line);
}

void diag_ok(const char *format, ...)
{
	va_list args;

	if (!verbose)
		return;
	va_start(args, format);
	emit_marked("[OK]", format, args);
	va_end(args);
}

void diag_mark(const char *mark, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit_marked(mark, format, args);
	va_end(args);
}

void diag_debug(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit_marked("[LOCK DEBUG]", format, args);
	va_end(args);
}

void diag_waiting(const char *subject, const char *who)
{
	diag_error(subject, "waiting: locked by %s", who);
}
