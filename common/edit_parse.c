/* SPDX-License-Identifier: MIT */

/*
 * From a filter's text to a plan.
 *
 * The grammar is a part of jq's, chosen so that each text in it means the same
 * in every jq from 1.6 on. Nothing here reports an error: what is not in the
 * grammar, or would be an error, is declined.
 *
 *	filter    := operation ('|' operation)*
 *	operation := '.' | path operator sum | 'del' '(' path (',' path)* ')'
 *	sum       := term ('+' term)*
 *	term      := JSON, with $name for values, and $name, {$name}, {($name):
 *		     term} and bare words for keys | '(' sum ')'
 */

#include "edit_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	NESTING = 32,	   /* levels of brackets in a constant */
	VALUE_DEPTH = 200, /* levels in all, those of variables included */
	MEMBERS = 64,	   /* of one object in a constant */
};

struct parser {
	const char *p;
	const struct edit_variables *variables;
	struct edit *edit;
	unsigned nesting;
	enum edit_result result; /* why it stopped */
};

/* A path being read. Its keys are pieces of the plan. */
struct path {
	struct json_step steps[EDIT_STEPS];
	size_t count;
};

/*
 * The functions below return true to go on; false means that the parser's
 * result is set.
 */
static bool stop(struct parser *parser, enum edit_result result)
{
	parser->result = result;
	return false;
}

static bool decline(struct parser *parser)
{
	return stop(parser, EDIT_DECLINED);
}

/* Go on unless a function of buffer or json has failed with ERROR. */
static bool check(struct parser *parser, int error)
{
	if (!error)
		return true;
	return stop(parser, errno == ENOMEM ? EDIT_NO_MEMORY : EDIT_DECLINED);
}

/* A copy of BYTES, and a NUL behind it, for as long as the plan lives. */
static const void *keep(struct parser *parser, const void *bytes, size_t length)
{
	struct edit_piece *piece = malloc(sizeof(*piece) + length + 1);

	if (!piece) {
		stop(parser, EDIT_NO_MEMORY);
		return NULL;
	}
	if (length)
		memcpy(piece->bytes, bytes, length);
	piece->bytes[length] = '\0';
	piece->next = parser->edit->pieces;
	parser->edit->pieces = piece;
	return piece->bytes;
}

/* --- words --------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       is_digit(c);
}

static bool begins_word(char c)
{
	return is_word(c) && !is_digit(c);
}

static size_t word_length(const char *p)
{
	size_t length = 0;

	while (is_word(p[length]))
		length++;
	return length;
}

static void skip_blanks(struct parser *parser)
{
	parser->p += strspn(parser->p, " \t\r\n");
}

/* Step over TOKEN, if that is what comes next behind any blanks. */
static bool accept(struct parser *parser, const char *token)
{
	size_t length = strlen(token);

	skip_blanks(parser);
	if (strncmp(parser->p, token, length))
		return false;
	parser->p += length;
	return true;
}

static bool expect(struct parser *parser, const char *token)
{
	return accept(parser, token) || decline(parser);
}

/*
 * The string literal at the parser, as a JSON token appended to TOKEN. One that
 * is no JSON string (interpolation, a line end in it) is declined.
 */
static bool parse_string_token(struct parser *parser, struct buffer *token)
{
	const char *start = parser->p, *p = start + 1;
	size_t before = token->length;

	while (*p && *p != '"')
		p += *p == '\\' && p[1] ? 2 : 1;
	if (!*p++)
		return decline(parser);
	parser->p = p;
	if (!check(parser, buffer_add(token, start, (size_t)(p - start))))
		return false;
	if (json_validate(token->data + before, token->length - before, NULL))
		return decline(parser);
	return true;
}

/* Append what the string literal at the parser stands for. */
static bool parse_string(struct parser *parser, struct buffer *bytes)
{
	struct buffer token = BUFFER_INIT;
	bool good =
		parse_string_token(parser, &token) &&
		check(parser, json_unquote(bytes, token.data, token.length));

	buffer_release(&token);
	return good;
}

