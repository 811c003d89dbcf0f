#include <pwd.h>
#include <string.h>

#include "fields.h"

enum { NAME, PASSWORD, UID, GID, GECOS, HOME, SHELL, FIELDS };

static FILE *file;
static char *line;
static size_t size;
static struct passwd entry;

void endpwent(void) {
  if (file != NULL) fclose(file);
  file = NULL;
}

void setpwent(void) { endpwent(); }

struct passwd *getpwent(void) {
  char *fields[FIELDS];
  if (file == NULL) file = fopen("/etc/passwd", "re");
  if (file == NULL) return NULL;
  while (next_fields(file, &line, &size, fields, FIELDS)) {
    if (!id_of(fields[UID], &entry.pw_uid) || !id_of(fields[GID], &entry.pw_gid)) continue;
    entry.pw_name = fields[NAME];
    entry.pw_passwd = fields[PASSWORD];
    entry.pw_gecos = fields[GECOS];
    entry.pw_dir = fields[HOME];
    entry.pw_shell = fields[SHELL];
    return &entry;
  }
  return NULL;
}

struct passwd *getpwnam(const char *name) {
  struct passwd *found;
  setpwent();
  while ((found = getpwent()) != NULL && strcmp(found->pw_name, name) != 0) continue;
  endpwent();
  return found;
}

struct passwd *getpwuid(uid_t uid) {
  struct passwd *found;
  setpwent();
  while ((found = getpwent()) != NULL && found->pw_uid != uid) continue;
  endpwent();
  return found;
}
