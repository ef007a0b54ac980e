/* SPDX-License-Identifier: MIT */
#include "hooks.h"

#include <unistd.h>

#include "diag.h"
#include "exitcode.h"
#include "fdio.h"

static void say(const char *text, size_t length)
{
	(void)fdio_write_all(STDERR_FILENO, text, length);
}

static void no_memory(void *unused)
{
	(void)unused;
	diag_error("filter", "out of memory");
	_exit(STATUS_FAILED);
}

const struct filter_hooks hooks_for_tools = {say, no_memory};
