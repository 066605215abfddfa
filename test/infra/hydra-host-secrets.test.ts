import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMachineAws, type MachineAws } from './builder.ts';
import { needs } from '../needs.ts';
import { bootHost, evaluateHost, hostImage } from './host-nix.ts';
import { ScratchRoot } from './scratch-root.ts';

let root: ScratchRoot;
beforeEach(async (context) => {
  root = new ScratchRoot();
  needs(context, 'nix-instantiate', 'openssl', 'curl');
  hostImage(root);
  await bootHost(root);
});
afterEach(() => {
  root.remove();
});

describe('what the Hydra host makes itself', () => {
  beforeEach(() => {
    root.program('nix-store', 'printf "%s:secret" "$2" >"$3"; printf "%s:public" "$2" >"$4"');
    root.program('runuser', `cat >'${root.path}/stdin'`);
    for (const name of ['chown', 'chgrp']) root.program(name);
  });
  const run = (environment: Record<string, string> = {}) =>
    root.run(evaluateHost(root, 'systemd.services.hydra-host-secrets.script') as string, {
      CACHE_NAME: 'cache-bucket',
      WEB: '',
      ...environment,
    });

  it('is a signing key and an administrator, once', async () => {
    expect(await run()).toMatchObject({ code: 0, stdout: '' });
    const password = root.read('var/lib/hydra-host/admin-password').trim();
    expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
    expect(root.read('stdin')).toBe(`${password}\n${password}\n`);
    expect(root.calls.join('\n')).not.toContain(password);
    expect(root.calls.find((call) => call.startsWith('runuser'))).toBe(
      'runuser -u hydra -- hydra-create-user admin --full-name Administrator --role admin --password-prompt',
    );
    expect(root.read('var/lib/hydra-host/signing-key')).toBe('cache-bucket-1:secret');
    expect(root.mode('var/lib/hydra-host/signing-key')).toBe('600');
    expect(root.mode('var/lib/hydra-host/admin-password')).toBe('600');
    expect(root.mode('var/lib/hydra-host/signing-key.pub')).toBe('444');
    expect(await run()).toMatchObject({ code: 0 });
    expect(root.read('var/lib/hydra-host/admin-password').trim()).toBe(password);
  });

  it('is finished by the next try where Hydra was not ready', async () => {
    root.program('runuser', 'exit 1');
    expect((await run()).code).not.toBe(0);
    expect(root.has('var/lib/hydra-host/admin-password')).toBe(false);
    root.program('runuser', 'cat >/dev/null');
    expect((await run()).code).toBe(0);
    expect(root.has('var/lib/hydra-host/admin-password')).toBe(true);
  });

  it('is a certificate too, where others reach the pages', async () => {
    expect((await run({ WEB: '1' })).code).toBe(0);
    expect(root.read('var/lib/hydra-host/web.crt')).toContain('BEGIN CERTIFICATE');
    expect(root.mode('var/lib/hydra-host/web.key')).toBe('640');
  });
});

describe('the queue runner’s key', () => {
  const LINE = 'ssh-ed25519 AAAAC3Nz+/ hydra-queue-runner';
  /** What the parameter holds; undefined where AWS refuses. */
  let held: string | undefined;
  let aws: MachineAws;

  beforeEach(async () => {
    root.write('var/lib/hydra/queue-runner/.ssh/id_ed25519.pub', 'ssh-ed25519 AAAAC3Nz+/ root@ip-10-0-0-1\n');
    held = 'not made yet';
    aws = await startMachineAws((_target, body) => {
      const asked = JSON.parse(body) as { readonly Name: string; readonly Value?: string };
      if (held === undefined || asked.Name !== 'CFN-QueueRunnerKey-1') return undefined;
      held = asked.Value ?? held;
      return JSON.stringify({ Parameter: { Name: asked.Name, Type: 'String', Value: held } });
    });
  });
  afterEach(() => aws.stop());

  const publish = () =>
    root.run(evaluateHost(root, 'systemd.services.hydra-host-key.script') as string, {
      KEY_PARAMETER: 'CFN-QueueRunnerKey-1',
      ...aws.environment,
    });
  const written = () => aws.targets.filter((target) => target === 'AmazonSSM.PutParameter').length;

  it('goes where builders read it, once', async () => {
    expect(await publish()).toMatchObject({ code: 0, stderr: '' });
    expect(held).toBe(LINE);
    expect(await publish()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(written()).toBe(1);
  });

  it('goes there again when a deployment has put the parameter back', async () => {
    await publish();
    held = 'not made yet';
    expect((await publish()).code).toBe(0);
    expect(held).toBe(LINE);
  });

  it('is tried again where AWS could not be asked, and says why', async () => {
    held = undefined;
    const { code, stderr } = await publish();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/no AmazonSSM\.PutParameter: .*error: 400/);
    expect(evaluateHost(root, 'systemd.services.hydra-host-key.serviceConfig.Restart')).toBe('on-failure');
  });

  it('is looked after at every boot and every hour', () => {
    expect(evaluateHost(root, 'systemd.services.hydra-host-key.wantedBy')).toEqual(['multi-user.target']);
    expect(evaluateHost(root, 'systemd.services.hydra-host-key.serviceConfig')).not.toHaveProperty(
      'RemainAfterExit',
    );
    expect(evaluateHost(root, 'systemd.timers.hydra-host-key')).toMatchObject({
      wantedBy: ['timers.target'],
      timerConfig: { OnUnitInactiveSec: 3600 },
    });
  });
});
