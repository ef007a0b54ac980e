/* SPDX-License-Identifier: MIT */
/*
 * atomic-write: make what comes from standard input, an option or a command the
 * content of a file, wholly or not at all.
 *
 * Order: the input is read, checked, written to a temp and synced before the
 * lock is taken; under it there are only the last looks, the rename and what
 * has to be compared with FILE. With --append the temp is what is added.
 *
 * Exit statuses: those of exitcode.h but for the ones of COMMAND, whose failure
 * is ours: 1.
 *
 * Caveats: what is validated is held in memory as well. --lines has no temp:
 * what has arrived is in FILE, whatever happens then.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "append.h"
#include "backup.h"
#include "coprocess.h"
#include "diag.h"
#include "duration.h"
#include "etag.h"
#include "fdio.h"
#include "json.h"
#include "locking.h"
#include "options.h"
#include "replace.h"
#include "replacing.h"
#include "signals.h"
#include "usage.h"

enum write_option {
	OPTION_CONTENT = OPTION_LONG_ONLY,
	OPTION_APPEND,
	OPTION_LINES,
	OPTION_ALLOW_EMPTY,
	OPTION_VALIDATE,
	OPTION_NO_VALIDATE,
	OPTION_IF_CHANGED,
	OPTION_NO_CLOBBER,
	OPTION_MODE,
};

static const struct option_spec specs[] = {
	{OPTION_CONTENT, "content", "DATA",
	 "write DATA, with a newline at its end", false, false},
	{OPTION_APPEND, "append", NULL,
	 "add the input to FILE as one piece, in place", false, false},
	{OPTION_LINES, "lines", NULL,
	 "with --append: add each line as it arrives", false, false},
	{OPTION_ALLOW_EMPTY, "allow-empty", NULL, "no input is no error",
	 false, false},
	{OPTION_VALIDATE, "validate", NULL,
	 "the input must be JSON, whatever FILE is called", false, false},
	{OPTION_NO_VALIDATE, "no-validate", NULL,
	 "do not validate *.json and *.jsonl", false, false},
	{OPTION_IF_CHANGED, "if-changed", NULL,
	 "leave FILE alone if it holds the input already", false, false},
	{OPTION_NO_CLOBBER, "no-clobber", NULL, "only if FILE does not exist",
	 false, false},
	{OPTION_MODE, "mode", "MODE", "give FILE this mode (octal)", false,
	 false},
	REPLACING_SPECS,
	LOCKING_SPECS,
	USAGE_SPECS,
	{0, NULL, NULL, NULL, false, false},
};

static const struct usage usage = {
	.synopsis = "  COMMAND | atomic-write FILE [OPTION...]\n"
		    "  atomic-write FILE --content DATA [OPTION...]\n"
		    "  atomic-write FILE [OPTION...] -- COMMAND [ARG...]\n",
	.purpose = "Make the input FILE's content: wholly, or not at all.\n",
	.specs = specs,
	.notes = "Exit status: 0 done, 1 failed, 2 misuse, 3 FILE is not in "
		 "the state asked for,\n"
		 "4 done but not known to be on disk, 75 not in time.\n",
};

enum validation { VALIDATE_NAME, VALIDATE_ALWAYS, VALIDATE_NEVER };

struct settings {
	const char *file;
	const char *content; /* --content, or NULL */
	char **command;	     /* what stands behind "--", or NULL */
	bool append;
	bool lines;
	bool allow_empty;
	bool if_changed;
	bool no_clobber;
	enum validation validation;
	struct replacing replacing;
	struct locking locking;
};

/* What the input must be. */
enum format { FORMAT_ANY, FORMAT_JSON, FORMAT_JSON_LINES };

struct work {
	const struct settings *settings;
	enum format format;
	struct target target;
	struct replacement replacement;
	struct append append;
	struct lock lock;
	struct buffer text; /* what is validated; with --lines, half a line */
	off_t length;	    /* of the input */
	size_t line;	    /* with --lines: how many there were */
	bool appended;	    /* and that is on disk, but for a backup's name */
};

/* --- the command line ---------------------------------------------------- */

static int take_mode(struct settings *settings, const char *text,
		     struct problem *problem)
{
	struct replace_options *options = &settings->replacing.options;
	char *end;
	unsigned long mode = strtoul(text, &end, 8);

	if (*text < '0' || *text > '7' || *end || mode > 07777)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "--mode: '%s' is not an octal mode such as "
				   "644",
				   text);
	options->set_mode = true;
	options->mode = (mode_t)mode;
	return 0;
}

