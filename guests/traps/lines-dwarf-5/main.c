// Compiled with the source lines of DWARF version 5.
#include "faults.h"

int main(int argc, char **argv) { return fault(argc, argv); }
