/** What `npm run init` says to people beside the file it writes. */
import { USUAL_STACK } from '../../../lambdas/core/config/parse.ts';
import { count } from '../../../lambdas/core/text/count.ts';
import { wrap } from '../show/cells.ts';
import { QUESTIONS } from './answers.ts';
import type { AnswerName, WrongAnswer } from './answers.ts';
import type { Missing, Setting } from './setting.ts';
import { originInWords } from './setting.ts';

/** What stands in no other place: the file that `cdk deploy` reads by itself. */
export const USUAL_FILE = 'autoscaler.json';

const quoted = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** How a flag is written, such as `--host <id>`. */
export function flagOf(name: AnswerName): string {
  const { flag, takes } = QUESTIONS[name];
  return takes === undefined ? flag : `${flag} <${takes}>`;
}

/** The commands that follow, each with what it does. */
export function nextSteps(
  file: string,
  isNew: boolean,
): readonly (readonly [command: string, does: string])[] {
  const named = file === USUAL_FILE ? '' : ` -c config=${quoted(file)}`;
  return [
    [`npm run check -- ${quoted(file)}`, 'after each change, says what is wrong with it'],
    ['npx cdk bootstrap', 'once per account and region'],
    [`npx cdk deploy${named}`, isNew ? 'makes Hydra and farm' : 'makes the farm'],
    [`npm run operate -- --stack ${USUAL_STACK} doctor`, 'says what is wrong with host, account and farm'],
  ];
}

/** What an existing host needs once, before the doctor is content. */
export const HOST_NOTE = 'the Hydra host has to be prepared once, if it is not yet: docs/hydra-host.md';

/** All that could not be known, each with its flag and where to look. */
export function missingText(missing: readonly Missing[], columns: number): string {
  const told = missing.flatMap(({ name, how, choices }) => [
    `  ${flagOf(name)}`,
    ...indented(`${QUESTIONS[name].asks}; ${how}`, columns),
    ...choices.map((choice) => `      - ${choice}`),
  ]);
  return [`${count(missing.length, 'answer')} missing, and nothing was written:`, ...told].join('\n');
}

const indented = (text: string, columns: number): readonly string[] =>
  wrap(text, columns - 6).map((line) => `      ${line}`);

export const wrongText = (wrong: readonly WrongAnswer[]): string =>
  wrong.map(({ name, says }) => `${QUESTIONS[name].flag}: ${says}`).join('\n');

/** What is said once the file is there. */
export function writtenText(file: string, notes: readonly string[], isNew: boolean, columns: number): string {
  const steps = nextSteps(file, isNew);
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    `wrote ${file}, which can be deployed; each value says where it comes from`,
    ...(notes.length === 0 ? [] : ['', 'To know:', ...notes.flatMap((note) => bullet(note, columns))]),
    '',
    'Next:',
    ...steps.map(([command, does]) => `  ${command.padEnd(width)}  # ${does}`),
    '',
  ].join('\n');
}

const bullet = (text: string, columns: number): readonly string[] =>
  wrap(text, columns - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`);

/** The same for programs. */
export const settingsJson = (settings: readonly Setting[]): readonly object[] =>
  settings.map((setting) => ({
    path: setting.path,
    value: setting.value,
    from: setting.from,
    why: originInWords(setting),
  }));

export const missingJson = (missing: readonly Missing[]): readonly object[] =>
  missing.map(({ name, how, choices }) => ({
    flag: QUESTIONS[name].flag,
    asks: QUESTIONS[name].asks,
    how,
    choices,
  }));
