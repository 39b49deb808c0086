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
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
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

struct range
{
    int64_t from;
    int64_t length;
};

static const struct control none;
static const volatile struct control *now = &none;
static const char *root;
static const char *shadow;
static pthread_mutex_t sync_lock = PTHREAD_MUTEX_INITIALIZER;

static void *(*real_dlsym)(void *, const char *);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off64_t);
static int (*real_fsync)(int);
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

static void ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
}

/* The path below the data folder of what is open; NULL when it lies elsewhere. */
static const char *inside(int fd, char *path, struct stat *about)
{
    char link[64];
    if (root == NULL || fstat(fd, about) != 0 || !(S_ISREG(about->st_mode) || S_ISDIR(about->st_mode)))
    {
        return NULL;
    }

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    size_t prefix = strlen(root);
    if (length < (ssize_t)prefix)
    {
        return NULL;
    }

    path[length] = 0;
    return strncmp(path, root, prefix) == 0 && (path[prefix] == '/' || path[prefix] == 0) ? path + prefix : NULL;
}

static int ends(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

static int open_note(const char *kind, const struct stat *about, int flags)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s/%llu", shadow, kind, (unsigned long long)about->st_ino);
    return open(path, flags | O_CLOEXEC, 0600);
}

static void note_dirty(const struct stat *before, int64_t from, int64_t length)
{
    if (before->st_size == 0)
    {
        /* A new file may have got the number of a removed one. */
        int stale = open_note("files", before, O_WRONLY | O_TRUNC);
        if (stale >= 0)
        {
            close(stale);
        }
    }

    int notes = open_note("dirty", before, O_WRONLY | O_CREAT | O_APPEND);
    struct range range = {from, length};
    if (notes >= 0)
    {
        real_write(notes, &range, sizeof range);
        close(notes);
    }
}

static void copy_range(int from, int to, struct range range)
{
    char buffer[65536];
    while (range.length > 0)
    {
        size_t most = range.length < (int64_t)sizeof buffer ? (size_t)range.length : sizeof buffer;
        ssize_t read = pread64(from, buffer, most, range.from);
        if (read <= 0)
        {
            return;
        }

        real_pwrite(to, buffer, (size_t)read, range.from);
        range.from += read;
        range.length -= read;
    }
}

static void keep_file(int fd, const struct stat *about)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int notes = open_note("dirty", about, O_RDWR | O_CREAT);
    int copy = open_note("files", about, O_WRONLY | O_CREAT);
    int source = open(link, O_RDONLY | O_CLOEXEC);
    struct range range;
    while (notes >= 0 && copy >= 0 && source >= 0 && read(notes, &range, sizeof range) == (ssize_t)sizeof range)
    {
        copy_range(source, copy, range);
    }

    if (copy >= 0)
    {
        (void)!ftruncate64(copy, about->st_size);
    }

    if (notes >= 0)
    {
        (void)!ftruncate64(notes, 0);
    }

    close(source);
    close(copy);
    close(notes);
}

static void keep_folder(const char *path, const char *below)
{
    char name[PATH_MAX], part[PATH_MAX + 8], entry[PATH_MAX * 2];
    int length = snprintf(name, sizeof name, "%s/folders/@%s", shadow, below);
    for (char *letter = name + length - strlen(below); *letter; letter++)
    {
        *letter = *letter == '/' ? '@' : *letter;
    }

    snprintf(part, sizeof part, "%s.part", name);
    FILE *list = fopen(part, "we");
    DIR *folder = opendir(path);
    struct dirent *it;
    while (list != NULL && folder != NULL && (it = readdir(folder)) != NULL)
    {
        struct stat about;
        snprintf(entry, sizeof entry, "%s/%s", path, it->d_name);
        if (it->d_name[0] != '.' && stat(entry, &about) == 0)
        {
            fprintf(list, "%c %llu %s\n", S_ISDIR(about.st_mode) ? 'd' : 'f', (unsigned long long)about.st_ino, it->d_name);
        }
    }

    if (folder != NULL)
    {
        closedir(folder);
    }

    if (list != NULL)
    {
        fclose(list);
        rename(part, name);
    }
}

static int do_sync(int fd)
{
    char path[PATH_MAX];
    struct stat about;
    ready();
    const char *below = inside(fd, path, &about);
    if (below == NULL)
    {
        return real_fsync(fd);
    }

    if (now->delay_sync > 0)
    {
        usleep((useconds_t)now->delay_sync * 1000);
    }

    if (now->ignore_journal && ends(path, "-wal"))
    {
        return 0;
    }

    pthread_mutex_lock(&sync_lock);
    int result = 0;
    if (now->fail_sync)
    {
        if (shadow != NULL && S_ISREG(about.st_mode))
        {
            int notes = open_note("dirty", &about, O_WRONLY | O_TRUNC);
            close(notes);
        }

        errno = EIO;
        result = -1;
    }
    else
    {
        result = real_fsync(fd);
        if (shadow != NULL && result == 0 && fstat(fd, &about) == 0)
        {
            if (S_ISDIR(about.st_mode))
            {
                keep_folder(path, below);
            }
            else
            {
                keep_file(fd, &about);
            }
        }
    }

    int kept = errno;
    pthread_mutex_unlock(&sync_lock);
    errno = kept;
    return result;
}

int fsync(int fd)
{
    return do_sync(fd);
}

int fdatasync(int fd)
{
    return do_sync(fd);
}

/* Runs a write under the lock when the file is one of the product's, so that no sync comes between it and its note. */
#define WRITE(fd, from, total, really)                                  \
    char path[PATH_MAX];                                                \
    struct stat before;                                                 \
    ready();                                                            \
    if (inside(fd, path, &before) == NULL || ends(path, "-shm"))        \
    {                                                                   \
        return really;                                                  \
    }                                                                   \
    if (now->disk_full && (from) + (int64_t)(total) > before.st_size)   \
    {                                                                   \
        errno = ENOSPC;                                                 \
        return -1;                                                      \
    }                                                                   \
    if (shadow == NULL)                                                 \
    {                                                                   \
        return really;                                                  \
    }                                                                   \
    pthread_mutex_lock(&sync_lock);                                     \
    int64_t start = (from);                                             \
    ssize_t written = really;                                           \
    int kept = errno;                                                   \
    if (written > 0)                                                    \
    {                                                                   \
        note_dirty(&before, start, written);                            \
    }                                                                   \
    pthread_mutex_unlock(&sync_lock);                                   \
    errno = kept;                                                       \
    return written

static size_t length_of(const struct iovec *parts, int count)
{
    size_t total = 0;
    for (int i = 0; i < count; i++)
    {
        total += parts[i].iov_len;
    }

    return total;
}

ssize_t write(int fd, const void *bytes, size_t count)
{
    WRITE(fd, lseek64(fd, 0, SEEK_CUR), count, real_write(fd, bytes, count));
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    WRITE(fd, offset, count, real_pwrite(fd, bytes, count, offset));
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    return pwrite64(fd, bytes, count, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
    WRITE(fd, offset, length_of(parts, count), real_pwritev(fd, parts, count, offset));
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    return pwritev64(fd, parts, count, offset);
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
