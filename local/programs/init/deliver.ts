/** Puts a configuration file in its place, once it is known to be one that can be deployed. */
import { constants, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { examineDeployment } from '../../../infra/read-deployment.ts';
import type { Checked } from '../check/report.ts';
import { notWritable } from '../start/writable.ts';

const SCHEMA = fileURLToPath(new URL('../../../infra/schema/autoscaler.schema.json', import.meta.url));

/** Where the JSON Schema is, as seen from the file: editors take it for relative to that. */
export function schemaFrom(file: string): string {
  const way = path
    .relative(path.dirname(path.resolve(file)), SCHEMA)
    .split(path.sep)
    .join('/');
  return way.startsWith('../') ? way : `./${way}`;
}

export interface Delivery {
  readonly file: string;
  readonly text: string;
  /** Whether a file that is there may be replaced. */
  readonly replace: boolean;
}

/**
 * Checks the text as `npm run check` would, and writes the file only where nothing is wrong with it: whole or not at all.
 * @throws Error in one line when it cannot be written, or is there and may not be replaced.
 */
export function deliver({ file, text, replace }: Delivery): Checked {
  const draft = `${file}.new-${process.pid}`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    const { found, ...said } = examineDeployment(draft);
    const isSound = said.problems.length === 0;
    if (isSound) place(draft, file, replace);
    return { file, isReadable: true, ...said, ...(isSound && { found }) };
  } catch (error) {
    throw isThere(error) ? alreadyThere(file) : notWritable(file, error, 'name another with --output');
  } finally {
    rmSync(draft, { force: true });
  }
}

/** What came to be there meanwhile is not replaced. */
function place(draft: string, file: string, replace: boolean): void {
  if (replace) renameSync(draft, file);
  else copyFileSync(draft, file, constants.COPYFILE_EXCL);
}

const isThere = (error: unknown): boolean =>
  error instanceof Error &&
  'syscall' in error &&
  error.syscall === 'copyfile' &&
  'code' in error &&
  error.code === 'EEXIST';

/** Somebody may have written it by hand. */
export const alreadyThere = (file: string): Error =>
  new Error(`${file} is there already: choose another --output, or --force to replace it`);
