// Headers: a block of fields in octal. POSIX ustar, GNU's long names and binary numbers.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/mode.h"
#include "tar.h"

struct raw {
  char name[100], mode[8], uid[8], gid[8], size[12], modified[12], checksum[8], type, target[100];
  char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], padding[12];
};
_Static_assert(sizeof(struct raw) == BLOCK, "a header is a block");

// Long names and records are held in memory: longer than this is an attack.
enum { MOST_EXTRA = 1 << 20 };

void free_member(struct member *member) {
  free(member->path);
  free(member->target);
  member->path = member->target = NULL;
}

static char *text_of(const char *field, size_t room) { return must_copy_part(field, strnlen(field, room)); }

// Big-endian binary, marked by the first bit. Negative or too big is -1.
static int64_t binary_of(const unsigned char *field, size_t room) {
  if ((field[0] & 0x40) != 0) return -1;
  int64_t value = field[0] & 0x3f;
  for (size_t index = 1; index < room; index += 1) {
    if (value > INT64_MAX >> 8) return -1;
    value = value << 8 | field[index];
  }
  return value;
}

// -1 when it is no number.
static int64_t number_of(const char *field, size_t room) {
  if ((field[0] & 0x80) != 0) return binary_of((const unsigned char *)field, room);
  size_t at = 0;
  while (at < room && field[at] == ' ') at += 1;
  int64_t value = 0;
  for (; at < room && field[at] >= '0' && field[at] <= '7'; at += 1) {
    if (value > INT64_MAX >> 3) return -1;
    value = value << 3 | (field[at] - '0');
  }
  return at == room || field[at] == ' ' || field[at] == '\0' ? value : -1;
}

static uint32_t checksum_of(const struct raw *raw) {
  const unsigned char *bytes = (const unsigned char *)raw;
  uint32_t sum = 0;
  for (size_t index = 0; index < BLOCK; index += 1) {
    bool own = index >= offsetof(struct raw, checksum) && index < offsetof(struct raw, type);
    sum += own ? ' ' : bytes[index];
  }
  return sum;
}

static bool is_zero(const struct raw *raw) {
  const char *bytes = (const char *)raw;
  for (size_t index = 0; index < BLOCK; index += 1) if (bytes[index] != 0) return false;
  return true;
}

static char *path_of(const struct raw *raw) {
  char *name = text_of(raw->name, sizeof raw->name);
  bool posix = memcmp(raw->magic, "ustar", 6) == 0;
  if (!posix || raw->prefix[0] == '\0') return name;
  char *prefix = text_of(raw->prefix, sizeof raw->prefix);
  char *path = must_format("%s/%s", prefix, name);
  free(prefix);
  free(name);
  return path;
}

// What comes before a member and changes it.
struct extra {
  char *path, *target;
  struct pax pax;
};

static void free_extra(struct extra *extra) {
  free(extra->path);
  free(extra->target);
  free_pax(&extra->pax);
}

static char *read_text(int64_t size) {
  if (size < 0 || size > MOST_EXTRA) {
    tar_error("A header of %lld bytes is too long", (long long)size);
    return NULL;
  }
  size_t room = ((size_t)size + BLOCK - 1) / BLOCK * BLOCK;
  char *text = must_alloc(room + 1);
  text[size] = '\0';
  if (read_tar_data(text, room)) {
    text[size] = '\0';
    return text;
  }
  free(text);
  return NULL;
}

// Whether the header was one of those that say something about the next; then it is read.
static enum header read_extra(const struct raw *raw, struct extra *extra, bool *was_extra) {
  *was_extra = strchr("LKxg", raw->type) != NULL && raw->type != '\0';
  if (!*was_extra) return HEADER_READ;
  int64_t size = number_of(raw->size, sizeof raw->size);
  char *text = read_text(size);
  if (text == NULL) return HEADER_FAILED;
  bool good = true;
  if (raw->type == 'L') free(extra->path), extra->path = must_copy(text);
  else if (raw->type == 'K') free(extra->target), extra->target = must_copy(text);
  else if (raw->type == 'x') good = read_pax(text, (size_t)size, &extra->pax);
  free(text);
  if (good) return HEADER_READ;
  tar_error("Malformed extended header");
  return HEADER_FAILED;
}

