/*
 * Preloaded into the product to play faults of the machine below it: a disk whose sync fails or is slow, a full disk, a clock that
 * jumps, and a loss of power.
 *
 * Loss of power: what is written to a file below FAULT_ROOT is noted as dirty. A sync copies the dirty ranges into a shadow of the
 * file; a sync that fails forgets them, as the kernel does. A name is durable once its folder was synced. What lies in
 * FAULT_SHADOW is therefore what a disk would hold that keeps nothing it was not told to keep.
 *
 * The faults of the moment are read from the file FAULT_CONTROL, which the rig rewrites.
 */
#include "faults.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>

static const struct control none;
const volatile struct control *now = &none;
const char *root;
const char *shadow;

ssize_t (*real_write)(int, const void *, size_t);
ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
ssize_t (*real_pwritev)(int, const struct iovec *, int, off64_t);
int (*real_fsync)(int);

static void *(*real_dlsym)(void *, const char *);
static int (*real_clock)(clockid_t, struct timespec *);

static void begin(void)
{
    static const char *versions[] = {"GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17"};
    for (size_t i = 0; i < 3 && real_dlsym == NULL; i++)
    {
        real_dlsym = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    }

    real_write = real_dlsym(RTLD_NEXT, "write");
    real_pwrite = real_dlsym(RTLD_NEXT, "pwrite64");
    real_pwritev = real_dlsym(RTLD_NEXT, "pwritev64");
    real_fsync = real_dlsym(RTLD_NEXT, "fsync");
    real_clock = real_dlsym(RTLD_NEXT, "clock_gettime");
    root = getenv("FAULT_ROOT");
    shadow = getenv("FAULT_SHADOW");
    const char *control = getenv("FAULT_CONTROL");
    int file = control == NULL ? -1 : open(control, O_RDONLY | O_CLOEXEC);
    if (file >= 0)
    {
        void *mapped = mmap(NULL, sizeof(struct control), PROT_READ, MAP_SHARED, file, 0);
        if (mapped != MAP_FAILED)
        {
            now = mapped;
        }

        close(file);
    }
}

void ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    ready();
    int result = real_clock(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    {
        time->tv_sec += now->clock_offset;
    }

    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    time->tv_sec = precise.tv_sec;
    time->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result)
{
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (result != NULL)
    {
        *result = precise.tv_sec;
    }

    return precise.tv_sec;
}

/* .NET asks the C library for its functions by name, past any preloaded one. */
void *dlsym(void *library, const char *name)
{
    ready();
    if (strcmp(name, "fsync") == 0 || strcmp(name, "fdatasync") == 0)
    {
        return (void *)do_sync;
    }

    return real_dlsym(library, name);
}
