// getopt: the options of a script, sorted out, as words for `eval set --`.
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"alternative", no_argument, NULL, 'a'},
                                      {"longoptions", required_argument, NULL, 'l'},
                                      {"name", required_argument, NULL, 'n'},
                                      {"options", required_argument, NULL, 'o'},
                                      {"quiet", no_argument, NULL, 'q'},
                                      {"quiet-output", no_argument, NULL, 'Q'},
                                      {"shell", required_argument, NULL, 's'},
                                      {"test", no_argument, NULL, 'T'},
                                      {"unquoted", no_argument, NULL, 'u'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "LETTERS WORDS | [-aqQTu] [-l LONG] [-n NAME] [-s SHELL] -o LETTERS [--] WORDS", "+al:n:o:qQs:Tu", NAMES, 2};

struct wish {
  const char *letters;
  struct option *longs;
  int long_count;
  char *name;
  bool quiet;
  bool silent;
  bool plain;
  bool alternative;
};

static void print_word(const struct wish *wish, const char *word) {
  writer_byte(&out, ' ');
  if (wish->plain) {
    writer_text(&out, word);
    return;
  }
  writer_byte(&out, '\'');
  for (; *word != '\0'; word += 1) {
    if (*word == '\'') writer_text(&out, "'\\''");
    else writer_byte(&out, *word);
  }
  writer_byte(&out, '\'');
}

static void add_long(struct wish *wish, const char *text, size_t length) {
  size_t colons = 0;
  while (colons < 2 && length > 0 && text[length - 1] == ':') {
    length -= 1;
    colons += 1;
  }
  if (length == 0) return;
  wish->longs = must_grow(wish->longs, (size_t)wish->long_count + 2, sizeof *wish->longs);
  wish->longs[wish->long_count] = (struct option){must_copy_part(text, length), (int)colons, NULL, OPTION_NAMED};
  wish->longs[++wish->long_count] = (struct option){NULL, 0, NULL, 0};
}

static void add_longs(struct wish *wish, const char *text) {
  while (*text != '\0') {
    size_t length = strcspn(text, ", \t\n");
    if (length > 0) add_long(wish, text, length);
    text += length + (text[length] != '\0');
  }
}

static void print_option(const struct wish *wish, int option, int index) {
  const char *letter = option == OPTION_NAMED ? NULL : strchr(wish->letters, option);
  if (letter == NULL && option != OPTION_NAMED) return;
  if (letter == NULL) {
    writer_format(&out, " --%s", wish->longs[index].name);
    if (wish->longs[index].has_arg != no_argument) print_word(wish, optarg == NULL ? "" : optarg);
    return;
  }
  writer_format(&out, " -%c", option);
  if (letter[1] == ':') print_word(wish, optarg == NULL ? "" : optarg);
}

// The words, the first of which is the script's name.
static int sort_out(const struct wish *wish, int argc, char **argv) {
  static const struct option none[] = {{NULL, 0, NULL, 0}};
  const struct option *longs = wish->longs == NULL ? none : wish->longs;
  int status = 0;
  int option;
  int index = 0;
  optind = 0;
  opterr = wish->quiet ? 0 : 1;
  while ((option = wish->alternative ? getopt_long_only(argc, argv, wish->letters, longs, &index)
                                     : getopt_long(argc, argv, wish->letters, longs, &index)) != -1) {
    if (option == '?' || option == ':') status = 1;
    // With a dash in front, words stay where they are among the options.
    else if (option == 1) print_word(wish, optarg);
    else print_option(wish, option, index);
  }
  writer_text(&out, " --");
  for (; optind < argc; optind += 1) print_word(wish, argv[optind]);
  writer_byte(&out, '\n');
  if (wish->silent) out.used = 0;
  return writer_finish(status);
}

static void free_wish(struct wish *wish) {
  for (int index = 0; index < wish->long_count; index += 1) free((char *)(size_t)wish->longs[index].name);
  free(wish->longs);
}

int getopt_main(int argc, char **argv) {
  struct wish wish = {.name = "getopt"};
  int option;
  // The old form: letters and words, no quotes.
  if (argc > 1 && argv[1][0] != '-') {
    wish.letters = argv[1];
    wish.plain = true;
    argv[1] = wish.name;
    return sort_out(&wish, argc - 1, argv + 1);
  }
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'a': wish.alternative = true; break;
      case 'l': add_longs(&wish, optarg); break;
      case 'n': wish.name = optarg; break;
      case 'o': wish.letters = optarg; break;
      case 'q': wish.quiet = true; break;
      case 'Q': wish.silent = true; break;
      case 's': break;
      case 'T': return 4;
      case 'u': wish.plain = true; break;
      default: return options_status;
    }
  }
  if (wish.letters == NULL && optind < argc) wish.letters = argv[optind++];
  if (wish.letters == NULL) return usage_error(&OPTIONS, "missing optstring argument");
  // The word before the first one becomes the script's name, which messages begin with.
  argv[optind - 1] = wish.name;
  int status = sort_out(&wish, argc - optind + 1, argv + optind - 1);
  free_wish(&wish);
  return status;
}
