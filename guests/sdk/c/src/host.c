// What the machine is called, and what it has.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "answer.h"

/// The first line of a small file, without its end; `otherwise` when it cannot be read.
static void line_of(const char *path, char *buffer, size_t size, const char *otherwise) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, buffer, size - 1);
  if (fd >= 0) close(fd);
  if (length <= 0) {
    strncpy(buffer, otherwise, size - 1);
    buffer[size - 1] = '\0';
    return;
  }
  buffer[length] = '\0';
  buffer[strcspn(buffer, "\n")] = '\0';
}

static void host_name(char *buffer, size_t size) {
  line_of("/proc/sys/kernel/hostname", buffer, size, "localhost");
}

int gethostname(char *buffer, size_t size) {
  char name[65];
  host_name(name, sizeof name);
  size_t length = strlen(name) + 1;
  memcpy(buffer, name, length < size ? length : size);
  return length <= size ? 0 : answered(ENAMETOOLONG);
}

int uname(struct utsname *name) {
  *name = (struct utsname){.machine = "wasm32"};
  line_of("/proc/sys/kernel/ostype", name->sysname, sizeof name->sysname, "bulkhead");
  line_of("/proc/sys/kernel/osrelease", name->release, sizeof name->release, "0");
  line_of("/proc/sys/kernel/version", name->version, sizeof name->version, "1");
  line_of("/proc/sys/kernel/domainname", name->domainname, sizeof name->domainname, "");
  host_name(name->nodename, sizeof name->nodename);
  return 0;
}
