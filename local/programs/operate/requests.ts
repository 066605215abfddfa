/** The requests to the function as commands of a program: words become events. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

interface Asked {
  readonly minutes?: number;
  readonly everything?: boolean;
  readonly steps?: string;
}

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
};

const MINUTES = ['--minutes <number>', 'for how long', whole] as const;

type Send = (event: object) => Promise<void>;
/** Who gives the order; known once the words are parsed. */
type Name = () => string | undefined;

/** Adds a command for every request. @param send is given the event. */
export function addRequests(program: Command, send: Send, name: Name): void {
  const by = (): { by?: string } => {
    const known = name();
    return known === undefined || known === '' ? {} : { by: known };
  };
  addQuestions(program, send);
  addOrdersForTypes(program, send, by);
  addOrdersForMachines(program, send, by);
}

function addQuestions(program: Command, send: Send): void {
  program
    .command('status')
    .description('how the farm is')
    .action(() => send({ status: true }));
  program
    .command('explain')
    .description('why a type has its machines, why a machine is as it is, or why steps get no machine')
    .argument('[subject]', 'a machine type, or a machine (i-…)')
    .option('--steps <system:features>', 'the steps that wait, such as x86_64-linux:kvm,big-parallel')
    .action((subject: string | undefined, { steps }: Asked, command: Command) => {
      if ((subject === undefined) === (steps === undefined))
        command.error('error: name a machine type, or a machine (i-…), or steps that wait with --steps');
      return send({ explain: questionOf(subject ?? '', steps) });
    });
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
}

type By = () => { readonly by?: string };

function addOrdersForTypes(program: Command, send: Send, by: By): void {
  program
    .command('scale-out')
    .description('keep at least so many machines up for a while')
    .argument('<type>')
    .argument('<count>', 'machines', whole)
    .option(...MINUTES)
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
    .command('pause')
    .description('launch and end nothing of a type, or of everything')
    .argument('[type]')
    .option('--everything', 'all types')
    .option(...MINUTES)
    .action((type: string | undefined, asked: Asked) =>
      send({ pause: { ...scopeOf(type, asked), ...limit(asked), ...by() } }),
    );
  program
    .command('resume')
    .description('end a pause')
    .argument('[type]')
    .option('--everything', 'all pauses')
    .action((type: string | undefined, asked: Asked) =>
      send({ resume: { ...scopeOf(type, asked), ...by() } }),
    );
}

function addOrdersForMachines(program: Command, send: Send, by: By): void {
  program
    .command('drain')
    .description('send a machine away as soon as nobody works on it')
    .argument('<machine>', 'i-…')
    .action((machine: string) => send({ drain: { machine, ...by() } }));
  program
    .command('protect')
    .description('keep a machine although nothing demands it')
    .argument('<machine>', 'i-…')
    .option(...MINUTES)
    .action((machine: string, asked: Asked) => send({ protect: { machine, ...limit(asked), ...by() } }));
  program
    .command('release')
    .description('take back drain or protect')
    .argument('<machine>', 'i-…')
    .action((machine: string) => send({ release: { machine, ...by() } }));
}

function limit({ minutes: time }: Asked): { minutes?: number } {
  return time === undefined ? {} : { minutes: time };
}

function scopeOf(type: string | undefined, { everything }: Asked): object {
  return { ...(type === undefined ? {} : { type }), ...(everything === true ? { everything } : {}) };
}

function questionOf(subject: string, steps: string | undefined): object {
  if (steps !== undefined) {
    const [system = '', features = ''] = steps.split(':');
    return { system, features: features.split(',').filter((feature) => feature !== '') };
  }
  return /^i-[0-9a-f]+$/.test(subject) ? { machine: subject } : { type: subject };
}
