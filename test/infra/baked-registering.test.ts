/** An image of one's own whose machines register with the Rust queue runner. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { FARM, INSTANCE, startMachineAws, TOKEN_ARN } from './builder.ts';
import { evaluate, failedAssertions, infraFile, type Machine } from './nixos.ts';
import { ScratchRoot, type ScriptResult } from './scratch-root.ts';

let root: ScratchRoot;
beforeEach((context) => {
  root = new ScratchRoot();
  needs(context, 'nix-instantiate', 'curl');
  // What tells nixpkgs from 26.11 on from the one before.
  const theirs = join(root.path, 'modules/services/continuous-integration/hydra/builder.nix');
  mkdirSync(join(theirs, '..'), { recursive: true });
  writeFileSync(theirs, `import ${join(import.meta.dirname, 'nix/hydra-builder.nix')}`);
});
afterEach(() => {
  root.remove();
});

const KEY = 'queueRunnerKey = "ssh-ed25519 AAAA q";';
const RUST = `queueRunnerAddr = "http://10.0.0.5:50051"; queueRunnerToken = "${TOKEN_ARN}"; maxJobs = 3; systems = [ "i686-linux" ];`;

/** An image of NixOS 26.11. @param options of our builder. @param configuration whatever else it says. */
const image = (options: string, ...configuration: readonly string[]): Machine => ({
  modules: [
    infraFile('builders/builder.nix'),
    join(root.path, 'modules/services/continuous-integration/hydra/builder.nix'),
    `{ services.hydra-autoscaler.builder = { enable = true; stateTable = "t"; farm = "${FARM}"; ${options} }; }`,
    ...configuration,
  ],
  hydra: 'none',
  modulesPath: join(root.path, 'modules'),
  storeRoot: root.path,
});

describe('an image of NixOS 26.11', () => {
  it('may serve either queue runner, or one', () => {
    for (const options of [KEY, RUST, KEY + RUST]) expect(failedAssertions(image(options))).toEqual([]);
    expect(failedAssertions(image(''))).toEqual([expect.stringContaining('queueRunnerKey is needed, or')]);
  });

  it('registers as its type says, with features that Nix has', () => {
    const { service, unit, trusted } = evaluate(
      image(KEY + RUST),
      `{ service = config.services.hydra-builder; unit = config.systemd.services.hydra-builder;
         trusted = config.nix.settings.trusted-users; }`,
    ) as Record<string, unknown>;
    expect(service).toMatchObject({
      enable: true,
      queueRunnerAddr: 'http://10.0.0.5:50051',
      authorizationFile: '/run/hydra-builder/token',
      settings: {
        pingInterval: 5,
        maxJobs: 3,
        systems: ['i686-linux'],
        supportedFeatures: null,
        mandatoryFeatures: [],
        useSubstitutes: true,
      },
    });
    expect(unit).toMatchObject({
      // Only what finds out that it is needed starts it.
      wantedBy: [],
      environment: { NIX_CONFIG: 'build-dir = /run/hydra-drain' },
      serviceConfig: { RuntimeDirectoryMode: '0700', RuntimeDirectoryPreserve: 'restart' },
    });
    expect(trusted).toContain('hydra-builder');
  });

  it('does not start it where builds could have the role of the machine', () => {
    const hides = (options: string) =>
      evaluate(image(options), 'config.systemd.services.hydra-hide-role.requiredBy');
    expect(hides(RUST)).toEqual(['hydra-builder.service']);
    expect(hides(KEY)).toEqual([]);
  });

  it('needs no SSH where it only registers', () => {
    const closed = '{ services.openssh.settings.PermitRootLogin = "no"; }';
    expect(failedAssertions(image(RUST, closed))).toEqual([]);
    expect(failedAssertions(image(KEY + RUST, closed))).toHaveLength(1);
    expect(evaluate(image(RUST), '[ config.services.openssh.enable config.users.users ]')).toEqual([
      false,
      {},
    ]);
  });

  it('is refused without a token or certificate, and with features that Nix may lack', () => {
    const address = 'queueRunnerAddr = "https://h";';
    expect(failedAssertions(image(address))).toEqual([expect.stringContaining('queueRunnerToken is needed')]);
    const mtls = '{ services.hydra-builder.mtls.clientKeyPath = "/k"; }';
    expect(failedAssertions(image(address, mtls))).toEqual([]);
    const named = '{ services.hydra-builder.settings.supportedFeatures = [ "kvm" ]; }';
    expect(failedAssertions(image(RUST, named))).toEqual([expect.stringContaining('has to stay null')]);
  });

  it('is refused where its NixOS is older', () => {
    const { modules, ...machine } = image(KEY + RUST);
    const older: Machine = {
      ...machine,
      modules: modules.filter((module) => !module.endsWith('hydra/builder.nix')),
      modulesPath: '/modules',
    };
    expect(failedAssertions(older)).toEqual([expect.stringContaining('has no services.hydra-builder')]);
  });
});

