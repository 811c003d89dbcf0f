// The line that uptime prints, and top on its first row.
#ifndef LIB_LOAD_LINE_H
#define LIB_LOAD_LINE_H

// " 12:00:00 up 1 min,  0 users,  load average: 0.00, 0.00, 0.00", without a newline.
void print_load_line(void);
// "up 1 day, 2 hours, 3 minutes"
void print_pretty_uptime(void);

#endif
