/* What the parts of the preloaded library share, see faults.c. */
#pragma once
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control
{
    int32_t fail_sync;      /* syncs answer EIO */
    int32_t delay_sync;     /* milliseconds before a sync */
    int32_t ignore_journal; /* syncs of the journal do nothing: the mode that the product does not offer */
    int32_t disk_full;      /* writes answer ENOSPC */
    int64_t clock_offset;   /* seconds added to the time of day */
};

/* The faults of the moment. */
extern const volatile struct control *now;

/* The data folder, and where a shadow of it is kept; NULL when the fault needs none. */
extern const char *root;
extern const char *shadow;

extern ssize_t (*real_write)(int, const void *, size_t);
extern ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
extern ssize_t (*real_pwritev)(int, const struct iovec *, int, off64_t);
extern int (*real_fsync)(int);

/* To be called first by everything that is called in place of the C library. */
void ready(void);

int do_sync(int fd);
