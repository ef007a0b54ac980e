/* SPDX-License-Identifier: MIT */
#include "boot_clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef HAVE_SYS_TIMERFD_H
#include <sys/timerfd.h>
#endif

#include "duration.h"
#include "fdio.h"
#include "process.h"
#include "signals.h"

#ifdef CLOCK_BOOTTIME
#define CLOCK_ID CLOCK_BOOTTIME
#else
#define CLOCK_ID CLOCK_MONOTONIC
#endif

static int64_t to_ns(struct timespec time)
{
	return time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}

static struct timespec to_timespec(int64_t ns)
{
	return (struct timespec){
		.tv_sec = ns / NS_PER_SECOND,
		.tv_nsec = ns % NS_PER_SECOND,
	};
}

/*
 * The line "boottime SECONDS NANOSECONDS" of /proc/self/timens_offsets. No such
 * file, or no such line: there are no time namespaces.
 */
static int64_t read_offset(void)
{
	struct timespec offset;
	char text[256], *line, *end;
	int fd = open("/proc/self/timens_offsets", O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return 0;
	length = read(fd, text, sizeof(text) - 1);
	fdio_close(fd);
	text[length > 0 ? length : 0] = '\0';
	line = strstr(text, "boottime");
	if (!line)
		return 0;
	offset.tv_sec = strtoll(line + strlen("boottime"), &end, 10);
	offset.tv_nsec = strtol(end, NULL, 10);
	return to_ns(offset);
}

int boot_clock_init(struct boot_clock *clock)
{
	clock->timer = -1;
	clock->offset = read_offset();
	return process_boot_id(clock->boot);
}

int64_t boot_clock_now(const struct boot_clock *clock)
{
	struct timespec now;

	clock_gettime(CLOCK_ID, &now);
	return to_ns(now) - clock->offset;
}

int64_t boot_clock_wall(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return to_ns(now);
}

int64_t boot_clock_own(const struct boot_clock *clock, int64_t time)
{
	return time + clock->offset;
}

#if defined(HAVE_SYS_TIMERFD_H) && defined(CLOCK_BOOTTIME)
/*
 * A timer on the clock itself: unlike a time-out of poll(2) it counts suspended
 * time, and the system adds no slack to it.
 */
static int sleep_once(struct boot_clock *clock, int64_t time)
{
	const struct itimerspec when = {
		.it_value = to_timespec(boot_clock_own(clock, time)),
	};
	struct pollfd timer;

	if (clock->timer < 0)
		clock->timer = timerfd_create(CLOCK_ID, TFD_CLOEXEC);
	if (clock->timer < 0 ||
	    timerfd_settime(clock->timer, TFD_TIMER_ABSTIME, &when, NULL))
		return -1;
	timer = (struct pollfd){.fd = clock->timer, .events = POLLIN};
	return signals_poll(&timer, 1, deadline_in(DURATION_FOREVER));
}
#else
static int sleep_once(struct boot_clock *clock, int64_t time)
{
	return signals_poll(NULL, 0,
			    deadline_in(time - boot_clock_now(clock)));
}
#endif

int boot_clock_sleep(struct boot_clock *clock, int64_t time)
{
	while (boot_clock_now(clock) < time)
		if (sleep_once(clock, time) < 0 &&
		    (errno != EINTR || signals_caught()))
			return -1;
	return 0;
}

void boot_clock_release(struct boot_clock *clock)
{
	fdio_discard(&clock->timer);
}
