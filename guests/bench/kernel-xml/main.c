// Pulls the events out of an XML text one by one, decoding it in place, builds a tree of them and
// writes that in canonical form: attributes sorted, ends of lines and raw sections made plain text.
#include "kernel.h"

#define BYTES 5000
#define MOST_DEPTH 10
#define MOST_ATTRIBUTES 8

typedef enum { START, END, TEXT, FINISH, WRONG } Event;

typedef struct {
  char *name, *value;
} Attribute;

typedef struct {
  char *at, *open[MOST_DEPTH];
  uint32_t depth, count;
  int has_root, is_empty, is_tag;
  /** Of the last event: a text, or the name of a tag. */
  char *text;
  Attribute attributes[MOST_ATTRIBUTES];
} Reader;

typedef struct Node {
  struct Node *next, *first;
  char *text;
  int is_element;
  uint32_t count;
  Attribute attributes[];
} Node;

static char source[BYTES + 4000], work[BYTES + 4000], canonical[BYTES * 4];
static char *written;

static inline int is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static inline int is_name(char c) {
  return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == ':' || (uint8_t)c >= 0x80;
}

static int skip_blanks(Reader *reader) {
  const char *start = reader->at;
  while (is_blank(*reader->at)) reader->at++;
  return reader->at > start;
}

static int take(Reader *reader, const char *wanted) {
  size_t length = strlen(wanted);
  if (strncmp(reader->at, wanted, length) != 0) return 0;
  reader->at += length;
  return 1;
}

/** Answers where a name ends that begins here. */
static char *name_end(Reader *reader) {
  char *c = reader->at;
  if (!is_name(*c)) return 0;
  while (is_name(*c) || (*c >= '0' && *c <= '9') || *c == '-' || *c == '.') c++;
  return reader->at = c;
}

static char *add_code(char *out, uint32_t code) {
  int is_control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
  if (is_control || code > 0x10FFFF || (code & ~0x7FFu) == 0xD800 || (code | 1) == 0xFFFF) return 0;
  int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  *out++ = (char)(more == 0 ? code : (0xFF00u >> (more + 1) & 0xFF) | code >> more * 6);
  while (more-- > 0) *out++ = (char)(0x80 | (code >> more * 6 & 0x3F));
  return out;
}

/** Decodes what begins with an ampersand. Answers where it then ends; 0 if it is none. */
static NOINLINE char *reference(Reader *reader, char *out) {
  static const char *const NAMES[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
  for (int i = 0; i < 5; i++) {
    if (!take(reader, NAMES[i])) continue;
    *out = "<>&\"'"[i];
    return out + 1;
  }
  if (!take(reader, "&#")) return 0;
  uint32_t base = take(reader, "x") ? 16 : 10, code = 0;
  const char *start = reader->at;
  while (!take(reader, ";")) {
    char c = *reader->at++;
    uint32_t digit = c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 32) - 'a' + 10);
    if (digit >= base || (c > '9' && c < 'A') || code > 0x10FFFF) return 0;
    code = code * base + digit;
  }
  return reader->at > start + 1 ? add_code(out, code) : 0;
}

/** One byte as it is; of the two that end a line only the second. */
static inline char *plain(Reader *reader, char *out, int is_attribute) {
  char c = *reader->at++;
  if (c == '\r' && *reader->at == '\n') c = *reader->at++;
  if (c == '\r') c = '\n';
  *out = is_attribute && is_blank(c) ? ' ' : c;
  return out + 1;
}

static char *raw_section(Reader *reader, char *out) {
  while (!take(reader, "]]>")) {
    if (*reader->at == 0) return 0;
    out = plain(reader, out, 0);
  }
  return out;
}

/** All up to the next tag, over remarks. Outside of the root there may be blanks only. */
static NOINLINE Event read_text(Reader *reader) {
  char *out = reader->text = reader->at;
  while (out && *reader->at) {
    if (take(reader, "<!--")) {
      reader->at = strstr(reader->at, "--");
      if (!reader->at) reader->at = reader->text;
      if (!take(reader, "-->")) return WRONG;
    } else if (reader->depth == 0 && *reader->at != '<') {
      if (!skip_blanks(reader)) return WRONG;
    } else if (reader->depth > 0 && take(reader, "<![CDATA[")) {
      out = raw_section(reader, out);
    } else if (*reader->at == '<') {
      reader->at++;
      reader->is_tag = 1;
      *out = 0;
      return TEXT;
    } else if (*reader->at == '&') {
      out = reference(reader, out);
    } else {
      if (strncmp(reader->at, "]]>", 3) == 0) return WRONG;
      out = plain(reader, out, 0);
    }
  }
  return out && reader->depth == 0 && reader->has_root ? FINISH : WRONG;
}

