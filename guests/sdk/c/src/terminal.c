#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "answer.h"

_Static_assert(sizeof(struct termios) == sizeof(struct bulkhead_termios), "layout");
_Static_assert(sizeof(struct winsize) == sizeof(struct bulkhead_window), "layout");

int tcgetattr(int fd, struct termios *termios) {
  return answered(bulkhead_tty_attributes_get(fd, (struct bulkhead_termios *)termios));
}

int tcsetattr(int fd, int when, const struct termios *termios) {
  const struct bulkhead_termios *attributes = (const struct bulkhead_termios *)termios;
  return answered(bulkhead_tty_attributes_set(fd, (uint32_t)when, attributes));
}

void cfmakeraw(struct termios *termios) {
  termios->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  termios->c_oflag &= ~OPOST;
  termios->c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  termios->c_cflag = (termios->c_cflag & ~(CSIZE | PARENB)) | CS8;
  termios->c_cc[VMIN] = 1;
  termios->c_cc[VTIME] = 0;
}

speed_t cfgetispeed(const struct termios *termios) { return termios->__c_ispeed; }
speed_t cfgetospeed(const struct termios *termios) { return termios->__c_ospeed; }

int cfsetispeed(struct termios *termios, speed_t speed) {
  termios->__c_ispeed = speed;
  return 0;
}

int cfsetospeed(struct termios *termios, speed_t speed) {
  termios->__c_ospeed = speed;
  return 0;
}

pid_t tcgetsid(int fd) {
  int32_t session;
  return answered(bulkhead_tty_session_get(fd, &session)) == 0 ? session : -1;
}

pid_t tcgetpgrp(int fd) {
  int32_t group;
  return answered(bulkhead_tty_group_get(fd, &group)) == 0 ? group : -1;
}

int tcsetpgrp(int fd, pid_t group) { return answered(bulkhead_tty_group_set(fd, group)); }

int tcdrain(int fd) {
  struct bulkhead_termios attributes;
  return answered(bulkhead_tty_attributes_get(fd, &attributes));
}

// Setting what is set already throws away what was typed.
int tcflush(int fd, int which) {
  struct bulkhead_termios attributes;
  int error = bulkhead_tty_attributes_get(fd, &attributes);
  if (error != 0 || which == TCOFLUSH) return answered(error);
  return answered(bulkhead_tty_attributes_set(fd, TCSAFLUSH, &attributes));
}

int ttyname_r(int fd, char *buffer, size_t size) {
  char link[32];
  if (!isatty(fd)) return errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, buffer, size);
  if (length >= 0 && (size_t)length == size) return ERANGE;
  if (length > 0 && buffer[0] == '/') {
    buffer[length] = '\0';
    return 0;
  }
  // Where there is no /proc: what this name leads to.
  if (size < sizeof "/dev/tty") return ERANGE;
  strcpy(buffer, "/dev/tty");
  return 0;
}

char *ttyname(int fd) {
  static char name[256];
  return answered(ttyname_r(fd, name, sizeof name)) == 0 ? name : NULL;
}

char *ctermid(char *buffer) {
  static char own[16];
  return strcpy(buffer == NULL ? own : buffer, "/dev/tty");
}
