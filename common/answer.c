/* SPDX-License-Identifier: MIT */
#include "answer.h"

#include <errno.h>
#include <string.h>

#include "json.h"

/* The filter of last resort: compiled when the path is not enough. */
static int compile(struct answer *answer, struct problem *problem)
{
	if (answer->filter)
		return 0;
	return filter_compile(&answer->filter, answer->program,
			      answer->variables, answer->hooks, problem);
}

int answer_prepare(struct answer *answer, const char *program,
		   struct variables *variables,
		   const struct filter_hooks *hooks, struct problem *problem)
{
	const struct edit_variables lookup = variables_for_edit(variables);

	answer->program = program;
	answer->variables = variables;
	answer->hooks = hooks;
	switch (edit_parse_path(&answer->path, program, &lookup)) {
	case EDIT_DONE:
		return 0;
	case EDIT_NO_MEMORY:
		errno = ENOMEM;
		return problem_errno(problem, NULL, NULL);
	default:
		return compile(answer, problem);
	}
}

static int add_raw(struct answer *answer, const char *subject,
		   const char *value, size_t length, struct problem *problem)
{
	if (!json_unquote(&answer->out, value, length) &&
	    !buffer_add_char(&answer->out, '\n'))
		return 0;
	if (errno != EILSEQ)
		return problem_errno(problem, NULL, NULL);
	return problem_set(problem, STATUS_FAILED, subject,
			   "a string in it holds half of a surrogate pair, "
			   "which cannot be printed as text");
}

int answer_add(struct answer *answer, const char *subject, const char *value,
	       size_t length, struct problem *problem)
{
	const struct json_style style = JSON_STYLE_JQ;

	while (length && strchr(" \t\r\n", *value))
		value++, length--;
	while (length && strchr(" \t\r\n", value[length - 1]))
		length--;
	answer->truthy = *value != 'n' && *value != 'f';
	if (answer->raw && *value == '"')
		return add_raw(answer, subject, value, length, problem);
	if (json_print(&answer->out, value, length, &style))
		return problem_errno(problem, NULL, NULL);
	return 0;
}

static int take(void *context, const struct buffer *value,
		struct problem *problem)
{
	struct answer *answer = context;

	return answer_add(answer, answer->subject, value->data, value->length,
			  problem);
}

int answer_ask(struct answer *answer, const char *subject,
	       const struct buffer *text, struct problem *problem)
{
	const char *value;
	size_t length;

	if (!answer->filter && edit_get(answer->path, text->data, text->length,
					&value, &length, NULL) == EDIT_DONE)
		return answer_add(answer, subject, value, length, problem);
	if (compile(answer, problem))
		return -1;
	answer->subject = subject;
	return filter_each(answer->filter, subject, text->data, text->length,
			   false, take, answer, problem);
}

void answer_release(struct answer *answer)
{
	buffer_release(&answer->out);
	edit_release(answer->path);
	filter_release(answer->filter);
}
