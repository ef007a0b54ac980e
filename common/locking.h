/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_LOCKING_H
#define INTERLOCK_LOCKING_H

/*
 * What a user says about locking, the same for every program that locks:
 * options, and the environment of the shell scripts these programs replace
 * (LOCK_TIMEOUT, LOCK_RETRY). Options win over the environment; a value that
 * makes no sense is an error, never a silent default; an empty variable counts
 * as unset.
 *
 * Calling order: locking_init, locking_option for each option that
 * options_next returns, then locking_take as often as wanted: each call starts
 * the time-out anew.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lock.h"
#include "options.h"

/* Ids that a tool's own must not collide with. */
enum locking_option {
	OPTION_CLIENT = 0x7000,
	OPTION_NO_LOCK,
	OPTION_LOCK,
};

/* Rows for the tool's option table. */
#define LOCKING_SPECS                                                         \
	{'t', "timeout", "DURATION",                                          \
	 "wait so long for the lock (30; 0: one try; inf)", false, false},    \
	{'w', NULL, "DURATION", NULL, false, false},                          \
	{OPTION_CLIENT, "client", "NAME",                                     \
	 "who to say is holding the lock", false, false},                     \
	{'L', "lock-file", "PATH",                                            \
	 "use this lock file, not FILE.lock", false, false},                  \
	{OPTION_NO_LOCK, "no-lock", NULL, "do not lock", false, false},       \
	{OPTION_LOCK, "lock", NULL, NULL, false, false}

struct locking {
	int64_t timeout;       /* ns, LOCK_TIMEOUT or 30 s */
	int64_t retry;	       /* ns, LOCK_RETRY or 0.1 s */
	const char *client;    /* NULL: nobody in particular */
	const char *lock_file; /* NULL: FILE.lock */
	bool off;	       /* --no-lock */
	lock_notice *notice;   /* set by the tool: diag_waiting */
	/* Set by the tool to diag_debug; used only with LOCK_DEBUG=1. */
	void (*debug)(const char *format, ...)
		__attribute__((format(printf, 1, 2)));
};

/* Defaults, then the environment. 0, or -1 with PROBLEM (MISUSE). */
int locking_init(struct locking *locking, struct problem *problem);

/*
 * If ID is one of LOCKING_SPECS, take it with the value in OPTIONS: 1. Not one
 * of them: 0. A value that makes no sense: -1 with PROBLEM (MISUSE).
 */
int locking_option(struct locking *locking, int id,
		   const struct options *options, struct problem *problem);

/* What lock_take is to be asked. The time-out begins now. */
struct lock_request locking_request(const struct locking *locking,
				    enum lock_flags flags,
				    const char *command);

/*
 * lock_take with REQUEST, telling what LOCK_DEBUG asks to be told. LOCK_NONE
 * with --no-lock. With an exclusive lock, what a dead holder has left of its
 * work is cleared away first: temps, and half of an append.
 */
int locking_take_request(const struct locking *locking, struct lock *lock,
			 const struct target *target,
			 const struct lock_request *request,
			 struct problem *problem);

/* The two in one. COMMAND is our program's name, for the record. */
int locking_take(const struct locking *locking, struct lock *lock,
		 const struct target *target, enum lock_flags flags,
		 const char *command, struct problem *problem);

/* lock_release, told likewise. */
void locking_release(const struct locking *locking, struct lock *lock,
		     const struct target *target);

#endif
