#include "lib/options.h"

#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/writer.h"
#include "text/digest/check.h"

enum { TAG = OPTION_NAMED, QUIET, STATUS, STRICT, IGNORE_MISSING };

static const struct option NAMES[] = {{"binary", no_argument, NULL, 'b'},
                                      {"check", no_argument, NULL, 'c'},
                                      {"text", no_argument, NULL, 't'},
                                      {"warn", no_argument, NULL, 'w'},
                                      {"zero", no_argument, NULL, 'z'},
                                      {"tag", no_argument, NULL, TAG},
                                      {"quiet", no_argument, NULL, QUIET},
                                      {"status", no_argument, NULL, STATUS},
                                      {"strict", no_argument, NULL, STRICT},
                                      {"ignore-missing", no_argument, NULL, IGNORE_MISSING},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "[-bctwz] [--tag] [--quiet] [--status] [--strict] [--ignore-missing] [FILE]...", "bctwsz", NAMES, 1};

bool digest_file(const struct digest *digest, const char *name, unsigned char *result) {
  enum { PIECE = 65536 };
  int fd = input_open(name);
  if (fd < 0) return false;
  unsigned char *piece = must_alloc(PIECE);
  struct digest_state state;
  ptrdiff_t count;
  digest_start(digest, &state);
  while ((count = input_read(fd, name, piece, PIECE)) > 0) digest_add(digest, &state, piece, (size_t)count);
  digest_end(digest, &state, result);
  free(piece);
  input_close(fd);
  return count == 0;
}

struct form {
  bool binary;
  bool tag;
  char line_end;
};

static void print_name(const char *name, bool escaped) {
  for (; *name != '\0'; name += 1) {
    if (escaped && *name == '\n') writer_text(&out, "\\n");
    else if (escaped && *name == '\\') writer_text(&out, "\\\\");
    else writer_byte(&out, *name);
  }
}

static void print(const struct digest *digest, const struct form *form, const unsigned char *result,
                  const char *name) {
  // A name that would break the line is escaped, and the line says so.
  bool escaped = form->line_end == '\n' && strpbrk(name, "\n\\") != NULL;
  if (escaped) writer_byte(&out, '\\');
  if (form->tag) {
    writer_format(&out, "%s (", digest->tag);
    print_name(name, escaped);
    writer_text(&out, ") = ");
  }
  for (size_t at = 0; at < digest->length; at += 1) writer_format(&out, "%02x", result[at]);
  if (!form->tag) {
    writer_text(&out, form->binary ? " *" : "  ");
    print_name(name, escaped);
  }
  writer_byte(&out, form->line_end);
}

static bool one(const struct digest *digest, const struct form *form, const char *name) {
  unsigned char result[DIGEST_MOST];
  if (!digest_file(digest, name, result)) return false;
  print(digest, form, result, name);
  return true;
}

int digest_main(int argc, char **argv) {
  struct check check = {.digest = digest_of(message_name)};
  struct form form = {.line_end = '\n'};
  static char *const standard[] = {"-", NULL};
  bool checks = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'b': form.binary = true; break;
      case 'c': checks = true; break;
      case 't': form.binary = false; break;
      case 'w': check.warn = true; break;
      case 's': check.status = true; break;
      case 'z': form.line_end = '\0'; break;
      case TAG: form.tag = true; break;
      case QUIET: check.quiet = true; break;
      case STATUS: check.status = true; break;
      case STRICT: check.strict = true; break;
      case IGNORE_MISSING: check.ignore_missing = true; break;
      default: return options_status;
    }
  }
  bool good = true;
  for (char *const *names = optind < argc ? argv + optind : standard; *names != NULL; names += 1) {
    good = (checks ? check_list(&check, *names) : one(check.digest, &form, *names)) && good;
  }
  return writer_finish(good ? 0 : 1);
}