static void take_switch(struct settings *settings, int id)
{
	switch (id) {
	case OPTION_APPEND:
		settings->append = true;
		break;
	case OPTION_LINES:
		settings->lines = true;
		break;
	case OPTION_ALLOW_EMPTY:
		settings->allow_empty = true;
		break;
	case OPTION_VALIDATE:
		settings->validation = VALIDATE_ALWAYS;
		break;
	case OPTION_NO_VALIDATE:
		settings->validation = VALIDATE_NEVER;
		break;
	case OPTION_IF_CHANGED:
		settings->if_changed = true;
		break;
	case OPTION_NO_CLOBBER:
		settings->no_clobber = true;
		break;
	default:
		diag_set_verbose(true);
		break;
	}
}

static int take_operand(struct settings *settings, const char *operand,
			struct problem *problem)
{
	if (settings->file)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "unexpected operand '%s'", operand);
	settings->file = operand;
	return 0;
}

/* 0, or -1. */
static int take_option(struct settings *settings, int id,
		       const struct options *options, struct problem *problem)
{
	int taken;

	if (id == OPTION_OPERAND)
		return take_operand(settings, options->value, problem);
	if (id == OPTION_MODE)
		return take_mode(settings, options->value, problem);
	taken = replacing_option(&settings->replacing, id, options, problem);
	if (!taken)
		taken = locking_option(&settings->locking, id, options,
				       problem);
	if (taken)
		return taken < 0 ? -1 : 0;
	if (id == OPTION_CONTENT)
		settings->content = options->value;
	else if (id == OPTION_COMMAND)
		settings->command = options->command;
	else
		take_switch(settings, id);
	return 0;
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

static int check(const struct settings *settings, struct problem *problem)
{
	const struct replacing *replacing = &settings->replacing;
	const char *what = NULL;

	if (!settings->file)
		what = "FILE is missing";
	else if (settings->command && !settings->command[0])
		what = "COMMAND is missing behind --";
	else if (settings->command && settings->content)
		what = "--content and a COMMAND exclude each other";
	else if (settings->lines && !settings->append)
		what = "--lines needs --append";
	else if (settings->append &&
		 (settings->if_changed || settings->no_clobber))
		what = "--append excludes --if-changed and --no-clobber";
	else if (settings->lines && settings->command)
		what = "--lines takes no COMMAND: use a pipe";
	else if (settings->lines && replacing->options.backups)
		what = "--lines excludes --backup";
	else if (settings->lines && replacing->if_match)
		what = "--lines excludes --if-match";
	else if (settings->append && settings->validation == VALIDATE_NAME &&
		 ends_in(settings->file, ".json"))
		what = "adding to a JSON document does not leave one: use "
		       "memory-update, a *.jsonl, or --no-validate";
	if (!what)
		return 0;
	return problem_set(problem, STATUS_MISUSE, NULL, "%s", what);
}

/* Returns -1 with PROBLEM, or the id of an option that ends the program. */
static int parse(struct settings *settings, char **argv,
		 struct problem *problem)
{
	struct options options;
	int id;

	if (locking_init(&settings->locking, problem))
		return -1;
	settings->locking.notice = diag_waiting;
	settings->locking.debug = diag_debug;
	options_init(&options, specs, argv, true);
	while ((id = options_next(&options, problem)) != OPTION_END) {
		if (id == OPTION_HELP || id == OPTION_VERSION)
			return id;
		if (id == -1 || take_option(settings, id, &options, problem))
			return -1;
	}
	return check(settings, problem);
}

/* --- validation ---------------------------------------------------------- */

static enum format format_of(const struct work *work)
{
	const struct settings *settings = work->settings;
	bool lines = ends_in(settings->file, ".jsonl") ||
		     ends_in(work->target.name, ".jsonl");
	bool json = ends_in(settings->file, ".json") ||
		    ends_in(work->target.name, ".json");

	if (settings->validation == VALIDATE_NEVER)
		return FORMAT_ANY;
	if (settings->validation == VALIDATE_ALWAYS)
		return lines || settings->append ? FORMAT_JSON_LINES
						 : FORMAT_JSON;
	if (settings->append)
		return lines ? FORMAT_JSON_LINES : FORMAT_ANY;
	return json ? FORMAT_JSON : FORMAT_ANY;
}

/* One text; it begins at LINE of the input. text[length] must be a NUL. */
static int validate_text(const struct work *work, const char *text,
			 size_t length, size_t line, struct problem *problem)
{
	struct json_error error;
	size_t row, column;

	if (!json_validate(text, length, &error))
		return 0;
	json_position(text, error.offset, &row, &column);
	return problem_set(problem, STATUS_FAILED, work->settings->file,
			   "the input is not valid JSON: line %zu, column %zu: "
			   "%s",
			   line + row - 1, column, error.reason);
}

/*
 * Each line of the first LENGTH bytes of the text. *VALID is set to where the
 * first line that is none begins, or to LENGTH.
 */
static int validate_lines(struct work *work, size_t length, size_t *valid,
			  struct problem *problem)
{
	char *text = work->text.data;
	size_t at = 0, end;
	int result = 0;

	while (!result && at < length) {
		char *newline = memchr(text + at, '\n', length - at);
		char kept;

		end = newline ? (size_t)(newline - text) : length;
		kept = text[end];
		text[end] = '\0';
		result = validate_text(work, text + at, end - at,
				       ++work->line, problem);
		text[end] = kept;
		if (!result)
			at = end + (newline != NULL);
	}
	*valid = at;
	return result;
}

static int validate(struct work *work, struct problem *problem)
{
	size_t unused;

	if (work->format == FORMAT_ANY || work->length == 0)
		return 0;
	if (work->format == FORMAT_JSON)
		return validate_text(work, work->text.data, work->text.length,
				     1, problem);
	return validate_lines(work, work->text.length, &unused, problem);
}

/* --- input --------------------------------------------------------------- */

/* Takes a piece of the input, wherever it comes from. */
typedef int take_input(void *context, const char *bytes, size_t length,
		       struct problem *problem);

static int interrupted(struct problem *problem)
{
	return problem_set(problem, STATUS_FAILED, NULL, "interrupted");
}

static int read_standard_input(take_input *take, struct work *work,
			       struct problem *problem)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	const struct deadline never = deadline_in(DURATION_FOREVER);
	char bytes[64 * 1024];
	ssize_t n;

	for (;;) {
		if (signals_poll(&input, 1, never) < 0 && errno != EINTR)
			return problem_errno(problem, "standard input", NULL);
		if (signals_caught())
			return interrupted(problem);
		n = read(STDIN_FILENO, bytes, sizeof(bytes));
		if (n == 0)
			return 0;
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return problem_errno(problem, "standard input", NULL);
		if (take(work, bytes, (size_t)n, problem))
			return -1;
	}
}

