/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <string.h>

void options_init(struct options *options, const struct option_spec *specs,
		  char **argv, bool takes_command)
{
	*options = (struct options){
		.specs = specs,
		.argv = argv,
		.next = argv[0] ? 1 : 0,
		.takes_command = takes_command,
	};
}

static const struct option_spec *find_long(const struct option_spec *specs,
					   const char *name, size_t length)
{
	for (; specs->id; specs++)
		if (specs->name && strlen(specs->name) == length &&
		    !memcmp(specs->name, name, length))
			return specs;
	return NULL;
}

static const struct option_spec *find_letter(const struct option_spec *specs,
					     char letter)
{
	for (; specs->id; specs++)
		if (specs->id == (unsigned char)letter)
			return specs;
	return NULL;
}

/*
 * Give SPEC its arguments: ATTACHED, what stood in the same word, if that is
 * not NULL, and the words behind it. SHOWN is the option as typed.
 */
static int take_arguments(struct options *options,
			  const struct option_spec *spec, const char *attached,
			  const char *shown, struct problem *problem)
{
	options->value = attached;
	options->second = NULL;
	if (!spec->argument || spec->optional)
		return spec->id;
	if (!attached)
		options->value = options->argv[options->next];
	if (options->value && !attached)
		options->next++;
	if (options->value && spec->pair) {
		options->second = options->argv[options->next];
		if (options->second)
			options->next++;
	}
	if (!options->value || (spec->pair && !options->second))
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "option %s needs %s", shown, spec->argument);
	return spec->id;
}

static int next_long(struct options *options, const char *word,
		     struct problem *problem)
{
	const char *name = word + 2;
	const char *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_spec *spec;

	spec = find_long(options->specs, name, length);
	if (!spec)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "unknown option --%.*s", (int)length, name);
	if (equals && !spec->argument)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "option --%s takes no argument", spec->name);
	return take_arguments(options, spec, equals ? equals + 1 : NULL, word,
			      problem);
}

/* One letter of a word such as -rn or -t5. */
static int next_letter(struct options *options, struct problem *problem)
{
	const char shown[] = {'-', *options->cluster++, '\0'};
	const char *rest = options->cluster;
	const struct option_spec *spec;

	spec = find_letter(options->specs, shown[1]);
	if (!spec)
		return problem_set(problem, STATUS_MISUSE, NULL,
				   "unknown option %s", shown);
	if (!spec->argument || spec->optional)
		rest = NULL;
	else
		options->cluster = "";
	return take_arguments(options, spec, rest && *rest ? rest : NULL,
			      shown, problem);
}

/* What "--" means depends on whether the program can take a COMMAND. */
static int next_dashes(struct options *options, struct problem *problem)
{
	if (!options->takes_command) {
		options->only_operands = true;
		return options_next(options, problem);
	}
	options->command = options->argv + options->next;
	while (options->argv[options->next])
		options->next++;
	return OPTION_COMMAND;
}

int options_next(struct options *options, struct problem *problem)
{
	const char *word;

	options->value = options->second = NULL;
	if (options->cluster && *options->cluster)
		return next_letter(options, problem);
	word = options->argv[options->next];
	if (!word)
		return OPTION_END;
	options->next++;
	if (options->only_operands || word[0] != '-' || !word[1]) {
		options->value = word;
		return OPTION_OPERAND;
	}
	if (!strcmp(word, "--"))
		return next_dashes(options, problem);
	if (word[1] == '-')
		return next_long(options, word, problem);
	options->cluster = word + 1;
	return next_letter(options, problem);
}

/* "  -t, --timeout=DURATION" and what follows, from column 28 on. */
static int help_line(const struct option_spec *spec, struct buffer *text)
{
	enum { HELP_COLUMN = 28 };
	size_t start = text->length;
	int error = 0;

	if (spec->id < OPTION_LONG_ONLY)
		error |= buffer_add_format(text, "  -%c%s", spec->id,
					   spec->name ? ", " : "");
	else
		error |= buffer_add_string(text, "      ");
	if (spec->name)
		error |= buffer_add_format(text, "--%s", spec->name);
	if (spec->argument)
		error |= buffer_add_format(
			text, spec->optional ? "[=%s]" : " %s", spec->argument);
	if (text->length - start > HELP_COLUMN - 2) {
		error |= buffer_add_char(text, '\n');
		start = text->length;
	}
	while (!error && text->length - start < HELP_COLUMN)
		error |= buffer_add_char(text, ' ');
	return error | buffer_add_format(text, "%s\n", spec->help);
}

int options_help(const struct option_spec *specs, struct buffer *text)
{
	for (; specs->id; specs++)
		if (specs->help && help_line(specs, text))
			return -1;
	return 0;
}
