/** The configuration file: read, understood, or refused with everything that is wrong with it. */
import { readFileSync } from 'node:fs';
import { messageOf } from '../core/message-of.ts';
import type { Config } from '../core/config/config.ts';
import { parseConfig } from '../core/config/parse.ts';
import type { ConfigProblem } from '../core/config/parse.ts';
import { suggest } from './suggest.ts';

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
  return checkConfig(file, readWritten(file));
}

/** What the file says, as it is written. @throws ConfigError when it cannot be read or is no JSON. */
export const readWritten = (file: string): unknown => parseJson(file, readText(file));

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

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = messageOf(error);
    throw new ConfigError(file, [
      { path: '', message: `cannot be read (${message}); name an existing file` },
    ]);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = messageOf(error);
    throw new ConfigError(file, [{ path: '', message: `is not JSON: ${message}` }]);
  }
}
