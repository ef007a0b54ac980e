/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "fdio.h"

int usage_print(const char *text, size_t length)
{
	if (!fdio_write_all(STDOUT_FILENO, text, length))
		return STATUS_DONE;
	diag_error("standard output", "%s", strerror(errno));
	return STATUS_FAILED;
}

static int print_buffer(struct buffer *text, int error)
{
	int status;

	if (error) {
		diag_error(NULL, "%s", strerror(ENOMEM));
		status = STATUS_FAILED;
	} else {
		status = usage_print(text->data, text->length);
	}
	buffer_release(text);
	return status;
}

int usage_help(const struct usage *usage)
{
	struct buffer text = BUFFER_INIT;
	int error;

	error = buffer_add_format(&text, "Usage:\n%s\n%s\nOptions:\n",
				  usage->synopsis, usage->purpose);
	error |= options_help(usage->specs, &text);
	if (usage->notes)
		error |= buffer_add_format(&text, "\n%s", usage->notes);
	return print_buffer(&text, error);
}

int usage_version(void)
{
	struct buffer text = BUFFER_INIT;
	int error = buffer_add_format(&text, "%s (%s) %s\n", diag_name(),
				      PACKAGE_NAME, PACKAGE_VERSION);

	return print_buffer(&text, error);
}