/* Has TEXT the escape of a surrogate? Half a pair may be lost in libjq. */
static bool has_surrogate(const char *text, size_t length)
{
	const char *p = text, *end = text + length;

	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		if (p[1] == 'u' && (p[2] | 0x20) == 'd' && p[3] >= '8')
			return true;
		p += 2;
	}
	return false;
}

/* What jq binds itself, whatever the caller does: $ENV, $ARGS, $__loc__. */
static bool is_builtin(const char *name, size_t length)
{
	return !strncmp(name, "__", 2) ||
	       (length == 3 && !strncmp(name, "ENV", 3)) ||
	       (length == 4 && !strncmp(name, "ARGS", 4));
}

/* The value of the variable whose '$' is at the parser. */
static bool parse_variable(struct parser *parser, const char **text,
			   size_t *length)
{
	const char *name = parser->p + 1;
	size_t name_length = word_length(name);

	*text = NULL;
	parser->p = name + name_length;
	if (!name_length || is_digit(*name) || is_builtin(name, name_length) ||
	    !strncmp(parser->p, "::", 2))
		return decline(parser);
	if (parser->variables)
		*text = parser->variables->find(parser->variables->context,
						name, name_length, length);
	if (!*text || has_surrogate(*text, *length))
		return decline(parser);
	while (*length && strchr(" \t\r\n", **text)) {
		++*text;
		--*length;
	}
	return true;
}

/* --- paths --------------------------------------------------------------- */

static bool add_key(struct parser *parser, struct path *path, const char *key,
		    size_t length)
{
	struct json_step *step = &path->steps[path->count];

	if (path->count == EDIT_STEPS)
		return decline(parser);
	*step = (struct json_step){.length = length};
	step->key = keep(parser, key, length);
	path->count++;
	return step->key;
}

/*
 * An index that begins at TEXT, in digits that fit any jq. *END is set behind
 * it.
 */
static bool add_index(struct parser *parser, struct path *path,
		      const char *text, const char **end)
{
	const char *digits = text + (*text == '-');
	size_t length = strspn(digits, "0123456789");
	ptrdiff_t index = 0;

	*end = digits + length;
	if (path->count == EDIT_STEPS || !length || length > 9 ||
	    (*digits == '0' && (length > 1 || digits > text)))
		return decline(parser);
	while (digits < *end)
		index = index * 10 + (*digits++ - '0');
	path->steps[path->count++] = (struct json_step){
		.index = *text == '-' ? -index : index,
	};
	return true;
}

/* The string literal at the parser as a key. */
static bool parse_key(struct parser *parser, struct path *path)
{
	struct buffer key = BUFFER_INIT;
	bool good = parse_string(parser, &key) &&
		    add_key(parser, path, key.data, key.length);

	buffer_release(&key);
	return good;
}

/* A key or an index out of a variable, whose '$' is at the parser. */
static bool parse_variable_step(struct parser *parser, struct path *path)
{
	struct buffer key = BUFFER_INIT;
	const char *text, *end;
	size_t length;
	bool good;

	if (!parse_variable(parser, &text, &length))
		return false;
	if (*text != '"') {
		good = add_index(parser, path, text, &end) &&
		       (end == text + length || strchr(" \t\r\n", *end) ||
			decline(parser));
		return good;
	}
	end = json_value_end(text);
	good = check(parser, json_unquote(&key, text, (size_t)(end - text))) &&
	       add_key(parser, path, key.data, key.length);
	buffer_release(&key);
	return good;
}

/* What stands in brackets. The '[' is behind the parser. */
static bool parse_bracket(struct parser *parser, struct path *path)
{
	bool good;

	skip_blanks(parser);
	if (*parser->p == '"')
		good = parse_key(parser, path);
	else if (*parser->p == '$')
		good = parse_variable_step(parser, path);
	else
		good = add_index(parser, path, parser->p, &parser->p);
	return good && expect(parser, "]");
}

