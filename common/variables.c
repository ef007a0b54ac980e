/* SPDX-License-Identifier: MIT */
#include "variables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fdio.h"
#include "json.h"

static const char *option_name(enum variables_option kind)
{
	switch (kind) {
	case OPTION_ARG:
		return "--arg";
	case OPTION_ARGJSON:
		return "--argjson";
	case OPTION_SLURPFILE:
		return "--slurpfile";
	case OPTION_RAWFILE:
		return "--rawfile";
	case OPTION_ARGS:
		return "--args";
	case OPTION_JSONARGS:
		return "--jsonargs";
	}
	return "";
}

static bool is_file(enum variables_option kind)
{
	return kind == OPTION_SLURPFILE || kind == OPTION_RAWFILE;
}

int variables_claim_stdin(struct variables *variables, const char *what,
			  struct problem *problem)
{
	if (variables->uses_stdin)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "option %s: standard input is read by "
				   "another option already",
				   what);
	variables->uses_stdin = true;
	return 0;
}

static int append(struct variables *variables, enum variables_option kind,
		  const char *name, const char *source,
		  struct problem *problem)
{
	struct variable *list;

	if (is_file(kind) && !strcmp(source, "-") &&
	    variables_claim_stdin(variables, option_name(kind), problem))
		return -1;
	list = realloc(variables->list,
		       (variables->count + 1) * sizeof(*list));
	if (!list)
		return problem_errno(problem, NULL, NULL);
	list[variables->count++] = (struct variable){
		.kind = kind,
		.name = name,
		.source = source,
		.json = BUFFER_INIT,
	};
	variables->list = list;
	return 1;
}

static const struct variable *find(const struct variables *variables,
				   const char *name, size_t length)
{
	for (size_t i = 0; i < variables->count; i++) {
		const struct variable *variable = &variables->list[i];

		if (variable->name && strlen(variable->name) == length &&
		    !memcmp(variable->name, name, length))
			return variable;
	}
	return NULL;
}

int variables_option(struct variables *variables, int id,
		     const struct options *options, struct problem *problem)
{
	switch (id) {
	case OPTION_ARG:
	case OPTION_ARGJSON:
	case OPTION_SLURPFILE:
	case OPTION_RAWFILE:
		if (find(variables, options->value, strlen(options->value)))
			return 1;
		return append(variables, (enum variables_option)id,
			      options->value, options->second, problem);
	case OPTION_ARGS:
	case OPTION_JSONARGS:
		variables->positional = (enum variables_option)id;
		return 1;
	default:
		return 0;
	}
}

int variables_operand(struct variables *variables, enum variables_option kind,
		      const char *operand, struct problem *problem)
{
	if (!kind)
		return 0;
	return append(variables, kind, NULL, operand, problem);
}

const char *variables_label(struct variables_label *label,
			    const struct variable *variable)
{
	snprintf(label->text, sizeof(label->text), "%s%s%s",
		 option_name(variable->kind), variable->name ? " " : "",
		 variable->name ? variable->name : "");
	return label->text;
}

static int refuse(const struct variable *variable, const char *text,
		  const struct json_error *error, struct problem *problem)
{
	struct variables_label room;
	size_t line, column;

	json_position(text, error->offset, &line, &column);
	if (is_file(variable->kind))
		return problem_set(problem, STATUS_FAILED,
				   variables_path(variable->source),
				   "%s: line %zu, column %zu: %s",
				   variables_label(&room, variable), line,
				   column, error->reason);
	return problem_set(problem, STATUS_MISUSE,
			   variables_label(&room, variable),
			   "line %zu, column %zu: %s", line, column,
			   error->reason);
}

