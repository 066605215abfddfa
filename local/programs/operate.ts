/** `npm run operate`: everything a person may ask of the function, from a terminal. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { DEFAULT_PORT } from '../world/endpoint/address.ts';
import { endingBy } from './operate/ending.ts';
import { addRequests } from './operate/requests.ts';
import { renderAnswer } from './operate/show-answer.ts';
import { localTarget, TargetError } from './operate/target.ts';
import type { Target } from './operate/target.ts';
import { watch } from './operate/watch.ts';
import { sheetOf } from './show/terminal.ts';
import { every } from './start/arguments.ts';
import { REFUSED_EXIT, refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

interface Options {
  readonly url?: string;
  readonly stack?: string;
  readonly function?: string;
  readonly region?: string;
  readonly by?: string;
  readonly json?: boolean;
}

const program = refusingArguments(new Command('npm run operate --'))
  .description(
    'Looks at a farm and steers it: the one of "npm start" or "npm run region" on this machine, or with ' +
      '--stack the one you have deployed, with the region and credentials of the AWS SDK.',
  )
  .option('--url <url>', `where the region listens (default: $AWS_ENDPOINT_URL, else port ${DEFAULT_PORT})`)
  .addOption(
    new Option('--stack <name>', 'the stack of a deployed farm; it says which function to ask').conflicts(
      'function',
    ),
  )
  .option('--function <name>', 'name or ARN of its function, where it is part of a stack of your own')
  .option('--region <region>', 'where it is deployed (default: as the AWS SDK finds it)')
  .option('--by <name>', 'who you are, for the journal', process.env['USER'])
  .option('--json', 'print the answer as JSON')
  .addHelpText(
    'after',
    '\nExit code 0 when it was done, 1 when the function cannot be asked, fails, or the\n' +
      'doctor finds something bad, 2 when it was not understood. Every request but\n' +
      'status, explain, plan and doctor is noted in the journal.',
  );

addRequests(program, send, () => program.opts<Options>().by);
program
  .command('watch')
  .description('the live view of the farm, until q or Ctrl-C; one line a change where there is no terminal')
  .option('--every <seconds>', 'time between an answer and the next question', every, 5)
  .action(watchFarm);

await program.parseAsync();

/** @param note told what a region on this machine says besides. */
async function targetOf(
  { url, stack, function: functionName, region }: Options,
  note: (text: string) => void = tell,
): Promise<Target> {
  const here = process.env['AWS_ENDPOINT_URL'] ?? `http://127.0.0.1:${DEFAULT_PORT}`;
  if (stack === undefined && functionName === undefined) return localTarget(url ?? here, note);
  // Whoever asks a farm on this machine need not wait for the clients.
  const { awsTarget, functionOfStack } = await import('./operate/aws-target.ts');
  const place = {
    ...(region === undefined ? {} : { region }),
    ...(url === undefined ? {} : { endpoint: url }),
  };
  return awsTarget(place, functionName ?? (await functionOfStack(place, stack ?? '')));
}

/** Apart from the answer, which programs may read. */
function tell(note: string): void {
  console.error(`Note: ${note}`);
}

async function watchFarm({ every: seconds }: { readonly every: number }): Promise<void> {
  const options = program.opts<Options>();
  const { over, release } = endingBy(process.stdin);
  try {
    await watch({
      // The same note at every answer would be all there is to read.
      ask: await targetOf(options, () => undefined),
      title: options.stack ?? options.function ?? 'the farm on this machine',
      output: process.stdout,
      json: options.json === true,
      pause: () => sleep(seconds * 1000),
      over,
      now: () => Date.now() / 1000,
    });
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    release();
  }
  // A question that nobody waits for any more does not keep it.
  process.exit();
}

async function send(event: object): Promise<void> {
  const options = program.opts<Options>();
  try {
    const ask = await targetOf(options);
    const answer = await ask(event);
    show(answer, options.json === true);
    process.exitCode = exitCodeOf(answer);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function show(answer: Answer, json: boolean): void {
  const { stdout } = process;
  const { columns, colour } = sheetOf(stdout);
  const text = json ? `${JSON.stringify(answer, null, 2)}\n` : renderAnswer(answer, columns, colour);
  (answer.result === 'invalid' && !json ? process.stderr : stdout).write(text);
}

function exitCodeOf(answer: Answer): number {
  if (answer.result === 'invalid') return REFUSED_EXIT;
  const isBad = answer.result === 'diagnosis' && answer.findings.some(({ health }) => health === 'bad');
  return isBad ? 1 : 0;
}
