// Permission bits as text, both ways.
#ifndef LIB_MODE_H
#define LIB_MODE_H

#include <stdbool.h>
#include <sys/stat.h>

enum { MODE_BITS = 07777, MODE_TEXT = 11 };

// drwxr-xr-x
void mode_text(mode_t mode, char text[MODE_TEXT]);
const char *type_name(mode_t mode, bool is_empty);

// A mode as chmod takes it, octal or in letters, applied to the mode a file has (its type included).
// `mask` is the umask, which rules where no one is named. False when the text is no mode.
bool apply_mode(const char *text, mode_t before, mode_t mask, mode_t *after);
mode_t current_umask(void);

#endif