static int read_content(take_input *take, struct work *work,
			struct problem *problem)
{
	const char *content = work->settings->content;

	if (*content && take(work, content, strlen(content), problem))
		return -1;
	return ends_in(content, "\n") ? 0 : take(work, "\n", 1, problem);
}

/* What goes wrong with COMMAND concerns FILE, which does not get its output. */
static int read_command(take_input *take, struct work *work,
			struct problem *problem)
{
	const struct settings *settings = work->settings;
	const struct coprocess coprocess = {
		.argv = settings->command,
		.deadline = deadline_in(DURATION_FOREVER),
		.take = take,
		.context = work,
	};
	struct problem trouble;

	if (!coprocess_run(&coprocess, &trouble))
		return 0;
	if (!strcmp(trouble.subject, settings->command[0]))
		return problem_set(problem, STATUS_FAILED, settings->file,
				   "%.200s %s", settings->command[0],
				   trouble.reason);
	*problem = trouble;
	return -1;
}

static int read_input(take_input *take, struct work *work,
		      struct problem *problem)
{
	if (work->settings->content)
		return read_content(take, work, problem);
	if (work->settings->command)
		return read_command(take, work, problem);
	return read_standard_input(take, work, problem);
}

/* Into the temp at once; what must be validated first, into memory. */
static int take_piece(void *context, const char *bytes, size_t length,
		      struct problem *problem)
{
	struct work *work = context;

	work->length += (off_t)length;
	if (work->format == FORMAT_ANY)
		return replace_write(&work->replacement, bytes, length,
				     problem);
	if (buffer_add(&work->text, bytes, length))
		return problem_errno(problem, work->settings->file, NULL);
	return 0;
}

static int fill_temp(struct work *work, struct problem *problem)
{
	const struct settings *settings = work->settings;

	if (read_input(take_piece, work, problem))
		return -1;
	if (work->length == 0 && !settings->allow_empty)
		return problem_set(problem, STATUS_FAILED, settings->file,
				   "no input: left as it is (--allow-empty "
				   "makes it empty)");
	if (validate(work, problem))
		return -1;
	if (work->format != FORMAT_ANY &&
	    replace_write(&work->replacement, work->text.data,
			  work->text.length, problem))
		return -1;
	buffer_release(&work->text);
	return 0;
}

