/* SPDX-License-Identifier: MIT */
/*
 * memory-update: change a JSON file by a jq filter, so that no update of
 * another process is lost and no reader sees half of one.
 *
 * Order: all that may take long comes first (variables and standard input are
 * read, the filter is compiled), then the lock, then read, apply, write, sync,
 * rename; unlocked before the directory is synced, because the next holder
 * syncs it as well before it says done.
 *
 * Exit statuses: those of exitcode.h but for the ones of COMMAND.
 *
 * Caveats: while a filter runs, signals end the process at once, as nothing is
 * on disk yet and a filter may run for ever. Only from the temp on they are
 * caught.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coprocess.h"
#include "diag.h"
#include "duration.h"
#include "etag.h"
#include "fdio.h"
#include "filter.h"
#include "json.h"
#include "locking.h"
#include "notice.h"
#include "options.h"
#include "replace.h"
#include "replacing.h"
#include "signals.h"
#include "usage.h"

enum update_option {
	OPTION_FUNCTION = OPTION_LONG_ONLY,
	OPTION_PIPE,
	OPTION_INIT,
	OPTION_INDENT,
	OPTION_TAB,
};

static const struct option_spec specs[] = {
	{'f', "from-file", "PATH", "read the filter from PATH (-: stdin)",
	 false, false},
	{OPTION_FUNCTION, "function", "NAME",
	 "let the exported bash function NAME turn JSON into JSON", false,
	 false},
	{OPTION_PIPE, "pipe", NULL, "let COMMAND turn JSON into JSON", false,
	 false},
	{OPTION_INIT, "init", "JSON",
	 "what a missing or empty FILE is taken to hold", false, false},
	VARIABLES_SPECS,
	{OPTION_INDENT, "indent", "N", "indent by N blanks (2)", false, false},
	{OPTION_TAB, "tab", NULL, "indent by tabs", false, false},
	{'c', "compact-output", NULL, "all on one line", false, false},
	{'S', "sort-keys", NULL, "sort the keys of each object", false, false},
	REPLACING_SPECS,
	LOCKING_SPECS,
	USAGE_SPECS,
	{0, NULL, NULL, NULL, false, false},
};

static const struct usage usage = {
	.synopsis = "  memory-update FILE FILTER [OPTION...]\n"
		    "  memory-update FILE -f PATH [OPTION...]\n"
		    "  memory-update FILE --function NAME [OPTION...]\n"
		    "  memory-update FILE --pipe [OPTION...] -- COMMAND "
		    "[ARG...]\n",
	.purpose = "Replace the JSON in FILE by what the jq FILTER makes of "
		   "it, under FILE's lock.\n",
	.specs = specs,
	.notes = "Exit status: 0 done, 1 failed, 2 misuse, 3 FILE is missing,\n"
		 "4 done but not known to be on disk, 75 not in time.\n",
};

/* An operand, and whether --args or --jsonargs stood before it. */
struct operand {
	const char *text;
	enum variables_option kind;
};

struct update {
	struct operand *operands;
	size_t operand_count;
	const char *file;
	const char *program;	  /* the filter's text */
	const char *program_path; /* -f, or NULL */
	struct buffer program_text;
	const char *function; /* --function, or NULL */
	char **command;	      /* what stands behind "--", or NULL */
	bool pipe;
	const char *init; /* or NULL */
	struct variables variables;
	struct locking locking;
	struct replacing replacing;
	struct json_style style;
	bool sorted;
};

/* What runs while FILE is locked, and what comes of it. */
struct work {
	const struct update *update;
	struct filter *filter; /* NULL: a command does it */
	struct target target;
	struct lock lock;
	struct deadline deadline; /* for what runs under the lock */
	struct replacement replacement;
	struct buffer content; /* of FILE */
	struct buffer value;   /* what has become of it */
	struct buffer result;  /* the same in style: FILE's new content */
};

/* --- the command line ---------------------------------------------------- */

static int read_number(const char *option, const char *text, unsigned long low,
		       unsigned long high, unsigned long *number,
		       struct problem *problem)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno &&
	    *number >= low && *number <= high)
		return 0;
	return problem_set(problem, STATUS_MISUSE, NULL,
			   "%s: '%s' is not a number from %lu to %lu", option,
			   text, low, high);
}

