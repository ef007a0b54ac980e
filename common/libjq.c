/* SPDX-License-Identifier: MIT */
#include "libjq.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef __APPLE__
#define LIBJQ_FILE "libjq.1.dylib"
#else
#define LIBJQ_FILE "libjq.so.1"
#endif

static struct libjq functions;
static bool opened;

static const struct entry {
	const char *name;
	size_t offset;
	bool optional;
} entries[] = {
#define LIBJQ_ENTRY(name) {#name, offsetof(struct libjq, name), false},
	LIBJQ_FUNCTIONS(LIBJQ_ENTRY)
#undef LIBJQ_ENTRY
	{"jq_set_stderr_cb", offsetof(struct libjq, jq_set_stderr_cb), true},
};

/* C has no cast from dlsym's pointer to a function's: copy its bytes. */
static int fill(void *library, struct problem *problem)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		const struct entry *entry = &entries[i];
		void *address = dlsym(library, entry->name);

		if (!address && !entry->optional)
			return problem_set(problem, STATUS_FAILED, LIBJQ_FILE,
					   "has no %s: libjq 1.6 or later is "
					   "needed",
					   entry->name);
		memcpy((char *)&functions + entry->offset, &address,
		       sizeof(address));
	}
	return 0;
}

const struct libjq *libjq_open(struct problem *problem)
{
	void *library;

	if (opened)
		return &functions;
	library = dlopen(LIBJQ_FILE, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		problem_set(problem, STATUS_FAILED, NULL,
			    "this filter needs libjq, which cannot be opened "
			    "(%s): install libjq1 (Debian, Ubuntu) or jq",
			    dlerror());
		return NULL;
	}
	if (fill(library, problem))
		return NULL;
	opened = true;
	return &functions;
}
