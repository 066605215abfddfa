import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nixosImage, render } from './builder.ts';
import { ScratchRoot } from './scratch-root.ts';

const CONSOLE = 'dev/console';

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
  nixosImage(root);
});
afterEach(() => {
  root.remove();
});

describe('the console, which is all EC2 shows of a machine that cannot be reached', () => {
  it('has every word of the setup, those of the programs it runs among them', async () => {
    root.write(CONSOLE, 'boot log\n');
    root.program('swapon', 'echo "swapon: not permitted" >&2; exit 1');
    expect((await root.run(render())).code).toBe(0);
    expect(root.read(CONSOLE).split('\n')).toEqual([
      'boot log',
      'swapon: not permitted',
      'hydra-builder: no swap: see the message above',
      'hydra-builder: ready',
      '',
    ]);
    expect(root.has('root/.ssh/authorized_keys')).toBe(true);
  });

  it('has the journal’s words, not instead of the journal', async () => {
    root.write(CONSOLE, '');
    expect((await root.run(render())).stdout).toBe('hydra-builder: ready\n');
  });

  it('says why a machine takes no builds, and the setup fails as it would without it', async () => {
    root.write(CONSOLE, '');
    root.program('mv', 'exit 1');
    expect((await root.run(render())).code).toBe(74);
    expect(root.read(CONSOLE)).toContain('hydra-builder: takes no builds: nix.conf could not be written\n');
  });

  it.each([
    ['is missing', () => undefined],
    ['cannot be written', () => root.write(`${CONSOLE}/not-a-file`, '')],
  ])('keeps no machine from becoming ready where it %s', async (_what, prepare) => {
    prepare();
    expect(await root.run(render())).toEqual({ code: 0, stdout: 'hydra-builder: ready\n', stderr: '' });
  });

  it('has the words of the dead-man switch, of images of one’s own as well', async () => {
    await root.run(render());
    expect(root.read('run/systemd/system/hydra-dead-man.service')).toContain(
      'StandardOutput=journal+console\n',
    );
    const module = readFileSync(join(import.meta.dirname, '../../infra/builders/builder.nix'), 'utf8');
    expect(module).toContain('StandardOutput = "journal+console";');
  });
});
