// Sound in whole numbers: notes made by rotation, mixed, sent through a filter and an echo, packed to
// four bits a sample by steps that adapt, unpacked, and brought to another rate. Clamps and shifts.
#include "kernel.h"

#define SAMPLES 2048
#define VOICES 4
#define ECHO 331
#define LEVELS 80
#define BLOCK 256

/** A pointer that turns: twice its cosine, in 14 bits after the point, and where it was. */
typedef struct {
  int32_t turn, now, before, loudness, fading;
} Voice;

/** Two poles and two zeros, in 14 bits after the point. */
typedef struct {
  int32_t b0, b1, b2, a1, a2;
  int32_t x1, x2, y1, y2;
} Filter;

typedef struct {
  int32_t guess, level;
} Coder;

static Voice voices[VOICES];
static int16_t sound[SAMPLES], unpacked[SAMPLES], other_rate[SAMPLES * 2], echoes[ECHO];
static uint8_t packed[SAMPLES / 2 + SAMPLES / BLOCK * 3];
static int32_t steps[LEVELS];

static inline int16_t clamp(int32_t value) {
  return (int16_t)(value > 32767 ? 32767 : value < -32768 ? -32768 : value);
}

/** Each a tenth higher than the one below. */
static void make_steps(void) {
  int32_t step = 16;
  for (int i = 0; i < LEVELS; i++) {
    steps[i] = step >> 1;
    step += step / 10 + 1;
  }
}

static void strike(Voice *voice) {
  voice->turn = 32700 - (int32_t)(next_random() % 3000);
  voice->before = 0;
  voice->now = 600 + (int32_t)(next_random() % 800);
  voice->loudness = 16384;
  voice->fading = 2 + (int32_t)(next_random() % 14);
}

static inline int32_t next_of(Voice *voice) {
  int32_t next = (int32_t)((int64_t)voice->turn * voice->now >> 14) - voice->before;
  voice->before = voice->now;
  voice->now = clamp(next);
  voice->loudness -= voice->loudness * voice->fading >> 14;
  return voice->now * (voice->loudness >> 3) >> 11;
}

static NOINLINE void play(void) {
  for (int i = 0; i < SAMPLES; i++) {
    int32_t sum = (int32_t)(next_random() & 127) - 64;
    for (int voice = 0; voice < VOICES; voice++) sum += next_of(&voices[voice]);
    sound[i] = clamp(sum);
  }
}

static NOINLINE void apply(Filter *filter) {
  for (int i = 0; i < SAMPLES; i++) {
    int64_t sum = (int64_t)filter->b0 * sound[i] + (int64_t)filter->b1 * filter->x1 +
                  (int64_t)filter->b2 * filter->x2 - (int64_t)filter->a1 * filter->y1 -
                  (int64_t)filter->a2 * filter->y2;
    int32_t out = clamp((int32_t)((sum + 8192) >> 14));
    filter->x2 = filter->x1;
    filter->x1 = sound[i];
    filter->y2 = filter->y1;
    filter->y1 = out;
    sound[i] = (int16_t)out;
  }
}

/** Answers where in the ring the next sample goes. */
static NOINLINE int add_echo(int at) {
  for (int i = 0; i < SAMPLES; i++) {
    int32_t mixed = sound[i] + (echoes[at] * 3 >> 3);
    sound[i] = echoes[at] = clamp(mixed);
    if (++at == ECHO) at = 0;
  }
  return at;
}

/** What a code of a sign and three bits of size means for what comes next. */
static inline void follow(Coder *coder, int code) {
  int32_t step = steps[coder->level], change = step >> 3;
  if (code & 4) change += step;
  if (code & 2) change += step >> 1;
  if (code & 1) change += step >> 2;
  coder->guess = clamp(code & 8 ? coder->guess - change : coder->guess + change);
  coder->level += (code & 7) < 4 ? -1 : ((code & 7) - 3) * 2;
  if (coder->level < 0) coder->level = 0;
  if (coder->level >= LEVELS) coder->level = LEVELS - 1;
}

static inline int code_for(const Coder *coder, int32_t sample) {
  int32_t rest = sample - coder->guess, step = steps[coder->level];
  int code = rest < 0 ? 8 : 0;
  if (rest < 0) rest = -rest;
  for (int bit = 4; bit > 0; bit >>= 1, step >>= 1) {
    if (rest < step) continue;
    code |= bit;
    rest -= step;
  }
  return code;
}

/** Each block begins with a sample and a level, so that it can be unpacked without the others. */
static NOINLINE size_t pack(void) {
  uint8_t *out = packed;
  int32_t level = 0;
  for (int block = 0; block < SAMPLES; block += BLOCK) {
    Coder coder = {sound[block], level};
    *out++ = (uint8_t)(coder.guess & 255);
    *out++ = (uint8_t)(coder.guess >> 8 & 255);
    *out++ = (uint8_t)level;
    for (int i = block; i < block + BLOCK; i += 2) {
      int low = code_for(&coder, sound[i]);
      follow(&coder, low);
      int high = code_for(&coder, sound[i + 1]);
      follow(&coder, high);
      *out++ = (uint8_t)(low | high << 4);
    }
    level = coder.level;
  }
  return (size_t)(out - packed);
}

static NOINLINE void unpack(void) {
  const uint8_t *in = packed;
  for (int block = 0; block < SAMPLES; block += BLOCK, in += 3 + BLOCK / 2) {
    Coder coder = {(int16_t)(in[0] | in[1] << 8), in[2]};
    for (int i = 0; i < BLOCK; i++) {
      follow(&coder, i % 2 == 0 ? in[3 + i / 2] & 15 : in[3 + i / 2] >> 4);
      unpacked[block + i] = (int16_t)coder.guess;
    }
  }
}

/** A straight line between two samples; the rate is in 16 bits after the point. */
static NOINLINE int resample(uint32_t rate) {
  int made = 0;
  for (uint32_t at = 0; at >> 16 < SAMPLES - 1; at += rate) {
    int32_t left = unpacked[at >> 16], right = unpacked[(at >> 16) + 1];
    int32_t share = (int32_t)(at & 65535) >> 2;
    other_rate[made++] = (int16_t)(left + ((right - left) * share >> 14));
  }
  return made;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  Filter low = {1100, 2200, 1100, -21000, 9016, 0, 0, 0, 0};
  Filter high = {15000, -30000, 15000, -29900, 13700, 0, 0, 0, 0};
  int at = 0;
  seed = 349;
  make_steps();
  memset(echoes, 0, sizeof echoes);
  for (int voice = 0; voice < VOICES; voice++) strike(&voices[voice]);
  for (int round = 0; round < n; round++) {
    strike(&voices[round % VOICES]);
    play();
    apply(round % 2 == 0 ? &low : &high);
    at = add_echo(at);
    size_t size = pack();
    for (size_t i = 0; i < size; i++) sum = mix(sum, packed[i]);
    unpack();
    int64_t errors = 0;
    for (int i = 0; i < SAMPLES; i++) {
      int32_t error = sound[i] - unpacked[i];
      errors += (int64_t)error * error;
    }
    sum = mix(sum, (uint32_t)(errors >> 8));
    int made = resample(60211 + (uint32_t)(round % 5) * 7919);
    for (int i = 0; i < made; i++) sum = mix(sum, (uint16_t)other_rate[i]);
  }
  return sum;
}
