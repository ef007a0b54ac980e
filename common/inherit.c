/* SPDX-License-Identifier: MIT */
#include "inherit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "holder.h"

/* One entry of FILE_LOCK_HELD. */
struct claim {
	int fd;
	struct process_file file;
	pid_t wrapper;
	uint64_t start;
};

/* Read the entry at *TEXT and go on to the next. False: it makes no sense. */
static bool next_claim(const char **text, struct claim *claim)
{
	unsigned long long device, inode, start;
	long pid;
	int used = 0;

	if (sscanf(*text, "%d:%llu:%llu:%ld:%llu%n", &claim->fd, &device,
		   &inode, &pid, &start, &used) != 5)
		return false;
	claim->file.device = (dev_t)device;
	claim->file.inode = (ino_t)inode;
	claim->wrapper = (pid_t)pid;
	claim->start = start;
	*text += used;
	*text += strspn(*text, " ");
	return true;
}

static bool same_file(struct process_file a, struct process_file b)
{
	return a.device == b.device && a.inode == b.inode;
}

static enum process_lock prove(const struct claim *claim)
{
	struct stat status;

	if (!fstat(claim->fd, &status) &&
	    status.st_dev == claim->file.device &&
	    status.st_ino == claim->file.inode) {
		enum process_lock lock = process_fd_lock(getpid(), claim->fd);

		if (lock != PROCESS_NO_LOCK)
			return lock;
	}
	if (!process_lives(claim->wrapper, claim->start) ||
	    claim->wrapper == getpid() ||
	    !process_descends(getpid(), claim->wrapper, NULL))
		return PROCESS_NO_LOCK;
	return process_holds(claim->wrapper, claim->file);
}

enum process_lock inherit_from_wrapper(struct process_file file)
{
	const char *text = getenv(INHERIT_VARIABLE);
	enum process_lock lock = PROCESS_NO_LOCK;
	struct claim claim;

	while (text && lock == PROCESS_NO_LOCK && next_claim(&text, &claim))
		if (same_file(claim.file, file))
			lock = prove(&claim);
	return lock;
}

/*
 * /proc/locks names who called flock: for a keeper that is `acquire`, which has
 * ended. So that not all who wait must look at all processes.
 */
static bool may_be_keepers(struct process_file file)
{
	struct process_locks locks;

	return process_locks(file, &locks) || locks.lock != PROCESS_EXCLUSIVE ||
	       !process_lives(locks.holder, 0);
}

enum process_lock inherit_from_keeper(int fd, struct process_file file)
{
	struct holder record;

	if ((holder_read(fd, &record) != HOLDER_RECORD ||
	     !holder_owner_covers(&record.owner) ||
	     !process_lives(record.pid, record.start)) &&
	    (!may_be_keepers(file) || !holder_find_carried(file, &record)))
		return PROCESS_NO_LOCK;
	return process_holds(record.pid, file);
}

int inherit_announce(int fd, struct process_file file)
{
	const char *before = getenv(INHERIT_VARIABLE);
	struct buffer text = BUFFER_INIT;
	uint64_t start = 0;
	int result;

	process_start(getpid(), &start);
	/* The newest first: it is the likeliest to be asked for. */
	result = buffer_add_format(
		&text, "%d:%llu:%llu:%ld:%llu%s%s", fd,
		(unsigned long long)file.device,
		(unsigned long long)file.inode, (long)getpid(),
		(unsigned long long)start, before && *before ? " " : "",
		before ? before : "");
	if (!result)
		result = setenv(INHERIT_VARIABLE, text.data, 1);
	buffer_release(&text);
	return result;
}
