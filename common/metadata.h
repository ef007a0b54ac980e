/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_METADATA_H
#define INTERLOCK_METADATA_H

/*
 * What a file has besides its content, and what a new file that takes its place
 * has to have too: mode, owner, group; on Linux also its access control list
 * and its user.* extended attributes.
 *
 * Guarantees: while they are put on a file, that file is never more open than
 * both its mode at that moment and the wanted one: owner first, then the list
 * (or the removal of one that the directory's default gave it), then the mode.
 *
 * Non-guarantees: time stamps, file capabilities, security labels, chattr flags
 * are not carried over. On systems other than Linux only mode and owner are.
 *
 * Calling order: METADATA_INIT, metadata_read, then metadata_apply and
 * metadata_equal as wanted, metadata_release.
 */

#include <stdbool.h>
#include <sys/stat.h>

#include "buffer.h"
#include "problem.h"

struct metadata {
	mode_t mode; /* 07777 bits */
	uid_t owner;
	gid_t group;
	struct buffer attributes; /* name NUL size value, again and again */
};

#define METADATA_INIT {0, 0, 0, BUFFER_INIT}

/*
 * Take it from the file that FD (which may be an O_PATH descriptor) is open on
 * and STATUS describes. 0, or -1 with errno.
 */
int metadata_read(struct metadata *metadata, int fd,
		  const struct stat *status);

bool metadata_equal(const struct metadata *one, const struct metadata *other);

/*
 * Put it on the file FD, which this process has made. NEW_OWNER: where owner or
 * group cannot be given, go on without them, and without set-user-ID and
 * set-group-ID. Returns 0, or -1 with PROBLEM about SUBJECT, which names the
 * option that would allow it.
 */
int metadata_apply(const struct metadata *metadata, int fd, bool new_owner,
		   const char *subject, struct problem *problem);

void metadata_release(struct metadata *metadata);

#endif
