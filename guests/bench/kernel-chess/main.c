// Plays chess against itself, a few moves deep: moves by stepping over a board of bytes with a rim,
// alpha and beta, moves made and taken back. Without castling and en passant; pawns become queens.
#include "kernel.h"

#define RANK 10
#define SQUARES 120
#define MOST_MOVES 128
#define DEPTH 3
#define MATE 20000

enum { EMPTY, PAWN, KNIGHT, BISHOP, ROOK, QUEEN, KING, RIM, BLACK = 8 };

typedef struct {
  uint8_t from, to, piece, taken;
} Move;

static uint8_t board[SQUARES];
/** 0 is white, which goes to higher squares; 8 is black. */
static int side;
static uint32_t nodes;

static const int8_t STEPS[7][9] = {
    [KNIGHT] = {-21, -19, -12, -8, 8, 12, 19, 21}, [BISHOP] = {-11, -9, 9, 11},
    [ROOK] = {-10, -1, 1, 10},                     [QUEEN] = {-11, -10, -9, -1, 1, 9, 10, 11},
    [KING] = {-11, -10, -9, -1, 1, 9, 10, 11}};
static const int VALUES[] = {0, 100, 310, 330, 500, 900, 0};

static inline int kind_of(int square) {
  return board[square] & 7;
}

static inline int is_of(int square, int colour) {
  return board[square] != EMPTY && board[square] != RIM && (board[square] & BLACK) == colour;
}

static inline int slides(int kind) {
  return kind >= BISHOP && kind <= QUEEN;
}

/** Does a piece of `colour` reach the square? */
static NOINLINE int is_attacked(int square, int colour) {
  int back = colour == 0 ? -RANK : RANK;
  for (int at = square + back - 1; at <= square + back + 1; at += 2) {
    if (board[at] == (PAWN | colour)) return 1;
  }
  for (int i = 0; i < 8; i++) {
    if (board[square + STEPS[KNIGHT][i]] == (KNIGHT | colour)) return 1;
    int step = STEPS[KING][i], at = square + step;
    if (board[at] == (KING | colour)) return 1;
    while (board[at] == EMPTY) at += step;
    int straight = step == 1 || step == -1 || step == RANK || step == -RANK;
    int slider = straight ? ROOK : BISHOP;
    if (board[at] == (QUEEN | colour) || board[at] == (slider | colour)) return 1;
  }
  return 0;
}

static Move *add(Move *end, int from, int to) {
  *end = (Move){(uint8_t)from, (uint8_t)to, board[from], board[to]};
  return end + 1;
}

static Move *pawn_moves(Move *end, int from) {
  int ahead = side == 0 ? RANK : -RANK, first = side == 0 ? 3 : 8;
  for (int to = from + ahead - 1; to <= from + ahead + 1; to += 2) {
    if (is_of(to, side ^ BLACK)) end = add(end, from, to);
  }
  int steps = from / RANK == first ? 2 : 1;
  for (int to = from + ahead; steps > 0 && board[to] == EMPTY; steps--, to += ahead) {
    end = add(end, from, to);
  }
  return end;
}

/** What the pieces could do, whether or not the king is safe then. */
static NOINLINE int all_moves(Move *moves) {
  Move *end = moves;
  for (int from = 21; from < 99; from++) {
    if (!is_of(from, side)) continue;
    int kind = kind_of(from);
    if (kind == PAWN) {
      end = pawn_moves(end, from);
      continue;
    }
    for (const int8_t *step = STEPS[kind]; *step; step++) {
      int to = from + *step;
      for (; slides(kind) && board[to] == EMPTY; to += *step) end = add(end, from, to);
      if (board[to] == EMPTY || is_of(to, side ^ BLACK)) end = add(end, from, to);
    }
  }
  return (int)(end - moves);
}

static void make(Move move) {
  int is_crowned = (move.piece & 7) == PAWN && move.to / RANK == (side == 0 ? 9 : 2);
  board[move.from] = EMPTY;
  board[move.to] = is_crowned ? (uint8_t)(QUEEN | side) : move.piece;
  side ^= BLACK;
}

static void take_back(Move move) {
  board[move.from] = move.piece;
  board[move.to] = move.taken;
  side ^= BLACK;
}

static int king_of(int colour) {
  int at = 21;
  while (board[at] != (KING | colour)) at++;
  return at;
}

/** For who is to move: material, and a little for the middle of the board. */
static NOINLINE int judge(void) {
  int score = 0;
  for (int square = 21; square < 99; square++) {
    if (board[square] == EMPTY || board[square] == RIM) continue;
    int file = square % RANK, rank = square / RANK;
    int middle = (file < 5 ? file : 9 - file) + (rank < 6 ? rank - 1 : 10 - rank);
    int value = VALUES[kind_of(square)] + (kind_of(square) == KING ? -4 : 3) * middle;
    score += (board[square] & BLACK) == side ? value : -value;
  }
  return score;
}

/** What takes the most is tried first. */
static void pick(Move *moves, int count) {
  int best = 0;
  for (int i = 1; i < count; i++) {
    if (VALUES[moves[i].taken & 7] > VALUES[moves[best].taken & 7]) best = i;
  }
  Move held = moves[0];
  moves[0] = moves[best];
  moves[best] = held;
}

static NOINLINE int search(int depth, int alpha, int beta, Move *chosen) {
  Move moves[MOST_MOVES];
  nodes++;
  if (depth == 0) return judge();
  int count = all_moves(moves), legal = 0;
  for (int i = 0; i < count && alpha < beta; i++) {
    pick(moves + i, count - i);
    make(moves[i]);
    if (!is_attacked(king_of(side ^ BLACK), side)) {
      int score = -search(depth - 1, -beta, -alpha, 0);
      if (chosen && (legal == 0 || score > alpha)) *chosen = moves[i];
      legal++;
      if (score > alpha) alpha = score;
    }
    take_back(moves[i]);
  }
  if (legal > 0) return alpha;
  return is_attacked(king_of(side), side ^ BLACK) ? -MATE - depth : 0;
}

static void set_up(void) {
  static const uint8_t PIECES[] = {ROOK, KNIGHT, BISHOP, QUEEN, KING, BISHOP, KNIGHT, ROOK};
  memset(board, RIM, sizeof board);
  for (int file = 0; file < 8; file++) {
    for (int rank = 2; rank < 10; rank++) board[rank * RANK + file + 1] = EMPTY;
    board[21 + file] = PIECES[file];
    board[31 + file] = PAWN;
    board[81 + file] = PAWN | BLACK;
    board[91 + file] = PIECES[file] | BLACK;
  }
  side = 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  nodes = 0;
  set_up();
  for (int ply = 0; ply < n; ply++) {
    Move best = {0};
    int score = search(DEPTH, -2 * MATE, 2 * MATE, &best);
    if (best.piece == EMPTY) {
      set_up();
      continue;
    }
    make(best);
    sum = mix(mix(sum, (uint32_t)score), (uint32_t)best.from << 8 | best.to);
  }
  return mix(sum, nodes);
}
