/* SPDX-License-Identifier: MIT */
#include "locking.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "duration.h"
#include "temp.h"

static int read_duration(const char *name, const char *text, int64_t *ns,
			 struct problem *problem)
{
	if (!duration_parse(text, ns))
		return 0;
	return problem_set(problem, STATUS_MISUSE, NULL,
			   errno == ERANGE
				   ? "%s: '%s' is too long a time"
				   : "%s: '%s' is not a duration such as 5, "
				     "0.1, 500ms, 2m or inf", name, text);
}

static int from_environment(const char *name, int64_t *ns,
			    struct problem *problem)
{
	const char *text = getenv(name);

	if (!text || !*text)
		return 0;
	return read_duration(name, text, ns, problem);
}

int locking_init(struct locking *locking, struct problem *problem)
{
	*locking = (struct locking){
		.timeout = 30 * NS_PER_SECOND,
		.retry = NS_PER_SECOND / 10,
	};
	if (from_environment("LOCK_TIMEOUT", &locking->timeout, problem) ||
	    from_environment("LOCK_RETRY", &locking->retry, problem))
		return -1;
	/* A pace of nothing would spin. */
	if (locking->retry < NS_PER_SECOND / 1000)
		locking->retry = NS_PER_SECOND / 1000;
	return 0;
}

int locking_option(struct locking *locking, int id,
		   const struct options *options, struct problem *problem)
{
	switch (id) {
	case 't':
	case 'w':
		if (read_duration(id == 't' ? "--timeout" : "-w",
				  options->value, &locking->timeout, problem))
			return -1;
		return 1;
	case OPTION_CLIENT:
		locking->client = options->value;
		return 1;
	case 'L':
		locking->lock_file = options->value;
		return 1;
	case OPTION_NO_LOCK:
		locking->off = true;
		return 1;
	case OPTION_LOCK:
		locking->off = false;
		return 1;
	default:
		return 0;
	}
}

struct lock_request locking_request(const struct locking *locking,
				    enum lock_flags flags,
				    const char *command)
{
	return (struct lock_request){
		.flags = flags,
		.deadline = deadline_in(locking->timeout),
		.retry = locking->retry,
		.lock_file = locking->lock_file,
		.client = locking->client,
		.command = command,
		.notice = locking->notice,
	};
}

static bool debugs(const struct locking *locking)
{
	const char *debug = getenv("LOCK_DEBUG");

	return locking->debug && !locking->off && debug && !strcmp(debug, "1");
}

/* The lock file's path, to be freed. */
static char *lock_path(const struct locking *locking,
		       const struct target *target)
{
	if (locking->lock_file)
		return strdup(locking->lock_file);
	return target_path(target, target->lock_name);
}

/*
 * What a holder that died has left: temps, and half of an append. Only who has
 * the lock for himself may touch them.
 */
static int tidy(struct lock *lock, const struct target *target,
		struct problem *problem)
{
	if (lock->shared)
		return 0;
	if (lock->after_crash)
		temp_sweep(target->directory, target->name);
	if (!append_recover(target->directory, target->name, target->operand,
			    problem))
		return 0;
	lock_release(lock);
	return -1;
}

int locking_take_request(const struct locking *locking, struct lock *lock,
			 const struct target *target,
			 const struct lock_request *request,
			 struct problem *problem)
{
	char *path = NULL;
	int result;

	if (locking->off) {
		*lock = (struct lock)LOCK_NONE;
		return 0;
	}
	if (debugs(locking)) {
		path = lock_path(locking, target);
		locking->debug("Acquiring lock for: %s", target->operand);
		locking->debug("Lock file: %s", path ? path : "?");
	}
	result = lock_take(lock, target, request, problem);
	if (!result)
		result = tidy(lock, target, problem);
	if (!result && debugs(locking))
		locking->debug("Lock acquired: %s", path ? path : "?");
	free(path);
	return result;
}

int locking_take(const struct locking *locking, struct lock *lock,
		 const struct target *target, enum lock_flags flags,
		 const char *command, struct problem *problem)
{
	const struct lock_request request =
		locking_request(locking, flags, command);

	return locking_take_request(locking, lock, target, &request, problem);
}

void locking_release(const struct locking *locking, struct lock *lock,
		     const struct target *target)
{
	bool debug = debugs(locking);
	char *path = debug ? lock_path(locking, target) : NULL;

	if (debug)
		locking->debug("Releasing lock: %s", path ? path : "?");
	lock_release(lock);
	if (debug)
		locking->debug("Lock released");
	free(path);
}
