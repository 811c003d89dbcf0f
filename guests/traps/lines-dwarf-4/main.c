// Compiled with the source lines of DWARF version 4.
#include "faults.h"

int main(int argc, char **argv) { return fault(argc, argv); }
