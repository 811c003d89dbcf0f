// id, whoami and groups.
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/owner-names.h"
#include "lib/transfer.h"

static const struct option ID_NAMES[] = {
  {"user", no_argument, NULL, 'u'}, {"group", no_argument, NULL, 'g'}, {"groups", no_argument, NULL, 'G'},
  {"name", no_argument, NULL, 'n'}, {"real", no_argument, NULL, 'r'}, {"zero", no_argument, NULL, 'z'}, {NULL, 0, NULL, 0},
};
static const struct options ID = {"[-ugGnrz] [USER]", "ugGnrza", ID_NAMES, 1};
static const struct options WHOAMI = {"", "", NULL, 1};
static const struct options GROUPS = {"[USER]...", "", NULL, 1};

struct identity {
  uid_t user;
  gid_t group;
  gid_t *groups;
  size_t count;
};

static void add_group(struct identity *identity, gid_t group) {
  for (size_t index = 0; index < identity->count; index += 1) if (identity->groups[index] == group) return;
  identity->groups = must_realloc(identity->groups, (identity->count + 1) * sizeof *identity->groups);
  identity->groups[identity->count++] = group;
}

static void read_own(struct identity *identity, bool real) {
  *identity = (struct identity){real ? getuid() : geteuid(), real ? getgid() : getegid(), NULL, 0};
  add_group(identity, identity->group);
  int count = getgroups(0, NULL);
  gid_t *groups = must_alloc((size_t)(count > 0 ? count : 0) * sizeof *groups);
  count = count > 0 ? getgroups(count, groups) : 0;
  for (int index = 0; index < count; index += 1) add_group(identity, groups[index]);
  free(groups);
}

// Whether a name is one of those between commas.
static bool is_among(const char *names, const char *name) {
  size_t length = strlen(name);
  while (*names != '\0') {
    size_t part = strcspn(names, ",\n");
    if (part == length && strncmp(names, name, length) == 0) return true;
    names += part + (names[part] == '\0' ? 0 : 1);
  }
  return false;
}

// The groups a user is a member of: the fourth field of a line of /etc/group.
static void add_memberships(struct identity *identity, const char *name) {
  FILE *file = fopen("/etc/group", "re");
  if (file == NULL) return;
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, file) >= 0) {
    char *password = strchr(line, ':');
    char *number = password == NULL ? NULL : strchr(password + 1, ':');
    char *members = number == NULL ? NULL : strchr(number + 1, ':');
    if (members != NULL && is_among(members + 1, name)) add_group(identity, (gid_t)strtoul(number + 1, NULL, 10));
  }
  free(line);
  fclose(file);
}

static bool read_named(struct identity *identity, const char *name) {
  uid_t id;
  struct passwd *entry = find_user(name, &id) ? getpwuid(id) : NULL;
  if (entry == NULL) {
    message("'%s': no such user", name);
    return false;
  }
  *identity = (struct identity){entry->pw_uid, entry->pw_gid, NULL, 0};
  add_group(identity, entry->pw_gid);
  char *own_name = must_copy(entry->pw_name);
  add_memberships(identity, own_name);
  free(own_name);
  return true;
}

static void print_id(unsigned id, const char *name) {
  printf("%u", id);
  if (name != NULL) printf("(%s)", name);
}

static void print_all(const struct identity *identity) {
  fputs("uid=", stdout);
  print_id(identity->user, user_name(identity->user));
  fputs(" gid=", stdout);
  print_id(identity->group, group_name(identity->group));
  fputs(" groups=", stdout);
  for (size_t index = 0; index < identity->count; index += 1) {
    if (index > 0) putchar(',');
    print_id(identity->groups[index], group_name(identity->groups[index]));
  }
  putchar('\n');
}

// A name where it is asked for, else the number. False when it has none.
static bool print_one(unsigned id, const char *name, bool by_name) {
  if (by_name && name != NULL) fputs(name, stdout);
  else printf("%u", id);
  if (by_name && name == NULL) message("cannot find name for ID %u", id);
  return !by_name || name != NULL;
}

static bool print_groups(const struct identity *identity, bool by_name, char between) {
  bool good = true;
  for (size_t index = 0; index < identity->count; index += 1) {
    if (index > 0) putchar(between);
    good &= print_one(identity->groups[index], group_name(identity->groups[index]), by_name);
  }
  return good;
}

int id_main(int argc, char **argv) {
  char what = '\0', end = '\n';
  bool by_name = false, real = false;
  int option;
  while ((option = next_option(argc, argv, &ID)) != OPTIONS_END) {
    switch (option) {
      case 'u': case 'g': case 'G':
        if (what != '\0' && what != option) return usage_error(&ID, "cannot print \"only\" of more than one choice");
        what = (char)option;
        break;
      case 'n': by_name = true; break;
      case 'r': real = true; break;
      case 'z': end = '\0'; break;
      case 'a': break;
      default: return options_status;
    }
  }
  if (what == '\0' && (by_name || real)) return usage_error(&ID, "cannot print only names or real IDs in default format");
  struct identity identity;
  if (optind == argc) read_own(&identity, real);
  else if (!read_named(&identity, argv[optind])) return 1;
  bool good = true;
  if (what == '\0') print_all(&identity);
  else if (what == 'u') good = print_one(identity.user, user_name(identity.user), by_name);
  else if (what == 'g') good = print_one(identity.group, group_name(identity.group), by_name);
  else good = print_groups(&identity, by_name, end == '\0' ? '\0' : ' ');
  if (what != '\0') putchar(end);
  free(identity.groups);
  return finish_output(good ? 0 : 1);
}

int whoami_main(int argc, char **argv) {
  if (next_option(argc, argv, &WHOAMI) != OPTIONS_END) return options_status;
  if (optind < argc) return usage_error(&WHOAMI, "extra operand");
  const char *name = user_name(geteuid());
  if (name == NULL) {
    message("cannot find name for user ID %u", (unsigned)geteuid());
    return 1;
  }
  puts(name);
  return finish_output(0);
}

int groups_main(int argc, char **argv) {
  if (next_option(argc, argv, &GROUPS) != OPTIONS_END) return options_status;
  struct identity identity;
  int status = 0;
  if (optind == argc) {
    read_own(&identity, true);
    status = print_groups(&identity, true, ' ') ? 0 : 1;
    putchar('\n');
  }
  for (int index = optind; index < argc; index += 1) {
    if (!read_named(&identity, argv[index])) {
      status = 1;
      continue;
    }
    printf("%s : ", argv[index]);
    if (!print_groups(&identity, true, ' ')) status = 1;
    putchar('\n');
    free(identity.groups);
  }
  return finish_output(status);
}
