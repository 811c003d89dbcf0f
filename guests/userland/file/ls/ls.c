#include "ls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/name-list.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

enum { COLOR = OPTION_NAMED, FULL_TIME, TIME_STYLE, TIME, GROUP_DIRECTORIES, SORT, FORMAT, SHOW_CONTROLS };

static const struct option NAMES[] = {
  {"all", no_argument, NULL, 'a'}, {"almost-all", no_argument, NULL, 'A'},
  {"directory", no_argument, NULL, 'd'}, {"classify", no_argument, NULL, 'F'},
  {"human-readable", no_argument, NULL, 'h'}, {"inode", no_argument, NULL, 'i'},
  {"numeric-uid-gid", no_argument, NULL, 'n'}, {"reverse", no_argument, NULL, 'r'},
  {"recursive", no_argument, NULL, 'R'}, {"size", no_argument, NULL, 's'},
  {"dereference", no_argument, NULL, 'L'}, {"no-group", no_argument, NULL, 'G'},
  {"hide-control-chars", no_argument, NULL, 'q'}, {"quote-name", no_argument, NULL, 'Q'},
  {"show-control-chars", no_argument, NULL, SHOW_CONTROLS}, {"literal", no_argument, NULL, 'N'},
  {"width", required_argument, NULL, 'w'}, {"color", optional_argument, NULL, COLOR},
  {"full-time", no_argument, NULL, FULL_TIME}, {"time-style", required_argument, NULL, TIME_STYLE},
  {"group-directories-first", no_argument, NULL, GROUP_DIRECTORIES}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-1aAcCdfFghHiklLmnNopqQrRsStuUxX] [-w COLUMNS] [--color[=WHEN]] [FILE]...", "1aAcCdfFghHiklLmnNopqQrRsStuUvw:xX",
  NAMES, 0,
};

static struct look look;
static bool recursive, directories_themselves, follow, follow_named, many;
static int status;
// Whether something was printed, so that a blank line comes before the next directory.
static bool printed;

static void worse(int than) {
  if (status < than) status = than;
}

static bool needs_info(void) {
  return look.format == FORMAT_LONG || look.order == ORDER_SIZE || look.order == ORDER_TIME || look.inode ||
         look.blocks || look.mark != MARK_NONE || look.group_directories || recursive;
}

static bool read_info(struct entry *entry, const char *path, bool through, int failure) {
  int result = through ? stat(path, &entry->info) : lstat(path, &entry->info);
  // A link to nothing is still a link, unless one asked for what it points to.
  if (result != 0 && through && !follow) result = lstat(path, &entry->info);
  if (result != 0) {
    message_errno("cannot access '%s'", path);
    worse(failure);
    return false;
  }
  entry->known = true;
  if (!S_ISLNK(entry->info.st_mode)) return true;
  struct stat target;
  entry->target_known = stat(path, &target) == 0;
  if (entry->target_known) entry->target_mode = target.st_mode;
  if (look.format == FORMAT_LONG) entry->target = read_link(path);
  return true;
}

static void free_entries(struct entry *entries, size_t count) {
  for (size_t index = 0; index < count; index += 1) {
    free(entries[index].name);
    free(entries[index].target);
  }
  free(entries);
}

static bool is_shown(const char *name) { return look.show != SHOW_VISIBLE || name[0] != '.'; }

static struct entry *read_entries(const char *path, size_t *count) {
  struct name_list list = {NULL, 0, 0};
  *count = 0;
  if (look.show == SHOW_ALL) {
    add_name(&list, must_copy("."));
    add_name(&list, must_copy(".."));
  }
  // What it shows of /proc/self/fd is there for as long as it is open.
  DIR *directory = read_open_directory(path, &list);
  if (directory == NULL) {
    message_errno("cannot open directory '%s'", path);
    worse(many ? 1 : 2);
    free_names(&list);
    return NULL;
  }
  struct entry *entries = must_alloc(list.count * sizeof *entries);
  for (size_t index = 0; index < list.count; index += 1) {
    if (!is_shown(list.names[index])) continue;
    struct entry *entry = &entries[*count];
    *entry = (struct entry){.name = must_copy(list.names[index])};
    char *child = join_path(path, entry->name);
    if (needs_info()) read_info(entry, child, follow, 1);
    free(child);
    *count += 1;
  }
  closedir(directory);
  free_names(&list);
  return entries;
}

static void list_directory(const char *path);

static void list_below(const char *path, const struct entry *entries, size_t count) {
  for (size_t index = 0; index < count; index += 1) {
    const struct entry *entry = &entries[index];
    if (!entry->known || !S_ISDIR(entry->info.st_mode) || is_dot_or_dot_dot(entry->name)) continue;
    char *child = join_path(path, entry->name);
    list_directory(child);
    free(child);
  }
}

static void list_directory(const char *path) {
  size_t count;
  struct entry *entries = read_entries(path, &count);
  if (entries == NULL) return;
  if (many || recursive) {
    if (printed) putchar('\n');
    print_ls_name(path, &look);
    fputs(":\n", stdout);
  }
  printed = true;
  sort_ls_entries(entries, count, &look);
  print_ls_entries(entries, count, &look, true);
  if (recursive) list_below(path, entries, count);
  free_entries(entries, count);
}