static int take_indent(struct update *update, const char *text,
		       struct problem *problem)
{
	unsigned long indent;

	if (read_number("--indent", text, 0, 32, &indent, problem))
		return -1;
	update->style.indent = (int)indent;
	update->style.tab = update->style.compact = false;
	return 1;
}

/* Where the new content comes from, if not from an operand. */
static int take_source(struct update *update, int id,
		       const struct options *options, struct problem *problem)
{
	switch (id) {
	case 'f':
		update->program_path = options->value;
		if (strcmp(options->value, "-"))
			return 1;
		return variables_claim_stdin(&update->variables, "-f",
					     problem)
			       ? -1
			       : 1;
	case OPTION_FUNCTION:
		update->function = options->value;
		return 1;
	case OPTION_PIPE:
		update->pipe = true;
		return 1;
	case OPTION_INIT:
		update->init = options->value;
		return 1;
	default:
		return 0;
	}
}

static int take_style(struct update *update, int id,
		      const struct options *options, struct problem *problem)
{
	switch (id) {
	case OPTION_INDENT:
		return take_indent(update, options->value, problem);
	case OPTION_TAB:
	case 'c':
		update->style.compact = id == 'c';
		update->style.tab = id == OPTION_TAB;
		return 1;
	case 'S':
		update->sorted = true;
		return 1;
	default:
		return 0;
	}
}

/* 0, or -1. */
static int take_option(struct update *update, int id,
		       const struct options *options, struct problem *problem)
{
	int taken = take_source(update, id, options, problem);

	if (!taken)
		taken = take_style(update, id, options, problem);
	if (!taken)
		taken = replacing_option(&update->replacing, id, options,
					 problem);
	if (!taken)
		taken = locking_option(&update->locking, id, options, problem);
	if (!taken)
		taken = variables_option(&update->variables, id, options,
					 problem);
	if (!taken && id == 'v')
		diag_set_verbose(true);
	return taken < 0 ? -1 : 0;
}

/*
 * Only when all options are known is it known what the second operand is: the
 * filter, or, with -f and its like, one for --args.
 */
static int take_operands(struct update *update, struct problem *problem)
{
	const char *other = update->program_path ? "-f"
			    : update->function	 ? "--function"
			    : update->pipe	 ? "--pipe"
						 : NULL;
	size_t i = 0;

	if (i < update->operand_count)
		update->file = update->operands[i++].text;
	if (!other && i < update->operand_count)
		update->program = update->operands[i++].text;
	for (; i < update->operand_count; i++) {
		const struct operand *operand = &update->operands[i];
		int taken = variables_operand(&update->variables,
					      operand->kind, operand->text,
					      problem);

		if (taken < 0)
			return -1;
		if (!taken)
			return problem_set(problem, STATUS_MISUSE, NULL,
					   "unexpected operand '%s'%s%s",
					   operand->text,
					   other ? " besides " : "",
					   other ? other : "");
	}
	return 0;
}

static int check(const struct update *update, struct problem *problem)
{
	const char *what = NULL;

	if (!update->file)
		what = "FILE and FILTER are missing";
	else if (!!update->program_path + !!update->function + update->pipe > 1)
		what = "-f, --function and --pipe exclude each other";
	else if (update->pipe && !(update->command && update->command[0]))
		what = "--pipe needs a COMMAND behind --";
	else if (update->command && !update->pipe)
		what = "a COMMAND behind -- needs --pipe";
	else if (!update->program && !update->program_path &&
		 !update->function && !update->pipe)
		what = "FILTER is missing";
	else if (update->init &&
		 json_validate(update->init, strlen(update->init), NULL))
		what = "--init: not valid JSON";
	if (!what)
		return 0;
	return problem_set(problem, STATUS_MISUSE, NULL, "%s", what);
}

