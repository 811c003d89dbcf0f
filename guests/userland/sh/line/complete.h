// Tab: completes the word in front of the cursor.
#ifndef SH_COMPLETE_H
#define SH_COMPLETE_H

#include "sh/line/buffer.h"
#include "sh/line/display.h"

// `again`: the key before was Tab too, so what there is to choose from is listed.
void complete_word(struct display *d, struct line_buffer *b, bool again);

#endif
