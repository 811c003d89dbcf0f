// A here-document's text, to be read from a descriptor.
#ifndef SH_RUN_HERE_H
#define SH_RUN_HERE_H

// -1 after a message.
int here_document(const char *text);

#endif