static int attribute(Reader *reader) {
  Attribute *made = &reader->attributes[reader->count];
  if (reader->count++ == MOST_ATTRIBUTES) return 0;
  made->name = reader->at;
  char *end = name_end(reader), quote;
  skip_blanks(reader);
  if (!end || !take(reader, "=")) return 0;
  *end = 0;
  for (const Attribute *old = reader->attributes; old < made; old++) {
    if (strcmp(old->name, made->name) == 0) return 0;
  }
  skip_blanks(reader);
  quote = *reader->at;
  if (!take(reader, "\"") && !take(reader, "'")) return 0;
  made->value = end = reader->at;
  while (*reader->at != quote) {
    if (*reader->at == 0 || *reader->at == '<') return 0;
    end = *reader->at == '&' ? reference(reader, end) : plain(reader, end, 1);
    if (!end) return 0;
  }
  reader->at++;
  *end = 0;
  return 1;
}

static Event start_tag(Reader *reader) {
  if (reader->depth == MOST_DEPTH || (reader->depth == 0 && reader->has_root)) return WRONG;
  char *end = name_end(reader);
  if (!end) return WRONG;
  while (skip_blanks(reader) && *reader->at != '>' && *reader->at != '/') {
    if (!attribute(reader)) return WRONG;
  }
  reader->is_empty = take(reader, "/");
  reader->has_root = 1;
  reader->open[reader->depth++] = reader->text;
  if (!take(reader, ">")) return WRONG;
  *end = 0;
  return START;
}

static Event end_tag(Reader *reader) {
  const char *start = reader->at, *end = name_end(reader);
  if (reader->depth == 0 || !end) return WRONG;
  size_t length = (size_t)(end - start);
  reader->text = reader->open[--reader->depth];
  if (strncmp(reader->text, start, length) != 0 || reader->text[length] != 0) return WRONG;
  skip_blanks(reader);
  return take(reader, ">") ? END : WRONG;
}

/** The next event, whose parts the reader then holds. */
static NOINLINE Event next(Reader *reader) {
  reader->count = 0;
  if (reader->is_empty) {
    reader->is_empty = 0;
    reader->depth--;
    return END;
  }
  if (!reader->is_tag) {
    Event event = read_text(reader);
    if (event != TEXT || *reader->text) return event;
  }
  reader->is_tag = 0;
  if (take(reader, "/")) return end_tag(reader);
  reader->text = reader->at;
  return start_tag(reader);
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const Attribute *)a)->name, ((const Attribute *)b)->name);
}

static NOINLINE int read_children(Reader *reader, Node *parent) {
  for (Node **link = &parent->first;; link = &(*link)->next) {
    Event event = next(reader);
    if (event == END || event == FINISH) return 1;
    if (event == WRONG) return 0;
    Node *made = *link = malloc(sizeof *made + reader->count * sizeof(Attribute));
    *made = (Node){.text = reader->text, .is_element = event == START, .count = reader->count};
    memcpy(made->attributes, reader->attributes, made->count * sizeof(Attribute));
    qsort(made->attributes, made->count, sizeof(Attribute), by_name);
    if (event == START && !read_children(reader, made)) return 0;
  }
}

static NOINLINE void write_escaped(const char *text, int is_attribute) {
  for (char c; (c = *text); text++) {
    const char *escape = 0;
    if (c == '&') escape = "&amp;";
    else if (c == '<') escape = "&lt;";
    else if (c == '\r') escape = "&#xD;";
    else if (c == '>') escape = is_attribute ? 0 : "&gt;";
    else if (c == '"') escape = is_attribute ? "&quot;" : 0;
    else if (c == '\n') escape = is_attribute ? "&#xA;" : 0;
    else if (c == '\t') escape = is_attribute ? "&#x9;" : 0;
    if (escape) written = stpcpy(written, escape);
    else *written++ = c;
  }
}

