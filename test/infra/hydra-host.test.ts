import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchRoot } from './scratch-root.ts';

const INFRA = join(import.meta.dirname, '../../infra');
const snippets = readdirSync(INFRA, { recursive: true, encoding: 'utf8' });

describe('Nix we ship', () => {
  it.each(snippets.filter((file) => file.endsWith('.nix')))('%s parses', (file) => {
    execFileSync('nix-instantiate', ['--parse', join(INFRA, file)]);
  });

  it('imports only files that are there', () => {
    for (const file of snippets.filter((name) => name.endsWith('.nix'))) {
      const text = readFileSync(join(INFRA, file), 'utf8').replace(/^\s*#.*$/gm, '');
      for (const [path = ''] of text.matchAll(/\.\.?\/[A-Za-z0-9/.-]+\.(nix|sh)/g))
        expect(snippets).toContain(join(file, '..', path));
    }
  });
});

describe('Hydra on Debian', () => {
  const script = readFileSync(join(INFRA, 'hydra-host/debian.sh'), 'utf8');
  let root: ScratchRoot;
  beforeEach(() => {
    root = new ScratchRoot();
    for (const name of ['systemctl', 'dpkg', 'curl']) root.program(name);
    root.program('dpkg', '[ "$1" != --print-architecture ] || echo arm64');
  });
  afterEach(() => {
    root.remove();
  });
  const run = (region: string) => root.run(`set -- ${region}\n${script}`);

  it('passes shellcheck', () => {
    execFileSync('shellcheck', [join(INFRA, 'hydra-host/debian.sh')]);
  });

  it('reads the static machines and ours, has the SSM agent of its architecture, and restarts nothing', async () => {
    root.program('uname', 'echo aarch64');
    const { code, stdout } = await run('eu-central-1');
    expect(code).toBe(0);
    expect(root.read('etc/systemd/system/hydra-queue-runner.service.d/hydra-autoscaler.conf')).toContain(
      'NIX_REMOTE_SYSTEMS=/etc/nix/machines:/var/lib/hydra/provisioner/machines',
    );
    expect(root.mode('var/lib/hydra/provisioner')).toBe('755');
    expect(root.read('etc/nix/machines')).toMatch(/^localhost aarch64-linux,builtin /);
    expect(root.calls.find((call) => call.startsWith('curl'))).toContain(
      '/debian_arm64/amazon-ssm-agent.deb',
    );
    expect(root.calls.join('\n')).not.toContain('restart');
    expect(stdout).toContain('systemctl restart hydra-queue-runner.service');
  });

  it('leaves static machines as they are, and an agent that is there', async () => {
    root.write('etc/nix/machines', 'mine x86_64-linux - 1 1 - - -\n');
    root.program('amazon-ssm-agent');
    await run('eu-central-1');
    expect(root.read('etc/nix/machines')).toBe('mine x86_64-linux - 1 1 - - -\n');
    expect(root.calls.some((call) => call.startsWith('curl'))).toBe(false);
  });

  it('says how it is used', async () => {
    expect(await run('')).toMatchObject({ code: 2, stderr: expect.stringContaining('usage:') as string });
  });
});