// Files first, in one list, then each directory's own.
static void list_operands(char **paths, size_t count) {
  struct entry *files = must_alloc(count * sizeof *files);
  struct entry *directories = must_alloc(count * sizeof *directories);
  size_t file_count = 0, directory_count = 0;
  for (size_t index = 0; index < count; index += 1) {
    struct entry entry = {.name = must_copy(paths[index])};
    bool long_link = look.format == FORMAT_LONG || look.mark == MARK_ALL || directories_themselves;
    bool good = read_info(&entry, paths[index], follow || follow_named || !long_link, 2);
    if (!good) free(entry.name);
    else if (S_ISDIR(entry.info.st_mode) && !directories_themselves) directories[directory_count++] = entry;
    else files[file_count++] = entry;
  }
  sort_ls_entries(files, file_count, &look);
  sort_ls_entries(directories, directory_count, &look);
  print_ls_entries(files, file_count, &look, false);
  printed = file_count > 0;
  many = count > 1;
  for (size_t index = 0; index < directory_count; index += 1) list_directory(directories[index].name);
  free_entries(files, file_count);
  free_entries(directories, directory_count);
}

static bool set_format(int option) {
  switch (option) {
    case '1': if (look.format != FORMAT_LONG) look.format = FORMAT_LINES; break;
    case 'C': look.format = FORMAT_COLUMNS; break;
    case 'x': look.format = FORMAT_ACROSS; break;
    case 'm': look.format = FORMAT_COMMAS; break;
    case 'l': look.format = FORMAT_LONG; break;
    case 'g': look.format = FORMAT_LONG; look.no_owner = true; break;
    case 'o': look.format = FORMAT_LONG; look.no_group = true; break;
    case 'n': look.format = FORMAT_LONG; look.numeric = true; break;
    case FULL_TIME: look.format = FORMAT_LONG; look.style = STYLE_FULL; break;
    default: return false;
  }
  return true;
}

static bool set_order(int option) {
  switch (option) {
    case 'S': look.order = ORDER_SIZE; break;
    case 't': look.order = ORDER_TIME; break;
    case 'U': look.order = ORDER_NONE; break;
    case 'X': look.order = ORDER_EXTENSION; break;
    case 'v': look.order = ORDER_VERSION; break;
    case 'c': look.time = TIME_CHANGED; break;
    case 'u': look.time = TIME_ACCESSED; break;
    case 'f': look.order = ORDER_NONE; look.show = SHOW_ALL; break;
    case 'r': look.reverse = true; break;
    case GROUP_DIRECTORIES: look.group_directories = true; break;
    default: return false;
  }
  return true;
}

static bool set_show(int option) {
  switch (option) {
    case 'a': look.show = SHOW_ALL; break;
    case 'A': look.show = SHOW_ALMOST_ALL; break;
    case 'd': directories_themselves = true; break;
    case 'F': look.mark = MARK_ALL; break;
    case 'p': look.mark = MARK_DIRECTORIES; break;
    case 'h': look.human = true; break;
    case 'i': look.inode = true; break;
    case 's': look.blocks = true; break;
    case 'R': recursive = true; break;
    case 'L': follow = true; break;
    case 'H': follow_named = true; break;
    case 'G': look.no_group = true; break;
    case 'q': look.hide_controls = true; break;
    case 'Q': look.quote = true; break;
    case 'k': case 'N': case COLOR: break;
    case SHOW_CONTROLS: look.hide_controls = false; break;
    default: return false;
  }
  return true;
}

static bool set_style(const char *word) {
  if (strcmp(word, "full-iso") == 0) look.style = STYLE_FULL;
  else if (strcmp(word, "long-iso") == 0) look.style = STYLE_LONG_ISO;
  else if (strcmp(word, "locale") != 0) return false;
  return true;
}

static bool set_width(const char *text) {
  int64_t width;
  if (!parse_number(text, 1 << 20, &width)) return false;
  look.width = width == 0 ? 1 << 20 : (int)width;
  return true;
}

static int terminal_width(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  int64_t columns;
  const char *text = getenv("COLUMNS");
  return text != NULL && parse_number(text, 1 << 20, &columns) && columns > 0 ? (int)columns : 80;
}

int ls_main(int argc, char **argv) {
  bool terminal = isatty(STDOUT_FILENO) == 1;
  look.format = terminal ? FORMAT_COLUMNS : FORMAT_LINES;
  look.hide_controls = terminal;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (set_format(option) || set_order(option) || set_show(option)) continue;
    if (option == OPTIONS_OVER) return options_status;
    bool good = option == 'w' ? set_width(optarg) : set_style(optarg);
    if (good) continue;
    message("invalid argument '%s'", optarg);
    return 2;
  }
  // -c and -u alone sort by that time.
  if (look.time != TIME_MODIFIED && look.order == ORDER_NAME && look.format != FORMAT_LONG) look.order = ORDER_TIME;
  if (look.width == 0) look.width = terminal_width();
  static char *here[] = {".", NULL};
  bool named = optind < argc;
  list_operands(named ? argv + optind : here, named ? (size_t)(argc - optind) : 1);
  return finish_output(status);
}
