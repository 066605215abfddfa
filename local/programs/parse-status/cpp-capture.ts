/** A saved answer of `hydra-queue-runner --status`, with what lies beside the file. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import { readQueueStatus, type StatusAnswer } from '../../../lambdas/hydra/cpp/queue-status.ts';
import type { QueueReading } from '../show/queue-reading.ts';
import type { CaptureOptions } from './options.ts';

/** The answer as it was when the file was saved. Options win over what lies beside it. */
export function readCppCapture(file: string, stdout: string, options: CaptureOptions): QueueReading {
  const name = join(dirname(file), basename(file, extname(file)));
  const stderr = existsSync(`${name}.stderr`) ? readFileSync(`${name}.stderr`, 'utf8') : '';
  const logged = loggedCapture(file);
  const exitCode = options.exitCode ?? logged?.exitCode ?? (stderr.includes('did not respond') ? 1 : 0);
  const hostNow = options.hostTime ?? logged?.hostNow ?? timeIn(stdout);
  return summaryOf(file, { exitCode, stdout, stderr, hostNow });
}

/** Exit code and host clock from a line `NAME exit=N wall=…s at=ISO` of captures.log in the same folder. */
function loggedCapture(file: string): Pick<StatusAnswer, 'exitCode' | 'hostNow'> | undefined {
  const log = join(dirname(file), 'captures.log');
  if (!existsSync(log)) return undefined;
  const name = basename(file, extname(file));
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [logged, exit, , at] = line.split(' ');
    if (logged === name && exit && at) {
      return {
        exitCode: Number(exit.replace('exit=', '')),
        hostNow: Date.parse(at.replace('at=', '')) / 1000,
      };
    }
  }
  return undefined;
}

/** The status's own clock: as if it had been taken this moment. */
const timeIn = (stdout: string): number =>
  readQueueStatus({ exitCode: 0, stdout, hostNow: 0 }).content?.at ?? 0;

function summaryOf(file: string, answer: StatusAnswer): QueueReading {
  const { status, content } = readQueueStatus(answer);
  const machines = [...(content?.machines.values() ?? [])].map(
    ({ key: host, offered: listed, currentJobs, idleSince, disabledUntil }) => ({
      host,
      listed,
      currentJobs,
      idleSince,
      disabledUntil,
    }),
  );
  return {
    file,
    trusted: status.trusted,
    reason: status.trusted
      ? `up for ${status.at - status.runnerStartedAt} s`
      : `${status.cause}: ${problemInWords(status)}`,
    runnable: Object.fromEntries(content?.steps.map(({ key, runnable }) => [key, runnable]) ?? []),
    running: Object.fromEntries(content?.steps.map(({ key, running }) => [key, running]) ?? []),
    machines: machines.toSorted((a, b) => (a.host < b.host ? -1 : Number(a.host > b.host))),
  };
}
