/** `npm run package`: the construct as a package that `npm install` takes, for CDK apps of your own. */
import { Command } from 'commander';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPackage } from './package/build.ts';
import { refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

await refusingArguments(new Command('npm run package --'))
  .description(
    'Compiles the construct, bundles its functions and packs both with their scripts and documents: a .tgz that\n' +
      '`npm install` takes in any CDK app, on Node 20.19 or newer. Prints where it is.',
  )
  .option('--output <directory>', 'where the .tgz goes', '.')
  .action(pack)
  .parseAsync();

async function pack({ output }: { readonly output: string }): Promise<void> {
  const work = mkdtempSync(path.join(tmpdir(), 'hydra-autoscaler-package-'));
  try {
    const directory = path.join(work, 'package');
    await buildPackage(ROOT, directory);
    const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', path.resolve(output)];
    const name = execFileSync('npm', args, { cwd: directory, encoding: 'utf8' }).trim();
    console.log(path.join(output, name));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
