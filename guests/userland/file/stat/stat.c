#include "stat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/device.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/transfer.h"

enum { PRINTF = OPTION_NAMED };

static const struct option NAMES[] = {
  {"dereference", no_argument, NULL, 'L'}, {"file-system", no_argument, NULL, 'f'},
  {"format", required_argument, NULL, 'c'}, {"printf", required_argument, NULL, PRINTF},
  {"terse", no_argument, NULL, 't'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-Lft] [-c FORMAT] FILE...", "Lftc:", NAMES, 0};

static const char TERSE[] = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n";
static const char TERSE_SYSTEM[] = "%n %i %l 0 %s %S %b %f %a %c %d\n";
static const char SYSTEM[] =
  "  File: \"%n\"\n    ID: %-8i Namelen: %-7l\nBlock size: %-10s Fundamental block size: %S\n"
  "Blocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d\n";
static const char TIMES[] = "Access: %x\nModify: %y\nChange: %z\n Birth: %w\n";

static bool follow, file_system;

// A number right behind the backslash, at most `most` digits of a base.
static int escaped_number(const char **at, int base, int most) {
  int value = 0;
  for (; most > 0; most -= 1, *at += 1) {
    const char *digits = "0123456789abcdef";
    const char *digit = **at == '\0' ? NULL : strchr(digits, **at | 0x20);
    if (**at >= '0' && **at <= '9') digit = digits + (**at - '0');
    if (digit == NULL || digit - digits >= base) break;
    value = value * base + (int)(digit - digits);
  }
  return value;
}

static void print_escape(const char **at) {
  static const char LETTERS[] = "abefnrtv";
  static const char BYTES[] = "\a\b\033\f\n\r\t\v";
  char letter = **at;
  if (letter == '\0') {
    putchar('\\');
    return;
  }
  if (letter >= '0' && letter <= '7') {
    putchar(escaped_number(at, 8, 3));
    return;
  }
  *at += 1;
  const char *found = strchr(LETTERS, letter);
  if (letter == 'x') putchar(escaped_number(at, 16, 2));
  else putchar(found == NULL ? letter : BYTES[found - LETTERS]);
}

static char *field_of(const struct subject *subject, const struct statvfs *system, char letter) {
  return system == NULL ? file_field(subject, letter) : file_system_field(subject->path, system, letter);
}

static char *half_of(const struct subject *subject, char half, char letter) {
  uint64_t device = (uint64_t)(letter == 'd' ? subject->info.st_dev : subject->info.st_rdev);
  return must_format("%u", half == 'H' ? device_major(device) : device_minor(device));
}

// One sequence, at its %: flags, width, precision, letter.
static bool print_field(const char **at, const struct subject *subject, const struct statvfs *system) {
  const char *start = *at;
  bool left = false, zero = false;
  *at += 1;
  for (; **at != '\0' && strchr("-0+ #'", **at) != NULL; *at += 1) {
    left |= **at == '-';
    zero |= **at == '0';
  }
  char *end;
  unsigned long width = strtoul(*at, &end, 10);
  *at = end;
  long precision = -1;
  if (**at == '.') {
    precision = strtol(*at + 1, &end, 10);
    *at = end;
  }
  // %Hd and %Ld are the halves of a device's number.
  char half = '\0';
  if ((**at == 'H' || **at == 'L') && system == NULL && ((*at)[1] == 'd' || (*at)[1] == 'r')) half = *(*at)++;
  char letter = **at;
  if (letter == '%') {
    putchar('%');
    *at += 1;
    return true;
  }
  char *text = letter == '\0' ? NULL : half != '\0' ? half_of(subject, half, letter) : field_of(subject, system, letter);
  if (text == NULL || width > 4096) {
    message("%s: invalid directive", start);
    free(text);
    return false;
  }
  *at += 1;
  size_t length = strlen(text);
  if (precision >= 0 && (size_t)precision < length && strchr("nNFAUG", letter) != NULL) text[precision] = '\0';
  length = strlen(text);
  if (zero && !left) for (size_t pad = length; pad < width; pad += 1) putchar('0');
  if (zero && !left) fputs(text, stdout);
  else printf("%*s", left ? -(int)width : (int)width, text);
  free(text);
  return true;
}

static bool print_format(const char *format, bool escapes, const struct subject *subject, const struct statvfs *system) {
  while (*format != '\0') {
    if (*format == '%') {
      if (!print_field(&format, subject, system)) return false;
    } else if (escapes && *format == '\\') {
      format += 1;
      print_escape(&format);
    } else {
      putchar(*format++);
    }
  }
  return true;
}

static bool print_default(const struct subject *subject) {
  struct subject shown = *subject;
  // The first line names links without quotes, as all others.
  fputs("  File: ", stdout);
  char *name = file_field(subject, S_ISLNK(subject->info.st_mode) ? 'N' : 'n');
  char *unquoted = name;
  if (S_ISLNK(subject->info.st_mode)) {
    char *between = strstr(name, "' -> '");
    unquoted = name + 1;
    size_t length = strlen(name);
    name[length - 1] = '\0';
    if (between != NULL) {
      memmove(between, between + 1, 4);
      memmove(between + 4, between + 6, strlen(between + 6) + 1);
    }
  }
  puts(unquoted);
  free(name);
  const char *device = S_ISCHR(subject->info.st_mode) || S_ISBLK(subject->info.st_mode) ? "     Device type: %Hr,%Lr" : "";
  char *format = must_format(
    "  Size: %%-10s\tBlocks: %%-10b IO Block: %%-6o %%F\nDevice: %%Hd,%%Ld\tInode: %%-10i  Links: %%h%s\n"
    "Access: (%%04a/%%10.10A)  Uid: (%%5u/%%8U)   Gid: (%%5g/%%8G)\n%s",
    device, TIMES);
  bool good = print_format(format, false, &shown, NULL);
  free(format);
  return good;
}

static bool print_file(const char *path, const char *format, bool escapes) {
  struct subject subject = {.path = path};
  if ((follow ? stat(path, &subject.info) : lstat(path, &subject.info)) != 0) {
    message_errno("cannot statx '%s'", path);
    return false;
  }
  return format == NULL ? print_default(&subject) : print_format(format, escapes, &subject, NULL);
}

static bool print_system(const char *path, const char *format, bool escapes) {
  struct subject subject = {.path = path};
  struct statvfs system;
  if (statvfs(path, &system) != 0) {
    message_errno("cannot read file system information for '%s'", path);
    return false;
  }
  return print_format(format == NULL ? SYSTEM : format, escapes, &subject, &system);
}

int stat_main(int argc, char **argv) {
  char *format = NULL;
  bool escapes = false, terse = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'L': follow = true; break;
      case 'f': file_system = true; break;
      case 't': terse = true; break;
      case 'c': free(format); format = must_format("%s\n", optarg); escapes = false; break;
      case PRINTF: free(format); format = must_copy(optarg); escapes = true; break;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&OPTIONS, "missing operand");
  if (format == NULL && terse) format = must_copy(file_system ? TERSE_SYSTEM : TERSE);
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    bool good = (file_system ? print_system : print_file)(argv[index], format, escapes);
    if (!good) status = 1;
  }
  free(format);
  return finish_output(status);
}
