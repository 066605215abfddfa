/**
 * What the document `observe` prints on a Hydra host with the Rust queue runner, taken apart. Anything that is not whole,
 * or not exactly of this form, is refused: half an answer must never pass for an answer.
 */
import type { EpochSeconds } from '../../core/model/index.ts';
import type { Result } from '../../core/reason/result.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import { decoded, groupsOf, type Payload, refused } from '../payload.ts';

/** The answer before its payload is whole and unpacked. */
export interface RustAnswer {
  /** The host’s clock when everything had been asked. */
  readonly clock: EpochSeconds;
  /** Of the host, such as `x86_64-linux`. */
  readonly system: string;
  readonly payload: Payload;
}

/** Steps of one kind, as the queue runner has them queued. */
export interface QueuedKind {
  readonly system: string;
  /** Sorted, each once. Absent where steps are told apart by their system alone. */
  readonly features?: readonly string[];
  /** Given to no machine, neither finished nor cancelled; some of them may wait for another try. */
  readonly runnable: number;
  /** Given to a machine and not over, also where that machine is gone. */
  readonly running: number;
}

/** One look at the queue runner and what surrounds it. */
export interface RustLook {
  /** The address it was asked at. */
  readonly rest: string;
  /** How asking for `/status` ended. */
  readonly curl: {
    /** 0 where an answer came; 7 where nobody listens, 28 where time was up, 127 where the host has no curl. */
    readonly exit: number;
    /** Undefined where no answer came. */
    readonly http?: number;
  };
  /** The systemd unit of its REST socket; absent where the host has none. */
  readonly unit?: string;
  /** Of a question that it has to ask its database for; undefined where no answer came. */
  readonly activeHttp?: number;
  /** Unfinished builds in the database, which was asked itself; absent where that failed. */
  readonly unfinished?: number;
  /** Why the database could not be asked, in one line. */
  readonly databaseProblem?: string;
  /** Whether steps are told apart by required features too, and if not, why. */
  readonly kinds: { readonly by: 'features' | 'systems'; readonly why?: string };
  /** One entry a kind, and none for a kind of which nothing is queued. */
  readonly demand: readonly QueuedKind[];
  /** Steps that the database has at work, by the name of the machine; empty where it could not be asked. */
  readonly busy: ReadonlyMap<string, number>;
  /** The reduced body of `/status`, or the beginning of whatever came instead. */
  readonly statusText: string;
}

const RUST = 'hydra-autoscaler 1 observe-rust\n';
const ANSWER = new RegExp(
  [
    '^hydra-autoscaler 1 observe-rust',
    'clock (?<clock>\\d{1,12})',
    'system (?<system>[a-z0-9_]+-[a-z0-9_.-]+)',
    'status (?<sha256>[0-9a-f]{64}) (?<length>\\d{1,9}) (?<text>[A-Za-z0-9+/=]+)',
    'end\\s*$',
  ].join('\\n'),
);

const WORD = '(?:-|[A-Za-z0-9+/]+={0,2})';
const LOOK = new RegExp(
  [
    '^rest (?<rest>[!-~]+)',
    'curl (?<exit>\\d{1,3}) (?<http>\\d{3})',
    'unit (?<unit>[A-Za-z0-9@._-]+)',
    'active (?<active>\\d{3})',
    'unfinished (?<unfinished>-|\\d{1,12})',
    `database (?<database>${WORD})`,
    `kinds (?<by>features|systems) (?<why>${WORD})`,
    '(?<kinds>(?:kind [^\\n]*\\n)*)(?<busy>(?:busy [^\\n]*\\n)*)json',
    '(?<status>[^]*)$',
  ].join('\\n'),
);
const KIND = /^kind (?<system>[^ :]+)(?::(?<features>[^ ]+))? (?<runnable>\d{1,9}) (?<running>\d{1,9})$/;
const BUSY = new RegExp(`^busy (?<machine>${WORD}) (?<count>\\d{1,9})$`);

