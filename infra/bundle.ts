/**
 * Bundles a function with everything it needs into one file: `node infra/bundle.ts ENTRY DIRECTORY [CONFIG]`.
 *
 * The SDK's schema files name the keys of their objects by constants, `{ [_eQN]: … }`. A bundler may not drop such an
 * object, since computing a key could do anything, so all 700 operations of EC2 would come along. With the keys written
 * out only what is called stays: 0.7 instead of 1.2 MB, loaded in two thirds of the time
 * (measured: docs/develop/facts.md#the-bundle-without-computed-keys). NodejsFunction takes no esbuild plugins, hence
 * this file.
 */
import { build } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { copyFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLED_CONFIG, BUNDLED_FUNCTION } from './bundled-files.ts';

/** What the function's bundle may weigh, in bytes: every tick after a pause pays for loading it. */
export const BUNDLE_BUDGET_BYTES = 1_000_000;

export const BUNDLE_OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The SDK's ES modules: its CommonJS cannot be shaken at all.
  mainFields: ['module', 'main'],
  logLevel: 'error',
} satisfies BuildOptions;

/** Lambda has its credentials in the environment, which the SDK asks first: where else they could be is never imported. */
const ELSEWHERE = ['ini', 'login', 'process', 'sso', 'web-identity'];

export interface BundleProps {
  /** TypeScript file that exports `handler`. */
  readonly entry: string;
  /** Existing directory that receives index.mjs. */
  readonly directory: string;
  /**
   * Configuration to put beside it.
   * @default - none: the function reads none
   */
  readonly configFile?: string;
}

/** @throws Error when the entry does not build or the configuration cannot be copied. */
export async function bundle({ entry, directory, configFile }: BundleProps): Promise<void> {
  await build({
    ...BUNDLE_OPTIONS,
    entryPoints: [entry],
    outfile: join(directory, BUNDLED_FUNCTION),
    plugins: [shakableSchemas],
    external: ELSEWHERE.map((place) => `@aws-sdk/credential-provider-${place}`),
  });
  if (configFile !== undefined) copyFileSync(configFile, join(directory, BUNDLED_CONFIG));
}

const SCHEMA_FILE = /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

const shakableSchemas: Plugin = {
  name: 'shakable-schemas',
  setup({ onLoad }) {
    onLoad({ filter: SCHEMA_FILE }, async ({ path }) => ({
      contents: withLiteralKeys(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/** Writes out computed keys that are constants of the same file; whatever looks different stays as it is. */
export function withLiteralKeys(source: string): string {
  const constants = new Map(
    [...source.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name = '', literal = '']) => [
      name,
      literal,
    ]),
  );
  return source.replace(/([{,]\s*)\[(\w+)\]:/g, (whole, before: string, name: string) => {
    const literal = constants.get(name);
    return literal === undefined ? whole : `${before}${literal}:`;
  });
}

if (import.meta.main) {
  const [entry, directory, configFile] = process.argv.slice(2);
  if (entry === undefined || directory === undefined) {
    console.error('usage: node infra/bundle.ts ENTRY DIRECTORY [CONFIG]');
    process.exitCode = 2;
  } else {
    await bundle({ entry, directory, ...(configFile !== undefined && { configFile }) });
  }
}
