/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_SIGNALS_H
#define INTERLOCK_SIGNALS_H

/*
 * Signals that would end the program, made into something the main path sees.
 *
 * The handlers only record. Blocking calls return with EINTR (there is no
 * SA_RESTART), the main path looks at signals_caught, takes back what it has
 * done by its ordinary way out, and finally calls signals_die, so that the
 * parent sees which signal ended us. As no handler removes anything, there is
 * no instant in which a signal could find a file that nobody has remembered.
 *
 * Guarantees: a signal inherited as ignored (nohup) stays ignored. SIGPIPE and
 * SIGXFSZ are ignored, so that a closed pipe and a file size limit are errors
 * of write(2) (EPIPE, EFBIG) with a message of ours. A child that calls
 * signals_reset gets the dispositions and the mask that we were started with.
 *
 * Non-guarantees: SIGKILL, SIGSTOP and the signals of crashes are not caught.
 * A signal that lands between a look at signals_caught and a blocking call is
 * noticed when that call returns; signals_poll is the call without that gap.
 *
 * Calling order: signals_catch once, early; signals_die last in main.
 */

#include <poll.h>
#include <stdbool.h>

#include "deadline.h"

/* Begin to catch. */
void signals_catch(void);

/* The first signal that was caught, or 0. */
int signals_caught(void);

/*
 * Let the end of a child end signals_poll, or (false) no longer. Off at first:
 * who has execed into us may have left children, and theirs is not our affair.
 */
void signals_watch_children(bool watch);

/*
 * poll(2) that also ends, with -1 and errno EINTR, if a signal was caught
 * before or comes meanwhile, or if a watched child has ended since the last
 * call. 0: the deadline has passed.
 */
int signals_poll(struct pollfd *fds, nfds_t count, struct deadline deadline);

/*
 * As it was before signals_catch, which may be called again. Before another
 * program is executed, in a child or in place. Async-signal-safe.
 */
void signals_reset(void);

/* If a signal was caught, die of it. Else return. */
void signals_die(void);

#endif
