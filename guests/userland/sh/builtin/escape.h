// Backslashes in what echo and printf print.
#ifndef SH_ESCAPE_H
#define SH_ESCAPE_H

#include <stdbool.h>

// Prints the text with its escapes read, as echo and printf's %b do (\0ddd for a byte). False: \c ended it.
bool output_escaped(const char *text);
// The escape behind a backslash, as printf's format has it (\ddd for a byte): the byte, or -1 when it is none
// (the backslash stands for itself) or -2 for \c. *text moves behind it.
int read_escape(const char **text, bool octal_needs_zero);

#endif
