// Users and groups by name and by number.
#ifndef LIB_OWNER_NAMES_H
#define LIB_OWNER_NAMES_H

#include <stdbool.h>
#include <sys/types.h>

// The name, or NULL. Good until the next call for another number.
const char *user_name(uid_t id);
const char *group_name(gid_t id);
// By name, or by number where there is no such name.
bool find_user(const char *name, uid_t *id);
// The group a user has at login; false when there is no such user.
bool find_login_group(const char *user, gid_t *id);
bool find_group(const char *name, gid_t *id);

#endif
