// Runs lines of a shell: words cut by their quotes, variables put in or what stands for them,
// arithmetic by precedence with assignments, fields split at blanks, && and || in between.
#include "kernel.h"

#define LINES 60
#define BUCKETS 16
/** Of any number, with its sign and the zero after it. */
#define DIGITS 21

typedef struct Variable {
  struct Variable *next;
  char *value;
  char name[];
} Variable;

/** What words become: fields one after the other, each ends with a zero. */
typedef struct {
  char *bytes;
  uint32_t used, room, count;
  int is_open, is_split;
} Fields;

typedef struct {
  const char *at;
  /** Above 0 where it has no effect, as after `0 &&`. */
  int skipped;
} Sum;

static char script[LINES * 100];
static Fields output;
static Variable *table[BUCKETS];

static inline int is_digit(char c) {
  return c >= '0' && c <= '9';
}

static inline int is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static size_t name_length(const char *name) {
  size_t length = 0;
  while (!is_digit(*name) && is_name(name[length])) length++;
  return length;
}

/** Answers where the variable of that name is linked, or would be. */
static NOINLINE Variable **find(const char *name, size_t length) {
  uint32_t hash = 0;
  for (size_t i = 0; i < length; i++) hash = mix(hash, (uint8_t)name[i]);
  Variable **link = &table[hash % BUCKETS];
  for (; *link; link = &(*link)->next) {
    if (strncmp((*link)->name, name, length) == 0 && (*link)->name[length] == 0) break;
  }
  return link;
}

static const char *value_of(const char *name, size_t length) {
  const Variable *variable = *find(name, length);
  return variable ? variable->value : "";
}

static NOINLINE void set(const char *name, size_t length, const char *value) {
  Variable **link = find(name, length), *variable = *link;
  char *copy = strdup(value);
  if (!variable) {
    variable = *link = calloc(1, sizeof *variable + length + 1);
    memcpy(variable->name, name, length);
  }
  free(variable->value);
  variable->value = copy;
}

static void unset(Variable **link) {
  Variable *old = *link;
  if (!old) return;
  *link = old->next;
  free(old->value);
  free(old);
}

/** Those of two bytes first. */
static const struct {
  char text[3];
  int level;
} OPERATORS[] = {{"||", 1}, {"&&", 2}, {"==", 6}, {"!=", 6}, {"<=", 7}, {">=", 7}, {"<<", 8},
                 {">>", 8}, {"|", 3},  {"^", 4},  {"&", 5},  {"<", 7},  {">", 7},  {"+", 9},
                 {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10}};

static int64_t compute(int64_t a, int64_t b, const char *operator) {
  uint64_t left = (uint64_t)a, right = (uint64_t)b;
  switch (operator[0]) {
    case '+': return (int64_t)(left + right);
    case '-': return (int64_t)(left - right);
    case '*': return (int64_t)(left * right);
    case '/': return b == 0 ? 0 : b == -1 ? (int64_t)(0 - left) : a / b;
    case '%': return b == 0 || b == -1 ? 0 : a % b;
    case '^': return a ^ b;
    case '&': return operator[1] ? a && b : a & b;
    case '|': return operator[1] ? a || b : a | b;
    case '=': return a == b;
    case '!': return a != b;
    case '<':
      if (operator[1] == '<') return (int64_t)(left << (b & 63));
      return operator[1] ? a <= b : a < b;
    default: break;
  }
  if (operator[1] == '>') return a >> (b & 63);
  return operator[1] ? a >= b : a > b;
}

static char *decimal(char *text, int64_t value) {
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  char *start = text + DIGITS;
  *--start = 0;
  do *--start = (char)('0' + rest % 10);
  while (rest /= 10);
  if (value < 0) *--start = '-';
  return start;
}

static char skip_blanks(Sum *sum) {
  while (*sum->at == ' ') sum->at++;
  return *sum->at;
}

static int64_t binary(Sum *sum, int level);

static NOINLINE int64_t operand(Sum *sum) {
  char c = skip_blanks(sum);
  if (c == '(') {
    sum->at++;
    int64_t value = binary(sum, 1);
    sum->at += skip_blanks(sum) == ')';
    return value;
  }
  if (c != 0 && strchr("-+!~", c)) {
    sum->at++;
    int64_t value = operand(sum);
    if (c == '-') value = (int64_t)(0 - (uint64_t)value);
    return c == '!' ? !value : c == '~' ? ~value : value;
  }
  if (is_digit(c)) return (int64_t)strtoull(sum->at, (char **)&sum->at, 0);
  const char *name = sum->at, *operator;
  size_t length = name_length(name);
  int64_t value = strtoll(value_of(name, length), 0, 0);
  sum->at += length;
  skip_blanks(sum);
  operator = sum->at;
  int is_changed = *operator && strchr("+-*/%&|^", *operator) && operator[1] == '=';
  if (length == 0 || (!is_changed && (*operator != '=' || operator[1] == '='))) return value;
  sum->at += is_changed ? 2 : 1;
  int64_t right = binary(sum, 1);
  char text[DIGITS], alone[2] = {*operator, 0};
  value = is_changed ? compute(value, right, alone) : right;
  if (sum->skipped == 0) set(name, length, decimal(text, value));
  return value;
}

