/** `npm run schema`: writes what is made from the schema of autoscaler.json, for editors and for people. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { messageOf } from '../../lambdas/core/text/message-of.ts';
import { configJsonSchema, configReference, withReference } from './reference/config-reference.ts';
import { refusingArguments } from './start/refusal.ts';
import { notWritable } from './start/writable.ts';
import './closed-pipe.ts';

const DEFAULT_FILE = fileURLToPath(new URL('../../infra/schema/autoscaler.schema.json', import.meta.url));
const DEFAULT_REFERENCE = fileURLToPath(new URL('../../docs/configuration.md', import.meta.url));

interface Options {
  readonly output: string;
  readonly reference: string;
  readonly stdout?: boolean;
  readonly markdown?: boolean;
  readonly check?: boolean;
}

await refusingArguments(new Command('npm run schema --'))
  .description(
    'Writes the JSON Schema of autoscaler.json, so that editors complete and check it, and the configuration ' +
      'reference in docs/configuration.md, between its markers.',
  )
  .option('--output <file>', 'where the JSON Schema goes', DEFAULT_FILE)
  .option('--reference <file>', 'document with the markers of the reference', DEFAULT_REFERENCE)
  .option('--stdout', 'print the JSON Schema instead')
  .option('--markdown', 'print the reference instead')
  .option('--check', 'write nothing; exit 1 if a file is not up to date')
  .action(main)
  .parseAsync();

async function main({ output, reference, stdout, markdown, check }: Options): Promise<void> {
  const schema = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  const tables = await configReference();
  if (stdout === true || markdown === true) {
    process.stdout.write(markdown === true ? `${tables}\n` : schema);
    return;
  }
  const keep = check === true ? compare : write;
  keep(output, () => schema);
  keep(reference, (document) => withReference(document, tables));
}

/** What the file would have to say; undefined, and the exit code set, where there is no telling. */
function attempt(
  file: string,
  change: (before: string) => string,
): { before: string; after: string } | undefined {
  const before = readIfThere(file);
  try {
    return { before, after: change(before) };
  } catch (error) {
    complain(`${file} ${messageOf(error)}`);
    return undefined;
  }
}

function compare(file: string, change: (before: string) => string): void {
  const attempted = attempt(file, change);
  if (attempted !== undefined && attempted.before !== attempted.after)
    complain(`${file} is not up to date: run npm run schema`);
}

function write(file: string, change: (before: string) => string): void {
  const attempted = attempt(file, change);
  if (attempted === undefined) return;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, attempted.after);
  } catch (error) {
    complain(notWritable(file, error, 'name another with --output or --reference').message);
    return;
  }
  console.log(`wrote ${path.relative('.', file)}`);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function complain(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
