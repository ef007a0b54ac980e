/* SPDX-License-Identifier: MIT */

/*
 * Applying a plan to a text.
 *
 * Each operation locates its path, which validates the text in the same pass,
 * and then splices: some bytes out, some others in, in place. What a splice
 * takes out is kept in a log until the end, so that a later operation that
 * declines can have everything put back.
 */

#include "edit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "edit_plan.h"

/* More nulls than this are not put before an element past an array's end. */
enum { PADDING = 1000 };

/* What one splice did. Its removed bytes are in the log's `removed`. */
struct splice {
	size_t offset;
	size_t inserted;
	size_t removed;
};

struct work {
	struct buffer *text;
	const struct edit_arithmetic *arithmetic;
	struct json_error *error;
	struct splice *splices;
	size_t count;
	struct buffer removed;
};

/* A piece of the text, or of a value. */
struct span {
	const char *start;
	size_t length;
};

static struct span span_of(const struct buffer *buffer)
{
	return (struct span){buffer->data, buffer->length};
}

static enum edit_result result_of(int error)
{
	return error ? EDIT_NO_MEMORY : EDIT_DONE;
}

/* --- splicing ------------------------------------------------------------ */

/* Put BYTES in the place of REMOVED bytes at OFFSET. There is room for them. */
static void exchange(struct buffer *text, size_t offset, size_t removed,
		     struct span bytes)
{
	char *at = text->data + offset;

	if (removed != bytes.length)
		memmove(at + bytes.length, at + removed,
			text->length - offset - removed + 1);
	if (bytes.length)
		memcpy(at, bytes.start, bytes.length);
	text->length = text->length - removed + bytes.length;
}

static enum edit_result splice(struct work *work, size_t offset, size_t removed,
			       struct span bytes)
{
	const char *old = work->text->data + offset;
	struct splice *splices;

	if (removed == bytes.length && !memcmp(old, bytes.start, removed))
		return EDIT_DONE;
	splices = realloc(work->splices, (work->count + 1) * sizeof(*splices));
	if (!splices)
		return EDIT_NO_MEMORY;
	work->splices = splices;
	if (buffer_add(&work->removed, old, removed) ||
	    buffer_reserve(work->text, bytes.length))
		return EDIT_NO_MEMORY;
	splices[work->count++] = (struct splice){offset, bytes.length, removed};
	exchange(work->text, offset, removed, bytes);
	return EDIT_DONE;
}

/* Undo all splices in TEXT, which has had the room for what they removed. */
static void undo(const struct work *work, struct buffer *text)
{
	size_t at = work->removed.length;

	for (size_t i = work->count; i-- > 0;) {
		const struct splice *splice = &work->splices[i];

		at -= splice->removed;
		exchange(text, splice->offset, splice->inserted,
			 (struct span){work->removed.data + at,
				       splice->removed});
	}
}

/*
 * Do the splices come to a change? One alone does; several can cancel each
 * other out, which is looked into where they leave the length as it was.
 */
static enum edit_result compare(const struct work *work, bool *changed)
{
	const struct buffer *text = work->text;
	struct buffer before = BUFFER_INIT;
	size_t inserted = 0;

	for (size_t i = 0; i < work->count; i++)
		inserted += work->splices[i].inserted;
	*changed = work->count > 0;
	if (work->count < 2 || inserted != work->removed.length)
		return EDIT_DONE;
	if (buffer_reserve(&before, text->capacity) ||
	    buffer_add(&before, text->data, text->length))
		return EDIT_NO_MEMORY;
	undo(work, &before);
	*changed = memcmp(before.data, text->data, text->length) != 0;
	buffer_release(&before);
	return EDIT_DONE;
}

/* --- layout -------------------------------------------------------------- */

/* How a value is laid out at some place in the text. */
struct layout {
	struct json_style style;
	struct span margin; /* may point into the text */
};

/* MARGIN.start NULL: the place is in the middle of a line, and stays in it. */
static struct layout make_layout(const struct buffer *text, struct span margin)
{
	struct layout layout = {.margin = margin};

