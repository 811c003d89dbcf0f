// getopts goes through the positional parameters from call to call: OPTIND names the next one, and the place
// within it is kept here.
#ifndef SH_GETOPTS_H
#define SH_GETOPTS_H

extern int getopts_place;  // characters of the parameter that are read; 0: none yet

static inline void getopts_restart(void) { getopts_place = 0; }

#endif
