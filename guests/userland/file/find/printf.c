// -printf.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "find.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/mode.h"
#include "lib/owner-names.h"
#include "lib/path.h"

static char *time_text(struct timespec when, const char *letter) {
  if (*letter == '@') return must_format("%lld.%09ld0", (long long)when.tv_sec, (long)when.tv_nsec);
  struct tm tm = {0};
  char text[128];
  localtime_r(&when.tv_sec, &tm);
  if (*letter == '+') {
    strftime(text, sizeof text, "%Y-%m-%d+%H:%M:%S", &tm);
    return must_format("%s.%09ld0", text, (long)when.tv_nsec);
  }
  char format[3] = {'%', *letter, '\0'};
  size_t length = strftime(text, sizeof text, format, &tm);
  text[length] = '\0';
  if (*letter == 'S') return must_format("%s.%09ld0", text, (long)when.tv_nsec);
  return must_copy(text);
}

static char *default_time(struct timespec when) {
  struct tm tm = {0};
  char front[64], year[16];
  localtime_r(&when.tv_sec, &tm);
  strftime(front, sizeof front, "%a %b %e %H:%M:%S", &tm);
  strftime(year, sizeof year, "%Y", &tm);
  return must_format("%s.%09ld0 %s", front, (long)when.tv_nsec, year);
}

static char *id_text(const char *name, unsigned id) { return name == NULL ? must_format("%u", id) : must_copy(name); }

static char *type_letter(const struct visit *visit) {
  char text[MODE_TEXT];
  mode_text(visit->info.st_mode, text);
  return must_format("%c", text[0] == '-' ? 'f' : text[0]);
}

static char *words_of(mode_t mode) {
  char text[MODE_TEXT];
  mode_text(mode, text);
  return must_copy(text);
}

// The path without the operand it was found below.
static char *below_start(const struct visit *visit) {
  const char *rest = visit->path + strlen(visit->start);
  return must_copy(*rest == '/' ? rest + 1 : rest);
}

static char *link_target(const struct visit *visit) {
  char *target = S_ISLNK(visit->info.st_mode) ? read_link(visit->path) : NULL;
  return target == NULL ? must_copy("") : target;
}

static char *above(const struct visit *visit) {
  const char *slash = strrchr(visit->path, '/');
  return slash == NULL ? must_copy(".") : must_copy_part(visit->path, (size_t)(slash - visit->path));
}

// `*at` is the letter, and is moved over a second one.
static char *field_of(const char **at, const struct visit *visit) {
  const struct stat *info = &visit->info;
  switch (**at) {
    case 'p': return must_copy(visit->path);
    case 'f': return must_copy(visit->name);
    case 'h': return above(visit);
    case 'H': return must_copy(visit->start);
    case 'P': return below_start(visit);
    case 's': return must_format("%lld", (long long)info->st_size);
    case 'k': return must_format("%lld", ((long long)info->st_blocks + 1) / 2);
    case 'b': return must_format("%lld", (long long)info->st_blocks);
    case 'm': return must_format("%o", (unsigned)(info->st_mode & MODE_BITS));
    case 'M': return words_of(info->st_mode);
    case 'u': return id_text(user_name(info->st_uid), info->st_uid);
    case 'g': return id_text(group_name(info->st_gid), info->st_gid);
    case 'U': return must_format("%u", (unsigned)info->st_uid);
    case 'G': return must_format("%u", (unsigned)info->st_gid);
    case 'i': return must_format("%llu", (unsigned long long)info->st_ino);
    case 'n': return must_format("%llu", (unsigned long long)info->st_nlink);
    case 'D': return must_format("%llu", (unsigned long long)info->st_dev);
    case 'l': return link_target(visit);
    case 'd': return must_format("%d", visit->depth);
    case 'y': return type_letter(visit);
    case 'a': return default_time(info->st_atim);
    case 'c': return default_time(info->st_ctim);
    case 't': return default_time(info->st_mtim);
    case 'A': *at += 1; return time_text(info->st_atim, *at);
    case 'C': *at += 1; return time_text(info->st_ctim, *at);
    case 'T': *at += 1; return time_text(info->st_mtim, *at);
    default: return NULL;
  }
}

static const char *print_escape(const char *at) {
  static const char LETTERS[] = "abfnrtv\\";
  static const char BYTES[] = "\a\b\f\n\r\t\v\\";
  if (*at >= '0' && *at <= '7') {
    int value = 0;
    for (int count = 0; count < 3 && *at >= '0' && *at <= '7'; count += 1) value = value * 8 + (*at++ - '0');
    putchar(value);
    return at;
  }
  const char *found = *at == '\0' ? NULL : strchr(LETTERS, *at);
  if (found == NULL) {
    putchar('\\');
    return at;
  }
  putchar(BYTES[found - LETTERS]);
  return at + 1;
}

static const char *print_field(const char *at, const struct visit *visit) {
  bool left = *at == '-';
  if (left) at += 1;
  int width = 0;
  for (; *at >= '0' && *at <= '9'; at += 1) width = width < 4096 ? width * 10 + (*at - '0') : width;
  if (*at == '%') {
    putchar('%');
    return at + 1;
  }
  const char *letter = at;
  char *text = *at == '\0' ? NULL : field_of(&at, visit);
  if (text == NULL) {
    printf("%%%.*s", *letter == '\0' ? 0 : 1, letter);
    return *letter == '\0' ? letter : letter + 1;
  }
  printf("%*s", left ? -width : width, text);
  free(text);
  return *at == '\0' ? at : at + 1;
}

bool print_find_format(const struct node *node, struct visit *visit) {
  const char *at = node->text;
  while (*at != '\0') {
    if (*at == '\\' && at[1] == 'c') break;
    if (*at == '\\') at = print_escape(at + 1);
    else if (*at == '%') at = print_field(at + 1, visit);
    else putchar(*at++);
  }
  return true;
}
