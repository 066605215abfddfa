/** `npm run init`: a first autoscaler.json, each value with where it comes from, and what to do with it. */
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import type { Clock } from '../../lambdas/ports.ts';
import type { Account } from './init/account.ts';
import { AccountError, troubleInWords } from './init/account-error.ts';
import { NOTHING_KNOWN } from './init/account-facts.ts';
import { ANSWER_NAMES, QUESTIONS, readAnswers } from './init/answers.ts';
import { kindOf } from './init/decide-host.ts';
import { superfluous } from './init/decide.ts';
import { alreadyThere, deliver, schemaFrom } from './init/deliver.ts';
import { converse, NoAnswerError } from './init/ask.ts';
import type { Terminal } from './init/ask.ts';
import type { Part } from './init/setting.ts';
import { settle } from './init/settle.ts';
import type { Settled } from './init/settle.ts';
import * as words from './init/words.ts';
import { configOf, configText } from './init/write.ts';
import { checkedText } from './check/report.ts';
import { REFUSED_EXIT, refuse, refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

interface Options extends Readonly<Record<string, unknown>> {
  readonly output: string;
  readonly force?: boolean;
  readonly offline?: boolean;
  readonly region?: string;
  readonly json?: boolean;
}

/** What people see where nobody says how wide the terminal is, and at most. */
const COLUMNS = 100;

async function init(options: Options): Promise<void> {
  const { answers, wrong } = readAnswers(options);
  const all = [...wrong, ...superfluous(answers)];
  if (all.length > 0) {
    refuse(new Error(words.wrongText(all)));
    return;
  }
  if (existsSync(options.output) && options.force !== true) {
    refuse(alreadyThere(options.output));
    return;
  }
  const talk = isAtTerminal(options) ? converse(terminal()) : undefined;
  try {
    const account = options.offline === true ? undefined : await accountOf(options);
    const settled = await settle(answers, {
      facts: account ? (so) => account.facts(so) : () => Promise.resolve(NOTHING_KNOWN),
      ...(talk && { ask: talk.ask }),
    });
    for (const trouble of account?.troubles ?? []) console.error(`Note: ${troubleInWords(trouble)}`);
    if (settled.decided.missing.length > 0) tellMissing(settled.decided, options);
    else write(settled, options);
  } catch (error) {
    if (!(error instanceof AccountError || error instanceof NoAnswerError)) throw error;
    refuse(error);
    process.exitCode = 1;
  } finally {
    talk?.end();
  }
}

/** Programs that read JSON are no people. */
const isAtTerminal = ({ json }: Options): boolean =>
  process.stdin.isTTY && process.stderr.isTTY && json !== true;

/** What is asked is no part of what is said. */
const terminal = (): Terminal => ({
  ...{ input: process.stdin, output: process.stderr },
  ...{ isTerminal: true, columns: columns() },
});

const clock: Clock = { now: () => Date.now() / 1000, sleep: (seconds) => setTimeout(seconds * 1000) };

async function accountOf({ region }: Options): Promise<Account> {
  const { openAccount } = await import('./init/open-account.ts');
  return openAccount(
    {
      clock,
      tell: (line) => {
        console.error(line);
      },
    },
    region,
  );
}

const columns = (): number => (process.stdout.isTTY ? Math.min(process.stdout.columns, COLUMNS) : COLUMNS);

function tellMissing({ missing }: Part, { json }: Options): void {
  if (json === true) say({ missing: words.missingJson(missing) });
  else console.error(words.missingText(missing, columns()));
  process.exitCode = REFUSED_EXIT;
}

function say(value: object): void {
  console.log(JSON.stringify(value, null, 2));
}

const HEAD = [
  'Written by npm run init. Each value says where it comes from; change what you like.',
  'What is said of a machine type holds for those below it. All settings: docs/configuration.md',
];

function write({ answers, facts, decided }: Settled, options: Options): void {
  const { settings, notes } = decided;
  const { output: file, force, json } = options;
  const text = configText(settings, HEAD, schemaFrom(file));
  const isNew = kindOf(answers, facts) === 'new';
  const all = [...notes, ...(isNew ? [] : [words.HOST_NOTE])];
  try {
    const checked = deliver({ file, text, replace: force === true });
    if (checked.found === undefined) {
      console.error(
        `The answers do not go together, and nothing was written.\n${checkedText(checked, columns())}`,
      );
      process.exitCode = REFUSED_EXIT;
    } else if (json === true) {
      const next = words.nextSteps(file, isNew).map(([command]) => command);
      say({ file, config: configOf(settings), settings: words.settingsJson(settings), notes: all, next });
    } else {
      process.stdout.write(words.writtenText(file, all, isNew, columns()));
    }
  } catch (error) {
    refuse(error);
    process.exitCode = 1;
  }
}

const program = refusingArguments(new Command('npm run init --'))
  .description(
    'Writes a first autoscaler.json: checked, with careful defaults, and with a comment above each value that says ' +
      'where it comes from. A farm with a Hydra of its own needs one answer: --hydra new.',
  )
  .option('--output <file>', 'where it goes', words.USUAL_FILE)
  .option('--force', 'replace the file if it is there')
  .option('--offline', 'ask nothing of AWS: all is said by flags')
  .option('--region <region>', 'which region is asked (default: as the AWS SDK finds it)')
  .option('--json', 'say what was written, or what is missing, as one JSON object');
for (const name of ANSWER_NAMES) program.option(words.flagOf(name), QUESTIONS[name].asks);
program
  .addHelpText(
    'after',
    '\nExit code 0 when the file was written, 1 when it cannot be, 2 when answers are missing or wrong. At a terminal what is missing is\nasked; elsewhere all of it is told at once.',
  )
  .action(init);
await program.parseAsync();
