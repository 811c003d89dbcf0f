#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WASM_PAGE 65536
#define ARGUMENT_BYTES (1024 * 1024)

static long processors(void) {
  char line[256];
  long count = 0;
  FILE *file = fopen("/proc/cpuinfo", "r");
  if (file == NULL) return 1;
  while (fgets(line, sizeof line, file) != NULL) count += strncmp(line, "processor", 9) == 0;
  fclose(file);
  return count == 0 ? 1 : count;
}

/// Pages of memory by a line of /proc/meminfo, which is in kB.
static long pages(const char *name) {
  char line[256];
  long long kilobytes = -1;
  FILE *file = fopen("/proc/meminfo", "r");
  if (file == NULL) return -1;
  size_t length = strlen(name);
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, name, length) == 0) sscanf(line + length, ": %lld", &kilobytes);
  }
  fclose(file);
  return kilobytes < 0 ? -1 : (long)(kilobytes / (WASM_PAGE / 1024));
}

long sysconf(int name) {
  switch (name) {
    case _SC_ARG_MAX:
      return ARGUMENT_BYTES;
    case _SC_CLK_TCK:
      return 100;
    case _SC_OPEN_MAX:
      return getdtablesize();
    case _SC_PAGESIZE:
      return WASM_PAGE;
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
      return processors();
    case _SC_PHYS_PAGES:
      return pages("MemTotal");
    case _SC_AVPHYS_PAGES:
      return pages("MemAvailable");
    case _SC_NGROUPS_MAX:
      return 65536;
    case _SC_IOV_MAX:
      return 1024;
    case _SC_LINE_MAX:
      return 2048;
    case _SC_JOB_CONTROL:
    case _SC_SAVED_IDS:
      return 1;
    case _SC_VERSION:
    case _SC_2_VERSION:
      return _POSIX_VERSION;
    case _SC_GETPW_R_SIZE_MAX:
    case _SC_GETGR_R_SIZE_MAX:
    case _SC_CHILD_MAX:
    case _SC_ATEXIT_MAX:
      return -1;
    default:
      errno = EINVAL;
      return -1;
  }
}
