/* SPDX-License-Identifier: MIT */
#include "durable.h"

#include <errno.h>
#include <unistd.h>

static int sync_all(int file)
{
#ifdef __linux__
	if (file >= 0 && !syncfs(file))
		return 0;
	if (file >= 0 && errno != EBADF)
		return -1;
#else
	(void)file;
#endif
	sync();
	return 0;
}

int durable_directory(int directory, int file)
{
	if (!fsync(directory))
		return 0;
	if (errno == EBADF)
		return sync_all(file);
	return errno == EINVAL || errno == ENOTSUP ? 0 : -1;
}
