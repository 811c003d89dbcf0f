#include "applets.h"

#include <stddef.h>

// Each row: the name it is called by, and its function. Groups are folders; a group keeps to its own lines.
#define SHELL(X) /**/
#define FILES(X) /**/
#define SYSTEM(X) /**/
#define TEXT(X) /**/

#define DECLARE(name, function) int function(int argc, char **argv);
SHELL(DECLARE) FILES(DECLARE) SYSTEM(DECLARE) TEXT(DECLARE)

#define ROW(name, function) {name, function},
const struct applet applets[] = {
  SHELL(ROW)
  FILES(ROW)
  SYSTEM(ROW)
  TEXT(ROW)
  {NULL, NULL},
};

// The names once more, in the module itself: whoever makes links to it need not run it to know them.
#ifdef __wasm__
#define NAME(name, function) ".ascii \"" name "\\n\"\n"
__asm__(".section .custom_section.applets,\"\",@\n" SHELL(NAME) FILES(NAME) SYSTEM(NAME) TEXT(NAME));
#endif