/* `.a`, `."a"`: the dot is behind the parser. */
static bool parse_field(struct parser *parser, struct path *path)
{
	const char *name = parser->p;
	size_t length = word_length(name);

	if (*name == '"')
		return parse_key(parser, path);
	parser->p += length;
	return add_key(parser, path, name, length);
}

/* Append to PATH. No blanks are allowed inside but in brackets. */
static bool parse_path(struct parser *parser, struct path *path)
{
	bool good = expect(parser, ".");

	if (good && *parser->p == '[') {
		parser->p++;
		good = parse_bracket(parser, path);
	} else if (good && (*parser->p == '"' || begins_word(*parser->p))) {
		good = parse_field(parser, path);
	} else {
		return good;
	}
	while (good) {
		const char *p = parser->p;

		if (*p == '[') {
			parser->p++;
			good = parse_bracket(parser, path);
		} else if (*p == '.' && (p[1] == '"' || begins_word(p[1]))) {
			parser->p++;
			good = parse_field(parser, path);
		} else {
			break;
		}
	}
	return good;
}

/* --- constants ----------------------------------------------------------- */

static bool parse_sum(struct parser *parser, struct buffer *out);
static bool parse_term(struct parser *parser, struct buffer *out);

/* BYTES as a string token. */
static bool put_string(struct parser *parser, struct buffer *out,
		       const struct buffer *bytes)
{
	return check(parser, json_quote(out, bytes->data ? bytes->data : "",
					bytes->length));
}

static bool parse_string_term(struct parser *parser, struct buffer *out)
{
	struct buffer bytes = BUFFER_INIT;
	bool good =
		parse_string(parser, &bytes) && put_string(parser, out, &bytes);

	buffer_release(&bytes);
	return good;
}

/* A number, spelled as it is. What only jq takes for one (`1.`) is declined. */
static bool parse_number(struct parser *parser, struct buffer *out)
{
	const char *p = parser->p;
	size_t before = out->length;

	p += *p == '-';
	p += strspn(p, "0123456789.");
	if (*p == 'e' || *p == 'E') {
		p++;
		p += *p == '+' || *p == '-';
		p += strspn(p, "0123456789");
	}
	if (is_word(*p) || *p == '.')
		return decline(parser);
	if (!check(parser, buffer_add(out, parser->p, (size_t)(p - parser->p))))
		return false;
	parser->p = p;
	return !json_validate(out->data + before, out->length - before, NULL) ||
	       decline(parser);
}

static bool parse_word(struct parser *parser, struct buffer *out)
{
	static const char *const words[] = {"null", "true", "false"};
	size_t length = word_length(parser->p);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (length != strlen(words[i]) ||
		    strncmp(parser->p, words[i], length))
			continue;
		parser->p += length;
		return check(parser, buffer_add(out, words[i], length));
	}
	return decline(parser);
}

static bool parse_variable_term(struct parser *parser, struct buffer *out)
{
	const struct json_style style = {.compact = true};
	const char *text;
	size_t length;

	return parse_variable(parser, &text, &length) &&
	       check(parser, json_print(out, text, length, &style));
}

static bool put(struct parser *parser, struct buffer *out, char c)
{
	return check(parser, buffer_add_char(out, c));
}

static bool parse_array(struct parser *parser, struct buffer *out)
{
	char separator = '[';

	if (accept(parser, "]"))
		return put(parser, out, '[') && put(parser, out, ']');
	do {
		if (!put(parser, out, separator) || !parse_sum(parser, out))
			return false;
		separator = ',';
	} while (accept(parser, ","));
	return expect(parser, "]") && put(parser, out, ']');
}

/* Words that some or all jqs refuse as a key without quotes. */
static bool is_keyword(const char *word, size_t length)
{
	static const char *const keywords[] = {
		"and",	   "as",    "catch",   "def",	  "elif",
		"else",	   "end",   "foreach", "if",	  "import",
		"include", "label", "module",  "not",	  "or",
		"reduce",  "then",  "try",     "__loc__",
	};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (length == strlen(keywords[i]) &&
		    !strncmp(word, keywords[i], length))
			return true;
	return false;
}

