/** The configuration file: read, understood, or refused with everything that is wrong with it. */
import { readFileSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';
import type { Config } from '../core/config/config.ts';
import { parseConfig } from '../core/config/parse.ts';
import type { ConfigProblem } from '../core/config/parse.ts';

/** A configuration that cannot be used; the message lists every problem with its path and remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const lines = problems.map(
      ({ path, message }) => `  ${path === '' ? '(the whole file)' : path}: ${message}`,
    );
    super(
      [`${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:`, ...lines].join(
        '\n',
      ),
    );
    this.problems = problems;
  }
}

/** @throws ConfigError when the file cannot be read, is no JSON, or says something that cannot be. */
export function readConfigFile(file: string): Config {
  return checkConfig(file, parseJson(file, readText(file)));
}

/**
 * A configuration from JSON already parsed.
 * @param name what to call it in errors.
 * @throws ConfigError
 */
export function checkConfig(name: string, written: unknown): Config {
  const { config, problems } = parseConfig(written, suggest);
  if (config === undefined) throw new ConfigError(name, problems);
  return config;
}

/** The closest known word, if a slip of the fingers could lead from one to the other. */
function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(
    word.toLowerCase(),
    known.map((name) => name.toLowerCase()),
  );
  const isClose = distance(word.toLowerCase(), best) <= Math.max(2, Math.floor(word.length / 3));
  return isClose ? known.find((name) => name.toLowerCase() === best) : undefined;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError(file, [
      { path: '', message: `cannot be read (${message}); name an existing file` },
    ]);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError(file, [{ path: '', message: `is not JSON: ${message}` }]);
  }
}
