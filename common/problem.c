/* SPDX-License-Identifier: MIT */
#include "problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
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

int problem_set(struct problem *problem, enum exit_status status,
		const char *subject, const char *format, ...)
{
	int saved = errno;
	va_list args;

	problem->status = status;
	set_subject(problem, subject);
	va_start(args, format);
	vsnprintf(problem->reason, sizeof(problem->reason), format, args);
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
