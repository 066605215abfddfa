/** What can become of a look at a Rust queue runner on its way to us. */
import type { RustAnswer } from '../../../../lambdas/hydra/rust/answer.ts';
import type { Chaos } from '../chaos.ts';
import { HOSTILE_NAMES, HUGE_CHARACTERS, OLD_SECONDS, REMEMBERED, garbage } from './status-faults.ts';

type Kind =
  'status-empty' | 'status-garbage' | 'status-huge' | 'status-hostile' | 'database-untold' | 'kinds-untold';

interface Mangle {
  readonly name: Kind;
  /** What it says of machines is true, and may be believed. */
  readonly isTrue: boolean;
  readonly of: (look: RustAnswer, chaos: Chaos) => RustAnswer;
}

const MANGLES: readonly Mangle[] = [
  { name: 'status-empty', isTrue: false, of: (look) => ({ ...look, statusText: '' }) },
  {
    name: 'status-garbage',
    isTrue: false,
    of: (look, chaos) => ({ ...look, statusText: garbage(look.statusText, chaos) }),
  },
  {
    name: 'status-huge',
    isTrue: true,
    of: (look) => ({ ...look, statusText: `${' '.repeat(HUGE_CHARACTERS)}${look.statusText}` }),
  },
  { name: 'status-hostile', isTrue: true, of: hostile },
  { name: 'database-untold', isTrue: false, of: withoutDatabase },
  { name: 'kinds-untold', isTrue: true, of: bySystems },
];

/** The same with machines of hostile names in it, which the database has steps on, too. */
function hostile(look: RustAnswer): RustAnswer {
  if (!look.statusText.startsWith('{"queueRunner"')) return look;
  const status = JSON.parse(look.statusText) as {
    queueRunner: { machinesTotal: number };
    machines: Record<string, object>;
  };
  const model = Object.values(status.machines)[0];
  if (model === undefined) return look;
  for (const hostname of HOSTILE_NAMES) {
    if (hostname === '__proto__') continue;
    status.machines[hostname] = { ...model, hostname };
    status.queueRunner.machinesTotal += 1;
  }
  const busy = new Map([...look.busy, ...HOSTILE_NAMES.map((name) => [name, 1] as const)]);
  return { ...look, busy, statusText: JSON.stringify(status) };
}

function withoutDatabase(look: RustAnswer): RustAnswer {
  const { unfinished, ...others } = look;
  if (unfinished === undefined) return look;
  return { ...others, busy: new Map(), databaseProblem: 'psql: error: FATAL: role "root" does not exist' };
}

/** As the status itself counts steps. */
function bySystems(look: RustAnswer): RustAnswer {
  const systems = Map.groupBy(look.demand, ({ system }) => system);
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  return {
    ...look,
    kinds: { by: 'systems', why: 'read: /nix/store: Permission denied' },
    demand: [...systems].map(([system, kinds]) => ({
      system,
      runnable: sum(kinds.map(({ runnable }) => runnable)),
      running: sum(kinds.map(({ running }) => running)),
    })),
  };
}

/** Remembers what was found, so that an old answer can be given again. */
export class LookFaults {
  readonly #chaos: Chaos;
  #said: RustAnswer[] = [];

  constructor(chaos: Chaos) {
    this.#chaos = chaos;
  }

  /** What arrives of a look, and whether what it says of machines is still in it, and of now. */
  mangled(look: RustAnswer): { readonly look: RustAnswer; readonly isTrue: boolean } {
    const { hostNow } = look;
    this.#said.push(look);
    const old = this.#said.find((said) => Math.abs(hostNow - said.hostNow) > OLD_SECONDS);
    this.#said = this.#said.slice(-REMEMBERED);
    if (old !== undefined && this.#chaos.strikes('status-stale'))
      return { look: { ...old, hostNow }, isTrue: false };
    const found = MANGLES.find(({ name }) => this.#chaos.strikes(name));
    return found === undefined
      ? { look, isTrue: true }
      : { look: found.of(look, this.#chaos), isTrue: found.isTrue };
  }
}

/** Moves every time in a status by `seconds`: the queue runner reads the same wrong clock as its host. */
export function shiftLook(look: RustAnswer, seconds: number): RustAnswer {
  if (seconds === 0) return look;
  const statusText = look.statusText
    .replace(/"time":"([^"]+)"/, (_whole, time: string) => `"time":"${later(time, seconds)}"`)
    .replaceAll(
      /"(idleSince|lastFailure|lastPing)":([1-9]\d*)/g,
      (_whole, name: string, digits: string) => `"${name}":${Math.floor(Number(digits) + seconds)}`,
    );
  return { ...look, statusText };
}

const later = (time: string, seconds: number): string => {
  const instant = Date.parse(time);
  return Number.isNaN(instant) ? time : new Date(instant + seconds * 1000).toISOString();
};
