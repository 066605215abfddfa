/** Reads a hydra-provisioner configuration: Nix where there is Nix, JSON everywhere. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Problem } from '../../../lambdas/core/model/index.ts';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { JsonTextError, readJsonText } from '../../../lambdas/config-file/json-text.ts';

/** The file cannot be read; the message says what to do. */
export class UnreadableConfError extends Error {
  override readonly name = 'UnreadableConfError';
}

/** Evaluation of a page of values takes well under a second. */
const TIMEOUT_MILLISECONDS = 60_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
/** A store that does not exist: nothing is written, and no `/nix` is needed. */
const WITHOUT_STORE = ['--store', 'dummy://'];

/** @param program the evaluator. @throws UnreadableConfError */
export async function readConf(file: string, program = 'nix-instantiate'): Promise<unknown> {
  return path.extname(file) === '.json' ? parseJson(file, textOf(file)) : evaluate(file, program);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnreadableConfError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    const { reading, doubledKeys } = readJsonText(text);
    const [doubled] = doubledKeys;
    if (doubled === undefined) return reading.value;
    const { path: key, first, place } = doubled;
    throw new UnreadableConfError(
      `${file} has "${key}" twice, in lines ${first.line} and ${place.line}: keep one, so that it is clear which one counts`,
    );
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const { line, column } = error.place;
    throw new UnreadableConfError(`${file}:${line}:${column} ${error.message}`);
  }
}

async function evaluate(file: string, program: string): Promise<unknown> {
  textOf(file);
  const words = ['--eval', '--strict', '--json', ...WITHOUT_STORE, path.resolve(file)];
  const limits = { timeout: TIMEOUT_MILLISECONDS, maxBuffer: OUTPUT_BYTES_MAX };
  try {
    // The exit code decides: a failing evaluation leaves half of its JSON on standard output.
    const { stdout } = await promisify(execFile)(program, words, limits);
    return parseJson(`what ${program} made of ${file}`, stdout);
  } catch (error) {
    if (error instanceof UnreadableConfError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new UnreadableConfError(
        `${program} is not installed here. Where there is Nix, run\n` +
          `  nix-instantiate --eval --strict --json ${path.basename(file)} > conf.json\nand import conf.json`,
      );
    throw new UnreadableConfError(`${file} cannot be evaluated:\n${problemInWords(explained(error))}`);
  }
}

/** In Nix's words, with a remedy where they are known. */
function explained(error: unknown): Problem {
  const says = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : messageOf(error);
  if (/cannot convert a function to JSON/.test(says))
    return { says, remedy: 'call the function, or take it out: only values can be imported' };
  if (/was not found in the Nix search path/.test(says))
    return { says, remedy: 'set NIX_PATH, or replace what comes from nixpkgs by its value' };
  if (/getting status of '[^']*': No such file/.test(says))
    return { says, remedy: 'put the file there (an empty one will do), or write its path as a string' };
  return { says };
}
