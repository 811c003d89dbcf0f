// The edited line on the terminal, over as many rows as it needs.
#ifndef SH_DISPLAY_H
#define SH_DISPLAY_H

#include "sh/line/buffer.h"

struct display {
  const char *prompt;  // its last line; those before are shown once
  size_t prompt_columns;
  size_t row;  // the cursor's, from where the prompt begins
};

// Takes the prompt, and shows its first lines.
void display_start(struct display *d, const char *prompt);
// Shows all anew.
void display_refresh(struct display *d, const struct line_buffer *b);
// Shows a character that was put in at the cursor.
void display_typed(struct display *d, const struct line_buffer *b, const char *bytes, size_t length);
// Leaves the line as it is shown, and goes below it.
void display_end(struct display *d, struct line_buffer *b, const char *mark);
void display_clear(struct display *d);
void display_bell(void);

#endif
