/*
 * Stands between a process and the C library: its wall clock may be wrong, its disk slow or
 * failing. What to do is in a file of five native 64-bit numbers, which STORM_KNOBS names and which
 * is mapped once, so that a look at the clock stays cheap:
 *   0  nanoseconds that the wall clock is ahead
 *   1  nanoseconds that each sync takes longer
 *   2  error number that each sync fails with, 0 for none
 *   3  error number that each write to a regular file fails with, 0 for none
 *   4  nanoseconds that each write to a regular file takes longer
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { CLOCK, SLOW, SYNC_FAILS, WRITE_FAILS, SLOW_WRITE, KNOBS };

static const int64_t CALM[KNOBS];
static const volatile int64_t *knobs = CALM;

__attribute__((constructor)) static void map_knobs(void) {
  const char *path = getenv("STORM_KNOBS");
  int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return;
  }
  void *mapped = mmap(NULL, sizeof CALM, PROT_READ, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) {
    knobs = mapped;
  }
  close(fd);
}

#define REAL(result, name, ...)                                   \
  static result (*real)(__VA_ARGS__);                             \
  if (real == NULL) {                                             \
    real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name);        \
  }

/* ---- clock ---- */

int clock_gettime(clockid_t id, struct timespec *at) {
  REAL(int, "clock_gettime", clockid_t, struct timespec *)
  int outcome = real(id, at);
  int64_t ahead = knobs[CLOCK];
  if (ahead != 0 && outcome == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
    int64_t nanos = at->tv_nsec + ahead % 1000000000;
    at->tv_sec += ahead / 1000000000;
    if (nanos < 0) {
      nanos += 1000000000;
      at->tv_sec--;
    } else if (nanos >= 1000000000) {
      nanos -= 1000000000;
      at->tv_sec++;
    }
    at->tv_nsec = nanos;
  }
  return outcome;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  (void)zone;
  struct timespec exact;
  int outcome = clock_gettime(CLOCK_REALTIME, &exact);
  at->tv_sec = exact.tv_sec;
  at->tv_usec = exact.tv_nsec / 1000;
  return outcome;
}

time_t time(time_t *also) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (also != NULL) {
    *also = exact.tv_sec;
  }
  return exact.tv_sec;
}

/* ---- disk ---- */

static void wait_for(int64_t nanos) {
  if (nanos > 0) {
    struct timespec left = {nanos / 1000000000, nanos % 1000000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
  }
}

static int sync_fails(void) {
  wait_for(knobs[SLOW]);
  if (knobs[SYNC_FAILS] != 0) {
    errno = (int)knobs[SYNC_FAILS];
    return 1;
  }
  return 0;
}

static int write_fails(int fd) {
  struct stat about;
  if ((knobs[WRITE_FAILS] == 0 && knobs[SLOW_WRITE] == 0) || fstat(fd, &about) != 0
      || !S_ISREG(about.st_mode)) {
    return 0;
  }
  wait_for(knobs[SLOW_WRITE]);
  if (knobs[WRITE_FAILS] == 0) {
    return 0;
  }
  errno = (int)knobs[WRITE_FAILS];
  return 1;
}

int fsync(int fd) {
  REAL(int, "fsync", int)
  return sync_fails() ? -1 : real(fd);
}

int fdatasync(int fd) {
  REAL(int, "fdatasync", int)
  return sync_fails() ? -1 : real(fd);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(ssize_t, "write", int, const void *, size_t)
  return write_fails(fd) ? -1 : real(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)
  return write_fails(fd) ? -1 : real(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  return pwrite64(fd, bytes, count, at);
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  REAL(ssize_t, "writev", int, const struct iovec *, int)
  return write_fails(fd) ? -1 : real(fd, pieces, count);
}
