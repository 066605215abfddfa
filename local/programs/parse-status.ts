/**
 * Shows what the autoscaler reads in saved answers of `hydra-queue-runner --status`: one JSON line per file.
 * The exit code and the host's clock are not in the JSON; they come from what lies beside the file, or from options.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { problemInWords } from '../../lambdas/core/reason/problem.ts';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import {
  readQueueStatus,
  type StatusAnswer,
  type StatusReading,
} from '../../lambdas/hydra/cpp/queue-status.ts';
import { painter } from './show/paint.ts';
import { sheetOf } from './show/terminal.ts';
import { renderReading } from './show/queue-reading.ts';
import type { QueueReading } from './show/queue-reading.ts';
import { refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

interface Options {
  readonly exitCode?: number;
  readonly hostTime?: number;
  readonly pretty?: boolean;
}

function main(files: readonly string[], options: Options): void {
  const { columns, colour } = sheetOf(process.stdout);
  const paint = painter(colour);
  for (const file of files) {
    try {
      const reading = summaryOf(file, readQueueStatus(answerIn(file, options)));
      console.log(options.pretty === true ? renderReading(reading, columns, paint) : JSON.stringify(reading));
    } catch (error) {
      console.error(`${file} cannot be read: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }
}

/** The answer as it was when the file was saved. Options win over what lies beside it. */
function answerIn(file: string, options: Options): StatusAnswer {
  const stdout = readFileSync(file, 'utf8');
  const name = join(dirname(file), basename(file, extname(file)));
  const stderr = existsSync(`${name}.stderr`) ? readFileSync(`${name}.stderr`, 'utf8') : '';
  const logged = loggedCapture(file);
  const exitCode = options.exitCode ?? logged?.exitCode ?? (stderr.includes('did not respond') ? 1 : 0);
  const hostNow = options.hostTime ?? logged?.hostNow ?? timeIn(stdout);
  return { exitCode, stdout, stderr, hostNow };
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
function timeIn(stdout: string): number {
  return readQueueStatus({ exitCode: 0, stdout, hostNow: 0 }).content?.at ?? 0;
}

function summaryOf(file: string, { status, content }: StatusReading): QueueReading {
  const machines = [...(content?.machines.values() ?? [])].map(
    ({ key: address, offered: listed, currentJobs, idleSince, disabledUntil }) => ({
      host: address,
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

function wholeNumber(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

refusingArguments(new Command('parse-status'))
  .description('Show what the autoscaler reads in saved queue runner statuses: one JSON line per file.')
  .argument('<file...>', 'what hydra-queue-runner --status printed')
  .option(
    '--exit-code <n>',
    'exit code of the status command (default: from captures.log beside the file, else 0)',
    wholeNumber,
  )
  .option(
    '--host-time <seconds>',
    'the Hydra host’s clock, epoch seconds (default: from captures.log, else the status’s own)',
    wholeNumber,
  )
  .option('--pretty', 'tables to read instead of JSON')
  .addHelpText(
    'after',
    '\nNAME.stderr beside NAME.json is read too. Exit code 1 if a file cannot be read; a status that is not\ntrusted is no error. Example:\n  npm run --silent parse-status -- status.json --exit-code 1',
  )
  .action(main)
  .parse();
