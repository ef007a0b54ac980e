/* SPDX-License-Identifier: MIT */
/*
 * rate-wait: wait for a token of a rate limit that many processes share, then
 * end, or become COMMAND.
 *
 * Order: STATE is locked for microseconds, the slot reserved; we sleep until
 * then without any lock; under the lock again we leave, or find that we came
 * too early (a pause, somebody was late) and sleep once more.
 *
 * Exit statuses: exitcode.h. In front of COMMAND, what is wrong with us is 125.
 *
 * Caveats: STATE must not lie on a file system whose flock(2) does not reach
 * all who share it. Who is killed while waiting takes its tokens along.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot_clock.h"
#include "bucket.h"
#include "bucket_file.h"
#include "command.h"
#include "diag.h"
#include "duration.h"
#include "fdio.h"
#include "number.h"
#include "options.h"
#include "rate_limits.h"
#include "signals.h"
#include "usage.h"

/* What one call does; an option may make sense with some of them only. */
enum mode {
	MODE_WAIT = 1 << 0,
	MODE_COMMAND = 1 << 1, /* wait, then become COMMAND */
	MODE_RETRY = 1 << 2,   /* wait, run COMMAND, perhaps again */
	MODE_STATUS = 1 << 3,
	MODE_RESET = 1 << 4,
	MODE_REFUND = 1 << 5,
	MODE_PENALTY = 1 << 6,
};

enum {
	WAITS = MODE_WAIT | MODE_COMMAND | MODE_RETRY,
	ALL_MODES = (1 << 7) - 1,
};

enum rate_option {
	OPTION_SET = OPTION_LONG_ONLY,
	OPTION_TRY,
	OPTION_STATUS,
	OPTION_RESET,
	OPTION_REFUND,
	OPTION_PENALTY,
	OPTION_JITTER,
	OPTION_JSON,
	OPTION_RETRY_STATUS,
	OPTION_RETRIES,
};

static const struct option_spec specs[] = {
	RATE_LIMITS_SPECS,
	{OPTION_SET, "set", NULL, "change what STATE records", false, false},
	{'t', "timeout", "DURATION",
	 "the longest wait; a longer one is refused at once", false, false},
	{OPTION_TRY, "try", NULL, "do not wait (--timeout 0)", false, false},
	{OPTION_JITTER, "jitter", "DURATION",
	 "come later by up to so much, at random", false, false},
	{OPTION_STATUS, "status", NULL, "show tokens and waits, take nothing",
	 false, false},
	{OPTION_RESET, "reset", NULL, "make STATE anew, full", false, false},
	{OPTION_REFUND, "refund", "N", "give so many tokens back", false,
	 false},
	{OPTION_PENALTY, "penalty", "DURATION",
	 "everybody pauses, sleepers too", false, false},
	{OPTION_RETRY_STATUS, "retry-after-status", "N",
	 "COMMAND ended so: pause as it says, again", false, false},
	{OPTION_RETRIES, "retries", "K", "at most so often again (3)", false,
	 false},
	{OPTION_JSON, "json", NULL, "results as JSON, an object a line", false,
	 false},
	USAGE_SPECS,
	{0, NULL, NULL, NULL, false, false},
};

/* What an option is for, if not for everything. */
static const struct {
	int id;
	int modes;
} option_modes[] = {
	{OPTION_SET, ALL_MODES & ~MODE_RESET},
	{'n', WAITS | MODE_STATUS},
	{OPTION_COST, WAITS | MODE_STATUS | MODE_REFUND},
	{'t', WAITS},
	{OPTION_TRY, WAITS},
	{OPTION_JITTER, WAITS},
	{OPTION_PENALTY, MODE_PENALTY | MODE_RETRY},
	{OPTION_RETRY_STATUS, MODE_RETRY},
	{OPTION_RETRIES, MODE_RETRY},
};

enum { OPTION_MODES = sizeof(option_modes) / sizeof(option_modes[0]) };

