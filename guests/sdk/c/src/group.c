#include <grp.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

enum { NAME, PASSWORD, GID, MEMBERS, FIELDS };

static FILE *file;
static char *line;
static size_t size;
static char **members;
static struct group entry;

void endgrent(void) {
  if (file != NULL) fclose(file);
  file = NULL;
}

void setgrent(void) { endgrent(); }

/// Cuts a list between commas. False: there is no memory.
static bool list(char *text) {
  size_t count = 2;
  for (const char *at = text; *at != '\0'; at += 1) count += *at == ',';
  char **grown = realloc(members, count * sizeof *members);
  if (grown == NULL) return false;
  members = grown;
  size_t used = 0;
  for (char *name = strtok(text, ","); name != NULL; name = strtok(NULL, ",")) {
    members[used++] = name;
  }
  members[used] = NULL;
  return true;
}

struct group *getgrent(void) {
  char *fields[FIELDS];
  if (file == NULL) file = fopen("/etc/group", "re");
  if (file == NULL) return NULL;
  while (next_fields(file, &line, &size, fields, FIELDS)) {
    if (!id_of(fields[GID], &entry.gr_gid) || !list(fields[MEMBERS])) continue;
    entry.gr_name = fields[NAME];
    entry.gr_passwd = fields[PASSWORD];
    entry.gr_mem = members;
    return &entry;
  }
  return NULL;
}

struct group *getgrnam(const char *name) {
  struct group *found;
  setgrent();
  while ((found = getgrent()) != NULL && strcmp(found->gr_name, name) != 0) continue;
  endgrent();
  return found;
}

struct group *getgrgid(gid_t gid) {
  struct group *found;
  setgrent();
  while ((found = getgrent()) != NULL && found->gr_gid != gid) continue;
  endgrent();
  return found;
}
