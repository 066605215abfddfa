/** Answers of a status command: saved from a real C++ queue runner, and made up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQueueStatus, type StatusAnswer } from '../../../lambdas/hydra/cpp/queue-status.ts';
import type { TrustedStatus } from '../../../lambdas/core/model/index.ts';

export const CAPTURES = join(import.meta.dirname, '../../fixtures/hydra-status');

/** Names of all saved statuses in `folder`, without `.json`. */
export function captureNames(folder = CAPTURES): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
}

export function captureText(name: string, extension = 'json'): string {
  return readFileSync(join(CAPTURES, `${name}.${extension}`), 'utf8');
}

/** The answer of that moment. @throws when the log does not know the capture. */
export function captured(name: string): StatusAnswer {
  const line = captureText('captures', 'log')
    .split('\n')
    .find((text) => text.startsWith(`${name} `));
  const fields = /exit=(\d+) wall=\S+ at=(\S+)/.exec(line ?? '');
  if (!fields?.[1] || !fields[2]) throw new Error(`captures.log has no ${name}`);
  const stderr = readdirSync(CAPTURES).includes(`${name}.stderr`) ? captureText(name, 'stderr') : '';
  return {
    exitCode: Number(fields[1]),
    stdout: captureText(name),
    stderr,
    hostNow: Date.parse(fields[2]) / 1000,
  };
}

/** The host's clock when the made-up answers are given. */
export const NOW = 1_800_000_000;
/** An idle machine as a status shows it, with `rest` on top. */
export const machine = (rest: object = {}): object => ({
  enabled: true,
  currentJobs: 0,
  idleSince: 0,
  ...rest,
});

/** An answer of a healthy runner, with `changes` to its JSON (undefined removes a field) and to the answer. */
export function answerOf(changes: object = {}, answer: Partial<StatusAnswer> = {}): StatusAnswer {
  const healthy = {
    status: 'up',
    time: NOW,
    uptime: 3600,
    nrRunnableSteps: 9,
    nrActiveSteps: 0,
    nrUnsupportedSteps: 0,
  };
  const tables = { machines: {}, machineTypes: { 'x86_64-linux': { runnable: 9, running: 0 } } };
  return {
    exitCode: 0,
    hostNow: NOW,
    stdout: JSON.stringify({ ...healthy, ...tables, ...changes }),
    ...answer,
  };
}

/** The status of a healthy runner with `changes`. @throws when it is not trusted. */
export function trusted(changes: object = {}): TrustedStatus {
  const status = parseQueueStatus(answerOf(changes));
  if (!status.trusted) throw new Error(status.says);
  return status;
}
