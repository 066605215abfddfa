import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { AssetCode } from 'aws-cdk-lib/aws-lambda';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BUNDLER = fileURLToPath(new URL('bundle.ts', import.meta.url));
const SOURCES = fileURLToPath(new URL('../lambdas', import.meta.url));

/**
 * A function's code, bundled. Named by its content, so that a change of the configuration alone is deployed too.
 * @param entry TypeScript file that exports `handler`.
 * @param configFile configuration to put beside it, if it reads one.
 */
export function bundledCode(entry: string, configFile?: string): AssetCode {
  const given = configFile === undefined ? [entry] : [entry, configFile];
  return Code.fromAsset(SOURCES, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the local bundler either succeeds or throws.
      image: DockerImage.fromRegistry('none'),
      // Nor is this run, but the CDK takes two assets of one source for the same unless something here differs.
      command: given,
      local: {
        tryBundle(directory) {
          const [, ...rest] = given;
          execFileSync(process.execPath, [BUNDLER, entry, directory, ...rest], { stdio: ['ignore', 2, 2] });
          return true;
        },
      },
    },
  });
}
