/** Shows what the autoscaler reads in saved answers of either queue runner: one JSON line per file. */
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import { readCppCapture } from './parse-status/cpp-capture.ts';
import type { CaptureOptions } from './parse-status/options.ts';
import { isRustStatus, readRustCapture } from './parse-status/rust-capture.ts';
import { painter } from './show/paint.ts';
import { sheetOf } from './show/terminal.ts';
import { renderReading } from './show/queue-reading.ts';
import { refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

interface Options extends CaptureOptions {
  readonly pretty?: boolean;
}

function main(files: readonly string[], options: Options): void {
  const { columns, colour } = sheetOf(process.stdout);
  const paint = painter(colour);
  for (const file of files) {
    try {
      const text = readFileSync(file, 'utf8');
      const reading = (isRustStatus(text) ? readRustCapture : readCppCapture)(file, text, options);
      console.log(options.pretty === true ? renderReading(reading, columns, paint) : JSON.stringify(reading));
    } catch (error) {
      console.error(`${file} cannot be read: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }
}

function wholeNumber(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

refusingArguments(new Command('parse-status'))
  .description('Show what the autoscaler reads in saved queue runner statuses: one JSON line per file.')
  .argument('<file...>', 'what hydra-queue-runner --status printed (C++), or /status answered (Rust)')
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
  .option('--store <folder>', 'where the .drv files of the queue are (Rust): tells steps by their features')
  .option('--pretty', 'tables to read instead of JSON')
  .addHelpText(
    'after',
    '\nNAME.stderr beside NAME.json is read too (C++), and NAME.status-queues.json and NAME.busy-steps.txt beside\nNAME.status.json (Rust). Exit code 1 if a file cannot be read; a status that is not trusted is no error. Examples:\n  npm run --silent parse-status -- status.json --exit-code 1\n  npm run --silent parse-status -- test/fixtures/hydra-rust/*.status.json --pretty',
  )
  .action(main)
  .parse();
