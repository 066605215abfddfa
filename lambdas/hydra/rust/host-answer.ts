/**
 * What the document `observe` prints on a Hydra host with the Rust queue runner, taken apart. Anything that is not whole,
 * or not exactly of this form, is refused: half an answer must never pass for an answer.
 */
import type { Result } from '../../core/reason/result.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import { EVALUATION_LINES, noticeIn } from '../evaluations.ts';
import { decoded, groupsOf, type Payload, refused } from '../payload.ts';
import type { RustAnswer, Spoilt } from './answer.ts';

/** The answer before its payload is whole and unpacked. */
export interface RustFrame extends Pick<RustAnswer, 'hostNow' | 'hostSystem'> {
  readonly payload: Payload;
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
    `(?<kinds>(?:kind [^\\n]*\\n)*)(?<busy>(?:busy [^\\n]*\\n)*)(?<spoilt>(?:spoilt [^\\n]*\\n)*)(?<held>(?:held [^\\n]*\\n)*)${EVALUATION_LINES}json`,
    '(?<status>[^]*)$',
  ].join('\\n'),
);
const KIND = /^kind (?<system>[^ :]+)(?::(?<features>[^ ]+))? (?<runnable>\d{1,9}) (?<running>\d{1,9})$/;
const BUSY = new RegExp(`^busy (?<machine>${WORD}) (?<count>\\d{1,9})$`);
const SPOILT = new RegExp(`^spoilt (?<machine>${WORD}) (?<steps>\\d{1,9}) (?<lastAt>\\d{1,12})$`);
const HELD = /^held (?<machine>[A-Za-z0-9._-]+) (?<count>\d{1,9})$/;

type Demand = RustAnswer['demand'];

/** Whether `observe` found the Rust queue runner. */
export const isRustAnswer = (stdout: string): boolean => stdout.startsWith(RUST);

/** The answer of `observe` in its Rust form. Never throws. */
export function decodeRustFrame(stdout: string): Result<RustFrame> {
  const found = groupsOf(ANSWER, stdout);
  if (found === undefined) return refused('the answer of the Hydra host is cut off or not ours', stdout);
  const payload = { sha256: found('sha256'), length: Number(found('length')), text: found('text') };
  if (payload.text.length > payload.length)
    return refused('the status is longer than announced', payload.text);
  return decoded({ hostNow: Number(found('clock')), hostSystem: found('system'), payload });
}

/** The whole of an answer. @param payload of the frame, whole and unpacked. Never throws. */
export function decodeRustAnswer({ hostNow, hostSystem }: RustFrame, payload: string): Result<RustAnswer> {
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
  const busy = countsIn(found('busy'), BUSY, (word) => textOrNone(word) ?? '');
  if (!busy.ok) return busy;
  const spoilt = spoiltIn(found('spoilt'));
  if (!spoilt.ok) return spoilt;
  const held = countsIn(found('held'), HELD, (word) => word);
  if (!held.ok) return held;
  const notice = noticeIn(found('evaluations'), hostNow);
  const unit = found('unit');
  return decoded({
    hostNow,
    hostSystem,
    rest: found('rest'),
    curl: { exit: Number(found('exit')), http: Number(found('http')) },
    ...(unit !== '-' && { unit }),
    activeHttp: Number(found('active')),
    ...(unfinished !== undefined && { unfinished }),
    ...(databaseProblem !== undefined && { databaseProblem: excerpt(databaseProblem, 300) }),
    kinds: { by, ...(why !== undefined && { why: excerpt(why, 300) }) },
    demand: demand.value,
    busy: busy.value,
    spoilt: spoilt.value,
    held: held.value,
    ...(notice !== undefined && { notice }),
    statusText: found('status'),
  });
}

function kindsIn(text: string, by: 'features' | 'systems'): Result<Demand> {
  const kinds: Demand[number][] = [];
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

/** Steps by their machines. @param nameOf the word that stands for a machine, as its name. */
function countsIn(text: string, form: RegExp, nameOf: (word: string) => string): Result<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const line of linesOf(text)) {
    const found = groupsOf(form, line);
    if (found === undefined) return refused('the steps of a machine cannot be read', line);
    const machine = nameOf(found('machine'));
    if (counts.has(machine)) return refused('the steps of one machine come twice', line);
    counts.set(machine, Number(found('count')));
  }
  return decoded(counts);
}

function spoiltIn(text: string): Result<Map<string, Spoilt>> {
  const spoilt = new Map<string, Spoilt>();
  for (const line of linesOf(text)) {
    const found = groupsOf(SPOILT, line);
    if (found === undefined) return refused('what a machine has spoilt cannot be read', line);
    const steps = { steps: Number(found('steps')), lastAt: Number(found('lastAt')) };
    spoilt.set(textOrNone(found('machine')) ?? '', steps);
  }
  return decoded(spoilt);
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const numberOrNone = (word: string): number | undefined => (word === '-' ? undefined : Number(word));
const textOrNone = (word: string): string | undefined =>
  word === '-' ? undefined : Buffer.from(word, 'base64').toString('utf8');
