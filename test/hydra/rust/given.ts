/** Answers of a host with the Rust queue runner, from the captures of a real one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import { heldSlots } from '../../../local/world/rust-runner/held-slots.ts';
import { demandIn } from '../../../local/programs/parse-status/rust-demand.ts';

export const CAPTURES = join(import.meta.dirname, '../../fixtures/hydra-rust');

const read = (name: string): string => readFileSync(join(CAPTURES, name), 'utf8');

/** A status as JSON, to be changed by tests. */
export interface Told {
  queueRunner: Record<string, unknown>;
  machines: Record<string, { [key: string]: unknown; stats: Record<string, unknown> }>;
}

const isTold = (value: unknown): value is Told =>
  typeof value === 'object' && value !== null && 'queueRunner' in value && 'machines' in value;

export function toldIn(name: string): Told {
  const told: unknown = JSON.parse(read(`${name}.status.json`));
  if (!isTold(told)) throw new Error(`${name} is no status`);
  return told;
}

/** One look at the host when it was captured. */
export function answerOf(name: string, changes: Partial<RustAnswer> = {}): RustAnswer {
  const told = toldIn(name);
  const busy = new Map<string, number>();
  for (const row of read(`${name}.busy-steps.txt`).split('\n')) {
    const machine = row.split(' ')[4];
    if (machine !== undefined) busy.set(machine, (busy.get(machine) ?? 0) + 1);
  }
  return {
    hostNow: Date.parse(String(told.queueRunner['time'])) / 1000,
    hostSystem: 'x86_64-linux',
    rest: 'http://[::1]:8080',
    curl: { exit: 0, http: 200 },
    activeHttp: 200,
    unfinished: Number(told.queueRunner['nrBuildsUnfinished']),
    kinds: { by: 'features' },
    demand: demandIn(read(`${name}.status-queues.json`), undefined),
    busy,
    spoilt: new Map(),
    held: heldSlots(read(`${name}.status.json`), read(`${name}.status-queues.json`)),
    statusText: JSON.stringify(told),
    ...changes,
  };
}

/** The same after `change` has been at the status. */
export function changed(name: string, change: (told: Told) => void): RustAnswer {
  const told = toldIn(name);
  change(told);
  return answerOf(name, { statusText: JSON.stringify(told) });
}
