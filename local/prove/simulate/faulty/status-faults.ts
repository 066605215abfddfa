/** What can become of the status on its way from the queue runner to us. */
import type { StatusAnswer } from '../../../../lambdas/hydra/cpp/queue-status.ts';
import type { Chaos } from '../chaos.ts';

export const HUGE_CHARACTERS = 2_000_000;
/** Older than this, in seconds, a status must not be believed. */
export const OLD_SECONDS = 150;
/** Answers that can be said again. */
export const REMEMBERED = 20;

interface Said {
  readonly at: number;
  readonly stdout: string;
}

/** Names that are code somewhere: shell, SSM, the machines file, JavaScript, terminals. */
export const HOSTILE_NAMES = [
  'x86_64-linux:$(touch /tmp/PWNED)',
  'x86_64-linux:`touch /tmp/PWNED`',
  "x86_64-linux:'; touch /tmp/PWNED; '",
  'x86_64-linux:"\nssh://PWNED x86_64-linux - 9 1',
  'x86_64-linux:kvm;ssh://PWNED',
  '{{ PWNED }}',
  'x86_64-linux:__proto__',
  '__proto__',
  'x86_64-linux:\u001b[31mPWNED',
  'x86_64-linux:' + 'PWNED'.repeat(2000),
  'ünïx-PWNED:fëature',
] as const;

type Mangle = (answer: StatusAnswer, chaos: Chaos) => StatusAnswer;

const MANGLES: readonly (readonly [
  'status-empty' | 'status-garbage' | 'status-huge' | 'status-hostile',
  Mangle,
])[] = [
  ['status-empty', (answer) => ({ ...answer, stdout: '' })],
  ['status-garbage', (answer, chaos) => ({ ...answer, stdout: garbage(answer.stdout, chaos) })],
  ['status-huge', (answer) => ({ ...answer, stdout: `${' '.repeat(HUGE_CHARACTERS)}${answer.stdout}` })],
  ['status-hostile', (answer) => ({ ...answer, stdout: hostile(answer.stdout) })],
];

/** Something that is no status. */
export function garbage(stdout: string, chaos: Chaos): string {
  const luck = chaos.luckOf('status-garbage');
  return luck.pick([
    stdout.slice(0, Math.floor(stdout.length * luck.next())),
    `warning: something\n${stdout}`,
    '{"status":"up"}',
    '{"status":"up","time":"yesterday"}',
    '[]',
    'null',
    '\u0000\u0001\u0002',
    stdout.replaceAll(/\d+/g, '9'.repeat(20)),
  ]);
}

/** The same status with kinds of steps and machines of hostile names in it. */
export function hostile(stdout: string): string {
  try {
    const status = JSON.parse(stdout) as { machineTypes?: object; machines?: object };
    const kinds = HOSTILE_NAMES.map((name) => [name, { runnable: 1, running: 0 }]);
    const machines = HOSTILE_NAMES.map((name) => [`ssh://root@${name}`, { enabled: true, currentJobs: 0 }]);
    return JSON.stringify({
      ...status,
      machineTypes: { ...status.machineTypes, ...Object.fromEntries(kinds) },
      machines: { ...status.machines, ...Object.fromEntries(machines) },
    });
  } catch {
    return stdout;
  }
}

/** Whether outputs are on their way to the Hydra host: only then does a status that is not of one instant mislead. */
const isCopying = (stdout: string): boolean => /"nrStepsCopyingFrom":[1-9]/.test(stdout);

/**
 * The same status as the queue runner prints it when a step starts in the middle of it: the active steps were counted
 * before, the jobs in slots after. What is copied is counted right
 * (measured: docs/develop/facts.md#a-status-is-not-of-one-instant).
 */
export function torn(stdout: string): string {
  const jobs = [...stdout.matchAll(/"currentJobs":(\d+)/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  return stdout.replace(/"nrActiveSteps":\d+/, `"nrActiveSteps":${Math.max(0, jobs - 1)}`);
}

/** Remembers what was said, so that an old answer can be said again. */
export class StatusFaults {
  readonly #chaos: Chaos;
  #said: Said[] = [];

  constructor(chaos: Chaos) {
    this.#chaos = chaos;
  }

  /** What arrives of `answer`, and whether all that it says of the queue is still in it. */
  mangled(answer: StatusAnswer): { readonly answer: StatusAnswer; readonly isTrue: boolean } {
    const { hostNow, stdout } = answer;
    this.#said.push({ at: hostNow, stdout });
    const isOld = ({ at }: Said): boolean => Math.abs(hostNow - at) > OLD_SECONDS;
    const old = this.#said.find(isOld)?.stdout;
    this.#said = this.#said.slice(-REMEMBERED);
    if (old !== undefined && this.#chaos.strikes('status-stale'))
      return { answer: { ...answer, stdout: old, exitCode: 0 }, isTrue: false };
    const found = MANGLES.find(([name]) => this.#chaos.strikes(name));
    // What it says of jobs and of the machines file is true, and nothing more is made of it.
    if (found === undefined) return { answer: this.#perhapsTorn(answer), isTrue: true };
    const [name, mangle] = found;
    return {
      answer: mangle(answer, this.#chaos),
      isTrue: name === 'status-huge' || name === 'status-hostile',
    };
  }

  #perhapsTorn(answer: StatusAnswer): StatusAnswer {
    const { stdout } = answer;
    return isCopying(stdout) && this.#chaos.strikes('status-torn')
      ? { ...answer, stdout: torn(stdout) }
      : answer;
  }
}

/** Moves every time in a status by `seconds`: the queue runner reads the same wrong clock as its host. */
export function shiftClock(stdout: string, seconds: number): string {
  if (seconds === 0 || !stdout.startsWith('{"')) return stdout;
  return stdout.replaceAll(
    /"(time|idleSince|lastFailure|disabledUntil)":(\d+)/g,
    (_whole, name: string, digits: string) =>
      `"${name}":${digits === '0' ? '0' : String(Math.floor(Number(digits) + seconds))}`,
  );
}
