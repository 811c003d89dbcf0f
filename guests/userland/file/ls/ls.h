// ls: what is listed, and how.
#ifndef FILE_LS_LS_H
#define FILE_LS_LS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum show { SHOW_VISIBLE, SHOW_ALMOST_ALL, SHOW_ALL };
enum order { ORDER_NAME, ORDER_SIZE, ORDER_TIME, ORDER_NONE, ORDER_EXTENSION, ORDER_VERSION };
enum format { FORMAT_LINES, FORMAT_LONG, FORMAT_COLUMNS, FORMAT_ACROSS, FORMAT_COMMAS };
enum which_time { TIME_MODIFIED, TIME_ACCESSED, TIME_CHANGED };
enum mark { MARK_NONE, MARK_DIRECTORIES, MARK_ALL };
enum style { STYLE_LOCALE, STYLE_FULL, STYLE_LONG_ISO };

struct look {
  enum show show;
  enum order order;
  enum format format;
  enum which_time time;
  enum mark mark;
  enum style style;
  bool reverse, inode, blocks, human, numeric, no_owner, no_group, hide_controls, quote, group_directories;
  int width;
};

struct entry {
  char *name;
  char *target;  // of a link, in the long format
  bool known;    // the rest was read
  bool target_known;
  mode_t target_mode;
  struct stat info;
};

void sort_ls_entries(struct entry *entries, size_t count, const struct look *look);
struct timespec ls_time_of(const struct entry *entry, const struct look *look);
// `totals`: the line in front, for a directory's list.
void print_ls_entries(const struct entry *entries, size_t count, const struct look *look, bool totals);
void print_ls_long(const struct entry *entries, size_t count, const struct look *look);
void print_ls_name(const char *name, const struct look *look);
size_t ls_name_width(const char *name, const struct look *look);
char ls_mark_of(mode_t mode, enum mark mark);

#endif
