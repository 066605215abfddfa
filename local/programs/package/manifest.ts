/** The package's package.json: from the project's, with what its code really imports. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Whoever uses the package has them already, and there may be only one of each in an app. */
const PEERS = ['aws-cdk-lib', 'constructs'];

/** Imported by `infra/index.js` or from there; what is in functions is bundled and needs nothing. */
export function importedPackages(directory: string): readonly string[] {
  const files = globSync('{infra,lambdas}/**/*.{js,d.ts}', { cwd: directory });
  const specifiers = files.flatMap((file) =>
    ts
      .preProcessFile(readFileSync(join(directory, file), 'utf8'))
      .importedFiles.map(({ fileName }) => fileName),
  );
  const names = specifiers
    .filter((specifier) => !/^(node:|\.)/.test(specifier))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return [...new Set(names)].toSorted();
}

/**
 * @param directory the package with its compiled code.
 * @throws Error where the code imports what the project does not list.
 */
export function packageManifest(project: Manifest, directory: string): object {
  const versions = importedPackages(directory).map((name) => {
    const version = project.dependencies[name];
    if (version === undefined) throw new Error(`${name} is imported but is none of the dependencies`);
    return [name, version] as const;
  });
  const { name, version, description, license, engines } = project;
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines,
    exports: {
      '.': { types: './infra/index.d.ts', default: './infra/index.js' },
      './schema.json': './infra/schema/autoscaler.schema.json',
      './package.json': './package.json',
    },
    types: './infra/index.d.ts',
    dependencies: Object.fromEntries(versions.filter(([name]) => !PEERS.includes(name))),
    peerDependencies: Object.fromEntries(versions.filter(([name]) => PEERS.includes(name))),
  };
}

export const readManifest = (root: string): Manifest =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