static void write_name(const char *before, const char *name, const char *after) {
  written = stpcpy(stpcpy(stpcpy(written, before), name), after);
}

static NOINLINE void write_node(const Node *node) {
  if (!node->is_element) {
    write_escaped(node->text, 0);
    return;
  }
  write_name("<", node->text, "");
  for (uint32_t i = 0; i < node->count; i++) {
    write_name(" ", node->attributes[i].name, "=\"");
    write_escaped(node->attributes[i].value, 1);
    *written++ = '"';
  }
  *written++ = '>';
  for (const Node *inner = node->first; inner; inner = inner->next) write_node(inner);
  write_name("</", node->text, ">");
}

static void discard(Node *node) {
  for (Node *next; node; node = next) {
    next = node->next;
    discard(node->first);
    free(node);
  }
}

/** Adds a text in which each % becomes a letter and each @ a digit. */
static void add_text(const char *text) {
  for (; *text; text++) {
    char first = *text == '%' ? 'a' : '0';
    if (*text != '%' && *text != '@') *written++ = *text;
    else *written++ = (char)(first + (int)(next_random() % (first == 'a' ? 26 : 10)));
  }
}

static void make_element(uint32_t depth) {
  static const char *const NAMES[] = {"order", "item", "name", "price", "x-note", "item.list"};
  static const char *const ATTRIBUTES[] = {
      " id='%@@'",         "\n  unit = \"a&lt;%@\"",     " lang=\"%% &quot;%%&quot;\"",
      "\tnote=''",         " xml-id='\"@@&#x41;&#10;\"'", " at=\"@@:@@\r\n&#xe9;>\""};
  static const char *const PARTS[] = {
      "some %%% words ", "&lt;%&gt; &amp; %%", "caf&#233; &#x20AC;@", "<![CDATA[%<@ && ]] %]]>",
      "<!-- no % @ -->", "\r\n  ", "\n\t", "&quot;@@.@&apos;", "&#x1F60@;&#13;"};
  const char *name = NAMES[next_random() % 6];
  add_text("<");
  add_text(name);
  uint32_t wanted = next_random() & next_random(), first = next_random();
  for (uint32_t i = 0; i < 6; i++) {
    if (wanted >> i & 1) add_text(ATTRIBUTES[(first + i) % 6]);
  }
  if (next_random() % 6 == 0 && depth > 0) {
    add_text(" />");
    return;
  }
  add_text(">");
  int parts = depth == 0 ? BYTES : (int)(next_random() % 9);
  while (parts-- > 0 && written < source + BYTES) {
    if (next_random() % 3 == 0 && depth + 1 < MOST_DEPTH) make_element(depth + 1);
    else add_text(PARTS[next_random() % 9]);
  }
  add_text("</");
  add_text(name);
  add_text(next_random() % 4 == 0 ? "\n>" : ">");
}

/** Answers a checksum of the canonical text, or of where and how deep the source went wrong. */
static NOINLINE uint32_t convert(void) {
  Reader reader = {.at = strcpy(work, source)};
  Node document = {0};
  if (take(&reader, "<?xml ")) reader.at = strstr(reader.at, "?>") + 2;
  written = canonical;
  if (read_children(&reader, &document)) write_node(document.first);
  uint32_t sum = mix((uint32_t)(reader.at - work), reader.depth);
  for (const char *c = canonical; c < written; c++) sum = mix(sum, (uint8_t)*c);
  discard(document.first);
  return sum;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 701;
  written = source;
  add_text("<?xml version=\"1.0\"?>\n<!-- orders -->\n");
  make_element(0);
  *written = 0;
  uint32_t length = (uint32_t)(written - source);
  for (int round = 0; round < n; round++) {
    // A digit is another one; in every fourth text a byte has gone wrong.
    char *place = source + 50 + next_random() % (length - 50), kept = *place;
    if (round % 4 == 3) *place = "<>&;\"'/= %x"[next_random() % 11];
    else if (kept >= '1' && kept < '9') ++*place;
    sum = mix(sum, convert());
    *place = kept;
  }
  return sum;
}