static bool read_numbers(const struct raw *raw, struct member *member) {
  int64_t mode = number_of(raw->mode, sizeof raw->mode);
  int64_t uid = number_of(raw->uid, sizeof raw->uid), gid = number_of(raw->gid, sizeof raw->gid);
  member->size = number_of(raw->size, sizeof raw->size);
  member->modified = number_of(raw->modified, sizeof raw->modified);
  member->mode = mode < 0 ? 0 : (mode_t)(mode & MODE_BITS);
  member->uid = uid < 0 || uid > UINT32_MAX ? 0 : (uint32_t)uid;
  member->gid = gid < 0 || gid > UINT32_MAX ? 0 : (uint32_t)gid;
  member->major = (unsigned)number_of(raw->major, sizeof raw->major);
  member->minor = (unsigned)number_of(raw->minor, sizeof raw->minor);
  memcpy(member->user, raw->user, sizeof raw->user);
  memcpy(member->group, raw->group, sizeof raw->group);
  return member->size >= 0;
}

static void apply_pax(struct member *member, struct extra *extra) {
  struct pax *pax = &extra->pax;
  char **path = pax->path != NULL ? &pax->path : &extra->path;
  char **target = pax->target != NULL ? &pax->target : &extra->target;
  if (*path != NULL) free(member->path), member->path = *path, *path = NULL;
  if (*target != NULL) free(member->target), member->target = *target, *target = NULL;
  if (pax->size >= 0) member->size = pax->size;
  if (pax->has_modified) member->modified = pax->modified;
  if (pax->uid >= 0) member->uid = (uint32_t)pax->uid;
  if (pax->gid >= 0) member->gid = (uint32_t)pax->gid;
  if (pax->user[0] != '\0') memcpy(member->user, pax->user, sizeof pax->user);
  if (pax->group[0] != '\0') memcpy(member->group, pax->group, sizeof pax->group);
}

static void fix_type(struct member *member) {
  size_t length = strlen(member->path);
  // Old archives mark directories by their name alone.
  if (member->type == '\0' || member->type == '7') member->type = TYPE_FILE;
  if (member->type == TYPE_FILE && length > 0 && member->path[length - 1] == '/') member->type = TYPE_DIRECTORY;
  // Only files have data; what others claim would be taken for headers.
  if (member->type >= TYPE_LINK && member->type <= TYPE_FIFO) member->size = 0;
}

static enum header read_raw(struct raw *raw) {
  static bool any, skipping;
  for (;;) {
    int result = read_tar_block((unsigned char *)raw);
    if (result < 0) return HEADER_FAILED;
    if (result == 0 || is_zero(raw)) {
      if (!any && result == 0) tar_error("This does not look like a tar archive");
      any = true;
      return HEADER_END;
    }
    if (number_of(raw->checksum, sizeof raw->checksum) == checksum_of(raw)) break;
    if (!any) {
      tar_error("This does not look like a tar archive");
      return HEADER_FAILED;
    }
    if (!skipping) tar_error("Skipping to next header");
    skipping = true;
  }
  skipping = false;
  any = true;
  return HEADER_READ;
}

enum header read_member(struct member *member) {
  struct extra extra = {NULL, NULL, {.size = -1, .uid = -1, .gid = -1}};
  struct raw raw;
  memset(member, 0, sizeof *member);
  bool was_extra = true;
  enum header result = HEADER_READ;
  while (was_extra && result == HEADER_READ) {
    result = read_raw(&raw);
    if (result == HEADER_READ) result = read_extra(&raw, &extra, &was_extra);
  }
  if (result == HEADER_READ) {
    member->path = path_of(&raw);
    member->target = text_of(raw.target, sizeof raw.target);
    member->type = raw.type;
    bool good = read_numbers(&raw, member) || extra.pax.size >= 0;
    apply_pax(member, &extra);
    fix_type(member);
    if (!good || member->size > INT64_MAX - BLOCK) {
      tar_error("%s: the size is no number", member->path);
      free_member(member);
      result = HEADER_FAILED;
    }
  }
  free_extra(&extra);
  return result;
}

