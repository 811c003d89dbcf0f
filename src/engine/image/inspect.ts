import type { ImageConfig } from '../container/root-source.ts'
import { type ImageRecord, layersOf } from './image-store.ts'

/** @source Docker Engine API, ImageInspect */
export interface InspectedImage {
  readonly Id: string
  readonly RepoTags: readonly string[]
  readonly Created: string
  readonly Architecture: 'wasm'
  readonly Os: 'wasi'
  readonly Size: number
  readonly Config: ImageConfig
  readonly RootFS: { readonly Type: 'layers'; readonly Layers: readonly string[] }
}

export const inspectImage = (image: ImageRecord): InspectedImage => ({
  Id: image.id,
  RepoTags: [`${image.name}:${image.tag}`],
  Created: image.created,
  Architecture: 'wasm',
  Os: 'wasi',
  Size: image.size,
  Config: image.config,
  RootFS: { Type: 'layers', Layers: layersOf(image).map(({ digest }) => digest) },
})