/* --- replacing ----------------------------------------------------------- */

static int check_match(const struct work *work, struct problem *problem)
{
	const struct replacement *r = &work->replacement;
	char tag[ETAG_SIZE] = ETAG_NONE;

	if (!work->settings->replacing.if_match)
		return 0;
	if (r->exists && etag_of_file(r->old, tag)) {
		if (errno == EBADF) /* only its name could be opened */
			errno = EACCES;
		return problem_errno(problem, work->settings->file,
				     "cannot read it");
	}
	return replacing_match(&work->settings->replacing, tag,
			       work->settings->file, problem);
}

static int check_clobber(const struct work *work, bool exists,
			 struct problem *problem)
{
	if (!work->settings->no_clobber || !exists)
		return 0;
	return problem_set(problem, STATUS_STATE, work->settings->file,
			   "exists, and --no-clobber was given");
}

/* Is FILE to be left as it is, because it holds the input? */
static int check_changed(struct work *work, struct problem *problem)
{
	struct replacement *r = &work->replacement;

	if (!work->settings->if_changed || r->was.st_size != work->length)
		return 0;
	return replace_is_same(r, problem);
}

/* FILE exists: add to it. A backup is a copy, as FILE stays the same inode. */
static int add_to_file(struct work *work, struct problem *problem)
{
	const struct replace_options *options =
		&work->settings->replacing.options;
	struct replacement *r = &work->replacement;
	const struct backup backup = {
		.directory = work->target.directory,
		.name = work->target.name,
		.file = r->old,
		.count = options->backups,
		.copy = true,
		.no_sync = options->no_sync,
		.subject = work->settings->file,
	};
	int result;

	if (options->backups ? backup_make(&backup, problem)
			     : backup_detach(&backup, problem))
		return -1;
	append_init(&work->append, &work->target, options->no_sync);
	result = append_from(&work->append, replace_content(r), problem);
	append_release(&work->append);
	work->appended = !result;
	if (!result)
		diag_ok("Added to: %s", work->settings->file);
	return result;
}

/*
 * With the lock: 0 when FILE is as it should be, -1 with PROBLEM,
 * REPLACE_CHANGED if a program that does not lock was faster.
 */
static int try_commit(struct work *work, struct problem *problem)
{
	struct replacement *r = &work->replacement;
	int result;

	if (replace_look(r, problem) ||
	    check_clobber(work, r->exists, problem) ||
	    check_match(work, problem))
		return -1;
	if (work->settings->append && r->exists)
		return add_to_file(work, problem);
	result = check_changed(work, problem);
	if (result > 0)
		diag_ok("Unchanged: %s", work->settings->file);
	if (result)
		return result > 0 ? 0 : -1;
	if (replace_prepare(r, problem))
		return -1;
	if (signals_caught())
		return interrupted(problem);
	result = replace_commit(r, problem);
	if (!result)
		diag_ok("Wrote: %s", work->settings->file);
	return result;
}

static int commit(struct work *work, struct problem *problem)
{
	enum { TRIES = 10 };
	const struct settings *settings = work->settings;
	int result = REPLACE_CHANGED;

	if (locking_take(&settings->locking, &work->lock, &work->target,
			 LOCK_WRITER, diag_name(), problem))
		return -1;
	work->replacement.options.in_place_deadline =
		deadline_in(settings->locking.timeout);
	for (int i = 0; i < TRIES && result == REPLACE_CHANGED; i++)
		result = try_commit(work, problem);
	/* Before the sync: the next holder syncs the same directory later. */
	locking_release(&settings->locking, &work->lock, &work->target);
	if (result == REPLACE_CHANGED)
		return problem_set(problem, STATUS_FAILED, settings->file,
				   "a program that does not lock keeps "
				   "changing it");
	if (result)
		return -1;
	if (work->appended && !settings->replacing.options.backups)
		return 0;
	return replace_sync(&work->replacement, problem);
}

/*
 * What takes time before the lock: the input, the temp, its sync. The temp is
 * synced only where it is likely to become FILE.
 */
static int prepare(struct work *work, struct problem *problem)
{
	struct replacement *r = &work->replacement;
	int same;

	if (replace_look(r, problem) || replace_begin(r, problem) ||
	    fill_temp(work, problem))
		return -1;
	if (work->settings->append && r->exists)
		return 0;
	same = check_changed(work, problem);
	if (same)
		return same > 0 ? 0 : -1;
	return replace_prepare(r, problem);
}