	json_detect_style(text->data, text->length, &layout.style);
	if (!margin.start) {
		layout.style.spaced |= json_style_has_lines(&layout.style);
		layout.style.compact = true;
	}
	return layout;
}

/* The layout of a value whose member begins at START. */
static struct layout layout_at(const struct buffer *text, size_t start)
{
	struct span margin = {text->data + start, 0};

	while (margin.start > text->data &&
	       (margin.start[-1] == ' ' || margin.start[-1] == '\t'))
		margin.start--;
	margin.length = (size_t)(text->data + start - margin.start);
	if (margin.start > text->data && margin.start[-1] != '\n')
		margin.start = NULL;
	return make_layout(text, margin);
}

/* The layout of what stands behind GAP; a comma may begin its line. */
static struct layout layout_behind(const struct buffer *text,
				   const struct buffer *gap)
{
	struct span margin = {gap->data + gap->length, 0};

	while (margin.start > gap->data && margin.start[-1] != '\n')
		margin.start--;
	if (margin.start == gap->data)
		margin.start = NULL;
	else
		margin.length = strspn(margin.start, " \t");
	return make_layout(text, margin);
}

static int lay_out(struct buffer *out, struct span value,
		   const struct layout *layout)
{
	return json_print_value(out, value.start, value.length, &layout->style,
				layout->margin.start, layout->margin.length);
}

/* --- setting ------------------------------------------------------------- */

/* The first byte tells a value's type. */
static char type_at(const struct work *work, const struct json_member *member)
{
	return work->text->data[member->value];
}

static enum edit_result
replace(struct work *work, const struct json_member *here, struct span value)
{
	struct layout layout = layout_at(work->text, here->start);
	struct buffer new = BUFFER_INIT;
	enum edit_result result = result_of(lay_out(&new, value, &layout));

	if (result == EDIT_DONE)
		result = splice(work, here->value, here->end - here->value,
				span_of(&new));
	buffer_release(&new);
	return result;
}

/*
 * What goes between the last thing at PLACE and one more: the same as before
 * the last one, if that has something before it.
 */
static int copy_gap(struct buffer *gap, const struct buffer *text,
		    const struct json_place *place)
{
	const char *start = text->data + place->last.before;
	size_t length = place->last.start - place->last.before;

	if (place->count > 1)
		return buffer_add(gap, start, length);
	if (buffer_add_char(gap, ','))
		return -1;
	if (memchr(start, '\n', length))
		return buffer_add(gap, start, length);
	if (make_layout(text, (struct span){NULL, 0}).style.spaced)
		return buffer_add_char(gap, ' ');
	return 0;
}

/* The text between the last member's key and its value: a colon and blanks. */
static struct span colon_of(const struct buffer *text,
			    const struct json_place *place)
{
	const struct json_member *last = &place->last;

	return (struct span){text->data + last->key_end,
			     last->value - last->key_end};
}

static int add_span(struct buffer *out, struct span span)
{
	return buffer_add(out, span.start, span.length);
}

/*
 * Put what is in ITEMS, an array or object as compact JSON, behind the last
 * thing at PLACE, which has one and is of the same type.
 */
static enum edit_result
append(struct work *work, const struct json_place *place, struct span items)
{
	const char *const end = items.start + items.length - 1;
	const struct span colon = colon_of(work->text, place);
	struct buffer gap = BUFFER_INIT, new = BUFFER_INIT;
	int error = copy_gap(&gap, work->text, place);
	enum edit_result result = result_of(error);
	struct layout layout;

	if (!error)
		layout = layout_behind(work->text, &gap);
	for (const char *p = items.start + 1; !error && p < end; p++) {
		struct span value = {p, 0};

		error = add_span(&new, span_of(&gap));
		if (*items.start == '{') {
			p = json_value_end(p);
			value.length = (size_t)(p - value.start);
			error |= add_span(&new, value) | add_span(&new, colon);
			value.start = ++p;
		}
		p = json_value_end(p);
		value.length = (size_t)(p - value.start);
		error |= lay_out(&new, value, &layout);
	}
	if (!error)
		result = splice(work, place->last.end, 0, span_of(&new));
	buffer_release(&gap);
	buffer_release(&new);
	return error ? EDIT_NO_MEMORY : result;
}

