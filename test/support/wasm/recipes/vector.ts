import { prefixed } from '../../../../src/wasm/decode/opcodes.ts'
import { i32, V128, v128 } from '../encoding.ts'
import { encoded, type Recipe, type Recipes, recipe, SAMPLES, signature } from './recipe.ts'

const simd = (number: number): number => prefixed(0xfd, number)

/**
 * Signature of each SIMD instruction, by ranges of numbers; a number in no range is not assigned.
 * @source WebAssembly core specification 2.0, "Vector Instructions"; relaxed SIMD proposal, "Binary format"
 */
const SIGNATURES: readonly (readonly [text: string, ...ranges: (readonly [number, number])[]])[] = [
  ['i->v', [15, 17]],
  ['j->v', [18, 18]],
  ['f->v', [19, 19]],
  ['d->v', [20, 20]],
  [
    'v->v',
    ...([
      [77, 77],
      [94, 98],
      [103, 106],
      [116, 117],
      [122, 122],
      [124, 129],
    ] as const),
    ...([
      [135, 138],
      [148, 148],
      [160, 161],
      [167, 170],
      [192, 193],
      [199, 202],
    ] as const),
    ...([
      [224, 225],
      [227, 227],
      [236, 237],
      [239, 239],
      [248, 255],
      [257, 260],
    ] as const),
  ],
  [
    'vv->v',
    ...([
      [14, 14],
      [35, 76],
      [78, 81],
      [101, 102],
      [110, 115],
      [118, 121],
      [123, 123],
    ] as const),
    ...([
      [130, 130],
      [133, 134],
      [142, 147],
      [149, 153],
      [155, 159],
      [174, 174],
    ] as const),
    ...([
      [177, 177],
      [181, 186],
      [188, 191],
      [206, 206],
      [209, 209],
      [213, 223],
    ] as const),
    ...([
      [228, 235],
      [240, 247],
      [256, 256],
      [269, 274],
    ] as const),
  ],
  ['vvv->v', [82, 82], [261, 268], [275, 275]],
  ['v->i', [83, 83], [99, 100], [131, 132], [163, 164], [195, 196]],
  ['vi->v', [107, 109], [139, 141], [171, 173], [203, 205]],
]

const calculations: Recipes = SIGNATURES.flatMap(([text, ...ranges]) =>
  ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => simd(first + index)).flatMap((code) =>
      SAMPLES.map((sample) => {
        const { operands, results } = signature(text, sample)
        return [code, recipe(results, operands, encoded(code))] as const
      }),
    ),
  ),
)

/** Lane instructions, their signature and how many lanes there are. */
const LANES: readonly (readonly [number: number, text: string, lanes: number])[] = [
  ...([
    [21, 'v->i', 16],
    [22, 'v->i', 16],
    [23, 'vi->v', 16],
  ] as const),
  ...([
    [24, 'v->i', 8],
    [25, 'v->i', 8],
    [26, 'vi->v', 8],
  ] as const),
  ...([
    [27, 'v->i', 4],
    [28, 'vi->v', 4],
    [29, 'v->j', 2],
    [30, 'vj->v', 2],
  ] as const),
  ...([
    [31, 'v->f', 4],
    [32, 'vf->v', 4],
    [33, 'v->d', 2],
    [34, 'vd->v', 2],
  ] as const),
]

const lanes: Recipes = LANES.flatMap(([number, text, count]) =>
  [0, count - 1].map((lane) => {
    const { operands, results } = signature(text, 0)
    return [simd(number), recipe(results, operands, encoded(simd(number)), [lane])] as const
  }),
)

const ADDRESSES = [16, 33] as const
const OUTSIDE = -4

const atAddresses = (number: number, make: (address: number) => Recipe): Recipes =>
  [...ADDRESSES, OUTSIDE].map((address) => [simd(number), make(address)] as const)

/** Alignment 1, offset 3. */
const ACCESS = [0, 3]
const vector = signature('v->', 1).operands

const memory: Recipes = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 92, 93].flatMap((number) =>
    atAddresses(number, (at) => recipe([V128], i32(at), encoded(simd(number)), ACCESS)),
  ),
  ...atAddresses(11, (at) => recipe([], i32(at), vector, encoded(simd(11)), ACCESS)),
  ...[84, 85, 86, 87].flatMap((number) =>
    atAddresses(number, (at) =>
      recipe([V128], i32(at), vector, encoded(simd(number)), ACCESS, [1]),
    ),
  ),
  ...[88, 89, 90, 91].flatMap((number) =>
    atAddresses(number, (at) => recipe([], i32(at), vector, encoded(simd(number)), ACCESS, [1])),
  ),
]

const BYTES = Array.from({ length: 16 }, (_, index) => 31 - 2 * index)

export const VECTOR: Recipes = [
  ...calculations,
  ...lanes,
  ...memory,
  [simd(12), recipe([V128], v128(BYTES))],
  [simd(13), recipe([V128], signature('vv->', 0).operands, encoded(simd(13)), BYTES)],
]
