/* The disk: what is written, what is kept, and what fails, see faults.c. */
#include "faults.h"
#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

struct range
{
    int64_t from;
    int64_t length;
};

static pthread_mutex_t sync_lock = PTHREAD_MUTEX_INITIALIZER;

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

int do_sync(int fd)
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
