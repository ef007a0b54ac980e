/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_COMMAND_H
#define INTERLOCK_COMMAND_H

/*
 * Run a program and stay with it until it is gone.
 *
 * Guarantees
 * - Signals that are sent to this process alone (kill) reach the command too;
 *   those of the terminal reach it by themselves and are not doubled. None of
 *   them ends this process while the command runs, so that what is held for the
 *   command stays held.
 * - A signal inherited as ignored (nohup) stays ignored, here and there.
 * - The command gets the signal mask and dispositions that we were given, but
 *   for SIGCHLD, which is not left ignored.
 *
 * Non-guarantees: SIGKILL and SIGSTOP cannot be forwarded. What the command
 * leaves running in the background is not waited for.
 *
 * Calling order: command_start, command_wait, command_end, each once. Signals
 * are blocked from the first to the last, so that what was held for the command
 * can be given back before one that came late may end us.
 *
 * Errors: -1 with PROBLEM; its status is NOTFOUND, NOEXEC or TOOL.
 */

#include <signal.h>
#include <sys/types.h>

#include "problem.h"

/*
 * What the command finds as its standard input and output; -1: what we have.
 * Of the other descriptors it gets those that are not close-on-exec.
 */
struct command_files {
	int in, out;
};

struct command {
	pid_t pid;
	sigset_t before; /* the mask to go back to */
};

/*
 * Start ARGV (looked up in PATH) with the environment as it is. FILES may be
 * NULL: nothing is redirected.
 */
int command_start(struct command *command, char *const argv[],
		  const struct command_files *files, struct problem *problem);

/*
 * Wait until it is gone. Returns its status as a shell counts it: 0 to 255, or
 * 128 + N if signal N killed it.
 */
int command_wait(struct command *command);

/* Go back to the signal mask of before command_start. */
void command_end(const struct command *command);

/*
 * Instead of all that: become ARGV (looked up in PATH). Returns only if it
 * cannot be run: -1.
 */
int command_become(char *const argv[], struct problem *problem);

#endif