static const struct usage usage = {
	.synopsis = "  rate-wait [STATE] [OPTION...] [-- COMMAND [ARG...]]\n"
		    "  rate-wait [STATE] --status|--reset|--refund N|"
		    "--penalty DURATION [OPTION...]\n",
	.purpose =
		"Wait for a token of the rate limit that all who name STATE "
		"share, then end, or\nbecome COMMAND.\n",
	.specs = specs,
	.notes = "What is not given is what STATE records. "
		 "DURATION: 5, 0.1, 500ms, 2m, inf.\n"
		 "Environment: RATE_WAIT_STATE, LOCK_TIMEOUT (5).\n"
		 "Exit status: 0 granted; 75 not in time, and the wait it "
		 "would have been is\nprinted; 1 failed; 2 misuse; with "
		 "COMMAND its own, 125 to 127.\n",
};

enum { DEFAULT_RETRIES = 3, DEFAULT_LOCK_SECONDS = 5 };

struct settings {
	enum mode mode;
	const char *state;
	char **command;
	struct rate_limits limits;
	int64_t timeout;
	int64_t jitter;
	int64_t penalty;
	int64_t lock_timeout;
	int retry_status;
	int64_t retries;
	bool set, json, help, version;
};

/* --- options ------------------------------------------------------------- */

static int take_duration(const char *option, const char *text, bool finite,
			 int64_t *ns, struct problem *problem)
{
	if (!duration_parse(text, ns) &&
	    !(finite && *ns == DURATION_FOREVER))
		return 0;
	return problem_set(problem, STATUS_MISUSE, NULL,
			   "%s: '%s' is not a duration such as 5, 0.1, 500ms "
			   "or 2m", option, text);
}

static int take_mode(struct settings *settings, enum mode mode,
		     struct problem *problem)
{
	if (settings->mode && settings->mode != mode)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "only one of --status, --reset and --refund "
				   "at a time");
	settings->mode = mode;
	return 0;
}

static void take_switch(struct settings *settings, int id)
{
	switch (id) {
	case OPTION_SET:
		settings->set = true;
		break;
	case OPTION_TRY:
		settings->timeout = 0;
		break;
	case OPTION_JSON:
		settings->json = true;
		break;
	case OPTION_HELP:
		settings->help = true;
		break;
	case OPTION_VERSION:
		settings->version = true;
		break;
	default: /* -v */
		diag_set_verbose(true);
		break;
	}
}

static int take_option(struct settings *settings, int id, const char *value,
		       struct problem *problem)
{
	int64_t number;
	int taken = rate_limits_option(&settings->limits, id, value, problem);

	if (taken)
		return taken < 0 ? -1 : 0;
	switch (id) {
	case 't':
		return take_duration("--timeout", value, false,
				     &settings->timeout, problem);
	case OPTION_JITTER:
		return take_duration("--jitter", value, true,
				     &settings->jitter, problem);
	case OPTION_PENALTY:
		return take_duration("--penalty", value, true,
				     &settings->penalty, problem);
	case OPTION_STATUS:
		return take_mode(settings, MODE_STATUS, problem);
	case OPTION_RESET:
		return take_mode(settings, MODE_RESET, problem);
	case OPTION_REFUND:
		if (take_mode(settings, MODE_REFUND, problem))
			return -1;
		return number_parse("--refund", value, 0, RATE_TOKENS_MAX,
				    &settings->limits.tokens, problem);
	case OPTION_RETRY_STATUS:
		if (number_parse("--retry-after-status", value, 1, 255,
				 &number, problem))
			return -1;
		settings->retry_status = (int)number;
		return 0;
	case OPTION_RETRIES:
		return number_parse("--retries", value, 0, RATE_TOKENS_MAX,
				    &settings->retries, problem);
	default:
		take_switch(settings, id);
		return 0;
	}
}

static int take_operand(struct settings *settings, const char *word,
			struct problem *problem)
{
	if (settings->state)
		return problem_set(problem, STATUS_MISUSE, word,
				   "one STATE is given already; '--' must "
				   "stand before a command");
	settings->state = word;
	return 0;
}

/* What this call is to do follows from all of its words. */
static int find_mode(struct settings *settings, struct problem *problem)
{
	if (settings->command && settings->mode)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--status, --reset and --refund run no "
				   "command");
	if (settings->command)
		settings->mode = settings->retry_status >= 0 ? MODE_RETRY
							     : MODE_COMMAND;
	else if (!settings->mode)
		settings->mode = settings->penalty >= 0 ? MODE_PENALTY
							: MODE_WAIT;
	return 0;
}

