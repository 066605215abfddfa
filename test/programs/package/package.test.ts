/** The package as somebody installs it who has a CDK app: nothing of the clone is in reach of it. */
import { App, Stack } from 'aws-cdk-lib';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HydraAutoscaler } from '../../../infra/index.ts';
import { ROOT } from '../../docs/documents.ts';
import { configFile, example } from '../../infra/synth.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

let theirs = '';
let ours = '';
beforeAll(() => {
  theirs = mkdtempSync(join(tmpdir(), 'hydra-consumer-'));
  ours = join(theirs, 'node_modules/hydra-autoscaler');
  const program = join(ROOT, 'local/programs/package.ts');
  const args = [program, '--output', theirs];
  const [tarball = ''] = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
  mkdirSync(ours, { recursive: true });
  execFileSync('tar', ['xzf', tarball, '-C', ours, '--strip-components', '1']);
  for (const name of neededPackages()) link(name);
  cpSync(join(ROOT, 'test/fixtures/consumer/app.mjs'), join(theirs, 'app.mjs'));
});
afterAll(() => {
  rmSync(theirs, { recursive: true, force: true });
});

/** What npm would install with it. */
function neededPackages(): readonly string[] {
  const text = readFileSync(join(ours, 'package.json'), 'utf8');
  const { dependencies, peerDependencies } = JSON.parse(text) as Manifest;
  return [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
}

function link(name: string): void {
  mkdirSync(dirname(join(theirs, 'node_modules', name)), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), join(theirs, 'node_modules', name));
}

/** The machine's own Node, which need not be the one the clone brings. */
function plainNode(): string {
  const places = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((place) => !place.includes('node_modules'));
  return places.map((place) => join(place, 'node')).find((file) => existsSync(file)) ?? process.execPath;
}

const CONTEXT = (
  JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> }
).context;

/** The template of the app, and its assets by name. */
function synthesised(file: string): { template: unknown; assets: readonly string[] } {
  const out = join(theirs, 'cdk.out');
  execFileSync(plainNode(), ['app.mjs', file], {
    cwd: theirs,
    env: { PATH: '/nowhere', CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(CONTEXT) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return {
    template: JSON.parse(readFileSync(join(out, 'builds.template.json'), 'utf8')),
    assets: globSync('asset.*', { cwd: out }).toSorted(),
  };
}

describe('the package', () => {
  it('has the reference of the construct', () => {
    expect(readFileSync(join(ours, 'API.md'), 'utf8')).toContain('## HydraAutoscalerProps');
  });

  it('gives an app of somebody’s own the template that the clone gives', () => {
    const file = configFile(example());
    const app = new App({ context: CONTEXT });
    new HydraAutoscaler(new Stack(app, 'builds'), 'Farm', { farm: file });
    const assembly = app.synth();
    const { template, assets } = synthesised(file);
    expect(template).toEqual(assembly.getStackByName('builds').template);
    expect(assets).toEqual(globSync('asset.*', { cwd: assembly.directory }).toSorted());
    expect(assets).toHaveLength(1);
  });

  it('says what is wrong with a configuration, in our words', () => {
    const file = configFile({ ...example(), deploy: { hydraSurce: 'sg-1' } });
    expect(() => synthesised(file)).toThrow(/did you mean "hydraSource"/);
  });

  it('has types, which a strict app can rely on', () => {
    const program = ts.createProgram([join(theirs, 'app.mjs')], {
      allowJs: true,
      checkJs: true,
      strict: true,
      noEmit: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      typeRoots: [join(ROOT, 'node_modules/@types')],
      types: ['node'],
      skipDefaultLibCheck: true,
    });
    const ownFaults = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(theirs))
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    expect(ownFaults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual(
      [],
    );
    // Were the declarations not found, everything would be of any type, and nothing wrong with anything.
    const declared = program.getSourceFiles().map(({ fileName }) => fileName);
    expect(declared).toContain(join(ours, 'infra/hydra-autoscaler.d.ts'));
    expect(declared).toContain(join(ours, 'lambdas/core/config/deploy-schema.d.ts'));
  });

  it('has no TypeScript that would have to be stripped, and what its code reads', () => {
    const files = globSync('**/*', { cwd: ours });
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
    for (const file of [
      'infra/documents/observe.sh',
      'infra/hydra-host/host.nix',
      'infra/events/tick.json',
      'flake.nix',
    ])
      expect(files).toContain(file);
    expect(neededPackages().filter((name) => name.startsWith('@aws-sdk') || name === 'esbuild')).toEqual([]);
  });
});