static bool parse_bare_key(struct parser *parser, struct buffer *out)
{
	const char *word = parser->p;
	size_t length = word_length(word);

	if (!begins_word(*word) || is_keyword(word, length))
		return decline(parser);
	parser->p += length;
	return put(parser, out, '"') &&
	       check(parser, buffer_add(out, word, length)) &&
	       put(parser, out, '"');
}

/* `(...)`: what is in it must be a string. */
static bool parse_computed_key(struct parser *parser, struct buffer *out)
{
	size_t before = out->length;

	parser->p++;
	return parse_sum(parser, out) && expect(parser, ")") &&
	       (out->data[before] == '"' || decline(parser));
}

/* A member's key and value, but for a check that the key is new. */
static bool parse_member(struct parser *parser, struct buffer *out,
			 size_t *key_end)
{
	const char *start;
	bool good;

	skip_blanks(parser);
	start = parser->p;
	if (*start == '$') {
		parser->p++;
		good = parse_bare_key(parser, out);
		parser->p = start;
	} else if (*start == '"') {
		good = parse_string_term(parser, out);
	} else if (*start == '(') {
		good = parse_computed_key(parser, out);
	} else {
		good = parse_bare_key(parser, out);
	}
	*key_end = out->length;
	return good && (*start == '$' || expect(parser, ":")) &&
	       put(parser, out, ':') && parse_term(parser, out);
}

/* jq lets the last of equal keys win; that is declined. */
static bool parse_object(struct parser *parser, struct buffer *out)
{
	struct {
		size_t start, length;
	} keys[MEMBERS];
	size_t count = 0;

	if (accept(parser, "}"))
		return put(parser, out, '{') && put(parser, out, '}');
	do {
		size_t start, end;

		if (count == MEMBERS)
			return decline(parser);
		if (!put(parser, out, count ? ',' : '{'))
			return false;
		start = out->length;
		if (!parse_member(parser, out, &end))
			return false;
		for (size_t i = 0; i < count; i++)
			if (keys[i].length == end - start &&
			    !memcmp(out->data + keys[i].start,
				    out->data + start, end - start))
				return decline(parser);
		keys[count].start = start;
		keys[count++].length = end - start;
	} while (accept(parser, ","));
	return expect(parser, "}") && put(parser, out, '}');
}

static bool parse_nested(struct parser *parser, struct buffer *out)
{
	char opening = *parser->p++;
	bool good;

	if (parser->nesting == NESTING)
		return decline(parser);
	parser->nesting++;
	if (opening == '[')
		good = parse_array(parser, out);
	else if (opening == '{')
		good = parse_object(parser, out);
	else
		good = parse_sum(parser, out) && expect(parser, ")");
	parser->nesting--;
	return good;
}

/* Append one value to OUT, as compact JSON. */
static bool parse_term(struct parser *parser, struct buffer *out)
{
	skip_blanks(parser);
	switch (*parser->p) {
	case '"':
		return parse_string_term(parser, out);
	case '$':
		return parse_variable_term(parser, out);
	case '[':
	case '{':
	case '(':
		return parse_nested(parser, out);
	case 't':
	case 'f':
	case 'n':
		return parse_word(parser, out);
	default:
		return parse_number(parser, out);
	}
}

static void cut(struct buffer *buffer, size_t length)
{
	buffer->length = length;
	buffer->data[length] = '\0';
}

/* Is it null, or an array or object with nothing in it? */
static bool adds_nothing(const char *value)
{
	return *value == 'n' || !strcmp(value, "[]") || !strcmp(value, "{}");
}

