/** `npm run check`: everything that can be known of configuration files without an account, in about a second. */
import { Command } from 'commander';
import { UnreadableConfigError } from '../../lambdas/config-file/config-file.ts';
import { examineDeployment } from '../../infra/read-deployment.ts';
import { checkedJson, checkedText } from './check/report.ts';
import type { Checked } from './check/report.ts';
import { REFUSED_EXIT, refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

interface Options {
  readonly json?: boolean;
}

const OWN_CONFIG = 'autoscaler.json';
/** What people see where nobody says how wide the terminal is, and at most. */
const COLUMNS = 100;

refusingArguments(new Command('npm run check --'))
  .description(
    'Checks autoscaler.json for `cdk deploy`, offline: its shape, the rules between its settings, and what its machines\n' +
      'can build. Everything that is wrong is told at once, with its place and a remedy.',
  )
  .argument('[files...]', `the files (default: ${OWN_CONFIG})`)
  .option('--json', 'one JSON object with every file, its problems and its warnings')
  .addHelpText(
    'after',
    '\nExit code 0 when every file can be deployed, warnings or not, 1 when one cannot, 2 when one cannot be read or is no\n' +
      'JSON. What only AWS can know is the doctor’s to find: npm run operate -- doctor.',
  )
  .action(check)
  .parse();

function check(files: readonly string[], { json }: Options): void {
  const all = (files.length === 0 ? [OWN_CONFIG] : files).map(look);
  const { stdout } = process;
  const columns = stdout.isTTY ? Math.min(stdout.columns, COLUMNS) : COLUMNS;
  console.log(
    json === true
      ? JSON.stringify({ files: all.map(checkedJson) }, null, 2)
      : all.map((checked) => checkedText(checked, columns)).join('\n'),
  );
  if (all.some(({ isReadable }) => !isReadable)) process.exitCode = REFUSED_EXIT;
  else if (all.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
}

function look(file: string): Checked {
  try {
    const { found, ...said } = examineDeployment(file);
    return { file, isReadable: true, ...said, ...(said.problems.length === 0 && { found }) };
  } catch (error) {
    if (!(error instanceof UnreadableConfigError)) throw error;
    return { file, isReadable: false, problems: error.problems, warnings: [] };
  }
}
