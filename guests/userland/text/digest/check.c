#include "text/digest/check.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/message.h"
#include "lib/writer.h"

struct counts {
  long long good;
  long long bad_lines;
  long long differ;
  long long unread;
};

static int digit_of(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  byte = (char)tolower((unsigned char)byte);
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool read_digest(const char *text, size_t length, unsigned char *bytes) {
  for (size_t at = 0; at < length; at += 1) {
    int high = digit_of(text[2 * at]);
    int low = high < 0 ? -1 : digit_of(text[2 * at + 1]);
    if (low < 0) return false;
    bytes[at] = (unsigned char)(high << 4 | low);
  }
  return true;
}

// \\ and \n in a name whose line starts with a backslash.
static void unescape(char *name) {
  char *to = name;
  for (; *name != '\0'; name += 1) {
    if (*name == '\\' && (name[1] == 'n' || name[1] == '\\')) {
      name += 1;
      *to++ = *name == 'n' ? '\n' : '\\';
    } else {
      *to++ = *name;
    }
  }
  *to = '\0';
}

// SHA256 (NAME) = DIGEST; the name, or NULL.
static char *read_tagged(const struct digest *digest, char *text, size_t length, unsigned char *bytes) {
  size_t tag = strlen(digest->tag);
  size_t tail = 2 * digest->length;
  if (length < tag + 2 + 4 + tail || memcmp(text, digest->tag, tag) != 0) return NULL;
  if (text[tag] == ' ') tag += 1;
  if (text[tag] != '(') return NULL;
  char *ending = text + length - tail - 4;
  if (ending < text + tag + 1 || memcmp(ending, ") = ", 4) != 0) return NULL;
  if (!read_digest(ending + 4, digest->length, bytes)) return NULL;
  *ending = '\0';
  return text + tag + 1;
}

// DIGEST, a blank, a blank or a star, NAME; or tagged. The name, or NULL.
static char *read_line(const struct digest *digest, struct line *line, unsigned char *bytes) {
  char *text = line->text;
  size_t length = line->length;
  if (length > 0 && text[length - 1] == '\r') text[--length] = '\0';
  bool escaped = *text == '\\';
  if (escaped) {
    text += 1;
    length -= 1;
  }
  char *name = read_tagged(digest, text, length, bytes);
  if (name == NULL) {
    size_t digits = 2 * digest->length;
    if (length < digits + 2 || !read_digest(text, digest->length, bytes) || text[digits] != ' ') return NULL;
    bool marked = text[digits + 1] == ' ' || text[digits + 1] == '*';
    name = text + digits + (marked ? 2 : 1);
  }
  if (escaped) unescape(name);
  return *name == '\0' ? NULL : name;
}

static void check_line(const struct check *how, const char *name, const unsigned char *expected,
                       struct counts *counts) {
  unsigned char found[DIGEST_MOST];
  if (how->ignore_missing && access(name, F_OK) != 0 && errno == ENOENT) return;
  if (!digest_file(how->digest, name, found)) {
    counts->unread += 1;
    if (!how->status) writer_format(&out, "%s: FAILED open or read\n", name);
    return;
  }
  bool same = memcmp(found, expected, how->digest->length) == 0;
  if (same) counts->good += 1;
  else counts->differ += 1;
  if (how->status || (same && how->quiet)) return;
  writer_format(&out, "%s: %s\n", name, same ? "OK" : "FAILED");
}

static void warn(const struct check *how, const struct counts *counts) {
  if (how->status) return;
  writer_flush(&out);
  if (counts->bad_lines > 0) {
    message("WARNING: %lld %s improperly formatted", counts->bad_lines, counts->bad_lines == 1 ? "line is" : "lines are");
  }
  if (counts->unread > 0) {
    message("WARNING: %lld listed %s could not be read", counts->unread, counts->unread == 1 ? "file" : "files");
  }
  if (counts->differ > 0) {
    message("WARNING: %lld computed %s did NOT match", counts->differ, counts->differ == 1 ? "checksum" : "checksums");
  }
}

bool check_list(const struct check *how, const char *name) {
  struct lines input;
  struct line line;
  struct counts counts = {0, 0, 0, 0};
  if (!lines_open(&input, name, '\n')) return false;
  for (long long number = 1; lines_next(&input, &line); number += 1) {
    unsigned char expected[DIGEST_MOST];
    // No list has names with a NUL.
    bool whole = memchr(line.text, '\0', line.length) == NULL;
    char *file = whole && line.length > 0 ? read_line(how->digest, &line, expected) : NULL;
    if (file != NULL) {
      check_line(how, file, expected, &counts);
      continue;
    }
    if (line.length == 0 || *line.text == '#') continue;
    counts.bad_lines += 1;
    if (how->warn) message("%s: %lld: improperly formatted %s checksum line", name, number, how->digest->tag);
  }
  if (!lines_close(&input)) return false;
  if (counts.good + counts.differ + counts.unread == 0 && !how->ignore_missing) {
    message("%s: no properly formatted checksum lines found", name);
    return false;
  }
  warn(how, &counts);
  if (how->ignore_missing && counts.good + counts.differ == 0) {
    message("%s: no file was verified", name);
    return false;
  }
  return counts.differ == 0 && counts.unread == 0 && (counts.bad_lines == 0 || !how->strict);
}
