/** Everything that is in the package, as a directory: compiled, with functions bundled, scripts, documents and API.md beside. */
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../../infra/bundle.ts';
import { PREBUILT_FUNCTIONS } from '../../../infra/bundled-code.ts';
import type { FunctionName } from '../../../infra/bundled-code.ts';
import { apiReference } from './api.ts';
import { compile } from './compile.ts';
import { packageManifest, readManifest } from './manifest.ts';

const FUNCTIONS: readonly FunctionName[] = ['reconcile', 'find-image'];

/** Bundling is done; esbuild is nothing the package needs. */
const LEFT_OUT = ['infra/bundle.js', 'infra/bundle.d.ts'];

/** Files of the project that the package has as they are. */
const AS_THEY_ARE = ['README.md', 'CHANGELOG.md', 'LICENSE', 'flake.nix'];

/**
 * @param root the project.
 * @param directory where the package goes; it must not exist.
 * @throws Error when something does not compile or bundle.
 */
export async function buildPackage(root: string, directory: string): Promise<void> {
  mkdirSync(directory);
  compile(root, 'infra/index.ts', directory);
  for (const file of LEFT_OUT) rmSync(join(directory, file), { force: true });
  for (const name of FUNCTIONS) {
    const place = join(directory, PREBUILT_FUNCTIONS, name);
    mkdirSync(place, { recursive: true });
    await bundle({ entry: join(root, 'lambdas', name, 'handler.ts'), directory: place });
  }
  const data = globSync('infra/**/*', { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
  for (const file of [...AS_THEY_ARE, ...data]) cpSync(join(root, file), join(directory, file));
  writeFileSync(join(directory, 'API.md'), await apiReference(root));
  const manifest = packageManifest(readManifest(root), directory);
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
