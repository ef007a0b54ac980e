/* SPDX-License-Identifier: MIT */
#ifndef INTERLOCK_LIBJQ_H
#define INTERLOCK_LIBJQ_H

/*
 * libjq, opened when it is first needed. Linking it would cost every start of a
 * program more than all the rest of a small update.
 *
 * All versions from 1.6 on share one soname and have no symbol versions, so one
 * binary runs with each of them: what came after 1.6 is looked up and may be
 * NULL. Nothing here or above asks for a version number: libjq has none.
 *
 * Caveat: jv values are 16-byte structs in all versions, but a number can be a
 * heap object from 1.7 on: each jv, numbers too, has to be freed. Reference
 * counts are not atomic: one thread.
 */

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <jv.h>

#include <jq.h>

#include "problem.h"

#define LIBJQ_FUNCTIONS(X)                                                    \
	X(jq_compile_args)                                                    \
	X(jq_get_error_message)                                               \
	X(jq_get_exit_code)                                                   \
	X(jq_halted)                                                          \
	X(jq_init)                                                            \
	X(jq_next)                                                            \
	X(jq_set_attr)                                                        \
	X(jq_set_debug_cb)                                                    \
	X(jq_set_error_cb)                                                    \
	X(jq_set_input_cb)                                                    \
	X(jq_set_nomem_handler)                                               \
	X(jq_start)                                                           \
	X(jq_teardown)                                                        \
	X(jv_array)                                                           \
	X(jv_copy)                                                            \
	X(jv_dump_string)                                                     \
	X(jv_dumpf)                                                           \
	X(jv_free)                                                            \
	X(jv_get_kind)                                                        \
	X(jv_invalid_get_msg)                                                 \
	X(jv_invalid_has_msg)                                                 \
	X(jv_number)                                                          \
	X(jv_number_value)                                                    \
	X(jv_object_get)                                                      \
	X(jv_object_set)                                                      \
	X(jv_parse)                                                           \
	X(jv_parser_free)                                                     \
	X(jv_parser_new)                                                      \
	X(jv_parser_next)                                                     \
	X(jv_parser_set_buf)                                                  \
	X(jv_string)                                                          \
	X(jv_string_length_bytes)                                             \
	X(jv_string_value)

struct libjq {
#define LIBJQ_FIELD(name) __typeof__(name) *name;
	LIBJQ_FUNCTIONS(LIBJQ_FIELD)
#undef LIBJQ_FIELD
	/* From 1.7 on, else NULL. 1.6 writes to descriptor 2 itself. */
	void (*jq_set_stderr_cb)(jq_state *, jq_msg_cb, void *);
};

/*
 * The library's functions. Opened once, never closed. NULL with PROBLEM if
 * there is no libjq here or it lacks one of them.
 */
const struct libjq *libjq_open(struct problem *problem);

#endif