/** Whether `observe` found the Rust queue runner. */
export const isRustAnswer = (stdout: string): boolean => stdout.startsWith(RUST);

/** The answer of `observe` in its Rust form. Never throws. */
export function decodeRustAnswer(stdout: string): Result<RustAnswer> {
  const found = groupsOf(ANSWER, stdout);
  if (found === undefined) return refused('the answer of the Hydra host is cut off or not ours', stdout);
  const payload = { sha256: found('sha256'), length: Number(found('length')), text: found('text') };
  if (payload.text.length > payload.length)
    return refused('the status is longer than announced', payload.text);
  return decoded({ clock: Number(found('clock')), system: found('system'), payload });
}

/** What is in the payload of a {@link RustAnswer}, once that is whole and unpacked. Never throws. */
export function decodeRustLook(payload: string): Result<RustLook> {
  const found = groupsOf(LOOK, payload);
  if (found === undefined) return refused('the look at the queue runner is cut off or not ours', payload);
  const [unfinished, databaseProblem] = [numberOrNone(found('unfinished')), textOrNone(found('database'))];
  const [by, why] = [found('by') === 'features' ? 'features' : 'systems', textOrNone(found('why'))] as const;
  if ((unfinished === undefined) !== (databaseProblem !== undefined))
    return refused('the answer of the database contradicts itself', payload);
  if ((by === 'features') !== (why === undefined))
    return refused('the kinds of the steps contradict themselves', payload);
  const demand = kindsIn(found('kinds'), by);
  if (!demand.ok) return demand;
  const busy = busyIn(found('busy'));
  if (!busy.ok) return busy;
  const unit = found('unit');
  const [http, activeHttp] = [httpOrNone(found('http')), httpOrNone(found('active'))];
  return decoded({
    rest: found('rest'),
    curl: { exit: Number(found('exit')), ...(http !== undefined && { http }) },
    ...(unit !== '-' && { unit }),
    ...(activeHttp !== undefined && { activeHttp }),
    ...(unfinished !== undefined && { unfinished }),
    ...(databaseProblem !== undefined && { databaseProblem: excerpt(databaseProblem, 300) }),
    kinds: { by, ...(why !== undefined && { why: excerpt(why, 300) }) },
    demand: demand.value,
    busy: busy.value,
    statusText: found('status'),
  });
}

function kindsIn(text: string, by: 'features' | 'systems'): Result<QueuedKind[]> {
  const kinds: QueuedKind[] = [];
  const seen = new Set<string>();
  for (const line of linesOf(text)) {
    const found = groupsOf(KIND, line);
    if (found === undefined) return refused('a kind of steps cannot be read', line);
    const [system, words] = [found('system'), found('features')];
    const features = words === '' ? [] : words.split(',');
    const isSorted = features.every((word, index) => word !== '' && (features[index - 1] ?? '') < word);
    if (!isSorted || (by === 'systems' && words !== '')) return refused('a kind of steps is not ours', line);
    if (seen.has(`${system}:${words}`)) return refused('a kind of steps comes twice', line);
    seen.add(`${system}:${words}`);
    const counts = { runnable: Number(found('runnable')), running: Number(found('running')) };
    kinds.push({ system, ...(by === 'features' && { features }), ...counts });
  }
  return decoded(kinds);
}

function busyIn(text: string): Result<Map<string, number>> {
  const busy = new Map<string, number>();
  for (const line of linesOf(text)) {
    const found = groupsOf(BUSY, line);
    if (found === undefined) return refused('the steps at work cannot be read', line);
    const machine = textOrNone(found('machine')) ?? '';
    if (busy.has(machine)) return refused('the steps at work on one machine come twice', line);
    busy.set(machine, Number(found('count')));
  }
  return decoded(busy);
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const numberOrNone = (word: string): number | undefined => (word === '-' ? undefined : Number(word));
const httpOrNone = (word: string): number | undefined => (word === '000' ? undefined : Number(word));
const textOrNone = (word: string): string | undefined =>
  word === '-' ? undefined : Buffer.from(word, 'base64').toString('utf8');