static bool put_octal(char *field, size_t room, uint64_t value) {
  field[room - 1] = '\0';
  for (size_t at = room - 1; at > 0; at -= 1, value >>= 3) field[at - 1] = (char)('0' + (value & 7));
  return value == 0;
}

// The slash that cuts a path into a prefix and a name, when it needs and has one.
static const char *cut_of(const char *path) {
  size_t length = strlen(path);
  for (size_t at = length > 101 ? length - 101 : 0; at < length && at <= 155; at += 1) {
    if (path[at] == '/' && at > 0 && length - at - 1 <= 100 && at + 1 < length) return path + at;
  }
  return NULL;
}

bool fits_header(const char *path) { return strlen(path) <= 100 || cut_of(path) != NULL; }

static void put_path(struct raw *raw, const char *path) {
  const char *cut = strlen(path) <= 100 ? NULL : cut_of(path);
  const char *name = cut == NULL ? path : cut + 1;
  if (cut != NULL) memcpy(raw->prefix, path, (size_t)(cut - path));
  memcpy(raw->name, name, strnlen(name, sizeof raw->name));
}

static bool write_raw(struct raw *raw) {
  memcpy(raw->magic, "ustar", 6);
  memcpy(raw->version, "00", 2);
  memset(raw->checksum, ' ', sizeof raw->checksum);
  put_octal(raw->checksum, 7, checksum_of(raw));
  return write_archive(raw, BLOCK);
}

static bool write_extra(const struct member *member) {
  size_t length;
  bool long_target = member->target != NULL && strlen(member->target) > 100;
  char *records = write_pax(member, !fits_header(member->path), long_target, &length);
  if (records == NULL) return true;
  struct raw raw;
  memset(&raw, 0, sizeof raw);
  snprintf(raw.name, sizeof raw.name, "PaxHeaders/%.60s", member->path);
  put_octal(raw.mode, sizeof raw.mode, 0644);
  put_octal(raw.uid, sizeof raw.uid, 0);
  put_octal(raw.gid, sizeof raw.gid, 0);
  put_octal(raw.size, sizeof raw.size, length);
  put_octal(raw.modified, sizeof raw.modified, 0);
  raw.type = 'x';
  bool good = write_raw(&raw) && write_archive(records, length) && pad_archive((int64_t)length);
  free(records);
  return good;
}

bool write_member(const struct member *member) {
  if (!write_extra(member)) return false;
  struct raw raw;
  memset(&raw, 0, sizeof raw);
  put_path(&raw, member->path);
  put_octal(raw.mode, sizeof raw.mode, member->mode & MODE_BITS);
  // What does not fit stands in the records.
  if (!put_octal(raw.uid, sizeof raw.uid, member->uid)) put_octal(raw.uid, sizeof raw.uid, 0);
  if (!put_octal(raw.gid, sizeof raw.gid, member->gid)) put_octal(raw.gid, sizeof raw.gid, 0);
  if (!put_octal(raw.size, sizeof raw.size, (uint64_t)member->size)) put_octal(raw.size, sizeof raw.size, 0);
  put_octal(raw.modified, sizeof raw.modified, member->modified < 0 ? 0 : (uint64_t)member->modified);
  raw.type = member->type;
  if (member->target != NULL) memcpy(raw.target, member->target, strnlen(member->target, sizeof raw.target));
  memcpy(raw.user, member->user, sizeof raw.user);
  memcpy(raw.group, member->group, sizeof raw.group);
  raw.user[31] = raw.group[31] = '\0';
  put_octal(raw.major, sizeof raw.major, member->major);
  put_octal(raw.minor, sizeof raw.minor, member->minor);
  return write_raw(&raw);
}