describe('a machine of such an image', () => {
  beforeEach(() => {
    for (const name of ['mount', 'systemctl']) root.program(name);
    root.program('install', 'for file; do from=$to; to=$file; done; cp "$from" "$to"');
    root.write('proc/mounts', '');
    root.write('run/hydra-autoscaler/log', '');
  });

  /** Runs a script of the image, with its store below the scratch root. */
  async function run(text: string, runnerKind: string): Promise<ScriptResult> {
    const item = { at: { N: '1' }, runnerKind: { S: runnerKind } };
    const aws = await startMachineAws((target) =>
      target === 'secretsmanager.GetSecretValue'
        ? JSON.stringify({ SecretString: 'sesame' })
        : JSON.stringify({ Item: item }),
    );
    try {
      const moved = text.replace('\n. /nix/store/', `\n. ${root.path}/nix/store/`);
      return await root.run(moved.replace(/^\. \/nix/, `. ${root.path}/nix`), aws.environment);
    } finally {
      await aws.stop();
    }
  }
  const serve = (options: string, runnerKind: string): Promise<ScriptResult> =>
    run(evaluate(image(options), 'config.systemd.services.hydra-serve.script') as string, runnerKind);
  const isStarted = (): boolean => root.calls.includes('systemctl start --no-block hydra-builder.service');

  it('registers, closed, where that is the queue runner the farm has', async () => {
    expect(await serve(KEY + RUST, 'rust')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(isStarted()).toBe(true);
    expect(root.read('run/hydra-drain/full')).toHaveLength(65_536);
    expect(root.read('run/hydra-autoscaler/serves')).toBe('rust\n');
  });

  it('does not where it is the other, unless that is out of the question', async () => {
    await serve(KEY + RUST, 'cpp');
    expect([isStarted(), root.has('run/hydra-drain')]).toEqual([false, false]);
    await serve(RUST, 'cpp');
    expect(isStarted()).toBe(true);
  });

  it('takes nothing open for closed', async () => {
    root.program('mount', 'exit 1');
    expect(await serve(RUST, 'rust')).toMatchObject({
      code: 74,
      stderr: expect.stringContaining('takes no builds: its gauge could not be closed') as string,
    });
    expect(isStarted()).toBe(false);
  });

  it('has its own name and the token of now when hydra-builder starts', async () => {
    root.write('proc/sys/kernel/hostname', 'nixos\n');
    root.write('run/hydra-builder/nothing', '');
    const file = evaluate(image(RUST), 'config.systemd.services.hydra-builder.serviceConfig.ExecStartPre');
    const script = root.read(String(file).replace(/^\+/, '')).replace(/PATH=\S+:\$PATH\n/, '');
    expect(await run(script, 'rust')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(root.read('proc/sys/kernel/hostname')).toBe(`${INSTANCE}\n`);
    expect(root.read('run/hydra-builder/token').trim()).toBe('sesame');
  });

  it('lets the C++ queue runner in no more once it has registered', async () => {
    const [line = ''] = evaluate(
      image(KEY + RUST),
      'config.users.users.root.openssh.authorizedKeys.keys',
    ) as string[];
    const script = root
      .read(/command="([^"]+)"/.exec(line)?.[1] ?? '')
      .replaceAll(/\/nix\/store\/0{32}-(nix\/bin\/|iptables\/bin:)/g, '')
      .replace('/run/hydra-autoscaler', `${root.path}/run/hydra-autoscaler`);
    for (const name of ['iptables', 'ip6tables']) root.program(name);
    root.program('nix-store', 'echo served');
    expect(await root.run(script)).toMatchObject({ code: 0, stdout: 'served\n' });
    root.write('run/hydra-autoscaler/serves', 'rust\n');
    expect(await root.run(script)).toMatchObject({ code: 74, stdout: '' });
  });
});
