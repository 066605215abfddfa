/** The upload on the Hydra host, as Hydra's RunCommand plugin runs it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { ScratchRoot } from './scratch-root.ts';

const SCRIPT = readFileSync(join(import.meta.dirname, '../../infra/hydra-host/upload-outputs.sh'), 'utf8');
const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf';
const PARAMETER = 'arn:aws:ssm:eu-west-2:123456789012:parameter/token';
const BUILD = {
  event: 'buildFinished',
  buildStatus: 0,
  outputs: [
    { name: 'out', path: '/nix/store/a' },
    { name: 'doc', path: '/nix/store/b' },
  ],
};

let root: ScratchRoot;
beforeEach((context) => {
  needs(context, 'jq');
  root = new ScratchRoot();
  root.program('aws', 'case $* in *secretsmanager*) echo cache-1:key ;; *) echo tok/en ;; esac');
  root.program(
    'nix',
    `for to; do case $to in *secret-key=*) cat "\${to#*secret-key=}" >'${root.path}/key' ;; esac; done`,
  );
  root.program('cachix', `echo "\${CACHIX_AUTH_TOKEN-no token}, \${CACHIX_SIGNING_KEY-no key}"`);
});
afterEach(() => {
  root.remove();
});

const upload = (args: readonly string[], build: object = BUILD) => {
  root.write('build.json', JSON.stringify(build));
  const words = args.map((arg) => `'${arg}'`).join(' ');
  return root.run(`set -- ${words}\n${SCRIPT}`, { HYDRA_JSON: join(root.path, 'build.json') });
};

describe('the upload of one build on the Hydra host', () => {
  it('copies all its outputs to S3, signed with the secret of the builders, and leaves no key behind', async () => {
    expect(await upload(['s3://cache?region=eu-west-1', SECRET])).toMatchObject({ code: 0, stderr: '' });
    const [asked, copied = ''] = root.calls;
    expect(asked).toBe(
      `aws --region eu-west-1 secretsmanager get-secret-value --secret-id ${SECRET} --query SecretString --output text`,
    );
    expect(copied).toMatch(
      /^nix .* copy --to s3:\/\/cache\?region=eu-west-1&secret-key=\S+ \/nix\/store\/a \/nix\/store\/b$/,
    );
    expect(root.read('key')).toBe('cache-1:key\n');
    const file = /secret-key=(\S+)/.exec(copied)?.[1] ?? '';
    await new Promise((resolve) =>
      execFile('test', ['!', '-e', file], (error) => resolve(expect(error).toBeNull())),
    );
  });

  it('pushes to Cachix with a token, or with the key of the cache alone', async () => {
    expect(await upload(['cachix:mine', PARAMETER])).toMatchObject({ code: 0, stdout: 'tok/en, no key\n' });
    expect(root.calls).toContain('cachix push mine /nix/store/a /nix/store/b');
    expect(await upload(['cachix:mine', '-', SECRET])).toMatchObject({ stdout: 'no token, cache-1:key\n' });
  });

  it.each([
    ['failed', { buildStatus: 1 }],
    ['has only begun', { event: 'buildStarted', buildStatus: null }],
    ['has no outputs', { outputs: [] }],
  ])('does nothing for a build that %s', async (_what, changed) => {
    expect((await upload(['cachix:mine', PARAMETER], { ...BUILD, ...changed })).code).toBe(0);
    expect(root.calls).toEqual([]);
  });

  it('fails where the secret cannot be read, and pushes nothing', async () => {
    root.program('aws', 'exit 254');
    expect((await upload(['cachix:mine', PARAMETER])).code).not.toBe(0);
    expect((await upload(['s3://cache?region=eu-west-1', SECRET])).code).not.toBe(0);
    expect(root.calls.filter((call) => !call.startsWith('aws'))).toEqual([]);
  });

  it.each([[[]], [['s3://cache']], [['ftp://cache', SECRET]]])('says what it needs: %j', async (args) => {
    expect(await upload(args)).toMatchObject({ code: 2, stdout: '' });
  });
});
