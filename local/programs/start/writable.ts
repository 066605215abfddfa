/** Files that programs leave behind, looked after before the work that goes into them. */
import { closeSync, lstatSync, openSync, rmSync } from 'node:fs';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';

/**
 * Finds out whether a file can be written, by opening it: permissions alone do not tell. What is there stays as it is.
 * @param remedy what to do where it cannot.
 * @throws Error in one line.
 */
export function checkWritable(file: string, remedy: string): void {
  try {
    const isNew = lstatSync(file, { throwIfNoEntry: false }) === undefined;
    closeSync(openSync(file, 'a'));
    if (isNew) rmSync(file);
  } catch (error) {
    throw notWritable(file, error, remedy);
  }
}

/** Why a file could not be written, and what to do. */
export const notWritable = (file: string, error: unknown, remedy: string): Error =>
  new Error(`${file} cannot be written (${messageOf(error)}): ${remedy}`, { cause: error });
