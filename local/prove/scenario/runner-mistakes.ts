/** Events that the queue runner which the host has by then cannot meet. */
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import { isRustEvent } from './events.ts';
import type { Mistake, PlacedEvent } from './scenario.ts';

/** The lock and the machines file are the C++ queue runner's alone. */
const CPP_EVENTS: ReadonlySet<string> = new Set([
  'machines',
  'write-machines',
  'touch-machines',
  'remove-machines',
  'unlock',
  'unlock-runner',
]);

const NAMES: Readonly<Record<RunnerKind, string>> = { cpp: 'C++', rust: 'Rust' };

/** @param first which queue runner the host has at first. */
export function runnerMistakes(events: readonly PlacedEvent[], first: RunnerKind): readonly Mistake[] {
  let inForce = first;
  return events
    .toSorted((a, b) => a.event.t - b.event.t)
    .flatMap(({ event, path }): readonly Mistake[] => {
      if (event.do === 'replace-runner') {
        if (event.runner === inForce)
          return [
            { path: `${path}.runner`, message: `the host has the ${NAMES[inForce]} queue runner already` },
          ];
        inForce = event.runner;
        return [];
      }
      const only = isRustEvent(event) ? 'rust' : CPP_EVENTS.has(event.do) ? 'cpp' : inForce;
      if (only === inForce) return [];
      const [needed, had] = [NAMES[only], NAMES[inForce]];
      return [
        { path: `${path}.do`, message: `takes the ${needed} queue runner; the host has the ${had} one then` },
      ];
    });
}
