/** SSM and the host of a Rust queue runner on a bad day. What it offers does not go by the host, but to the builders. */
import type { VerifiedOffer } from '../../../../lambdas/core/life/dialect.ts';
import type { HydraHost, Wanted } from '../../../../lambdas/ports.ts';
import { FaultyHost } from './faulty-host.ts';
import type { FaultyHostParts } from './faulty-host.ts';

export class FaultyRustHost extends FaultyHost {
  readonly #inner: HydraHost;

  constructor(parts: FaultyHostParts) {
    super(parts);
    this.#inner = parts.inner;
  }

  override offer(wanted: Wanted): Promise<VerifiedOffer> {
    return this.#inner.offer(wanted);
  }
}