/** All operators of a level or above, from the left. */
static NOINLINE int64_t binary(Sum *sum, int level) {
  int64_t value = operand(sum);
  for (;;) {
    size_t i = 0, count = sizeof OPERATORS / sizeof *OPERATORS;
    skip_blanks(sum);
    while (i < count && strncmp(sum->at, OPERATORS[i].text, strlen(OPERATORS[i].text)) != 0) i++;
    if (i == count || OPERATORS[i].level < level) return value;
    const char *operator = OPERATORS[i].text;
    sum->at += strlen(operator);
    int is_decided = OPERATORS[i].level == (value != 0 ? 1 : 2);
    sum->skipped += is_decided;
    int64_t right = binary(sum, OPERATORS[i].level + 1);
    sum->skipped -= is_decided;
    value = compute(value, right, operator);
  }
}

static void add(Fields *to, char c) {
  if (to->used == to->room) {
    to->room = to->room * 2 + 32;
    to->bytes = realloc(to->bytes, to->room);
  }
  to->bytes[to->used++] = c;
  to->is_open = 1;
}

static void close_field(Fields *to) {
  if (!to->is_open) return;
  add(to, 0);
  to->is_open = 0;
  to->count++;
}

static void add_text(Fields *to, const char *text, int is_quoted) {
  for (; *text; text++) {
    if (*text == ' ' && !is_quoted && to->is_split) close_field(to);
    else add(to, *text);
  }
}

/** Over a word, or a part up to what closes it: quotes and what is in brackets belong to it. */
static NOINLINE const char *skip(const char *at, const char *ends) {
  while (*at && !strchr(ends, *at)) {
    char opened = *at++;
    const char *inner = 0;
    if (opened == '\\') at += *at != 0;
    else if (opened == '\'' && *ends != '"') at += strcspn(at, "'") + 1;
    else if (opened == '"') inner = "\"";
    else if (opened == '(' && *ends == ')') inner = ")";
    else if (opened == '$' && *at == '{') inner = "}";
    else if (opened == '$' && *at == '(') inner = ")";
    if (inner) at = skip(at + (opened == '$'), inner) + 1;
  }
  return at;
}

static void expand(Fields *to, const char *at, const char *end, int is_quoted);

/** As one text, never split, that the caller has to free. */
static char *expand_whole(const char *at, const char *end, int is_quoted) {
  Fields whole = {0};
  expand(&whole, at, end, is_quoted);
  add(&whole, 0);
  return whole.bytes;
}

/** A name in braces and what follows it: another value if there is none, or if there is. */
static NOINLINE void expand_braces(Fields *to, const char *at, const char *end, int is_quoted) {
  int is_length = *at == '#';
  const char *name = at + is_length;
  size_t length = name_length(name);
  const char *value = value_of(name, length), *rest = name + length;
  if (is_length) {
    char text[DIGITS];
    add_text(to, decimal(text, (int64_t)strlen(value)), is_quoted);
  } else if (*rest == ':' && rest[1] == '=' && !*value) {
    char *made = expand_whole(rest + 2, end, is_quoted);
    set(name, length, made);
    add_text(to, made, is_quoted);
    free(made);
  } else if (*rest == ':' && (rest[1] == '+') == (*value != 0)) {
    expand(to, rest + 2, end, is_quoted);
  } else if (*rest != ':' || rest[1] != '+') {
    add_text(to, value, is_quoted);
  }
}

static NOINLINE const char *expand_dollar(Fields *to, const char *at, int is_quoted) {
  if (at[1] == '{') {
    const char *close = skip(at + 2, "}");
    expand_braces(to, at + 2, close, is_quoted);
    return close + 1;
  }
  if (at[1] == '(' && at[2] == '(') {
    const char *close = skip(at + 3, ")");
    char *made = expand_whole(at + 3, close, 1), text[DIGITS];
    Sum sum = {.at = made};
    add_text(to, decimal(text, binary(&sum, 1)), is_quoted);
    free(made);
    return close + 2;
  }
  size_t length = name_length(at + 1);
  if (length == 0) add(to, '$');
  else add_text(to, value_of(at + 1, length), is_quoted);
  return at + 1 + length;
}

static NOINLINE void expand(Fields *to, const char *at, const char *end, int is_quoted) {
  while (at < end) {
    if (*at == '$') {
      at = expand_dollar(to, at, is_quoted);
    } else if (*at == '"') {
      const char *close = skip(at + 1, "\"");
      to->is_open = 1;
      expand(to, at + 1, close, 1);
      at = close + 1;
    } else if (*at == '\'' && !is_quoted) {
      to->is_open = 1;
      for (at++; *at != '\''; at++) add(to, *at);
      at++;
    } else if (*at == '\\' && (!is_quoted || strchr("$`\"\\", at[1]))) {
      add(to, at[1]);
      at += 2;
    } else if (*at == ' ' && !is_quoted && to->is_split) {
      close_field(to);
      at++;
    } else {
      add(to, *at++);
    }
  }
}

