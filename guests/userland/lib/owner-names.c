#include "owner-names.h"

#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>

#include "memory.h"
#include "number.h"

const char *user_name(uid_t id) {
  static bool known;
  static uid_t last;
  static char *name;
  if (known && last == id) return name;
  struct passwd *entry = getpwuid(id);
  free(name);
  name = entry == NULL ? NULL : must_copy(entry->pw_name);
  known = true;
  last = id;
  return name;
}

const char *group_name(gid_t id) {
  static bool known;
  static gid_t last;
  static char *name;
  if (known && last == id) return name;
  struct group *entry = getgrgid(id);
  free(name);
  name = entry == NULL ? NULL : must_copy(entry->gr_name);
  known = true;
  last = id;
  return name;
}

static bool number_of(const char *text, uint32_t *id) {
  int64_t value;
  // The last number means "no change" to chown.
  if (!parse_number(text, (int64_t)UINT32_MAX - 1, &value)) return false;
  *id = (uint32_t)value;
  return true;
}

bool find_user(const char *name, uid_t *id) {
  struct passwd *entry = getpwnam(name);
  if (entry == NULL) return number_of(name, id);
  *id = entry->pw_uid;
  return true;
}

bool find_login_group(const char *user, gid_t *id) {
  struct passwd *entry = getpwnam(user);
  if (entry == NULL) return false;
  *id = entry->pw_gid;
  return true;
}

bool find_group(const char *name, gid_t *id) {
  struct group *entry = getgrnam(name);
  if (entry == NULL) return number_of(name, id);
  *id = entry->gr_gid;
  return true;
}