static int replace_file(struct work *work, struct problem *problem)
{
	const struct settings *settings = work->settings;
	struct replace_options options = settings->replacing.options;
	int result;

	options.unnamed = true;
	options.exact |= options.backups > 0;
	replace_init(&work->replacement, &work->target, &options);
	result = check_clobber(work, work->target.exists, problem);
	if (!result)
		result = prepare(work, problem);
	if (!result)
		result = commit(work, problem);
	replace_release(&work->replacement);
	return result;
}

/* --- lines --------------------------------------------------------------- */

/* Add the first LENGTH bytes of the text, whole lines, under the lock. */
static int add_lines(struct work *work, size_t length, struct problem *problem)
{
	const struct settings *settings = work->settings;
	struct problem invalid;
	bool valid = true;
	int result = 0;

	if (work->format == FORMAT_JSON_LINES)
		valid = !validate_lines(work, length, &length, &invalid);
	if (length > 0) {
		if (locking_take(&settings->locking, &work->lock,
				 &work->target, LOCK_WRITER, diag_name(),
				 problem))
			return -1;
		result = append_bytes(&work->append, work->text.data, length,
				      problem);
		locking_release(&settings->locking, &work->lock,
				&work->target);
	}
	if (!result && !valid)
		*problem = invalid;
	return valid ? result : -1;
}

/* Add the lines that are whole, keep what is not. */
static int take_lines(void *context, const char *bytes, size_t length,
		      struct problem *problem)
{
	struct work *work = context;
	struct buffer *text = &work->text;
	size_t whole = length;

	while (whole > 0 && bytes[whole - 1] != '\n')
		whole--;
	if (whole > 0) {
		size_t before = text->length;

		if (buffer_add(text, bytes, whole))
			return problem_errno(problem, work->settings->file,
					     NULL);
		if (add_lines(work, before + whole, problem))
			return -1;
		buffer_clear(text);
	}
	if (buffer_add(text, bytes + whole, length - whole))
		return problem_errno(problem, work->settings->file, NULL);
	return 0;
}

/*
 * What has been added is synced however the input ends. A last line without a
 * newline gets one, unless a signal has cut it short: then it is no line.
 */
static int append_lines(struct work *work, struct problem *problem)
{
	const struct replace_options *options =
		&work->settings->replacing.options;
	struct problem unsynced;
	int result;

	append_init(&work->append, &work->target, true);
	work->append.set_mode = options->set_mode;
	work->append.mode = options->mode;
	result = read_input(take_lines, work, problem);
	if (!result && work->text.length > 0)
		result = take_lines(work, "\n", 1, problem);
	if (!options->no_sync && append_sync(&work->append, &unsynced) &&
	    !result) {
		*problem = unsynced;
		result = -1;
	}
	append_release(&work->append);
	return result;
}

/* --- all of it ----------------------------------------------------------- */

static int write_file(struct work *work, struct problem *problem)
{
	const struct settings *settings = work->settings;
	enum target_flags flags = TARGET_MAKE_PARENTS;
	int result;

	if (settings->replacing.options.no_sync)
		flags |= TARGET_NO_SYNC;
	if (target_open(&work->target, settings->file, flags, problem))
		return -1;
	work->format = format_of(work);
	if (settings->lines)
		result = append_lines(work, problem);
	else
		result = replace_file(work, problem);
	if (result && problem->status != STATUS_UNSURE)
		target_undo_parents(&work->target);
	target_close(&work->target);
	return result;
}

static int run(const struct settings *settings)
{
	struct work work = {
		.settings = settings,
		.lock = LOCK_NONE,
		.text = BUFFER_INIT,
	};
	struct problem problem;
	int result;

	signals_catch();
	result = write_file(&work, &problem);
	buffer_release(&work.text);
	if (!result)
		return STATUS_DONE;
	if (!signals_caught())
		diag_problem(&problem);
	return (int)problem.status;
}

int main(int argc, char **argv)
{
	struct settings settings = {.file = NULL};
	struct problem problem;
	int status;

	(void)argc;
	if (fdio_open_standard())
		return STATUS_FAILED;
	diag_init("atomic-write");
	status = parse(&settings, argv, &problem);
	if (status == OPTION_HELP)
		return usage_help(&usage);
	if (status == OPTION_VERSION)
		return usage_version();
	if (status)
		return diag_misuse(problem.subject, "%s", problem.reason);
	status = run(&settings);
	signals_die();
	return status;
}
