#include "applets.h"

#include <stddef.h>

// Each row: the name it is called by, and its function. Groups are folders; a group keeps to its own lines.
#define SHELL(X) \
  X("sh", sh_main) \
  X("[", test_main) \
  X("echo", echo_main) \
  X("false", false_main) \
  X("kill", kill_main) \
  X("printf", printf_main) \
  X("pwd", pwd_main) \
  X("test", test_main) \
  X("true", true_main)
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