static const char *mode_name(enum mode mode)
{
	switch (mode) {
	case MODE_STATUS:
		return "with --status";
	case MODE_RESET:
		return "with --reset";
	case MODE_REFUND:
		return "with --refund";
	case MODE_PENALTY:
		return "with --penalty";
	case MODE_COMMAND:
		return "with a COMMAND but no --retry-after-status";
	default:
		return "without a COMMAND";
	}
}

static int out_of_place(int id, enum mode mode, struct problem *problem)
{
	const struct option_spec *spec = specs;

	while (spec->id != id)
		spec++;
	return problem_set(problem, STATUS_MISUSE, NULL,
			   "--%s makes no sense %s", spec->name,
			   mode_name(mode));
}

static int parse_words(struct settings *settings, char **argv,
		       struct problem *problem)
{
	bool seen[OPTION_MODES] = {false};
	struct options options;
	int id;

	options_init(&options, specs, argv, true);
	while ((id = options_next(&options, problem)) != OPTION_END) {
		int result = 0;

		if (id == -1)
			return -1;
		if (id == OPTION_OPERAND)
			result = take_operand(settings, options.value, problem);
		else if (id == OPTION_COMMAND)
			settings->command = options.command;
		else
			result = take_option(settings, id, options.value,
					     problem);
		if (result)
			return -1;
		for (size_t i = 0; i < OPTION_MODES; i++)
			if (option_modes[i].id == id)
				seen[i] = true;
	}
	if (settings->help || settings->version)
		return 0;
	if (find_mode(settings, problem))
		return -1;
	for (size_t i = 0; i < OPTION_MODES; i++)
		if (seen[i] && !(option_modes[i].modes & settings->mode))
			return out_of_place(option_modes[i].id, settings->mode,
					    problem);
	return 0;
}

static int read_environment(struct settings *settings, struct problem *problem)
{
	const char *timeout = getenv("LOCK_TIMEOUT");
	const char *state = getenv("RATE_WAIT_STATE");

	if (!settings->state && state && *state)
		settings->state = state;
	if (!timeout || !*timeout)
		return 0;
	return take_duration("LOCK_TIMEOUT", timeout, false,
			     &settings->lock_timeout, problem);
}

static int validate(struct settings *settings, struct problem *problem)
{
	if (!settings->state)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "no STATE given, and RATE_WAIT_STATE is not "
				   "set");
	if (settings->command && !*settings->command)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "no COMMAND behind '--'");
	if (settings->mode == MODE_REFUND && !settings->limits.tokens &&
	    !settings->limits.cost_count)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--refund 0 without --cost gives nothing "
				   "back");
	return rate_limits_finish(&settings->limits, problem);
}

static int parse_options(struct settings *settings, char **argv,
			 struct problem *problem)
{
	*settings = (struct settings){
		.timeout = DURATION_FOREVER,
		.penalty = -1,
		.retry_status = -1,
		.retries = DEFAULT_RETRIES,
		.lock_timeout = DEFAULT_LOCK_SECONDS * NS_PER_SECOND,
	};
	rate_limits_init(&settings->limits);
	if (parse_words(settings, argv, problem))
		return -1;
	if (settings->help || settings->version)
		return 0;
	if (read_environment(settings, problem))
		return -1;
	return validate(settings, problem);
}

/* --- one call at work ---------------------------------------------------- */

struct session {
	const struct settings *settings;
	struct problem *problem;
	struct bucket_file file;
	struct boot_clock clock;
	struct bucket bucket;	   /* what STATE holds, while it is locked */
	bool changed;		   /* and must be written */
	struct bucket_claim claim; /* ours */
	int64_t start;		   /* of the wait; -1: it has not begun */
	int64_t latest;		   /* when the wait must be over */
	int64_t told;		   /* until when we said that it lasts */
	int64_t refused;	   /* the wait that was too long; -1: none */
};