/*
 * Append what must be made where PATH, COUNT steps, leads to nothing yet: the
 * value, and around it an object or array for each step. The first array has
 * PRESENT elements already, which are left out.
 */
static enum edit_result wrap(struct buffer *out, const struct json_step *path,
			     size_t count, size_t present, struct span value)
{
	int error = 0;

	for (size_t i = 0; i < count; i++, present = 0) {
		const struct json_step *step = &path[i];
		ptrdiff_t padding = step->index - (ptrdiff_t)present;

		if (step->key) {
			error |= buffer_add_char(out, '{') ||
				 json_quote(out, step->key, step->length) ||
				 buffer_add_char(out, ':');
			continue;
		}
		if (padding < 0 || padding > PADDING)
			return EDIT_DECLINED;
		error |= buffer_add_char(out, '[');
		while (padding--)
			error |= buffer_add_string(out, "null,");
	}
	error |= buffer_add(out, value.start, value.length);
	while (count--)
		error |= buffer_add_char(out, path[count].key ? '}' : ']');
	return result_of(error);
}

/* Make what PATH, LEFT steps, names below PLACE, which has nothing of it. */
static enum edit_result make(struct work *work, const struct json_place *place,
			     const struct json_step *path, size_t left,
			     struct span value)
{
	const char type = type_at(work, &place->here);
	const bool empty = type == 'n' || !place->count;
	struct buffer new = BUFFER_INIT;
	enum edit_result result;

	if (type != 'n' && type != (path->key ? '{' : '['))
		return EDIT_DECLINED;
	result = wrap(&new, path, left, place->count, value);
	if (result == EDIT_DONE && empty)
		result = replace(work, &place->here, span_of(&new));
	else if (result == EDIT_DONE)
		result = append(work, place, span_of(&new));
	buffer_release(&new);
	return result;
}

/* Make PATH, COUNT steps, as far as PLACE does not have it, lead to VALUE. */
static enum edit_result set(struct work *work, const struct json_place *place,
			    const struct json_step *path, size_t count,
			    struct span value)
{
	if (place->found == count)
		return replace(work, &place->here, value);
	return make(work, place, path + place->found, count - place->found,
		    value);
}

/* --- arithmetic ---------------------------------------------------------- */

static bool is_number(char type)
{
	return type == '-' || (type >= '0' && type <= '9');
}

/* The largest integer that every jq prints with all its digits. */
#define LARGEST INT64_C(999999999999999)

