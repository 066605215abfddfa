/** The screen of the live view of a simulated run, as lines: pure, so that what people see can be tested cell by cell. */
import { left, right, widthOf, wrap } from './cells.ts';
import { compose, kindTable } from './live-parts.ts';
import type { Line, ScreenSize } from './live-parts.ts';
import type { LiveState } from './live-state.ts';
import { span } from './paint.ts';
import type { Paint } from './paint.ts';
import { progress } from './sparkline.ts';
import { duration, tenths, timeTeller, wholeMinutes } from './words.ts';
import type { TellTime } from './words.ts';

/** A broken rule is told in at most this many lines. */
const VIOLATION_LINES = 3;

/** At most `size.rows` lines, none wider than `size.columns` cells. */
export function screen(title: string, state: LiveState, size: ScreenSize, paint: Paint): readonly string[] {
  const { columns } = size;
  const { machines, decisions, startedAt, sample } = state;
  const tellTime = tellerOf(state);
  return compose(
    {
      header: header(title, state, columns),
      queue: queue(state, columns),
      phases: sample.machines,
      machines,
      decisions,
      tellTime: (at) => tellTime(startedAt + at),
      bottom: counters(state, columns),
    },
    size,
    paint,
  );
}

const tellerOf = ({ startedAt, hoursTotal }: LiveState): TellTime =>
  timeTeller(startedAt, startedAt + hoursTotal * 3600);

function header(title: string, state: LiveState, columns: number): readonly Line[] {
  const { at, startedAt, hoursTotal, speed } = state;
  const pace = `${Math.round(speed)}× real time`;
  const time = `${tellerOf(state)(startedAt + at)} UTC`;
  const passed = `${duration(at)} of ${duration(hoursTotal * 3600)}`;
  const [done, rest] = progress(
    at / (hoursTotal * 3600),
    Math.max(0, columns - widthOf(time) - widthOf(passed) - 4),
  );
  return [
    [span(left(title, Math.max(0, columns - widthOf(pace) - 1)), 'bold'), span(` ${pace}`, 'dim')],
    [span(time, 'bold'), span('  '), span(done, 'cyan'), span(rest, 'dim'), span(`  ${passed}`)],
  ];
}

function queue({ sample, recent, machines }: LiveState, columns: number): readonly Line[] {
  const total = sum(sample.waiting);
  const oldest = total > 0 ? `, the oldest ${wholeMinutes(sample.oldestWaitSeconds)}` : '';
  const slots = machines.reduce((all, { phase, slots: of = 0 }) => all + (phase === 'ready' ? of : 0), 0);
  const now = `  ${total} waiting${oldest}; ${sample.running} running on ${slots} slots`;
  const window = `  past ${duration(sample.at - (recent[0]?.at ?? sample.at))}`;
  const room = columns - 'QUEUE'.length - widthOf(now);
  const past = recent.length > 0 && widthOf(window) <= room ? right(window, room) : '';
  return [[span('QUEUE', 'bold'), span(now), span(past, 'dim')], ...kindTable(sample, recent, columns)];
}

function counters(state: LiveState, columns: number): readonly Line[] {
  const { doneBuilds, lostBuilds, billedMachineHours, idleMachineHours, violations, startedAt } = state;
  const last = violations.at(-1);
  const line = [
    span('BUILDS', 'bold'),
    span(` ${doneBuilds} done, `),
    span(`${lostBuilds} lost`, lostBuilds > 0 ? 'red' : undefined),
    span('   MACHINE HOURS', 'bold'),
    span(` ${tenths(billedMachineHours)} billed, ${tenths(idleMachineHours)} idle`),
    span('   RULES', 'bold'),
    last === undefined ? span(' kept', 'green') : span(` ${violations.length} broken`, 'red'),
  ];
  if (last === undefined) return [line];
  const told = `rule ${last.rule} at ${tellerOf(state)(startedAt + last.at)}: ${last.what}`;
  const lines = wrap(told, Math.max(1, columns - 2)).slice(0, VIOLATION_LINES);
  return [line, ...lines.map((text) => [span(`  ${text}`, 'red')])];
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, number) => total + number, 0);