/* Take BYTES, which are to be UTF-8, as a string. */
static int set_string(struct variable *variable, const char *bytes,
		      size_t length, struct problem *problem)
{
	struct variables_label room;

	if (!json_quote(&variable->json, bytes, length))
		return 0;
	if (errno != EILSEQ)
		return problem_errno(problem, NULL, NULL);
	if (is_file(variable->kind))
		return problem_set(problem, STATUS_FAILED,
				   variables_path(variable->source),
				   "%s: not valid UTF-8",
				   variables_label(&room, variable));
	return problem_set(problem, STATUS_MISUSE,
			   variables_label(&room, variable), "not valid UTF-8");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The LENGTH bytes at TEXT without the blanks around them, added to OUT. */
static int add_trimmed(struct buffer *out, const char *text, size_t length)
{
	while (length && is_blank(*text))
		text++, length--;
	while (length && is_blank(text[length - 1]))
		length--;
	return buffer_add(out, text, length);
}

static int set_json(struct variable *variable, const char *text,
		    struct problem *problem)
{
	const size_t length = strlen(text);
	struct json_error error;

	if (json_validate(text, length, &error))
		return refuse(variable, text, &error, problem);
	if (add_trimmed(&variable->json, text, length))
		return problem_errno(problem, NULL, NULL);
	return 0;
}

/*
 * How long is the first of the JSON texts at TEXT? Validation stops at the
 * first byte that cannot belong to it, so what stands before that byte, if it
 * is valid by itself, is the first, and the rest is others. "1true" is not two:
 * nothing but punctuation or blanks ends a number or a word.
 */
static int first_text(char *text, size_t length, size_t *first,
		      struct json_error *error)
{
	char stop;
	int invalid;

	*first = length;
	if (!json_validate(text, length, error))
		return 0;
	*first = error->offset;
	if (!*first || *first == length ||
	    (!is_blank(text[*first - 1]) && !strchr("[{\"", text[*first]) &&
	     !strchr("]}\"", text[*first - 1])))
		return -1;
	stop = text[*first];
	text[*first] = '\0';
	invalid = json_validate(text, *first, NULL);
	text[*first] = stop;
	return invalid;
}

/* Take the JSON texts in CONTENT, none or more, as an array. */
static int set_array(struct variable *variable, struct buffer *content,
		     struct problem *problem)
{
	char *text = content->data;
	size_t left = content->length, length;
	struct json_error error;
	int failed = buffer_add_char(&variable->json, '[');

	for (;;) {
		while (left && is_blank(*text))
			text++, left--;
		if (!left || failed)
			break;
		if (first_text(text, left, &length, &error)) {
			error.offset += (size_t)(text - content->data);
			return refuse(variable, content->data, &error,
				      problem);
		}
		if (variable->json.length > 1)
			failed |= buffer_add_char(&variable->json, ',');
		failed |= add_trimmed(&variable->json, text, length);
		text += length;
		left -= length;
	}
	if (failed || buffer_add_char(&variable->json, ']'))
		return problem_errno(problem, NULL, NULL);
	return 0;
}

int variables_read_file(const char *path, struct buffer *content)
{
	struct stat status;
	int fd, result = -1;

	if (buffer_reserve(content, 0))
		return -1;
	if (!strcmp(path, "-"))
		return fdio_read_all(STDIN_FILENO, content);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!fstat(fd, &status))
		result = fdio_read_file(fd, status.st_size, content);
	fdio_close(fd);
	return result;
}

const char *variables_path(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

static int load_file(struct variable *variable, struct problem *problem)
{
	struct buffer content = BUFFER_INIT;
	struct variables_label room;
	int result;

	if (variables_read_file(variable->source, &content))
		result = problem_errno(problem,
				       variables_path(variable->source),
				       variables_label(&room, variable));
	else if (variable->kind == OPTION_RAWFILE)
		result = set_string(variable, content.data, content.length,
				    problem);
	else
		result = set_array(variable, &content, problem);
	buffer_release(&content);
	return result;
}

static int load(struct variable *variable, struct problem *problem)
{
	const char *source = variable->source;

	if (is_file(variable->kind))
		return load_file(variable, problem);
	if (variable->kind == OPTION_ARG || variable->kind == OPTION_ARGS)
		return set_string(variable, source, strlen(source), problem);
	return set_json(variable, source, problem);
}

/* Names end up as the keys of $ARGS.named. */
static int check_name(const struct variable *variable, struct problem *problem)
{
	struct buffer quoted = BUFFER_INIT;
	int result;

	if (!variable->name)
		return 0;
	result = json_quote(&quoted, variable->name, strlen(variable->name));
	buffer_release(&quoted);
	if (!result)
		return 0;
	return problem_set(problem, STATUS_MISUSE, NULL,
			   "option %s: the name is not valid UTF-8",
			   option_name(variable->kind));
}

int variables_load(struct variables *variables, struct problem *problem)
{
	for (size_t i = 0; i < variables->count; i++)
		if (check_name(&variables->list[i], problem) ||
		    load(&variables->list[i], problem))
			return -1;
	return 0;
}

const struct buffer *variables_find(const struct variables *variables,
				    const char *name, size_t length)
{
	const struct variable *variable = find(variables, name, length);

	return variable ? &variable->json : NULL;
}

static const char *find_text(void *context, const char *name, size_t length,
			     size_t *text_length)
{
	const struct variables *variables = context;
	const struct variable *variable = find(variables, name, length);

	if (!variable)
		return NULL;
	*text_length = variable->json.length;
	return variable->json.data;
}

struct edit_variables variables_for_edit(struct variables *variables)
{
	return (struct edit_variables){find_text, variables};
}

/* The members of $ARGS.named, or the elements of $ARGS.positional. */
static int print_some(const struct variables *variables, bool named,
		      struct buffer *out)
{
	const size_t start = out->length;

	for (size_t i = 0; i < variables->count; i++) {
		const struct variable *variable = &variables->list[i];
		const char *name = variable->name;

		if (named != (name != NULL))
			continue;
		if (out->length > start && buffer_add_char(out, ','))
			return -1;
		if (named && (json_quote(out, name, strlen(name)) ||
			      buffer_add_char(out, ':')))
			return -1;
		if (buffer_add(out, variable->json.data,
			       variable->json.length))
			return -1;
	}
	return 0;
}

int variables_print(const struct variables *variables, struct buffer *out)
{
	if (buffer_add_string(out, "{\"positional\":[") ||
	    print_some(variables, false, out) ||
	    buffer_add_string(out, "],\"named\":{") ||
	    print_some(variables, true, out))
		return -1;
	return buffer_add_string(out, "}}");
}

void variables_release(struct variables *variables)
{
	for (size_t i = 0; i < variables->count; i++)
		buffer_release(&variables->list[i].json);
	free(variables->list);
	*variables = (struct variables)VARIABLES_INIT;
}
