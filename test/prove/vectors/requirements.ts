/** What a plan owes to a decision vector in which the ancestor has no excuse. */
import type { VectorCase, VectorResult } from '../../../local/prove/vectors/format.ts';

/** The recorded answer of the ancestor, as far as it binds us. */
export interface Expected {
  readonly types: Readonly<Record<string, { readonly wanted: number; readonly allowed: number }>>;
  readonly stopped: readonly string[];
  readonly destroyed: readonly string[];
  readonly machinesFile: string | null;
  readonly crash: unknown;
}

export type RecordedCase = VectorCase & { readonly flags: readonly string[]; readonly expect: Expected };

/** Seconds of paid time that are not thrown away. */
const PAID_SECONDS = 600;

/** Every way in which `result` falls short, in words. */
export function shortcomings(vector: RecordedCase, result: VectorResult): readonly string[] {
  return [
    ...wrongDemand(vector, result),
    ...killed(vector, result),
    ...tooFew(vector, result),
    ...leftRunning(vector, result),
    ...wrongLines(vector, result),
  ];
}

function wrongDemand({ expect }: RecordedCase, result: VectorResult): readonly string[] {
  return Object.entries(expect.types).flatMap(([type, { wanted, allowed }]) => [
    ...(result.wanted[type] === wanted
      ? []
      : [`wanted of ${type} is ${result.wanted[type] ?? 'missing'}, not ${wanted}`]),
    ...(result.allowed[type] === allowed
      ? []
      : [`allowed of ${type} is ${result.allowed[type] ?? 'missing'}, not ${allowed}`]),
  ]);
}

/** No busy machine and none with paid time is ended, whatever the ancestor did. */
export function killed({ machines, status }: RecordedCase, result: VectorResult): readonly string[] {
  const shown = (status as { machines?: Record<string, { currentJobs?: number }> } | null)?.machines ?? {};
  return [...result.stopped, ...result.terminated].flatMap((name) => {
    const machine = machines.find((other) => other.name === name);
    const busy = Object.entries(shown).some(
      ([key, { currentJobs }]) => key.replace(/^.*@/, '') === machine?.ip && (currentJobs ?? 0) > 0,
    );
    return [
      ...(busy ? [`${name} is ended while busy`] : []),
      ...((machine?.nextChargeInSeconds ?? 0) >= PAID_SECONDS
        ? [`${name} is ended with paid time left`]
        : []),
    ];
  });
}

function tooFew({ machines, expect }: RecordedCase, result: VectorResult): readonly string[] {
  return Object.entries(expect.types).flatMap(([type, { allowed }]) => {
    const ours = machines.filter((machine) => machine.type === type).map(({ name }) => name);
    const gone = new Set([...result.stopped, ...result.terminated, ...result.drained]);
    const idleStopped = machines
      .filter(({ name, state }) => state === 'STOPPED' && !result.start.includes(name))
      .map(({ name }) => name);
    const kept = ours.filter((name) => !gone.has(name) && !idleStopped.includes(name)).length;
    const have = kept + (result.launch[type] ?? 0);
    return have >= allowed ? [] : [`${type} has ${have} machines, but ${allowed} are allowed`];
  });
}

/** What the ancestor ends is at least draining with us, unless it counts towards what is allowed. */
function leftRunning({ machines, expect }: RecordedCase, result: VectorResult): readonly string[] {
  const ended = new Set([...result.stopped, ...result.terminated, ...result.drained]);
  return [...expect.stopped, ...expect.destroyed].flatMap((name) => {
    const type = machines.find((machine) => machine.name === name)?.type ?? '';
    const inUse = machines.filter((machine) => machine.type === type && !ended.has(machine.name)).length;
    const counts = inUse + (result.launch[type] ?? 0) <= (expect.types[type]?.allowed ?? 0);
    return ended.has(name) || counts ? [] : [`${name} stays in use although the ancestor ends it`];
  });
}

/** Lines for one address agree in all columns but the mandatory features. */
function wrongLines({ expect }: RecordedCase, result: VectorResult): readonly string[] {
  const columns = (text: string): Map<string, string[]> =>
    new Map(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => [line.split(' ')[0] ?? '', line.split(' ')]),
    );
  const theirs = columns(expect.machinesFile ?? '');
  return [...columns(result.machinesFile)].flatMap(([address, line]) => {
    const other = theirs.get(address);
    const differs =
      other !== undefined && line.some((column, index) => index !== 6 && column !== other[index]);
    return differs ? [`the line of ${address} differs: ${line.join(' ')} is not ${other.join(' ')}`] : [];
  });
}