static int complain(struct session *session, enum exit_status status,
		    const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int complain(struct session *session, enum exit_status status,
		    const char *format, ...)
{
	char reason[256];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	return problem_set(session->problem, status, session->settings->state,
			   "%s", reason);
}

/* Is a slot of ours in the state at hand? */
static bool has_slot(const struct session *session)
{
	return session->claim.serial &&
	       session->claim.identity == session->bucket.identity;
}

/*
 * What the command line says of limits, into the state at hand. It was said on
 * arrival: what somebody else has --set while we slept is neither an error of
 * ours nor to be set back.
 */
static int adopt(struct session *session, bool change)
{
	const struct settings *settings = session->settings;
	const struct rate_limits *limits = &settings->limits;
	int64_t now = boot_clock_now(&session->clock);

	if (!has_slot(session) &&
	    rate_limits_adopt(limits, &session->bucket, settings->state, change,
			      now, &session->changed, session->problem))
		return -1;
	return rate_limits_costs(limits, &session->bucket, settings->state,
				 settings->mode != MODE_REFUND,
				 session->claim.cost, session->problem);
}

/* --- STATE, locked ------------------------------------------------------- */

static int64_t now_of(const struct session *session)
{
	return boot_clock_now(&session->clock);
}

/* Unlike any other's, for all that matters: nobody gains by guessing it. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b << 40)) + UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static uint64_t draw(const struct session *session)
{
	return mix((uint64_t)now_of(session), (uint64_t)getpid());
}

static void make_empty(struct session *session)
{
	bucket_init(&session->bucket, session->clock.boot, draw(session),
		    now_of(session), boot_clock_wall());
}

/* The state to begin with: full, with the limits that are given, or one. */
static int make_fresh(struct session *session)
{
	make_empty(session);
	return adopt(session, true);
}

/* Lock STATE; where there is none, make it if what we want makes sense. */
static int lock_state(struct session *session)
{
	int64_t timeout = session->settings->lock_timeout;
	int result;

	for (;;) {
		result = bucket_file_lock(&session->file, deadline_in(timeout),
					  session->problem);
		if (result <= 0)
			return result;
		if (make_fresh(session) ||
		    bucket_file_create(&session->file, &session->bucket,
				       session->problem))
			return -1;
	}
}

/* ... read it, and let it mean something now. */
static int open_state(struct session *session)
{
	session->changed = false;
	if (lock_state(session))
		return -1;
	if (bucket_file_load(&session->file, &session->bucket,
			     session->problem)) {
		bucket_file_unlock(&session->file);
		return -1;
	}
	bucket_settle(&session->bucket, session->clock.boot, now_of(session),
		      boot_clock_wall());
	return 0;
}

/* Write it if it has changed, and unlock. RESULT is what came before. */
static int close_state(struct session *session, int result)
{
	if (session->changed) {
		bucket_stamp(&session->bucket, now_of(session),
			     boot_clock_wall());
		if (bucket_file_store(&session->file, &session->bucket,
				      session->problem))
			result = -1;
	}
	bucket_file_unlock(&session->file);
	return result;
}

static int open_and_adopt(struct session *session)
{
	if (open_state(session))
		return -1;
	if (!adopt(session, session->settings->set))
		return 0;
	bucket_file_unlock(&session->file);
	return -1;
}

/* --- what is printed ----------------------------------------------------- */

enum { SECONDS_TEXT = 32 };

/* NS in seconds, rounded up: who sleeps so long is not early. */
static const char *seconds(int64_t ns, char text[SECONDS_TEXT])
{
	int64_t ms = ns / 1000000 + (ns % 1000000 > 0);

	snprintf(text, SECONDS_TEXT, "%lld.%03lld", (long long)(ms / 1000),
		 (long long)(ms % 1000));
	return text;
}

/* Print TEXT and release it. 0, or -1 with PROBLEM. */
static int print(struct session *session, struct buffer *text, int error)
{
	int result = error ? -1
			   : fdio_write_all(STDOUT_FILENO, text->data,
					    text->length);

	if (result)
		problem_errno(session->problem, "standard output", NULL);
	buffer_release(text);
	return result;
}

static int print_granted(struct session *session)
{
	const struct bucket_claim *claim = &session->claim;
	struct buffer text = BUFFER_INIT;
	int64_t waited = claim->departure - session->start;
	int error;

	if (!session->settings->json)
		return 0;
	error = buffer_add_format(
		&text, "{\"granted\":true,\"departure_ns\":%lld,"
		"\"waited_ns\":%lld,\"tokens\":{",
		(long long)boot_clock_own(&session->clock, claim->departure),
		(long long)(waited > 0 ? waited : 0));
	for (unsigned i = 0; i < session->bucket.limits; i++)
		error |= buffer_add_format(&text, "%s\"%s\":%lld",
					   i ? "," : "",
					   session->bucket.limit[i].name,
					   (long long)claim->cost[i]);
	error |= buffer_add_string(&text, "}}\n");
	if (!print(session, &text, error))
		return 0;
	session->problem->status = STATUS_UNSURE;
	return -1;
}

/* The wait it would have been, where standard output is not COMMAND's. */
static void print_refused(struct session *session)
{
	bool json = session->settings->json;
	struct buffer text = BUFFER_INIT;
	struct problem problem = *session->problem;
	char wait[SECONDS_TEXT];
	int error;

	if (session->refused < 0 ||
	    (session->settings->mode != MODE_WAIT && !json))
		return;
	error = buffer_add_format(&text,
				  json ? "{\"granted\":false,\"wait\":%s,"
				       : "%s\n",
				  seconds(session->refused, wait));
	if (json)
		error |= buffer_add_format(&text, "\"wait_ns\":%lld}\n",
					   (long long)session->refused);
	if (print(session, &text, error))
		diag_problem(session->problem);
	*session->problem = problem;
}

/* How long a call that takes COST would wait. */
static int64_t wait_for(const struct bucket *bucket,
			const int64_t cost[BUCKET_LIMITS], int64_t now)
{
	return bucket_plan(bucket, cost, now) - now;
}

static int64_t wait_for_one(const struct bucket *bucket, unsigned index,
			    int64_t now)
{
	int64_t cost[BUCKET_LIMITS] = {0};

	cost[index] = 1;
	return wait_for(bucket, cost, now);
}

static int describe_limit(const struct bucket *bucket, unsigned index,
			  bool json, int64_t now, struct buffer *text)
{
	const struct bucket_limit *limit = &bucket->limit[index];
	char rate[RATE_TEXT], wait[SECONDS_TEXT];
	int64_t ns = wait_for_one(bucket, index, now);

	rate_show(limit->rate, rate);
	seconds(ns, wait);
	if (json)
		return buffer_add_format(
			text, "%s{\"name\":\"%s\",\"rate\":\"%s\","
			"\"burst\":%lld,\"available\":%lld,\"next_ns\":%lld}",
			index ? "," : "", limit->name, rate,
			(long long)limit->burst,
			(long long)bucket_available(limit, now), (long long)ns);
	return buffer_add_format(
		text, "%s: %lld of %lld tokens available, %s, next in %s s\n",
		limit->name, (long long)bucket_available(limit, now),
		(long long)limit->burst, rate, wait);
}

static int print_state(struct session *session)
{
	const struct bucket *bucket = &session->bucket;
	bool json = session->settings->json;
	int64_t now = now_of(session), wait, paused;
	struct buffer text = BUFFER_INIT;
	char seconds_wait[SECONDS_TEXT], seconds_paused[SECONDS_TEXT];
	int error = 0;

	wait = wait_for(bucket, session->claim.cost, now);
	paused = bucket->resume > now ? bucket->resume - now : 0;
	if (json)
		error |= buffer_add_string(&text, "{\"limits\":[");
	for (unsigned i = 0; i < bucket->limits; i++)
		error |= describe_limit(bucket, i, json, now, &text);
	if (json)
		error |= buffer_add_format(
			&text, "],\"waiting\":%llu,\"paused_ns\":%lld,"
			"\"wait_ns\":%lld}\n",
			(unsigned long long)bucket_waiting(bucket, now),
			(long long)paused, (long long)wait);
	else
		error |= buffer_add_format(
			&text, "waiting: %llu, paused for %s s; a call now "
			"would wait %s s\n",
			(unsigned long long)bucket_waiting(bucket, now),
			seconds(paused, seconds_paused),
			seconds(wait, seconds_wait));
	return print(session, &text, error);
}

/* --- waiting ------------------------------------------------------------- */

static int refuse(struct session *session, int64_t wait)
{
	char allowed[SECONDS_TEXT], needed[SECONDS_TEXT];

	session->refused = wait;
	return complain(session, STATUS_BUSY,
			"no token within %s s: the wait would be %s s",
			seconds(session->latest - session->start, allowed),
			seconds(wait, needed));
}

/* The wait begins with the first look at STATE. */
static void begin_wait(struct session *session, int64_t now)
{
	int64_t timeout = session->settings->timeout;

	if (session->start >= 0)
		return;
	session->start = session->told = now;
	if (timeout == DURATION_FOREVER ||
	    __builtin_add_overflow(session->start, timeout, &session->latest))
		session->latest = INT64_MAX;
}

/* Under the lock: leave (0), or say when to come again (1), or fail. */
static int attempt(struct session *session)
{
	struct bucket_claim *claim = &session->claim;
	struct bucket *bucket = &session->bucket;
	int64_t now = now_of(session);
	int64_t slot = bucket_plan(bucket, claim->cost, now);

	begin_wait(session, now);
	if (!claim->serial && slot > now && slot > session->latest)
		return refuse(session, slot - now);
	session->changed = true;
	if (!claim->serial && bucket_reserve(bucket, claim, now))
		return complain(session, STATUS_FAILED,
				"the queue is too long to reckon with");
	switch (bucket_depart(bucket, claim, now)) {
	case BUCKET_GRANTED:
		return 0;
	case BUCKET_VOID:
		claim->serial = 0;
		return attempt(session);
	default:
		break;
	}
	if (claim->wake <= session->latest)
		return 1;
	bucket_cancel(bucket, claim);
	return refuse(session, claim->wake - now);
}

/* Come later at random, as far as the time allowed for the wait permits. */
static int come_later(struct session *session)
{
	int64_t room = session->settings->jitter, slot;

	if (!room)
		return 0;
	if (open_and_adopt(session))
		return -1;
	begin_wait(session, now_of(session));
	slot = bucket_plan(&session->bucket, session->claim.cost,
			   session->start);
	if (close_state(session, 0))
		return -1;
	if (slot > session->start && slot > session->latest)
		return refuse(session, slot - session->start);
	if (room > session->latest - slot)
		room = session->latest - slot;
	return boot_clock_sleep(&session->clock,
				session->start +
					(int64_t)(draw(session) %
						  ((uint64_t)room + 1)));
}

/* Is somebody looking, and are we in the foreground? */
static bool on_terminal(void)
{
	return isatty(STDERR_FILENO) && tcgetpgrp(STDERR_FILENO) == getpgrp();
}

static void draw_line(const char *text)
{
	fdio_write_all(STDERR_FILENO, text, strlen(text));
}

/* A line that counts down, and is gone in the end. */
static int count_down(struct session *session, uint64_t place)
{
	int64_t wake = session->claim.wake, left;
	char text[128];
	int result = 0;

	while (!result && (left = wake - now_of(session)) > 0) {
		int64_t whole = (left - 1) / NS_PER_SECOND;

		snprintf(text, sizeof(text),
			 "\r%s: %lld s to go, place %llu in the queue\033[K",
			 diag_name(), (long long)(whole + 1),
			 (unsigned long long)place);
		draw_line(text);
		result = boot_clock_sleep(&session->clock,
					  wake - whole * NS_PER_SECOND);
	}
	draw_line("\r\033[K");
	return result;
}

/* Sleep until it is our turn. Over a second, and we say so; longer: again. */
static int sleep_for_turn(struct session *session)
{
	int64_t wake = session->claim.wake;
	uint64_t place = bucket_place(&session->bucket, &session->claim);
	char text[SECONDS_TEXT];

	if (wake - session->told > NS_PER_SECOND) {
		session->told = wake;
		if (on_terminal())
			return count_down(session, place);
		diag_error(session->settings->state,
			   "waiting %s s, place %llu in the queue",
			   seconds(wake - now_of(session), text),
			   (unsigned long long)place);
	}
	return boot_clock_sleep(&session->clock, wake);
}

/* We do not stay: the slot goes back, if it is the last one. */
static void give_back(struct session *session)
{
	if (!session->claim.serial || open_state(session))
		return;
	session->changed = bucket_cancel(&session->bucket, &session->claim);
	close_state(session, 0);
}

/*
 * Wait for the tokens. 0: they are ours. -1: they are not, with PROBLEM unless
 * a signal was caught.
 */
static int wait_for_tokens(struct session *session)
{
	int result;

	session->start = -1;
	session->claim.serial = 0;
	signals_catch();
	if (come_later(session))
		return -1;
	for (;;) {
		if (open_and_adopt(session)) {
			if (session->problem->status != STATUS_BUSY)
				give_back(session);
			return -1;
		}
		result = close_state(session, attempt(session));
		if (result <= 0)
			break;
		if (sleep_for_turn(session)) {
			problem_errno(session->problem, NULL, "cannot sleep");
			give_back(session);
			return -1;
		}
	}
	return result ? -1 : print_granted(session);
}

static int wait_only(struct session *session)
{
	char text[SECONDS_TEXT];

	if (wait_for_tokens(session))
		return -1;
	diag_ok("%s: granted after %s s", session->settings->state,
		seconds(session->claim.departure - session->start, text));
	return 0;
}

/* --- what is done to STATE ----------------------------------------------- */

/* Looking makes nothing: where there is no STATE yet, it is as it would be. */
static int show_status(struct session *session)
{
	int result;

	if (session->settings->set) {
		if (open_and_adopt(session) || close_state(session, 0))
			return -1;
		return print_state(session);
	}
	result = bucket_file_lock_shared(
		&session->file, deadline_in(session->settings->lock_timeout),
		session->problem);
	if (result < 0)
		return -1;
	if (result > 0)
		result = make_fresh(session);
	else
		result = bucket_file_load(&session->file, &session->bucket,
					  session->problem);
	bucket_file_unlock(&session->file);
	if (result)
		return -1;
	bucket_settle(&session->bucket, session->clock.boot, now_of(session),
		      boot_clock_wall());
	return adopt(session, false) ? -1 : print_state(session);
}

/* With --json, what STATE is like after it was changed. */
static int report(struct session *session)
{
	return session->settings->json ? print_state(session) : 0;
}

/* The limits that STATE had, if it can be read, and what is wished of them. */
static int make_reset(struct session *session)
{
	struct problem unreadable;
	struct bucket old;

	if (bucket_file_load(&session->file, &old, &unreadable))
		return make_fresh(session);
	make_empty(session);
	for (unsigned i = 0; i < old.limits; i++)
		bucket_set(&session->bucket, old.limit[i].name,
			   old.limit[i].rate, old.limit[i].burst,
			   session->bucket.stamp);
	return adopt(session, true);
}

static int reset(struct session *session)
{
	int result;

	if (lock_state(session))
		return -1;
	result = make_reset(session);
	if (!result)
		result = bucket_file_reset(&session->file, &session->bucket,
					   session->problem);
	bucket_file_unlock(&session->file);
	return result ? -1 : report(session);
}

static int refund(struct session *session)
{
	if (open_and_adopt(session))
		return -1;
	bucket_refund(&session->bucket, session->claim.cost, now_of(session));
	session->changed = true;
	return close_state(session, 0) ? -1 : report(session);
}

static int pause_all(struct session *session, int64_t ns)
{
	if (open_and_adopt(session))
		return -1;
	bucket_pause(&session->bucket, ns, now_of(session));
	session->changed = true;
	return close_state(session, 0);
}

static int penalize(struct session *session)
{
	if (pause_all(session, session->settings->penalty))
		return -1;
	return report(session);
}

/* --- COMMAND ------------------------------------------------------------- */

/* Become COMMAND: nothing of ours stays in between. */
static int become(struct session *session)
{
	if (wait_for_tokens(session) || signals_caught())
		return -1;
	signals_reset();
	return command_become(session->settings->command, session->problem);
}

/* Run COMMAND with its output to OUT: its status, or -1 with PROBLEM. */
static int run_into(struct session *session, FILE *out)
{
	const struct command_files files = {.in = -1, .out = fileno(out)};
	struct command command;
	int status;

	signals_reset();
	if (command_start(&command, session->settings->command, &files,
			  session->problem))
		return -1;
	status = command_wait(&command);
	command_end(&command);
	return status;
}

static int pass_on(struct session *session, FILE *out)
{
	char bytes[64 * 1024];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fileno(out), bytes, sizeof(bytes), at)) > 0) {
		if (fdio_write_all(STDOUT_FILENO, bytes, (size_t)n))
			break;
		at += n;
	}
	return n ? problem_errno(session->problem, "standard output", NULL) : 0;
}

