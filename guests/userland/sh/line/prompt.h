// PS1, PS2 and PS4, expanded.
#ifndef SH_PROMPT_H
#define SH_PROMPT_H

// In scratch memory.
char *prompt_text(const char *variable);
// Any variable's value, expanded as those are: $ENV. NULL: it is not set, or cannot be expanded.
char *prompt_expanded(const char *variable);

#endif
