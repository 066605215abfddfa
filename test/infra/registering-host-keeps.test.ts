/** What a host whose queue runner builders register with keeps up to date: their token, and their version. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { startMachineAws, TOKEN_ARN } from './builder.ts';
import { evaluate, failedAssertions, infraFile, type Machine } from './nixos.ts';
import { ScratchRoot, type ScriptResult } from './scratch-root.ts';

let root: ScratchRoot;
beforeEach((context) => {
  root = new ScratchRoot();
  needs(context, 'nix-instantiate', 'curl');
});
afterEach(() => {
  root.remove();
});

const HYDRA =
  '{ services.hydra = { enable = true; hydraURL = "https://h"; notificationSender = "h@example.org"; }; }';
const TOKEN = `{ services.hydra-autoscaler.host.tokenSecret = "${TOKEN_ARN}"; }`;
const RUNNER = 'config.services.hydra.queueRunner';

const host = (configuration: string): Machine => ({
  modules: [infraFile('hydra-host/nixos-ec2.nix'), HYDRA, configuration],
  hydra: 'nixpkgs-registers',
});

describe('the token of builders on the host', () => {
  const FILES = 'var/lib/hydra-autoscaler/tokens';
  beforeEach(() => {
    root.program('chown');
    root.program('systemctl');
  });
  const unit = () =>
    evaluate(host(TOKEN), 'config.systemd.services.hydra-builder-tokens') as {
      readonly script: string;
      readonly environment: Readonly<Record<string, string>>;
    };
  async function look(token: string | undefined): Promise<ScriptResult> {
    const { script, environment } = unit();
    const aws = await startMachineAws(() => token && JSON.stringify({ SecretString: token }));
    try {
      return await root.run(script, { ...aws.environment, ...environment });
    } finally {
      await aws.stop();
    }
  }
  const tokens = (): readonly string[] =>
    ['current', 'previous'].map((name) => root.read(`${FILES}/${name}`).trim());
  const reloads = (): number => root.calls.filter((call) => call.includes('reload')).length;

  it('is read before the queue runner starts, and again every five minutes', () => {
    expect(unit()).toMatchObject({
      requiredBy: ['hydra-queue-runner.service'],
      before: ['hydra-queue-runner.service'],
      serviceConfig: { Type: 'oneshot', Restart: 'on-failure' },
    });
    expect(evaluate(host(TOKEN), 'config.systemd.timers.hydra-builder-tokens.timerConfig')).toEqual({
      OnUnitInactiveSec: 300,
    });
    expect(evaluate(host(TOKEN), `${RUNNER}.settings.tokenPaths`)).toEqual([
      '/var/lib/hydra-autoscaler/tokens/current',
      '/var/lib/hydra-autoscaler/tokens/previous',
    ]);
  });

  it('is good beside the one before it, as long as there is no third', async () => {
    expect(await look('one')).toMatchObject({ code: 0, stderr: '' });
    expect(tokens()).toEqual(['one', 'one']);
    expect(root.mode(`${FILES}/current`)).toBe('400');
    expect(root.calls).toContain(`chown hydra-queue-runner ${root.path}/${FILES}/current.new`);
    await look('two');
    expect(tokens()).toEqual(['two', 'one']);
    expect(await look('two')).toMatchObject({ code: 0, stdout: '' });
    expect(tokens()).toEqual(['two', 'one']);
    expect(reloads()).toBe(2);
    await look('three');
    expect(tokens()).toEqual(['three', 'two']);
  });

  it('stays where it cannot be read; where there is none the queue runner does not start', async () => {
    expect(await look(undefined)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(TOKEN_ARN) as string,
    });
    await look('one');
    for (const unreadable of [undefined, '', '{"token":"two"}'])
      expect(await look(unreadable)).toMatchObject({ code: 0 });
    expect(tokens()).toEqual(['one', 'one']);
  });
});

describe('the version of builders', () => {
  const SAYS = '{ services.hydra-autoscaler.host.builderParameter = "the-builder"; }';

  it('is that of the host’s own nixpkgs, for each system', () => {
    expect(evaluate(host(SAYS), 'config.services.hydra-autoscaler.host.builders')).toEqual({
      'x86_64-linux': '/nix/store/00000000000000000000000000000000-hydra-builder',
      'aarch64-linux': '/nix/store/11111111111111111111111111111111-hydra-builder-for-aarch64-linux',
    });
  });

  it('has to be named where nixpkgs has none', () => {
    const none = `{ imports = [ ${SAYS} ]; services.hydra-autoscaler.host.builders = { }; }`;
    expect(failedAssertions(host(none))).toEqual([
      expect.stringContaining('has no hydra-builder to name in the-builder'),
    ]);
    expect(failedAssertions(host(SAYS))).toEqual([]);
  });

  it('goes where builders look, once, and again every hour', async () => {
    const { script, environment } = evaluate(host(SAYS), 'config.systemd.services.hydra-builder-version') as {
      script: string;
      environment: Record<string, string>;
    };
    let held = 'not said yet';
    const aws = await startMachineAws((_target, body) => {
      const asked = JSON.parse(body) as { readonly Name: string; readonly Value?: string };
      if (asked.Name !== 'the-builder') return undefined;
      held = asked.Value ?? held;
      return JSON.stringify({ Parameter: { Value: held } });
    });
    try {
      for (const says of ['hydra-host: the hydra-builder of this host is in the-builder now\n', ''])
        expect(await root.run(script, { ...aws.environment, ...environment })).toEqual({
          code: 0,
          stdout: says,
          stderr: '',
        });
    } finally {
      await aws.stop();
    }
    expect(held).toMatch(/^aarch64-linux=\/nix\/store\/\S+ x86_64-linux=\/nix\/store\/\S+-hydra-builder$/);
    // An upgrade of the host is another queue runner, and takes other builders.
    expect(evaluate(host(SAYS), 'config.systemd.services.hydra-builder-version.wantedBy')).toEqual([
      'multi-user.target',
      'hydra-queue-runner.service',
    ]);
    expect(evaluate(host(SAYS), 'config.systemd.timers.hydra-builder-version.timerConfig')).toEqual({
      OnUnitInactiveSec: 3600,
    });
  });
});
