import { z } from 'zod'

type ShapeOf<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> }

/**
 * The shape of a kept `T`, for which the compiler asks every field of `T` and no other. A field that
 * is unknown at run time is an error too: a record must not lose what a newer version put there.
 */
export const shapeOf =
  <T>() =>
  <S extends ShapeOf<T>>(shape: S) =>
    z.strictObject(shape)

/** A field that is always there, and may hold undefined. */
export const orUndefined = <T extends z.ZodType>(type: T) => z.union([type, z.undefined()])

/** A value that may be left out, and is then not there at all. */
export const orAbsent = <T extends z.ZodType>(type: T) => z.exactOptional(type)
