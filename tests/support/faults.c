/* Makes one call of a function of the C library fail in a program that it is loaded into before the others (LD_PRELOAD).
 *
 * FAULT=NAME:N    the Nth call of NAME (0 is the first) fails as its manual says; NAME-from: that one and all behind it;
 *                 NAME-kill: the program is killed before that one
 * FAULT_COUNT=F   how many calls of NAME there were is written to F at the end
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

extern void* __libc_malloc(size_t size); /* dlsym() takes memory itself */

static char name[32];
static long from, until;
static int kills;
static atomic_long calls;

__attribute__((constructor)) static void begin(void) {
  const char* fault = getenv("FAULT");
  const char* colon = fault == NULL ? NULL : strchr(fault, ':');
  size_t length;
  if (colon == NULL || (length = (size_t)(colon - fault)) >= sizeof name) return;
  from = until = atol(colon + 1);
  if (length > 5 && (strncmp(colon - 5, "-from", 5) == 0 || strncmp(colon - 5, "-kill", 5) == 0)) {
    length -= 5;
    kills = colon[-1] == 'l';
    until = __LONG_MAX__;
  }
  memcpy(name, fault, length);
}

__attribute__((destructor)) static void end(void) {
  const char* path = getenv("FAULT_COUNT");
  FILE* file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%ld\n", (long)calls);
  fclose(file);
}

static int fails(const char* function) {
  if (strcmp(name, function) != 0) return 0;
  const long call = atomic_fetch_add(&calls, 1);
  if (kills && call == from) raise(SIGKILL);
  return from <= call && call <= until;
}

#define REAL(function)                   \
  static __typeof__(function)* real;     \
  if (real == NULL) real = (__typeof__(function)*)dlsym(RTLD_NEXT, #function)

void* malloc(size_t size) {
  if (!fails("malloc")) return __libc_malloc(size);
  errno = ENOMEM;
  return NULL;
}

/* A read error is a mark on the file; its place in it is glibc's. */
size_t fread(void* to, size_t size, size_t count, FILE* file) {
  REAL(fread);
  if (fails("fread")) {
    file->_flags |= 0x20;
    errno = EIO;
    return 0;
  }
  return real(to, size, fails("fread_short") && count > 7 ? 7 : count, file);
}

ssize_t pread(int file, void* to, size_t size, off_t at) {
  REAL(pread);
  if (fails("pread")) {
    errno = EIO;
    return -1;
  }
  return real(file, to, fails("pread_short") && size > 7 ? 7 : size, at);
}

size_t fwrite(const void* bytes, size_t size, size_t count, FILE* file) {
  REAL(fwrite);
  if (!fails("fwrite")) return real(bytes, size, count, file);
  errno = ENOSPC;
  return count / 2;
}

int fflush(FILE* file) {
  REAL(fflush);
  if (!fails("fflush")) return real(file);
  errno = ENOSPC;
  return EOF;
}

int fclose(FILE* file) {
  REAL(fclose);
  const int failed = fails("fclose");
  const int closed = real(file);
  if (!failed) return closed;
  errno = EIO;
  return EOF;
}

FILE* fopen(const char* path, const char* mode) {
  REAL(fopen);
  if (!fails("fopen")) return real(path, mode);
  errno = EMFILE;
  return NULL;
}

int rename(const char* old_path, const char* new_path) {
  REAL(rename);
  if (!fails("rename")) return real(old_path, new_path);
  errno = EROFS;
  return -1;
}

int link(const char* old_path, const char* new_path) {
  REAL(link);
  if (!fails("link")) return real(old_path, new_path);
  errno = EPERM;
  return -1;
}

int linkat(int old_folder, const char* old_path, int new_folder, const char* new_path, int flags) {
  REAL(linkat);
  if (!fails("linkat")) return real(old_folder, old_path, new_folder, new_path, flags);
  errno = EPERM;
  return -1;
}

/* As the C++ library takes files away. */
int remove(const char* path) {
  REAL(remove);
  if (!fails("remove")) return real(path);
  errno = EROFS;
  return -1;
}

int mkdir(const char* path, mode_t mode) {
  REAL(mkdir);
  if (!fails("mkdir")) return real(path, mode);
  errno = EACCES;
  return -1;
}

int pthread_create(pthread_t* thread, const pthread_attr_t* with, void* (*start)(void*), void* of) {
  REAL(pthread_create);
  return fails("pthread_create") ? EAGAIN : real(thread, with, start, of);
}