/** Answers its status: 0 is good. */
static NOINLINE int perform(const char **words, uint32_t count) {
  if (strcmp(words[0], "say") == 0) {
    for (uint32_t i = 1; i < count; i++) {
      add(&output, '<');
      add_text(&output, words[i], 1);
      add(&output, '>');
    }
    add(&output, '\n');
    return 0;
  }
  if (strcmp(words[0], "unset") == 0 && count == 2) {
    unset(find(words[1], strlen(words[1])));
    return 0;
  }
  if (strcmp(words[0], "test") != 0 || count != 4) return 127;
  if (strcmp(words[2], "=") == 0) return strcmp(words[1], words[3]) != 0;
  int64_t a = strtoll(words[1], 0, 10), b = strtoll(words[3], 0, 10);
  return strcmp(words[2], "-lt") == 0 ? a >= b : a <= b;
}

static NOINLINE const char *command(const char *at, int is_skipped, int *status) {
  Fields fields = {.is_split = 1};
  for (const char *end; at += strspn(at, " "), !strchr(";&|\n#", *at); at = end) {
    size_t length = name_length(at);
    end = skip(at, " ;&|\n");
    if (is_skipped) continue;
    if (length > 0 && at[length] == '=' && fields.count == 0) {
      char *value = expand_whole(at + length + 1, end, 0);
      set(at, length, value);
      free(value);
      *status = 0;
    } else {
      expand(&fields, at, end, 0);
      close_field(&fields);
    }
  }
  const char **words = malloc(fields.count * sizeof *words), *word = fields.bytes;
  for (uint32_t i = 0; i < fields.count; i++, word += strlen(word) + 1) words[i] = word;
  if (fields.count > 0) *status = perform(words, fields.count);
  free(words);
  free(fields.bytes);
  return at;
}

static void run_script(void) {
  int status = 0, is_skipped = 0;
  for (const char *at = script; *at;) {
    at = command(at, is_skipped, &status);
    is_skipped = *at == '&' ? status != 0 : *at == '|' ? status == 0 : 0;
    if (*at == '#') at += strcspn(at, "\n");
    else if (*at) at += *at == '&' || *at == '|' ? 2 : 1;
  }
}

/** W becomes a word, S the name of a text, N that of a number, @ a digit. */
static void make_script(void) {
  static const char *const NAMES[] = {"file", "path", "text", "none", "x", "y", "count", "total"};
  static const char *const PARTS[] = {
      "S=W/W.W.W; S=\"/${N}W $N\"\n",
      "S='W  W'\" ${N}${N:+ W} W\"W\n",
      "N=$((N + @ * (N - @))) # one more W\n",
      "say \"$S\" $S ${S:-W 'W  W'} ${#S}\n",
      "say ${S:+$S.} ${S:-/W $S} \"${S:+<$N>}\" ${#N} ${S}-$N,\n",
      "test $((N % 1@)) -lt 5 && say yes $N || say no \"$N\"\n",
      "say $((N << @ | N & 0x@F ^ @)) $(( (N += @) > 9 && -N < 5 ))\n",
      "test \"$S\" = \"$S\" && say W\\ W '$S' \"\\$S \\\"W\\\"\"; say 'W'W\n",
      "unset S && N=$(((N - 99 >= @) * (N / 3 + ~N))) || say never\n",
      "say W$S\"W $S\"W ${S:+\"W $((N *= N - @))\" W}\n",
      "say ${S:=W.$((N - 1)) W} '' \"\" $((!N || (N = @) && ~N))\n",
      "test ${#S} -gt 8 && say \"${S:-none $((N >= 1@ == N != @))}\" && S=${N}W.W\n"};
  char *end = script;
  for (int i = 0; i < LINES; i++) {
    for (const char *part = PARTS[next_random() % 12]; *part; part++) {
      uint32_t draw = strchr("WSN@", *part) ? next_random() : 0;
      if (*part == 'S') end = stpcpy(end, NAMES[draw % 4]);
      else if (*part == 'N') end = stpcpy(end, NAMES[4 + draw % 4]);
      else if (*part == '@') *end++ = (char)('0' + draw % 10);
      else if (*part != 'W') *end++ = *part;
      else for (int j = 1 + (int)(draw % 3); j > 0; j--) *end++ = (char)('a' + next_random() % 26);
    }
  }
  *end = 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 739;
  for (int round = 0; round < n; round++) {
    make_script();
    output.used = 0;
    run_script();
    for (uint32_t i = 0; i < output.used; i++) sum = mix(sum, (uint8_t)output.bytes[i]);
  }
  for (int i = 0; i < BUCKETS; i++) {
    while (table[i]) unset(&table[i]);
  }
  free(output.bytes);
  output = (Fields){0};
  return sum;
}
