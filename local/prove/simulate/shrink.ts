/** From a run that broke a rule to a smaller one that breaks the same rule: fewer kinds of fault, fewer hours. */
import { ALL_NAMES, faultNamesOf } from './fault-kinds.ts';
import type { FaultName } from './fault-kinds.ts';
import type { Line } from './history.ts';
import type { Outcome } from './outcome.ts';
import { START, simulate } from './simulate.ts';
import type { SimulateOptions } from './simulate.ts';

export interface Shrunk {
  readonly options: SimulateOptions;
  readonly outcome: Outcome;
  /** What led to the first violation, the last lines first dropped. */
  readonly history: readonly Line[];
}

/** Runs that may be tried; each takes a fraction of a second. */
const TRIES = 150;
/** Lines of the history before the violation. */
const LINES = 60;

export async function shrink(options: SimulateOptions, outcome: Outcome): Promise<Shrunk> {
  const rule = outcome.violations[0]?.rule;
  let best = { options, outcome };
  let tries = TRIES;
  const attempt = async (changed: SimulateOptions): Promise<boolean> => {
    if (tries-- <= 0) return false;
    const tried = await simulate(changed);
    if (tried.violations[0]?.rule !== rule) return false;
    best = { options: changed, outcome: tried };
    return true;
  };
  await attempt({ ...options, hours: hoursOf(outcome) });
  for (let size = ALL_NAMES.length >> 1; size >= 1; size >>= 1) {
    for (const group of chunks(struckIn(best.outcome), size)) {
      const left = (best.options.faults ?? faultNamesOf(options.runner ?? 'cpp')).filter(
        (name) => !group.includes(name),
      );
      await attempt({ ...best.options, faults: left });
    }
  }
  await attempt({ ...best.options, hours: hoursOf(best.outcome) });
  return { ...best, history: await historyOf(best.options, best.outcome) };
}

/** Whole hours up to the first violation and a little beyond. */
const hoursOf = ({ violations }: Outcome): number =>
  Math.max(1, Math.ceil(((violations[0]?.at ?? START) - START) / 3600 + 0.5));

/** The kinds that struck at all; the others do not matter. */
function struckIn({ faults }: Outcome): readonly FaultName[] {
  const struck = new Set(Object.keys(faults).map((key) => key.split(':')[0]));
  return ALL_NAMES.filter((name) => struck.has(name));
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

async function historyOf(options: SimulateOptions, outcome: Outcome): Promise<readonly Line[]> {
  const first = outcome.violations[0];
  if (first === undefined) return [];
  const machine = /\bi-[0-9a-f]{17}\b/.exec(first.what)?.[0];
  const lines: Line[] = [];
  await simulate({
    ...options,
    tell: (line) => {
      const concerns = line.who !== 'function' || machine === undefined || line.text.includes(machine);
      if (line.at <= first.at - START && concerns) lines.push(line);
    },
  });
  return [
    ...lines.slice(-LINES),
    { at: first.at - START, who: 'judge', text: `rule ${first.rule} is broken: ${first.what}` },
  ];
}
