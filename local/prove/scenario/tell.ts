/** The story of a scenario as it goes, in lines for people: when, who, what. */
import type { InstanceState, RegionInstance } from '../../world/region/instance.ts';
import type { Ledger } from '../../world/ledger.ts';
import type { Outcome, Scenario, ScenarioEvent } from './scenario.ts';

export type Teller = 'story' | 'Hydra' | 'AWS' | 'function' | 'judge';

export interface Line {
  /** Seconds since the start. */
  readonly at: number;
  readonly who: Teller;
  readonly text: string;
}

const LONGEST_TEXT = 240;
const WHO_WIDTH = 9;
const TIME_WIDTH = 9;

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** Such as `26:05:09`: hours, minutes and seconds. */
const clock = (seconds: number): string =>
  `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;

/** `  0:25:00  AWS      i-0123… is running` */
export const lineText = ({ at, who, text }: Line): string =>
  `${clock(at).padStart(TIME_WIDTH)}  ${who.padEnd(WHO_WIDTH)}${cut(text)}`;

function cut(text: string): string {
  const plain = text.replaceAll(/\p{Cc}/gu, ' ');
  return plain.length > LONGEST_TEXT ? `${plain.slice(0, LONGEST_TEXT)}…` : plain;
}

/** An event with what it says, as it is written. */
export function eventText(event: ScenarioEvent): string {
  const { do: name, ...rest } = event;
  const shown = Object.entries(rest).flatMap(([key, value]: [string, unknown]) => {
    if (value === undefined || key === 't' || key === 'config' || isUsual(key, value)) return [];
    if (key === 'until') return [`until ${clock(Number(value))}`];
    return [`${key} ${typeof value === 'string' ? value.trim() : JSON.stringify(value)}`];
  });
  return [name, shown.join(', ')].filter((part) => part !== '').join(': ');
}

/** What the schema fills in tells nobody anything. */
const USUAL: Readonly<Record<string, unknown>> = {
  share: 1,
  jobset: 'release',
  tag: 'build',
  preferLocal: false,
  fail: false,
  outputMiB: 0,
};

const isUsual = (key: string, value: unknown): boolean =>
  (key in USUAL && USUAL[key] === value) || (Array.isArray(value) && value.length === 0);

export function instanceText(instance: RegionInstance, state: InstanceState): string {
  const { instanceId, address, type, market, stateReason } = instance;
  const isToldWhy = state !== 'terminated' && state !== 'running';
  const what =
    state === 'pending'
      ? `${type.name} ${market} at ${address}`
      : isToldWhy
        ? (stateReason?.message ?? '')
        : '';
  return `${instanceId} ${state.padEnd(13)} ${what}`.trimEnd();
}

/** How the builds stand. */
export const buildsText = ({ done, running, unfinished, ended }: Ledger): string => {
  const others = Object.entries(ended).filter(([status]) => status !== 'succeeded');
  return [
    `builds: ${done} done`,
    `${running} running`,
    `${unfinished - running} waiting`,
    ...others.map(([status, count]) => `${count} ${status}`),
  ].join(', ');
};

/** How it came out, under the story. */
export function outcomeText({ name, ok, failed, facts, violations }: Outcome): string {
  const lines = failed.map(
    ({ what, wanted, got }) => `${what}: wanted ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`,
  );
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== 0);
  const numbers = known.map(([what, value]) => `${what} ${value}`).join(' · ');
  return [
    '',
    `${name} ${ok ? 'came out as expected' : 'did not come out as expected'}`,
    ...lines.map((line) => `  ${line}`),
    ...violations.map((violation) => `  ${violation}`),
    `  ${numbers}`,
    '',
  ].join('\n');
}

/** What a story is about, above it. */
export const titleText = ({ name, why, hours }: Scenario): string =>
  [`${name}, ${hours} h`, ...(why === undefined ? [] : [`  ${why}`]), ''].join('\n');