/* The duration that the last line of OUT names; else what --penalty says. */
static int64_t named_pause(const struct session *session, FILE *out)
{
	char text[256];
	const off_t room = sizeof(text) - 1;
	off_t size = lseek(fileno(out), 0, SEEK_END);
	off_t from = size > room ? size - room : 0;
	ssize_t n = pread(fileno(out), text, (size_t)room, from);
	char *line;
	int64_t ns;

	text[n > 0 ? n : 0] = '\0';
	for (n = (ssize_t)strlen(text); n > 0; n--) {
		if (!strchr(" \t\r\n", text[n - 1]))
			break;
		text[n - 1] = '\0';
	}
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	line += strspn(line, " \t");
	if (!duration_parse(line, &ns) && ns != DURATION_FOREVER)
		return ns;
	return session->settings->penalty > 0 ? session->settings->penalty : 0;
}

/*
 * One run of COMMAND. 0: it is over, with *STATUS. 1: once more. Its output is
 * kept in a file without a name, as it is dropped if there is another run.
 */
static int run_once(struct session *session, int *status)
{
	FILE *out = tmpfile();
	char text[SECONDS_TEXT];
	int64_t pause;
	int result = 0;

	if (!out)
		return problem_errno(session->problem, "temporary file", NULL);
	fcntl(fileno(out), F_SETFD, FD_CLOEXEC);
	*status = run_into(session, out);
	if (*status < 0) {
		result = -1;
	} else if (*status != session->settings->retry_status) {
		result = pass_on(session, out);
	} else {
		pause = named_pause(session, out);
		diag_error(session->settings->command[0],
			   "ended with status %d: everybody pauses for %s s",
			   *status, seconds(pause, text));
		result = pause_all(session, pause) ? -1 : 1;
	}
	fclose(out);
	return result;
}

