import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { AssetCode } from 'aws-cdk-lib/aws-lambda';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLED_CONFIG, BUNDLED_FUNCTION } from './bundled-files.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const BUNDLER = here('bundle.ts');
const SOURCES = here('../lambdas');

/** Functions that the package brings bundled, one folder each; a clone has none and bundles what it has. */
export const PREBUILT_FUNCTIONS = 'functions';

/** A function of this project, by the name of its folder in lambdas/. */
export type FunctionName = 'reconcile' | 'find-image';

/**
 * A function's code, bundled. Named by its content, so that a change of the configuration alone is deployed too.
 * @param configuration text of the configuration to put beside it, if it reads one.
 */
export function bundledCode(name: FunctionName, configuration = ''): AssetCode {
  return Code.fromAsset(SOURCES, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the local bundler either succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      // Nor is this run, but the CDK takes two assets of one source for the same unless something here differs.
      command: [name, createHash('sha256').update(configuration).digest('hex')],
      local: {
        tryBundle(directory) {
          bundleInto(directory, name);
          if (configuration !== '') writeFileSync(join(directory, BUNDLED_CONFIG), configuration);
          return true;
        },
      },
    },
  });
}

/** @throws Error when it does not build. */
function bundleInto(directory: string, name: FunctionName): void {
  const prebuilt = here(`../${PREBUILT_FUNCTIONS}/${name}/${BUNDLED_FUNCTION}`);
  if (existsSync(prebuilt)) {
    copyFileSync(prebuilt, join(directory, BUNDLED_FUNCTION));
    return;
  }
  const entry = join(SOURCES, name, 'handler.ts');
  execFileSync(process.execPath, [BUNDLER, entry, directory], { stdio: ['ignore', 2, 2] });
}
