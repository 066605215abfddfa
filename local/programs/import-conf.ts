/** `npm run import-conf`: an existing hydra-provisioner configuration becomes an autoscaler.json. */
import { existsSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import * as z from 'zod';
import { checkConfig, ConfigError } from '../../lambdas/config-file/config-file.ts';
import { convertConf, NoFarmError } from './import/convert.ts';
import type { Converted } from './import/convert.ts';
import type { Note } from './import/note.ts';
import { readConf, UnreadableConfError } from './import/read-conf.ts';
import { left, widthOf, wrap } from './show/cells.ts';
import { refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

interface Options {
  readonly output?: string;
  readonly force?: boolean;
  readonly host?: string;
  readonly machinesFile?: string;
}

const COLUMNS = 120;
const NAME_COLUMNS_MAX = 60;
/** The values cannot be used; told apart from a file that cannot be read. */
const REFUSED_EXIT = 2;

refusingArguments(new Command('npm run import-conf --'))
  .description(
    'Turns a hydra-provisioner configuration into an autoscaler.json. conf.nix is evaluated by nix-instantiate, without\n' +
      'a store and without writing anything; FILE.json is read as it is. What has no equivalent is listed on standard error.',
  )
  .argument('<file>', 'conf.nix, or its value as FILE.json')
  .option('--output <file>', 'where the result goes (default: standard output)')
  .option('--force', 'replace the output file if it is there')
  .option('--host <id>', 'the Hydra host, as SSM knows it: i-… or mi-…')
  .option(
    '--machines-file <path>',
    'the machines file on the Hydra host, where it was written inside a container',
  )
  .addHelpText(
    'after',
    '\nExit code 0 when the result is a valid configuration, 1 when the file cannot be read, 2 when its values are refused.',
  )
  .action(importConf)
  .parse();

async function importConf(file: string, options: Options): Promise<void> {
  try {
    const { output } = options;
    if (output !== undefined && options.force !== true && existsSync(output))
      throw new UnreadableConfError(`${output} is there already: choose another --output, or --force`);
    const { host, machinesFile } = options;
    const converted = convertConf(await readConf(file), {
      ...(host !== undefined && { hostInstanceId: host }),
      ...(machinesFile !== undefined && { machinesFile }),
    });
    tell(converted.notes);
    checkConfig(`the import of ${file}`, converted.written);
    deliver(converted, output);
  } catch (error) {
    fail(file, error);
  }
}

function deliver({ written }: Converted, output: string | undefined): void {
  const text = `${JSON.stringify(written, null, 2)}\n`;
  if (output === undefined) process.stdout.write(text);
  else {
    writeFileSync(output, text);
    console.error(`wrote ${output}`);
  }
}

function tell(notes: readonly Note[]): void {
  const width = Math.min(NAME_COLUMNS_MAX, Math.max(...notes.map(({ path }) => widthOf(path))));
  console.error('To look at:');
  for (const { path, message } of notes) {
    const lines = wrap(message, COLUMNS - width - 4);
    for (const [index, line] of lines.entries())
      console.error(`  ${left(index === 0 ? path : '', width)}  ${line}`);
  }
}

function fail(file: string, error: unknown): void {
  const isRefused = [ConfigError, z.ZodError, NoFarmError].some((refusal) => error instanceof refusal);
  if (!(error instanceof Error) || !(isRefused || error instanceof UnreadableConfError)) throw error;
  const why = error instanceof z.ZodError ? `\n${z.prettifyError(error)}` : ` ${error.message}`;
  console.error(
    error instanceof z.ZodError || error instanceof NoFarmError
      ? `${file} is no hydra-provisioner configuration:${why}`
      : error.message,
  );
  process.exitCode = isRefused ? REFUSED_EXIT : 1;
}