/* Returns -1 with PROBLEM, or the id of an option that ends the program. */
static int parse(struct update *update, char **argv, struct problem *problem)
{
	struct options options;
	int id;

	if (locking_init(&update->locking, problem))
		return -1;
	update->locking.notice = diag_waiting;
	update->locking.debug = diag_debug;
	options_init(&options, specs, argv, true);
	while ((id = options_next(&options, problem)) != OPTION_END) {
		if (id == OPTION_OPERAND)
			update->operands[update->operand_count++] =
				(struct operand){
					options.value,
					update->variables.positional,
				};
		else if (id == OPTION_COMMAND)
			update->command = options.command;
		else if (id == OPTION_HELP || id == OPTION_VERSION)
			return id;
		else if (id < 0 || take_option(update, id, &options, problem))
			return -1;
	}
	if (take_operands(update, problem))
		return -1;
	return check(update, problem);
}

/* --- before the lock ----------------------------------------------------- */

/* What libjq wants printed comes as it is, with its own line ends. */
static void say(const char *text, size_t length)
{
	(void)fdio_write_all(STDERR_FILENO, text, length);
}

static void no_memory(void *unused)
{
	(void)unused;
	diag_error("filter", "out of memory");
	_exit(STATUS_FAILED);
}

static const struct filter_hooks hooks = {say, no_memory};

static int read_program(struct update *update, struct problem *problem)
{
	const char *path = update->program_path;
	struct buffer *text = &update->program_text;

	if (!path)
		return 0;
	if (variables_read_file(path, text))
		return problem_errno(problem, path, NULL);
	if (strlen(text->data) != text->length)
		return problem_set(problem, STATUS_FAILED, path,
				   "is no filter: it holds a NUL byte");
	update->program = text->data;
	return 0;
}

static int check_function(const char *name, struct problem *problem)
{
	struct buffer variable = BUFFER_INIT;
	int result = buffer_add_format(&variable, "BASH_FUNC_%s%%%%", name);

	if (result)
		problem_errno(problem, NULL, NULL);
	else if (!getenv(variable.data))
		result = problem_set(problem, STATUS_FAILED, name,
				     "is no exported bash function "
				     "(export -f %s)", name);
	buffer_release(&variable);
	return result;
}

/* All that can be done without FILE. */
static int prepare(struct update *update, struct work *work,
		   struct problem *problem)
{
	const char *program;

	if (read_program(update, problem) ||
	    variables_load(&update->variables, problem))
		return -1;
	if (update->function && check_function(update->function, problem))
		return -1;
	program = update->program ? update->program
		  : update->sorted ? "."
				   : NULL;
	if (!program)
		return 0;
	return filter_compile(&work->filter, program, &update->variables,
			      &hooks, problem);
}

/* --- under the lock ------------------------------------------------------ */

static int invalid(const char *subject, const char *what,
		   const struct buffer *text, const struct json_error *error,
		   struct problem *problem)
{
	size_t line, column;

	json_position(text->data, error->offset, &line, &column);
	return problem_set(problem, STATUS_FAILED, subject,
			   "%s: line %zu, column %zu: %s", what, line, column,
			   error->reason);
}

static int check_match(const struct work *work, struct problem *problem)
{
	const struct replacing *replacing = &work->update->replacing;
	char tag[ETAG_SIZE] = ETAG_NONE;

	if (!replacing->if_match)
		return 0;
	if (work->replacement.exists)
		etag_of(work->content.data, work->content.length, tag);
	return replacing_match(replacing, tag, work->update->file, problem);
}

/* FILE's content, or what --init says it is. */
static int read_document(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	struct buffer *content = &work->content;
	struct json_error error;

	buffer_clear(content);
	if (buffer_reserve(content, 0))
		return problem_errno(problem, NULL, NULL);
	if (replace_read(&work->replacement, content, problem) ||
	    check_match(work, problem))
		return -1;
	if (!work->replacement.exists && !update->init)
		return problem_set(problem, STATUS_STATE, update->file,
				   "does not exist (--init JSON would make "
				   "it)");
	if (update->init && strspn(content->data, " \t\r\n") ==
				    content->length) {
		buffer_clear(content);
		if (buffer_add_string(content, update->init))
			return problem_errno(problem, NULL, NULL);
	}
	if (json_validate(content->data, content->length, &error))
		return invalid(update->file, "not valid JSON", content, &error,
			       problem);
	return 0;
}

