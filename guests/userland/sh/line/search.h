// Ctrl-R: the newest line of the history with a text in it.
#ifndef SH_SEARCH_H
#define SH_SEARCH_H

#include "sh/line/buffer.h"
#include "sh/line/display.h"
#include "sh/line/keys.h"

// Puts the line that is found in the buffer. The key that ended the search is still to be done.
struct key search_history(struct display *d, struct line_buffer *b);

#endif
