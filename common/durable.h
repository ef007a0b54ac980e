/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_DURABLE_H
#define INTERLOCK_DURABLE_H

/*
 * Making changes of a directory last: what was created, renamed or unlinked in
 * it is on stable storage when this returns.
 *
 * Non-guarantees: a disk that lies about its cache is believed; so is a file
 * system that cannot sync directories and says so (EINVAL, ENOTSUP), because
 * those that say so keep their directories in order by other means, or by none.
 */

/*
 * Sync DIRECTORY. It may be a descriptor that only names it (O_PATH), because
 * it can be searched but not read; then the whole file system is synced through
 * FILE, any readable descriptor on it, or the whole machine if FILE is -1.
 * Returns 0, or -1 with errno.
 */
int durable_directory(int directory, int file);

#endif