/* Add RIGHT to the value with which OUT ends, which starts at LEFT. */
static bool add(struct parser *parser, struct buffer *out, size_t left,
		const struct buffer *right)
{
	const char *l = out->data + left, *r = right->data;
	struct buffer sum = BUFFER_INIT;
	bool good;

	if (*r == 'n' || (*r == *l && adds_nothing(r)))
		return true;
	if (*l == 'n' || (*r == *l && adds_nothing(l))) {
		cut(out, left);
		return check(parser, buffer_add(out, r, right->length));
	}
	if (*l == *r && (*l == '"' || *l == '[')) {
		cut(out, out->length - 1);
		return (*r == '"' || put(parser, out, ',')) &&
		       check(parser, buffer_add(out, r + 1, right->length - 1));
	}
	parser->result = edit_compute(EDIT_ADD, l, out->length - left, r,
				      right->length, &sum);
	cut(out, left);
	good = parser->result == EDIT_DONE &&
	       check(parser, buffer_add(out, sum.data, sum.length));
	buffer_release(&sum);
	return good;
}

/* Append one value or the sum of several to OUT. */
static bool parse_sum(struct parser *parser, struct buffer *out)
{
	size_t left = out->length;
	bool good = parse_term(parser, out);

	while (good && accept(parser, "+")) {
		struct buffer right = BUFFER_INIT;

		good = parse_term(parser, &right) &&
		       add(parser, out, left, &right);
		buffer_release(&right);
	}
	return good;
}

/* --- operations ---------------------------------------------------------- */

static bool add_operation(struct parser *parser, enum edit_kind kind,
			  const struct path *path, const struct buffer *value)
{
	struct edit *edit = parser->edit;
	struct edit_operation *list, *new;

	list = realloc(edit->operations, (edit->count + 1) * sizeof(*list));
	if (!list)
		return stop(parser, EDIT_NO_MEMORY);
	edit->operations = list;
	new = &list[edit->count++];
	*new = (struct edit_operation){.kind = kind, .steps = path->count};
	new->path =
		keep(parser, path->steps, path->count * sizeof(path->steps[0]));
	if (!new->path || !value)
		return new->path;
	new->value = keep(parser, value->data, value->length);
	new->value_length = value->length;
	return new->value;
}

/* How many levels of arrays and objects a valid TEXT has. */
static size_t depth_of(const char *text)
{
	size_t depth = 0, most = 0;

	for (const char *p = text; *p;) {
		if (*p == '"') {
			p = json_value_end(p);
			continue;
		}
		if (*p == '[' || *p == '{')
			depth++;
		else if (*p == ']' || *p == '}')
			depth--;
		if (depth > most)
			most = depth;
		p++;
	}
	return most;
}

/* `=` and the like. False, and nothing set, if there is none. */
static bool accept_operator(struct parser *parser, enum edit_kind *kind)
{
	static const struct {
		const char *token;
		enum edit_kind kind;
	} operators[] = {
		{"|=", EDIT_SET},      {"+=", EDIT_ADD},
		{"-=", EDIT_SUBTRACT}, {"*=", EDIT_MULTIPLY},
		{"/=", EDIT_DIVIDE},   {"%=", EDIT_MODULO},
		{"//=", EDIT_DEFAULT}, {"=", EDIT_SET},
	};

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (accept(parser, operators[i].token)) {
			*kind = operators[i].kind;
			return true;
		}
	}
	return false;
}

static bool parse_assignment(struct parser *parser)
{
	struct buffer value = BUFFER_INIT;
	struct path path;
	enum edit_kind kind;
	bool good;

	path.count = 0;
	if (!parse_path(parser, &path))
		return false;
	if (!accept_operator(parser, &kind))
		return !path.count || decline(parser);
	good = parse_sum(parser, &value) &&
	       (depth_of(value.data) <= VALUE_DEPTH || decline(parser)) &&
	       add_operation(parser, kind, &path, &value);
	buffer_release(&value);
	return good;
}

/*
 * In which order to delete: what is inside before what it is inside of, and the
 * last elements of an array first, so that no index changes its meaning. Above
 * 0: A after B; 0: the same path.
 */
