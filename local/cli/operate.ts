/** `npm run operate`: everything a person may ask of the function, from a terminal. */
import { tmpdir } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { DEFAULT_PORT } from '../endpoint/address.ts';
import { renderAnswer } from '../operate/show-answer.ts';
import { awsTarget, localTarget, TargetError } from '../operate/target.ts';
import type { Target } from '../operate/target.ts';
import { REFUSED_EXIT, refusingArguments } from '../start/refusal.ts';
import './closed-pipe.ts';

interface Options {
  readonly url?: string;
  readonly function?: string;
  readonly by?: string;
  readonly json?: boolean;
}

interface Asked {
  readonly minutes?: number;
  readonly everything?: boolean;
  readonly steps?: string;
}

/** What people see where nobody says how wide the terminal is. */
const COLUMNS = 100;

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
};

const program = refusingArguments(new Command('npm run operate --'))
  .description(
    'Looks at a farm and steers it: the one of "npm start" or "npm run region" on this machine, or with ' +
      '--function the one you have deployed, through the aws program.',
  )
  .option('--url <url>', `where the region listens (default: $AWS_ENDPOINT_URL, else port ${DEFAULT_PORT})`)
  .option('--function <name>', 'name or ARN of a function in AWS, asked by "aws lambda invoke"')
  .option('--by <name>', 'who you are, for the journal', process.env['USER'])
  .option('--json', 'print the answer as JSON')
  .addHelpText(
    'after',
    '\nExit code 0 when it was done, 1 when the function cannot be asked, fails, or the\n' +
      'doctor finds something bad, 2 when it was not understood. Every request but\n' +
      'status, explain, plan and doctor is noted in the journal.',
  );

const minutes = ['--minutes <number>', 'for how long', whole] as const;

program
  .command('status')
  .description('how the farm is')
  .action(() => send({ status: true }));
program
  .command('explain')
  .description('why a type has its machines, why a machine is as it is, or why steps get no machine')
  .argument('[subject]', 'a machine type, or a machine (i-…)')
  .option('--steps <system:features>', 'the steps that wait, such as x86_64-linux:kvm,big-parallel')
  .action((subject: string | undefined, { steps }: Asked) => send({ explain: questionOf(subject, steps) }));
program
  .command('plan')
  .description('what a tick would do now, without doing it')
  .action(() => send({ plan: true }));
program
  .command('doctor')
  .description('what is wrong, and what to do about it')
  .action(() => send({ doctor: true }));
program
  .command('tick')
  .description('run a tick now')
  .action(() => send({ tick: true }));
program
  .command('scale-out')
  .description('keep at least so many machines up for a while')
  .argument('<type>')
  .argument('<count>', 'machines', whole)
  .option(...minutes)
  .action((type: string, count: number, asked: Asked) =>
    send({ scaleOut: { type, count, ...limit(asked), ...by() } }),
  );
program
  .command('scale-in')
  .description('end a manual scale-out')
  .argument('<type>')
  .action((type: string) => send({ scaleIn: { type, ...by() } }));
program
  .command('retry')
  .description('try a type again at once after refusals or failures')
  .argument('<type>')
  .action((type: string) => send({ retry: { type, ...by() } }));
program
  .command('drain')
  .description('send a machine away as soon as nobody works on it')
  .argument('<machine>', 'i-…')
  .action((machine: string) => send({ drain: { machine, ...by() } }));
program
  .command('protect')
  .description('keep a machine although nothing demands it')
  .argument('<machine>', 'i-…')
  .option(...minutes)
  .action((machine: string, asked: Asked) => send({ protect: { machine, ...limit(asked), ...by() } }));
program
  .command('release')
  .description('take back drain or protect')
  .argument('<machine>', 'i-…')
  .action((machine: string) => send({ release: { machine, ...by() } }));
program
  .command('pause')
  .description('launch and end nothing of a type, or of everything')
  .argument('[type]')
  .option('--everything', 'all types')
  .option(...minutes)
  .action((type: string | undefined, asked: Asked) =>
    send({ pause: { ...scopeOf(type, asked), ...limit(asked), ...by() } }),
  );
program
  .command('resume')
  .description('end a pause')
  .argument('[type]')
  .option('--everything', 'all pauses')
  .action((type: string | undefined, asked: Asked) => send({ resume: { ...scopeOf(type, asked), ...by() } }));

await program.parseAsync();

function by(): { by?: string } {
  const name = program.opts<Options>().by;
  return name === undefined || name === '' ? {} : { by: name };
}

function limit({ minutes: time }: Asked): { minutes?: number } {
  return time === undefined ? {} : { minutes: time };
}

function scopeOf(type: string | undefined, { everything }: Asked): object {
  return { ...(type === undefined ? {} : { type }), ...(everything === true ? { everything } : {}) };
}

function questionOf(subject: string | undefined, steps: string | undefined): object {
  if (steps !== undefined) {
    const [system = '', features = ''] = steps.split(':');
    return { system, features: features.split(',').filter((feature) => feature !== '') };
  }
  if (subject === undefined) return {};
  return /^i-[0-9a-f]+$/.test(subject) ? { machine: subject } : { type: subject };
}

function targetOf({ url, function: functionName }: Options): Target {
  const endpoint = url ?? process.env['AWS_ENDPOINT_URL'];
  if (functionName === undefined) return localTarget(endpoint ?? `http://127.0.0.1:${DEFAULT_PORT}`);
  const options = endpoint === undefined ? [] : ['--endpoint-url', endpoint];
  return awsTarget({ functionName, temporary: tmpdir(), options });
}

async function send(event: object): Promise<void> {
  const options = program.opts<Options>();
  try {
    const answer = await targetOf(options)(event);
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
  const text = json
    ? `${JSON.stringify(answer, null, 2)}\n`
    : renderAnswer(answer, stdout.isTTY ? stdout.columns : COLUMNS, stdout.isTTY && stdout.hasColors());
  (answer.result === 'invalid' && !json ? process.stderr : stdout).write(text);
}

function exitCodeOf(answer: Answer): number {
  if (answer.result === 'invalid') return REFUSED_EXIT;
  const isBad = answer.result === 'diagnosis' && answer.findings.some(({ health }) => health === 'bad');
  return isBad ? 1 : 0;
}
