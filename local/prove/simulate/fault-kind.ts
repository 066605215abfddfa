/** How kinds of fault are written down. */
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';

export interface FaultKind {
  readonly does: string;
  /** How often: `call` is a probability each time there is an opportunity, `hour` is a mean number per hour. */
  readonly per: 'call' | 'hour';
  readonly rate: number;
  /** It strikes in the storms of this other kind, as often as that is set to. */
  readonly besides?: string;
  /** It knows neither storm nor calm. */
  readonly always?: true;
  /** The only queue runner whose world it can strike; absent where it can strike either. */
  readonly runner?: RunnerKind;
}

export const call = (rate: number, does: string): FaultKind => ({ does, per: 'call', rate });
export const hour = (rate: number, does: string): FaultKind => ({ does, per: 'hour', rate });
export const besides = (kind: string, rate: number, does: string): FaultKind => ({
  ...call(rate, does),
  besides: kind,
});
export const hourBesides = (kind: string, rate: number, does: string): FaultKind => ({
  ...hour(rate, does),
  besides: kind,
});
export const always = (rate: number, does: string): FaultKind => ({ ...hour(rate, does), always: true });

/** The same, for the world of one queue runner alone. */
export const only = (runner: RunnerKind, kind: FaultKind): FaultKind => ({ ...kind, runner });

/** `upgraded` has the C++ one at first and the Rust one later; every other such host is rolled back in the end. */
export type SimulatedRunner = RunnerKind | 'upgraded';