/* In a thread of its own: the filter itself can only be left, not ended. */
static void give_up(const void *context)
{
	struct work *work = *(struct work *const *)context;

	diag_error(work->update->file,
		   "the filter has not ended in time (--timeout)");
	lock_release(&work->lock);
	_exit(STATUS_BUSY);
}

static int run_filter(struct work *work, const struct buffer *document,
		      struct buffer *out, struct problem *problem)
{
	const struct update *update = work->update;
	bool bounded = !deadline_never(work->deadline);
	struct notice notice;
	int result;

	if (bounded)
		notice_start(&notice, deadline_left(work->deadline), give_up,
			     &work);
	result = filter_apply(work->filter, update->file, document->data,
			      document->length, update->sorted, out, problem);
	if (bounded)
		notice_stop(&notice);
	return result;
}

static int take_output(void *context, const char *bytes, size_t length,
		       struct problem *problem)
{
	struct work *work = context;

	if (buffer_add(&work->value, bytes, length))
		return problem_errno(problem, NULL, NULL);
	return 0;
}

/* Let the command turn FILE's content into VALUE. */
static int run_command(struct work *work, char *const argv[], const char *name,
		       struct problem *problem)
{
	const struct coprocess coprocess = {
		.argv = argv,
		.input = work->content.data,
		.input_length = work->content.length,
		.deadline = work->deadline,
		.take = take_output,
		.context = work,
	};
	const char *file = work->update->file;
	struct problem trouble;
	struct json_error error;

	signals_catch();
	if (coprocess_run(&coprocess, &trouble))
		return problem_set(problem, trouble.status, file, "%s %s", name,
				   trouble.reason);
	if (buffer_reserve(&work->value, 0))
		return problem_errno(problem, NULL, NULL);
	if (json_validate(work->value.data, work->value.length, &error))
		return invalid(file, "what the command printed is not JSON",
			       &work->value, &error, problem);
	return 0;
}

/* bash finds the function in its environment; "$0" is its name, not code. */
static int run_function(struct work *work, struct problem *problem)
{
	char bash[] = "bash", option[] = "-c", call[] = "\"$0\"";
	char *name = strdup(work->update->function);
	char *argv[] = {bash, option, call, name, NULL};
	int result;

	if (!name)
		return problem_errno(problem, NULL, NULL);
	result = run_command(work, argv, name, problem);
	free(name);
	return result;
}

/* Libjq sorts what a command printed. */
static int sort_value(struct work *work, struct problem *problem)
{
	struct buffer sorted = BUFFER_INIT;
	int result = run_filter(work, &work->value, &sorted, problem);

	buffer_release(&work->value);
	work->value = sorted;
	return result;
}

/* VALUE from CONTENT. */
static int apply(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	int result;

	buffer_release(&work->value);
	if (update->function)
		result = run_function(work, problem);
	else if (update->pipe)
		result = run_command(work, update->command, update->command[0],
				     problem);
	else
		return run_filter(work, &work->content, &work->value, problem);
	if (!result && update->sorted)
		result = sort_value(work, problem);
	return result;
}

static int lay_out(struct work *work, struct problem *problem)
{
	int result = 0;

	buffer_release(&work->result);
	if (json_print(&work->result, work->value.data, work->value.length,
		       &work->update->style))
		result = problem_errno(problem, NULL, NULL);
	buffer_release(&work->value);
	return result;
}

static bool is_unchanged(const struct work *work)
{
	return work->replacement.exists &&
	       work->content.length == work->result.length &&
	       !memcmp(work->content.data, work->result.data,
		       work->result.length);
}

/*
 * Read, apply, replace. Returns 0, -1 with PROBLEM, or REPLACE_CHANGED if a
 * program that does not lock was faster.
 */
static int try_update(struct work *work, struct problem *problem)
{
	struct replacement *r = &work->replacement;
	int result;

	if (replace_look(r, problem) || read_document(work, problem) ||
	    apply(work, problem) || lay_out(work, problem))
		return -1;
	if (is_unchanged(work))
		return 0;
	signals_catch();
	if (replace_begin(r, problem) ||
	    replace_write(r, work->result.data, work->result.length,
			  problem) ||
	    replace_prepare(r, problem))
		return -1;
	if (signals_caught())
		return problem_set(problem, STATUS_FAILED, work->update->file,
				   "interrupted");
	result = replace_commit(r, problem);
	if (!result)
		diag_ok("Updated: %s", work->update->file);
	return result;
}

