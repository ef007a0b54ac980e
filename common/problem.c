/* SPDX-License-Identifier: MIT */
#include "problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A subject that is too long keeps its end: of a path that is where the file's
 * name stands.
 */
static void set_subject(struct problem *problem, const char *subject)
{
	size_t room = sizeof(problem->subject) - 1;
	size_t length = subject ? strlen(subject) : 0;

	if (length <= room) {
		memcpy(problem->subject, subject ? subject : "", length + 1);
		return;
	}
	memcpy(problem->subject, "...", 3);
	memcpy(problem->subject + 3, subject + length - (room - 3), room - 2);
}

/*
 * A reason that is too long has something quoted in it that is: what says why
 * stands before or behind that, so it keeps both ends.
 */
static void shorten(char *reason, size_t size, const char *text, size_t length)
{
	size_t end = size / 2;

	memcpy(reason + size - end - 3, "...", 3);
	memcpy(reason + size - end, text + length - (end - 1), end);
}

static void set_reason(struct problem *problem, const char *format,
		       va_list args) __attribute__((format(printf, 2, 0)));

static void set_reason(struct problem *problem, const char *format,
		       va_list args)
{
	size_t size = sizeof(problem->reason);
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(problem->reason, size, format, args);
	if (length >= (int)size && vasprintf(&text, format, again) >= 0) {
		shorten(problem->reason, size, text, (size_t)length);
		free(text);
	}
	va_end(again);
}

int problem_set(struct problem *problem, enum exit_status status,
		const char *subject, const char *format, ...)
{
	int saved = errno;
	va_list args;

	problem->status = status;
	set_subject(problem, subject);
	va_start(args, format);
	set_reason(problem, format, args);
	va_end(args);
	errno = saved;
	return -1;
}

int problem_errno(struct problem *problem, const char *subject,
		  const char *what)
{
	const char *cause = strerror(errno);

	if (what)
		return problem_set(problem, STATUS_FAILED, subject, "%s: %s",
				   what, cause);
	return problem_set(problem, STATUS_FAILED, subject, "%s", cause);
}
