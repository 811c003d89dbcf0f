// The lines that were typed.
#ifndef SH_HISTORY_H
#define SH_HISTORY_H

int history_count(void);
// 0 is the oldest.
const char *history_line(int index);
// Empty lines, and one that is the last again, are not kept.
void history_add(const char *line);
void history_forget(void);

#endif