/* Read TEXT as an integer of up to 15 digits that is not a negative zero. */
static bool read_integer(const char *text, size_t length, int64_t *integer)
{
	const bool negative = *text == '-';
	int64_t value = 0;
	size_t i = negative;

	if (length - i > 15)
		return false;
	for (; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*integer = negative ? -value : value;
	return value || !negative;
}

/* False where the result is no integer, or a zero whose sign might be wrong. */
static bool compute(enum edit_kind kind, int64_t left, int64_t right,
		    int64_t *result)
{
	switch (kind) {
	case EDIT_ADD:
		*result = left + right;
		return true;
	case EDIT_SUBTRACT:
		*result = left - right;
		return true;
	case EDIT_MULTIPLY:
		return !__builtin_mul_overflow(left, right, result) &&
		       (*result || (left >= 0 && right >= 0));
	case EDIT_DIVIDE:
		if (!right || left % right)
			return false;
		*result = left / right;
		return *result || right > 0;
	case EDIT_MODULO:
		if (!right)
			return false;
		*result = left % right;
		return *result || left >= 0;
	default:
		return false;
	}
}

enum edit_result edit_compute(enum edit_kind kind, const char *left,
			      size_t left_length, const char *right,
			      size_t right_length, struct buffer *result)
{
	int64_t l, r, value;

	if (!read_integer(left, left_length, &l) ||
	    !read_integer(right, right_length, &r) ||
	    !compute(kind, l, r, &value) || value > LARGEST || value < -LARGEST)
		return EDIT_DECLINED;
	return result_of(buffer_add_format(result, "%" PRId64, value));
}

static enum edit_result ask(const struct work *work, enum edit_kind kind,
			    struct span left, struct span right,
			    struct buffer *result)
{
	static const char operators[] = {
		[EDIT_ADD] = '+',
		[EDIT_SUBTRACT] = '-',
		[EDIT_MULTIPLY] = '*',
		[EDIT_DIVIDE] = '/',
	};

	if (!work->arithmetic || kind == EDIT_MODULO)
		return EDIT_DECLINED;
	return work->arithmetic->compute(
		work->arithmetic->context, operators[kind], left.start,
		left.length, right.start, right.length, result);
}

static enum edit_result calculate(struct work *work, enum edit_kind kind,
				  const struct json_member *here,
				  struct span right)
{
	const size_t length = here->end - here->value;
	const struct span left = {work->text->data + here->value, length};
	struct buffer new = BUFFER_INIT;
	enum edit_result result;

	if (!is_number(*left.start) || !is_number(*right.start))
		return EDIT_DECLINED;
	result = edit_compute(kind, left.start, left.length, right.start,
			      right.length, &new);
	if (result == EDIT_DECLINED)
		result = ask(work, kind, left, right, &new);
	if (result == EDIT_DONE)
		result = splice(work, here->value, length, span_of(&new));
	buffer_release(&new);
	return result;
}

/* --- operations ---------------------------------------------------------- */

static enum edit_result locate(struct work *work, const struct json_step *path,
			       size_t count, struct json_place *place)
{
	if (json_locate(work->text->data, work->text->length, path, count,
			place, work->error))
		return EDIT_INVALID;
	return place->doubtful ? EDIT_DECLINED : EDIT_DONE;
}

/* Set one member: PATH has room for one step more. KEY is a string token. */
static enum edit_result merge_member(struct work *work, struct json_step *path,
				     size_t count, struct span key,
				     struct span value)
{
	struct buffer name = BUFFER_INIT;
	enum edit_result result;
	struct json_place place;

	result = result_of(json_unquote(&name, key.start, key.length));
	if (result == EDIT_DONE) {
		path[count] = (struct json_step){
			.key = name.data ? name.data : "",
			.length = name.length,
		};
		result = locate(work, path, count + 1, &place);
	}
	if (result == EDIT_DONE)
		result = set(work, &place, path, count + 1, value);
	buffer_release(&name);
	return result;
}

/* jq's `+` of two objects: the members of the right one are set in the left. */
static enum edit_result merge(struct work *work,
			      const struct edit_operation *operation)
{
	const char *const end = operation->value + operation->value_length - 1;
	enum edit_result result = EDIT_DONE;
	struct json_step path[EDIT_STEPS + 1];

	if (operation->steps)
		memcpy(path, operation->path,
		       operation->steps * sizeof(path[0]));
	for (const char *p = operation->value + 1;
	     p < end && result == EDIT_DONE; p++) {
		struct span key = {p, 0}, value;

		p = json_value_end(p);
		key.length = (size_t)(p - key.start);
		value.start = ++p;
		p = json_value_end(p);
		value.length = (size_t)(p - value.start);
		result = merge_member(work, path, operation->steps, key, value);
	}
	return result;
}

static enum edit_result add(struct work *work, const struct json_place *place,
			    const struct edit_operation *operation)
{
	const struct span value = {operation->value, operation->value_length};
	const char type = type_at(work, &place->here);

	if (place->found < operation->steps || type == 'n')
		return set(work, place, operation->path, operation->steps,
			   value);
	if (*value.start == 'n')
		return EDIT_DONE;
	if (type != *value.start || is_number(type))
		return calculate(work, EDIT_ADD, &place->here, value);
	if (type == '"')
		return splice(work, place->here.end - 1, 0,
			      (struct span){value.start + 1, value.length - 2});
	if (type != '[' && type != '{')
		return EDIT_DECLINED;
	if (value.length == 2)
		return EDIT_DONE;
	if (!place->count)
		return replace(work, &place->here, value);
	if (type == '[')
		return append(work, place, value);
	return merge(work, operation);
}

/* `//=`: only a value that is missing, null or false is set. */
static enum edit_result set_default(struct work *work,
				    const struct json_place *place,
				    const struct edit_operation *operation)
{
	const char type = type_at(work, &place->here);

	if (place->found == operation->steps && type != 'n' && type != 'f')
		return EDIT_DONE;
	return set(work, place, operation->path, operation->steps,
		   (struct span){operation->value, operation->value_length});
}

/* Does jq see null where PATH goes on from PLACE? Else it is an error. */
static bool is_missing(const char *text, const struct json_place *place,
		       const struct json_step *path)
{
	const char type = text[place->here.value];

	return type == 'n' || type == (path[place->found].key ? '{' : '[');
}

/* Cut out what PLACE is about, and one of the commas around it. */
static enum edit_result cut_out(struct work *work,
				const struct json_place *place,
				const struct edit_operation *operation)
{
	const struct json_member *here = &place->here;
	const char *text = work->text->data;
	size_t start = here->before, end = here->end;
	char opening, closing;

	if (place->found < operation->steps)
		return is_missing(text, place, operation->path) &&
				       operation->path[place->found].index >= 0
			       ? EDIT_DONE
			       : EDIT_DECLINED;
	opening = text[start - 1];
	closing = text[here->behind];
	if (closing != '}' && closing != ']') {
		start = here->start;
		end = here->behind;
	} else if (opening == '{' || opening == '[') {
		end = here->behind;
	}
	return splice(work, start, end - start, (struct span){"", 0});
}

static enum edit_result operate(struct work *work,
				const struct edit_operation *operation)
{
	const struct span value = {operation->value, operation->value_length};
	struct json_place place;
	enum edit_result result;

	result = locate(work, operation->path, operation->steps, &place);
	if (result != EDIT_DONE)
		return result;
	switch (operation->kind) {
	case EDIT_SET:
		return set(work, &place, operation->path, operation->steps,
			   value);
	case EDIT_ADD:
		return add(work, &place, operation);
	case EDIT_DEFAULT:
		return set_default(work, &place, operation);
	case EDIT_DELETE:
		return cut_out(work, &place, operation);
	default:
		if (place.found < operation->steps)
			return EDIT_DECLINED;
		return calculate(work, operation->kind, &place.here, value);
	}
}

enum edit_result edit_apply(const struct edit *edit, struct buffer *text,
			    const struct edit_arithmetic *arithmetic,
			    bool *changed, struct json_error *error)
{
	struct work work = {
		.text = text,
		.arithmetic = arithmetic,
		.error = error,
	};
	enum edit_result result = EDIT_DONE;

	if (!edit->count && json_validate(text->data, text->length, error))
		return EDIT_INVALID;
	for (size_t i = 0; i < edit->count && result == EDIT_DONE; i++)
		result = operate(&work, &edit->operations[i]);
	if (result == EDIT_DONE)
		result = compare(&work, changed);
	if (result != EDIT_DONE)
		undo(&work, text);
	free(work.splices);
	buffer_release(&work.removed);
	return result;
}

enum edit_result edit_get(const struct edit *path, const char *text,
			  size_t length, const char **value,
			  size_t *value_length, struct json_error *error)
{
	const struct edit_operation *operation = &path->operations[0];
	struct json_place place;

	if (json_locate(text, length, operation->path, operation->steps, &place,
			error))
		return EDIT_INVALID;
	if (place.doubtful)
		return EDIT_DECLINED;
	if (place.found == operation->steps) {
		*value = text + place.here.value;
		*value_length = place.here.end - place.here.value;
		return EDIT_DONE;
	}
	if (!is_missing(text, &place, operation->path))
		return EDIT_DECLINED;
	*value = "null";
	*value_length = strlen(*value);
	return EDIT_DONE;
}
