import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CACHIX, everything, nixosImage, render, startMachineAws } from './builder.ts';
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

describe('uploading', () => {
  it('reads the secret when the machine boots, and a failure never fails a build', async () => {
    const aws = await startMachineAws((target, body) =>
      target === 'AmazonSSM.GetParameter' && body.includes('parameter/token')
        ? '{"Parameter":{"Value":"tok/en+="}}'
        : undefined,
    );
    try {
      // Nix fetches from wherever nix.conf says at that time.
      root.program('nix-store', `cp '${root.path}/etc/nix/nix.conf' '${root.path}/nix.conf-of-fetch'`);
      const { code, stderr } = await root.run(render(everything), aws.environment);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(root.read('run/hydra-autoscaler/secret').trim()).toBe('tok/en+=');
      expect(root.mode('run/hydra-autoscaler/secret')).toBe('600');
      expect(render(everything)).not.toContain('tok/en');
      expect(root.read('etc/nix/nix.conf')).toContain('post-build-hook = /run/hydra-autoscaler/upload\n');
      expect(root.calls).toContain(
        `nix-store --realise ${CACHIX} --add-root ${root.path}/run/hydra-autoscaler/cachix`,
      );
      expect(root.read('nix.conf-of-fetch')).toContain('substituters = https://nix-cache.s3.amazonaws.com ');
      const hook = await root.run(root.read('run/hydra-autoscaler/upload'), {
        OUT_PATHS: '/nix/store/a /nix/store/b',
      });
      expect(hook.code).toBe(0);
      expect(hook.stderr).toContain('could not upload /nix/store/a /nix/store/b');
    } finally {
      await aws.stop();
    }
  });

  it('copies to S3 with the signing key, which is named after the address’s own settings', async () => {
    const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';
    const aws = await startMachineAws((target) =>
      target === 'secretsmanager.GetSecretValue'
        ? String.raw`{"Name":"key","SecretString":"cache-1:c2VjcmV0\n"}`
        : undefined,
    );
    try {
      await root.run(render({ upload: { to: 's3://cache?region=eu-west-1', secret } }), aws.environment);
      expect(root.read('run/hydra-autoscaler/secret').trim()).toBe('cache-1:c2VjcmV0');
      root.program('nix');
      await root.run(root.read('run/hydra-autoscaler/upload'), { OUT_PATHS: '/nix/store/a' });
      expect(root.calls.at(-1)).toBe(
        `nix --extra-experimental-features nix-command copy --to s3://cache?region=eu-west-1&secret-key=${root.path}/run/hydra-autoscaler/secret /nix/store/a`,
      );
    } finally {
      await aws.stop();
    }
  });

  it('goes to Cachix with a token, with the key of a cache that has one of its own, or with both', async () => {
    const [token, signingKey] = ['token', 'key'].map(
      (name) => `arn:aws:ssm:eu-central-1:123456789012:parameter/${name}`,
    );
    const aws = await startMachineAws((_target, body) =>
      JSON.stringify({ Parameter: { Value: body.includes('parameter/key') ? 'own+key=' : 'tok/en' } }),
    );
    const pushed = async (secrets: Record<string, string | undefined>): Promise<string> => {
      const upload = { to: 'cachix:mine', program: CACHIX, ...secrets } as Record<string, string>;
      expect((await root.run(render({ upload }), aws.environment)).stderr).toBe('');
      root.write(
        'run/hydra-autoscaler/cachix/bin/cachix',
        '#!/bin/sh\necho "$*: ${CACHIX_AUTH_TOKEN-no token}, ${CACHIX_SIGNING_KEY-no key}"\n',
        0o755,
      );
      const hook = await root.run(root.read('run/hydra-autoscaler/upload'), { OUT_PATHS: '/nix/store/a' });
      return hook.stdout.trim();
    };
    try {
      expect(await pushed({ secret: token })).toBe('push mine /nix/store/a: tok/en, no key');
      expect(await pushed({ signingKey })).toBe('push mine /nix/store/a: no token, own+key=');
      expect(await pushed({ secret: token, signingKey })).toBe('push mine /nix/store/a: tok/en, own+key=');
      expect(root.mode('run/hydra-autoscaler/signing-key')).toMatch(/00$/);
    } finally {
      await aws.stop();
    }
  });

  it('is left out where the secret cannot be read', async () => {
    const aws = await startMachineAws(() => undefined);
    try {
      const { code, stderr } = await root.run(render(everything), aws.environment);
      expect(code).toBe(0);
      expect(stderr).toMatch(/no AmazonSSM\.GetParameter: .*error: 400/);
      expect(stderr).toContain(
        'outputs are not uploaded: arn:aws:ssm:eu-central-1:123456789012:parameter/token could',
      );
      expect(root.read('etc/nix/nix.conf')).not.toContain('post-build-hook');
    } finally {
      await aws.stop();
    }
  });

  it('is left out where the secret holds keys and values, as the console of Secrets Manager makes it', async () => {
    const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';
    const aws = await startMachineAws(
      () => String.raw`{"Name":"key","SecretString":"{\"token\":\"cache-1:c2VjcmV0\"}"}`,
    );
    try {
      const upload = { to: 's3://cache?region=eu-west-1', secret };
      const { code, stderr } = await root.run(render({ upload }), aws.environment);
      expect(code).toBe(0);
      expect(stderr).toContain(
        `outputs are not uploaded: ${secret} holds keys and values; make it plain text`,
      );
      expect(root.read('etc/nix/nix.conf')).not.toContain('post-build-hook');
    } finally {
      await aws.stop();
    }
  });

  it('is left out where its program cannot be fetched, and says that and not something else', async () => {
    const aws = await startMachineAws(() => '{"Parameter":{"Value":"tok"}}');
    try {
      root.program('nix-store', '[ "$1" != --realise ]');
      const { code, stderr } = await root.run(render(everything), aws.environment);
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: `hydra-builder: outputs are not uploaded: ${CACHIX} could not be fetched from https://nix-cache.s3.amazonaws.com https://cache.nixos.org https://mine.cachix.org\n`,
      });
      expect(root.read('etc/nix/nix.conf')).not.toContain('post-build-hook');
      expect(root.has('root/.ssh/authorized_keys')).toBe(true);
    } finally {
      await aws.stop();
    }
  });
});
