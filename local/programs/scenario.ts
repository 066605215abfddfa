/** `npm run scenario`: plays bug reports, which are data, and says whether what must be true in the end is. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import { parseScenario } from '../prove/scenario/parse.ts';
import { play } from '../prove/scenario/play.ts';
import type { Mistake, Outcome, Scenario } from '../prove/scenario/scenario.ts';
import { lineText, outcomeText, titleText } from '../prove/scenario/tell.ts';
import { REFUSED_EXIT, refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

refusingArguments(new Command('npm run scenario --'))
  .description(
    'Plays each story in virtual time: the unmodified reconcile code on a simulated region and queue runner.\n' +
      'Prints one JSON line per file.',
  )
  .argument('<file...>', 'stories, as JSON')
  .option('--verbose', 'tells each story as it goes, for people')
  .addHelpText('after', '\nExit status: 0 all came as expected, 1 one did not, 2 one cannot be read.')
  .action(run)
  .parse();

async function run(
  files: readonly string[],
  { verbose = false }: { readonly verbose?: boolean },
): Promise<void> {
  let exit = 0;
  for (const file of files) {
    const scenario = read(file);
    if (scenario === undefined) exit = REFUSED_EXIT;
    else {
      const outcome = verbose ? await toldToPeople(scenario) : await play(scenario);
      console.log(JSON.stringify(outcome));
      if (!outcome.ok) exit = Math.max(exit, 1);
    }
  }
  process.exitCode = exit;
}

async function toldToPeople(scenario: Scenario): Promise<Outcome> {
  console.log(titleText(scenario));
  const outcome = await play(scenario, (line) => {
    console.log(lineText(line));
  });
  console.log(outcomeText(outcome));
  return outcome;
}

/** What the file says, or undefined once its mistakes are told. */
function read(file: string): Scenario | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    tell(file, [{ path: '', message: `cannot be read: ${messageOf(error)}` }]);
    return undefined;
  }
  const beside = (name: string): string => readFileSync(path.resolve(path.dirname(file), name), 'utf8');
  const { scenario, mistakes } = parseScenario(text, path.basename(file, '.json'), beside);
  if (mistakes !== undefined) tell(file, mistakes);
  return scenario;
}

function tell(file: string, mistakes: readonly Mistake[]): void {
  const head = `${file} has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:`;
  const lines = mistakes.map(({ path: place, message }) => `  ${place || '(the whole file)'}: ${message}`);
  console.error([head, ...lines].join('\n'));
}