/*
 * Also where nothing was written, the directory is synced after the lock is
 * given back: what we found may have come from a holder who is not there yet,
 * and is on disk only if we say so.
 */
static int update_locked(struct work *work, struct problem *problem)
{
	enum { TRIES = 10 };
	const struct update *update = work->update;
	struct replacement *r = &work->replacement;
	int result = REPLACE_CHANGED;

	for (int i = 0; i < TRIES && result == REPLACE_CHANGED; i++) {
		replace_init(r, &work->target, &update->replacing.options);
		r->options.in_place_deadline = work->deadline;
		result = try_update(work, problem);
		if (result)
			replace_release(r);
	}
	locking_release(&update->locking, &work->lock, &work->target);
	if (result == REPLACE_CHANGED)
		return problem_set(problem, STATUS_FAILED, update->file,
				   "a program that does not lock keeps "
				   "changing it");
	if (result)
		return -1;
	result = replace_sync(r, problem);
	replace_release(r);
	return result;
}

/* A time-out of 0 is one try for the lock; what runs then has 30 s. */
static struct deadline work_deadline(const struct locking *locking)
{
	if (!locking->timeout)
		return deadline_in(30 * NS_PER_SECOND);
	return deadline_in(locking->timeout);
}

static int lock_and_update(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	struct target *target = &work->target;

	if (!target->exists && !update->init && !update->replacing.if_match)
		return problem_set(problem, STATUS_STATE, update->file,
				   "does not exist (--init JSON would make "
				   "it)");
	work->deadline = work_deadline(&update->locking);
	if (locking_take(&update->locking, &work->lock, target, LOCK_WRITER,
			 diag_name(), problem))
		return -1;
	return update_locked(work, problem);
}

static int open_and_update(struct work *work, struct problem *problem)
{
	const struct update *update = work->update;
	enum target_flags flags = 0;
	int result;

	if (update->init)
		flags |= TARGET_MAKE_PARENTS;
	if (update->replacing.options.no_sync)
		flags |= TARGET_NO_SYNC;
	if (target_open(&work->target, update->file, flags, problem))
		return -1;
	result = lock_and_update(work, problem);
	if (result && problem->status != STATUS_UNSURE)
		target_undo_parents(&work->target);
	target_close(&work->target);
	return result;
}

static int run(struct update *update)
{
	struct work work = {
		.update = update,
		.lock = LOCK_NONE,
		.content = BUFFER_INIT,
		.value = BUFFER_INIT,
		.result = BUFFER_INIT,
	};
	struct problem problem;
	int result = prepare(update, &work, &problem);

	if (!result)
		result = open_and_update(&work, &problem);
	filter_release(work.filter);
	buffer_release(&work.content);
	buffer_release(&work.value);
	buffer_release(&work.result);
	if (!result)
		return STATUS_DONE;
	if (problem.status == STATUS_MISUSE)
		return diag_misuse(problem.subject, "%s", problem.reason);
	if (!signals_caught())
		diag_problem(&problem);
	return (int)problem.status;
}

int main(int argc, char **argv)
{
	struct update update = {
		.operands = calloc((size_t)argc + 1, sizeof(struct operand)),
		.program_text = BUFFER_INIT,
		.variables = VARIABLES_INIT,
		.replacing = {.options = {.exact = true}},
		.style = JSON_STYLE_JQ,
	};
	struct problem problem;
	int status;

	if (fdio_open_standard() || !update.operands)
		return STATUS_FAILED;
	diag_init("memory-update");
	status = parse(&update, argv, &problem);
	if (status == OPTION_HELP)
		status = usage_help(&usage);
	else if (status == OPTION_VERSION)
		status = usage_version();
	else if (status)
		status = diag_misuse(problem.subject, "%s", problem.reason);
	else
		status = run(&update);
	variables_release(&update.variables);
	buffer_release(&update.program_text);
	free(update.operands);
	signals_die();
	return status;
}
