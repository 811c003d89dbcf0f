// Turns a text in a Markdown-like notation into HTML: lines told apart by how they begin, inside them
// a switch on each byte, searches for what closes, emphasis within emphasis.
#include "kernel.h"

#define BYTES 16384

static char source[BYTES + 256], written[4 * BYTES];
static size_t length;

static void emit(const char *text) {
  size_t more = strlen(text);
  memcpy(written + length, text, more);
  length += more;
}

static void emit_escaped(char c) {
  switch (c) {
    case '&': emit("&amp;"); break;
    case '<': emit("&lt;"); break;
    case '>': emit("&gt;"); break;
    default: written[length++] = c;
  }
}

static const char *find(const char *from, const char *end, const char *what) {
  size_t size = strlen(what);
  for (; from + size <= end; from++) {
    if (memcmp(from, what, size) == 0) return from;
  }
  return 0;
}

static NOINLINE void spans(const char *from, const char *end);

static void wrap(const char *tag, const char *from, const char *end) {
  emit("<");
  emit(tag);
  emit(">");
  if (strcmp(tag, "code") == 0) {
    while (from < end) emit_escaped(*from++);
  } else {
    spans(from, end);
  }
  emit("</");
  emit(tag);
  emit(">");
}

/** What stands between two marks, in a tag. Answers where it ends, or null: it is text. */
static const char *tagged(const char *from, const char *end, const char *mark, const char *tag) {
  const char *inner = from + strlen(mark), *close = find(inner, end, mark);
  if (!close || close == inner) return 0;
  wrap(tag, inner, close);
  return close + strlen(mark);
}

static const char *linked(const char *from, const char *end) {
  const char *middle = find(from, end, "]("), *close = middle ? find(middle, end, ")") : 0;
  if (!close) return 0;
  emit("<a href=\"");
  for (const char *at = middle + 2; at < close; at++) emit_escaped(*at);
  emit("\">");
  spans(from + 1, middle);
  emit("</a>");
  return close + 1;
}

static NOINLINE void spans(const char *from, const char *end) {
  while (from < end) {
    const char *after = 0;
    switch (*from) {
      case '*': after = from[1] == '*' ? tagged(from, end, "**", "strong") : 0; break;
      case '_': after = tagged(from, end, "_", "em"); break;
      case '`': after = tagged(from, end, "`", "code"); break;
      case '[': after = linked(from, end); break;
      case '\\': from++; break;
    }
    if (!after) emit_escaped(*from);
    from = after ? after : from + 1;
  }
}

static NOINLINE void convert(const char *at) {
  enum { NOTHING, PARAGRAPH, LIST } block = NOTHING;
  static const char *const OPEN[] = {"", "<p>", "<ul>"}, *const CLOSE[] = {"", "</p>", "</ul>"};
  for (const char *end; *at; at = end + 1) {
    end = strchr(at, '\n');
    size_t level = strspn(at, "#");
    int is_item = at[0] == '-' && at[1] == ' ', before = (int)block;
    block = at == end || level > 0 ? NOTHING : is_item ? LIST : PARAGRAPH;
    if ((int)block != before) {
      emit(CLOSE[before]);
      emit(OPEN[block]);
    }
    char heading[] = {'h', (char)('0' + level), 0};
    if (block == PARAGRAPH) {
      spans(at, end);
    } else if (at < end) {
      wrap(is_item ? "li" : heading, at + (is_item ? 2 : level), end);
    }
    emit("\n");
  }
  emit(CLOSE[block]);
}

static void make_source(void) {
  static const char *const PARTS[] = {
      "plain words ", "and more of them ", "**strong with `code & <tags>` in it** ",
      "a < b && c > d ", "_a little_ ", "[a **link**](http://example.org/?a=1&b=2) ",
      "\\*not\\* ", "`f(x)` ", "2 * 3 _ ", "in the evening ", "\n", "\n", "\n\n",
      "\n\n## Heading ", "\n- item ", "\n- another, "};
  char *end = source;
  seed = 111;
  while (end < source + BYTES) end = stpcpy(end, PARTS[next_random() % 16]);
  strcpy(end, "\n");
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_source();
  for (int round = 0; round < n; round++) {
    source[round] = (char)('a' + round % 26);
    length = 0;
    convert(source);
    sum = mix(sum, (uint32_t)length);
    for (size_t i = 0; i < length; i += 3) sum = mix(sum, (uint8_t)written[i]);
  }
  return sum;
}