static int delete_order(const struct edit_operation *a,
			const struct edit_operation *b)
{
	for (size_t i = 0; i < a->steps && i < b->steps; i++) {
		const struct json_step *s = &a->path[i], *t = &b->path[i];
		int order;

		if (!s->key || !t->key) {
			if (s->key || t->key)
				return s->key ? 1 : -1;
			if (s->index != t->index)
				return s->index < t->index ? 1 : -1;
			continue;
		}
		if (s->length != t->length)
			return s->length < t->length ? 1 : -1;
		order = memcmp(s->key, t->key, s->length);
		if (order)
			return order;
	}
	return (a->steps < b->steps) - (a->steps > b->steps);
}

/* Put the last operation where it belongs among those from FIRST on. */
static void sort_delete(struct edit *edit, size_t first)
{
	struct edit_operation *list = edit->operations;
	struct edit_operation new = list[edit->count - 1];
	size_t at = edit->count - 1;

	for (size_t i = first; i < at; i++) {
		if (!delete_order(&list[i], &new)) {
			edit->count--;
			return;
		}
	}
	for (; at > first && delete_order(&list[at - 1], &new) > 0; at--)
		list[at] = list[at - 1];
	list[at] = new;
}

static bool from_end(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++)
		if (!path->steps[i].key && path->steps[i].index < 0)
			return true;
	return false;
}

/* `del(...)`: the word is behind the parser. */
static bool parse_deletion(struct parser *parser)
{
	const size_t first = parser->edit->count;
	size_t listed = 0;
	bool relative = false;

	if (!expect(parser, "("))
		return false;
	do {
		struct path path;

		path.count = 0;
		if (!parse_path(parser, &path))
			return false;
		if (!path.count)
			return decline(parser);
		relative |= from_end(&path);
		if (++listed > 1 && relative)
			return decline(parser);
		if (!add_operation(parser, EDIT_DELETE, &path, NULL))
			return false;
		sort_delete(parser->edit, first);
	} while (accept(parser, ","));
	return expect(parser, ")");
}

static bool parse_update(struct parser *parser)
{
	skip_blanks(parser);
	if (word_length(parser->p) == 3 && accept(parser, "del"))
		return parse_deletion(parser);
	return parse_assignment(parser);
}

static bool parse_updates(struct parser *parser)
{
	do {
		if (!parse_update(parser))
			return false;
	} while (accept(parser, "|"));
	return true;
}

static bool parse_read(struct parser *parser)
{
	struct path path;

	path.count = 0;
	do {
		if (!parse_path(parser, &path))
			return false;
	} while (accept(parser, "|"));
	return add_operation(parser, EDIT_READ, &path, NULL);
}

static enum edit_result parse(struct edit **edit, const char *filter,
			      const struct edit_variables *variables,
			      bool (*rule)(struct parser *))
{
	struct parser parser = {.p = filter, .variables = variables};

	parser.edit = calloc(1, sizeof(*parser.edit));
	if (!parser.edit)
		return EDIT_NO_MEMORY;
	if (rule(&parser)) {
		skip_blanks(&parser);
		if (!*parser.p) {
			*edit = parser.edit;
			return EDIT_DONE;
		}
		parser.result = EDIT_DECLINED;
	}
	edit_release(parser.edit);
	return parser.result;
}

enum edit_result edit_parse(struct edit **edit, const char *filter,
			    const struct edit_variables *variables)
{
	return parse(edit, filter, variables, parse_updates);
}

enum edit_result edit_parse_path(struct edit **path, const char *filter,
				 const struct edit_variables *variables)
{
	return parse(path, filter, variables, parse_read);
}

void edit_release(struct edit *edit)
{
	if (!edit)
		return;
	while (edit->pieces) {
		struct edit_piece *piece = edit->pieces;

		edit->pieces = piece->next;
		free(piece);
	}
	free(edit->operations);
	free(edit);
}
