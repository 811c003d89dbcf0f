// A line, edited on the terminal.
#ifndef SH_EDITOR_H
#define SH_EDITOR_H

#include "sh/memory/text.h"

enum line_result { LINE_READ, LINE_END, LINE_INTERRUPTED };

// Reads a line without its newline.
enum line_result edit_line(const char *prompt, struct text *line);

#endif
