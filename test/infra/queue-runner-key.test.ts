import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nixosImage, QUEUE_RUNNER_KEY, render, startMachineAws } from './builder.ts';
import { needs } from '../needs.ts';
import { ScratchRoot } from './scratch-root.ts';

let root: ScratchRoot;
beforeEach((context) => {
  root = new ScratchRoot();
  needs(context, 'curl');
  nixosImage(root);
});
afterEach(() => {
  root.remove();
});

describe('a builder of a Hydra that comes with the stack', () => {
  const boot = async (key: string | undefined) => {
    const aws = await startMachineAws((target, body) =>
      target === 'AmazonSSM.GetParameter' && body === '{"Name":"the-key"}' && key !== undefined
        ? JSON.stringify({ Parameter: { Name: 'the-key', Type: 'String', Value: key } })
        : undefined,
    );
    try {
      return await root.run(render({}, {}, { key: { parameter: 'the-key' } }), aws.environment);
    } finally {
      await aws.stop();
    }
  };

  it('lets in the key the host has put into the parameter', async () => {
    expect(await boot(QUEUE_RUNNER_KEY)).toMatchObject({ code: 0, stderr: '' });
    expect(root.read('root/.ssh/authorized_keys')).toBe(
      `restrict,command="/run/current-system/sw/bin/nix-store --serve --write" ${QUEUE_RUNNER_KEY}\n`,
    );
  });

  it.each([undefined, 'not made yet', 'ssh-ed25519 AAAA; reboot', "ssh-ed25519 AAAA' x", 'ssh-rsa AAAA'])(
    'lets nobody in where that is %j',
    async (key) => {
      const { code, stderr } = await boot(key);
      expect(code).toBe(74);
      expect(stderr).toContain('the-key holds no key');
      expect(root.has('root/.ssh/authorized_keys')).toBe(false);
    },
  );
});
