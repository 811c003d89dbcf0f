// A module's instance as the product runs it: hooks installed, fuel granted in slices. The one place
// in the benches that knows how the meter is driven.
import { FuelMeter } from '../dist/thread/fuel-meter.js'
import { installHooks } from '../dist/wasm/hooks.js'
import { instanceOf as meteredInstance } from '../dist/wasm/instance.js'

/**
 * @param manifest - undefined for a plain module: it is instantiated and no more
 * @returns the instance and how much fuel it has used so far (undefined where nothing counts)
 */
export function instanceOf(module, manifest, imports) {
  if (manifest === undefined) {
    return { instance: new WebAssembly.Instance(module, imports), fuel: () => undefined }
  }
  const instance = meteredInstance(module, manifest, imports)
  const exhausted = () => {
    throw new Error('a bench has no fuel limit')
  }
  const meter = new FuelMeter(undefined, { visit: () => {}, exhausted }, () => performance.now())
  installHooks(instance, manifest, {
    refill: () => meter.refill(),
    grow: () => true,
    tableGrow: () => true,
  })
  meter.start(instance.exports[manifest.fuel])
  if (manifest.start !== undefined) instance.exports[manifest.start]()
  return { instance, fuel: () => Number(meter.used) }
}
