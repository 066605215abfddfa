/** A machine whose role a build could take lets no queue runner in, if the role may do anything. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nixosImage, render } from './builder.ts';
import { ScratchRoot } from './scratch-root.ts';
import type { Json } from './synth.ts';

const S3 = {
  to: 's3://cache?region=eu-central-1',
  secret: 'arn:aws:ssm:eu-central-1:123456789012:parameter/key',
};

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
  nixosImage(root);
});
afterEach(() => {
  root.remove();
});

describe('the role of a machine', () => {
  it('needs no rule where a build finds no role anyway, whatever iptables says', async () => {
    for (const name of ['iptables', 'ip6tables']) root.program(name, 'exit 1');
    const { code } = await root.run(render({ substituters: ['s3://mine?region=eu-central-1'] }));
    expect(code).toBe(0);
    const asked = root.calls.filter((call) => call.startsWith('setpriv'));
    expect(asked.map((call) => call.split(' ').at(-1))).toEqual([
      'http://169.254.169.254/',
      'http://[fd00:ec2::254]/',
    ]);
  });

  it.each<[string, string, Record<string, Json>, boolean, string]>([
    [
      'an answer',
      'exit 0',
      { substituters: ['s3://mine?region=eu-central-1'] },
      false,
      'read private caches',
    ],
    [
      'an answer by IPv6',
      'case $* in *::254*) exit 0 ;; esac; exit 7',
      { upload: S3 },
      false,
      'read the upload secret and write to the cache',
    ],
    ['no way to try', 'exit 127', {}, true, 'use keys of KMS'],
  ])(
    'stays unreachable where a build finds its role: %s',
    async (_what, body, settings, usesKmsKeys, may) => {
      root.write('dev/console', '');
      root.program('setpriv', body);
      expect((await root.run(render(settings, {}, undefined, usesKmsKeys))).code).toBe(74);
      expect(root.has('root/.ssh/authorized_keys')).toBe(false);
      expect(root.has('run/hydra-autoscaler/secret')).toBe(false);
      expect(root.read('dev/console')).toContain(
        `hydra-builder: takes no builds: they could have the role of this machine, which may ${may}\n`,
      );
    },
  );
});
