/**
 * A saved answer of the Rust queue runner to `/status`, NAME.status.json, with what lies beside the file:
 * NAME.status-queues.json, its answer to `/status/queues`, and NAME.busy-steps.txt, the rows of BuildSteps that are under
 * way, of which the fifth column is the machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import { readQueueStatus } from '../../../lambdas/hydra/rust/queue-status.ts';
import type { StatusContent } from '../../../lambdas/hydra/rust/status-content.ts';
import { heldSlots } from '../../world/rust-runner/held-slots.ts';
import type { QueueReading } from '../show/queue-reading.ts';
import type { CaptureOptions } from './options.ts';
import { demandIn, demandOfSystems } from './rust-demand.ts';

/** Whether this is what the Rust queue runner says of itself. */
export const isRustStatus = (text: string): boolean => /^\s*\{\s*"queueRunner"/.test(text);

export function readRustCapture(file: string, statusText: string, options: CaptureOptions): QueueReading {
  const beside = (suffix: string): string | undefined => {
    const path = `${file.replace(/(\.status)?\.json$/, '')}${suffix}`;
    return path !== file && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const blank = blankAnswer(statusText);
  const { content: told } = readQueueStatus(blank);
  const queues = beside('.status-queues.json');
  const answer: RustAnswer = {
    ...blank,
    hostNow: options.hostTime ?? told?.at ?? 0,
    demand: queues === undefined ? demandOfSystems(statusText) : demandIn(queues, options.store),
    busy: busyIn(beside('.busy-steps.txt'), told),
    held: queues === undefined ? blank.held : heldSlots(statusText, queues),
  };
  return summaryOf(file, answer);
}

/** As if all had been asked and answered, at the status's own time. */
const blankAnswer = (statusText: string): RustAnswer => ({
  hostNow: 0,
  hostSystem: '',
  rest: 'the REST interface',
  curl: { exit: 0, http: 200 },
  activeHttp: 200,
  unfinished: 0,
  kinds: { by: 'features' },
  demand: [],
  busy: new Map(),
  spoilt: new Map(),
  held: new Map(),
  statusText,
});

/** Without the rows, as the queue runner itself says. */
function busyIn(rows: string | undefined, told: StatusContent | undefined): ReadonlyMap<string, number> {
  if (rows === undefined)
    return new Map([...(told?.machines ?? [])].map(([key, { currentJobs }]) => [key, currentJobs]));
  const busy = new Map<string, number>();
  for (const machine of rows.split('\n').flatMap((line) => line.split(' ')[4] ?? []))
    busy.set(machine, (busy.get(machine) ?? 0) + 1);
  return busy;
}

function summaryOf(file: string, answer: RustAnswer): QueueReading {
  const { status, content } = readQueueStatus(answer);
  const machines = [...(content?.machines.values() ?? [])].map(
    ({ key: host, offered: open, currentJobs, idleSince, heardAt, isFailing }) => ({
      host,
      open,
      currentJobs,
      idleSince,
      silentSeconds: Math.round((content?.at ?? 0) - (heardAt ?? 0)),
      ...(isFailing && { isFailing }),
    }),
  );
  const steps = content?.demand ?? [];
  return {
    file,
    runner: 'rust',
    trusted: status.trusted,
    reason: status.trusted
      ? `up for ${Math.round(status.at - status.runnerStartedAt)} s`
      : `${status.cause}: ${problemInWords(status)}`,
    runnable: Object.fromEntries(steps.map(({ key, runnable }) => [key, runnable])),
    running: Object.fromEntries(steps.map(({ key, running }) => [key, running])),
    machines: machines.toSorted((a, b) => (a.host < b.host ? -1 : Number(a.host > b.host))),
    troubles: (content?.troubles ?? []).map(problemInWords),
  };
}
