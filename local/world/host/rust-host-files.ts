/** What a host with the Rust queue runner, and the builders that dial in to it, look like from inside. */
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { drvNameOf, drvTextOf } from '../rust-runner/derivations.ts';
import type { World } from '../world.ts';
import { putFile, putProcess } from './whole-files.ts';

/** As large as the file system that closes a builder. */
const GATE_BYTES = 65_536;

export class RustHostFiles {
  readonly #root: string;
  /** Whether each builder was closed when its files were last written or read; undefined where none answers. */
  readonly #gates = new Map<string, boolean | undefined>();

  /** @param root of all simulated hosts. */
  constructor(root: string) {
    this.#root = root;
  }

  #rootOf(instanceId: string): string {
    return path.join(this.#root, 'roots', instanceId);
  }

  /** The queue runner's process, its database, and the derivations of all that is queued. */
  refreshHost(world: World): void {
    const { runner } = world.rust;
    const root = this.#rootOf(world.config.host.instanceId);
    if (runner.running)
      putProcess(root, '100', {
        name: 'hydra-queue-run',
        args: ['/usr/bin/hydra-queue-runner', '--grpc-bind', '[::]:50051'],
        environ: ['HYDRA_DATABASE_URL=postgres://hydra@/hydra'],
      });
    else rmSync(path.join(root, 'proc'), { recursive: true, force: true });
    this.#writeDatabase(world);
    this.#writeSettings(root);
    writeUnit(root, 'hydra-queue-runner-rest.socket', ['LoadState=loaded']);
    const store = path.join(root, 'nix', 'store');
    mkdirSync(store, { recursive: true });
    for (const build of runner.unfinishedBuilds) {
      const file = path.join(store, drvNameOf(build));
      if (!existsSync(file)) putFile(file, drvTextOf(build, build.id % 2 === 0));
    }
  }

  /** As the handbook asks for them. */
  #writeSettings(root: string): void {
    const files = {
      'etc/hydra/queue-runner.toml': SETTINGS,
      'run/keys/hydra': 'the token of a simulation lets nobody in\n',
      'proc/sys/net/ipv4/tcp_retries2': '8\n',
    };
    for (const [name, text] of Object.entries(files)) {
      putFile(path.join(root, name), text);
    }
  }

  #writeDatabase(world: World): void {
    const { busy, spoilt, unfinished } = world.rust.runner.answers();
    const file = path.join(this.#root, 'world', 'database');
    if (busy === undefined || spoilt === undefined || unfinished === undefined) {
      rmSync(file, { force: true });
      return;
    }
    const word = (name: string): string => Buffer.from(name).toString('base64');
    const rows = [...busy].map(([name, steps]) => `busy ${word(name)} ${steps}`);
    const bad = [...spoilt].map(([name, { steps, lastAt }]) => `spoilt ${word(name)} ${steps} ${lastAt}`);
    putFile(file, [`unfinished ${unfinished}`, ...rows, ...bad, ''].join('\n'));
  }

  /** Its gate, its unit and what that said last. */
  refreshBuilder(world: World, instanceId: string): void {
    const root = this.#rootOf(instanceId);
    this.readBuilder(world, instanceId);
    const isClosed = world.rust.machines.isClosed(instanceId);
    this.#gates.set(instanceId, isClosed);
    if (isClosed === undefined) {
      rmSync(root, { recursive: true, force: true });
      return;
    }
    const gate = this.#gateOf(instanceId);
    mkdirSync(path.dirname(gate), { recursive: true });
    if (!isClosed) rmSync(gate, { force: true });
    else if (!isFull(gate)) putFile(gate, '\0'.repeat(GATE_BYTES));
    const { activeState, exitStatus, journal } = world.rust.machines.unit(instanceId) ?? STOPPED;
    const told = [`ActiveState=${activeState}`, `ExecMainStatus=${exitStatus}`];
    writeUnit(root, 'hydra-builder.service', told);
    putFile(path.join(root, 'journal'), `${journal.join('\n')}\n`);
  }

  /** A script may have filled or emptied its gate since we left it. */
  readBuilder(world: World, instanceId: string): void {
    const wasClosed = this.#gates.get(instanceId);
    const isClosed = isFull(this.#gateOf(instanceId));
    if (wasClosed === undefined || isClosed === wasClosed) return;
    this.#gates.set(instanceId, isClosed);
    if (isClosed) world.rust.machines.close(instanceId);
    else world.rust.machines.open(instanceId);
  }

  #gateOf(instanceId: string): string {
    return path.join(this.#rootOf(instanceId), 'run', 'hydra-drain', 'full');
  }
}

const SETTINGS = `maxUnsupportedTimeInS = 86400
dispatchTriggerTimerInS = 5
tokenPaths = ["/run/keys/hydra"]
`;

const isFull = (gate: string): boolean =>
  (statSync(gate, { throwIfNoEntry: false })?.size ?? 0) >= GATE_BYTES;

const STOPPED = { activeState: 'inactive', exitStatus: 0, journal: [] } as const;

/** What systemd says of a unit there. */
function writeUnit(root: string, unit: string, properties: readonly string[]): void {
  putFile(path.join(root, 'units', unit), `${properties.join('\n')}\n`);
}
