/* SPDX-License-Identifier: MIT */
#include "inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "fdio.h"
#include "lock_file.h"
#include "lock_wait.h"

/*
 * The lock of FD by trying. It cannot tell two readers from none, but then
 * neither keeps anybody out whom this could matter to. The byte tells those who
 * have no time to wait that it is only a look that is in their way.
 */
static bool held_by_trial(int fd)
{
	bool held;

	lock_wait_byte(fd, F_RDLCK, BYTE_LOOK, deadline_in(0));
	held = flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	if (!held)
		flock(fd, LOCK_UN);
	lock_wait_byte(fd, F_UNLCK, BYTE_LOOK, deadline_in(0));
	return held;
}

static void look_at_open(int fd, struct inspection *inspection)
{
	struct process_locks locks = {.holders = 0};
	struct holder record;
	struct stat status;
	bool listed;

	inspection->content = holder_read(fd, &record);
	listed = !fstat(fd, &status) &&
		 !process_locks((struct process_file){status.st_dev,
						      status.st_ino},
				&locks) &&
		 !locks.namesakes && !locks.partial && process_sees_all();
	/* However many wait for slots, they do it for one (see slots.h). */
	inspection->waiters = locks.waiters - locks.waiters_far +
			      (locks.waiters_far > 0);
	inspection->shared = locks.lock == PROCESS_SHARED;
	if (locks.holders > 0 || (!listed && held_by_trial(fd))) {
		bool ours = inspection->content == HOLDER_RECORD;

		inspection->state = INSPECT_HELD;
		holder_find(fd, ours ? &record : NULL, &inspection->holder);
		return;
	}
	if (inspection->content == HOLDER_RECORD)
		inspection->state = INSPECT_STALE;
	if (inspection->content == HOLDER_EXISTENCE)
		inspection->state = INSPECT_EXISTENCE;
	inspection->holder = record;
}

int inspect_lock(int directory, const char *name,
		 struct inspection *inspection)
{
	int fd = lock_file_open(directory, name, NULL, false);
	struct stat status;

	*inspection = (struct inspection){.state = INSPECT_FREE};
	if (fd < 0 && errno == ENOENT)
		return 0;
	if ((fd < 0 && errno == EISDIR) ||
	    (fd >= 0 && !fstat(fd, &status) && S_ISDIR(status.st_mode))) {
		fdio_discard(&fd);
		inspection->state = INSPECT_EXISTENCE;
		return 0;
	}
	if (fd < 0)
		return -1;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode)) {
		fdio_close(fd);
		errno = EINVAL;
		return -1;
	}
	look_at_open(fd, inspection);
	fdio_close(fd);
	return 0;
}

long inspect_seconds(const struct inspection *inspection)
{
	time_t since;
	long seconds;

	if (inspection->state != INSPECT_HELD ||
	    utc_parse(inspection->holder.since, &since))
		return -1;
	seconds = (long)(time(NULL) - since);
	return seconds > 0 ? seconds : 0;
}
