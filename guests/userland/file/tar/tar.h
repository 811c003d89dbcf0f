// tar: the archive, its members, and what is done with them.
#ifndef FILE_TAR_TAR_H
#define FILE_TAR_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/name-list.h"

enum { BLOCK = 512, RECORD = 10240 };
enum { TYPE_FILE = '0', TYPE_LINK = '1', TYPE_SYMLINK = '2', TYPE_CHARACTER = '3', TYPE_BLOCK = '4', TYPE_DIRECTORY = '5', TYPE_FIFO = '6' };

struct member {
  char *path, *target;  // target: of a link
  char type;
  mode_t mode;
  int64_t size, modified;
  uint32_t uid, gid;
  char user[33], group[33];
  unsigned major, minor;
};
void free_member(struct member *member);

enum action { ACTION_NONE, ACTION_CREATE, ACTION_EXTRACT, ACTION_LIST };

// An operand, and the directory of the -C in front of it.
struct operand {
  char *name;
  const char *directory;
  bool used;
};

struct job {
  enum action action;
  const char *archive;       // NULL or -: a standard stream
  const char *directory;     // the last -C
  bool packed, verbose, to_output, follow, keep_old, no_times, absolute;
  bool same_owner, same_mode, numeric, no_recursion, wildcards, one_device;
  int64_t strip;
  struct name_list excluded;
  struct operand *operands;
  size_t operand_count;
};
extern struct job tar_job;
// The exit status so far.
extern int tar_status;
// Says something, and that the exit status is 2.
void tar_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void tar_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The stream ----------------------------------------------------------------------------------------
bool open_archive(void);
// Exactly one block. 1 read, 0 the end, -1 told why not.
int read_tar_block(unsigned char block[BLOCK]);
// Some of a member's data: at least one byte, or told why not.
bool read_tar_data(void *bytes, size_t length);
bool skip_tar_data(int64_t length);
bool write_archive(const void *bytes, size_t length);
// Zeros up to the end of the block.
bool pad_archive(int64_t length);
bool close_archive(void);
bool is_archive(const struct stat *info);

// Headers -------------------------------------------------------------------------------------------
enum header { HEADER_READ, HEADER_END, HEADER_FAILED };
// The next member, with what its long names and pax records say.
enum header read_member(struct member *member);
bool write_member(const struct member *member);
// What pax records say about a member. False when they are malformed.
struct pax {
  char *path, *target;
  int64_t size, modified, uid, gid;  // -1: not said
  bool has_modified;
  char user[33], group[33];
};
bool read_pax(const char *records, size_t length, struct pax *pax);
void free_pax(struct pax *pax);
// Records for what a header cannot say; NULL when it can say all.
char *write_pax(const struct member *member, bool long_path, bool long_target, size_t *length);
bool fits_header(const char *path);

// Names ---------------------------------------------------------------------------------------------
bool is_excluded_member(const char *path);
// Whether the operands ask for this member; all are when there are none.
bool is_wanted_member(const char *path);
// The name to extract to: relative, without the parts to strip. NULL when nothing or nothing safe is left.
char *safe_member_name(const char *path, const char *what, int64_t strip);
// Says what was stripped, once.
void tell_stripped(const char *prefix, const char *what);

void print_member(const struct member *member);
void create_archive(void);
void extract_member(const struct member *member);
void finish_extraction(void);
// Makes the directories above a path, none of them through a link that leads outside.
bool make_way(const char *path);

#endif
