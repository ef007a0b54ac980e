/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_EXITCODE_H
#define INTERLOCK_EXITCODE_H

/*
 * The exit statuses of all five programs, in one place. A script can tell
 * "failed" from "misused" from "not in time", and the wrapper's own failures
 * (125 to 127) from those of the command it runs, which pass through as they
 * are (128 + N where signal N ended it).
 */
enum exit_status {
	STATUS_DONE = 0,	/* done, and on disk */
	STATUS_FAILED = 1,	/* failed; FILE is as it was */
	STATUS_MISUSE = 2,	/* the command line makes no sense */
	STATUS_STATE = 3,	/* FILE is not in the state asked for */
	STATUS_UNSURE = 4,	/* FILE is new, but a later step failed */
	STATUS_BUSY = 75,	/* not in time, nothing done (EX_TEMPFAIL) */
	STATUS_TOOL = 125,	/* the wrapper itself failed */
	STATUS_NOEXEC = 126,	/* COMMAND is there but cannot be run */
	STATUS_NOTFOUND = 127,	/* COMMAND is not there */
	STATUS_SIGNAL = 128,	/* + N: signal N ended COMMAND */
};

#endif