static int run_with_retries(struct session *session, int *status)
{
	int64_t left = session->settings->retries;
	int result;

	do {
		if (wait_for_tokens(session) || signals_caught())
			return -1;
		result = run_once(session, status);
	} while (result > 0 && left-- > 0);
	return result < 0 ? -1 : 0;
}

/* --- main ---------------------------------------------------------------- */

static int work(struct session *session, int *status)
{
	switch (session->settings->mode) {
	case MODE_COMMAND:
		return become(session);
	case MODE_RETRY:
		return run_with_retries(session, status);
	case MODE_STATUS:
		return show_status(session);
	case MODE_RESET:
		return reset(session);
	case MODE_REFUND:
		return refund(session);
	case MODE_PENALTY:
		return penalize(session);
	default:
		return wait_only(session);
	}
}

/* Before COMMAND runs, our own failures must not look like its. */
static int failure_status(const struct settings *settings,
			  const struct problem *problem)
{
	bool ours = problem->status == STATUS_FAILED ||
		    problem->status == STATUS_STATE ||
		    problem->status == STATUS_UNSURE;

	if (ours && (settings->mode & (MODE_COMMAND | MODE_RETRY)))
		return STATUS_TOOL;
	return (int)problem->status;
}

static int fail(struct session *session)
{
	print_refused(session);
	if (session->problem->status == STATUS_MISUSE)
		return diag_misuse(session->problem->subject, "%s",
				   session->problem->reason);
	diag_problem(session->problem);
	return failure_status(session->settings, session->problem);
}

static int run(const struct settings *settings)
{
	struct problem problem = {.status = STATUS_FAILED};
	struct session session = {
		.settings = settings,
		.problem = &problem,
		.refused = -1,
	};
	int status = STATUS_DONE;

	if (boot_clock_init(&session.clock)) {
		problem_errno(&problem, NULL, "cannot tell this boot");
		return fail(&session);
	}
	if (bucket_file_open(&session.file, settings->state, &problem))
		return fail(&session);
	if (work(&session, &status) && !signals_caught())
		status = fail(&session);
	bucket_file_close(&session.file);
	boot_clock_release(&session.clock);
	return status;
}

int main(int argc, char **argv)
{
	struct settings settings;
	struct problem problem;
	int status;

	(void)argc;
	fdio_open_standard();
	diag_init("rate-wait");
	if (parse_options(&settings, argv, &problem))
		return diag_misuse(problem.subject, "%s", problem.reason);
	if (settings.help)
		return usage_help(&usage);
	if (settings.version)
		return usage_version();
	status = run(&settings);
	signals_die();
	return status;
}
