/**
 * The files behind the scripts that really run: what the simulated Hydra host and builders look like from inside.
 * Everything lies below one temporary directory; nothing else on the machine is touched.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import type { FileStamp, MachinesFileSource } from '../queue-runner/machines-file.ts';
import type { World } from '../world.ts';
import { putEvaluations } from './evaluation-files.ts';
import { RustHostFiles } from './rust-host-files.ts';
import { putFile, putFiles, putProcess, putProcesses, type Process } from './whole-files.ts';

/** Programs the scripts find first: queue runner, ssh and clock of the simulated host. */
export const PROGRAMS = fileURLToPath(new URL('bin', import.meta.url));
/** Programs they find last, where this machine has none of that name. */
export const FALLBACKS = fileURLToPath(new URL('fallback', import.meta.url));

/** The public half of no key at all: what it is made of says so. */
const PUBLIC_KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.from('it opens nothing in a simulation'),
]).toString('base64')} hydra-queue-runner`;

export class HostFiles {
  readonly #root: string;
  readonly #rust: RustHostFiles;

  /** @param root an empty directory of our own. */
  constructor(root: string) {
    this.#root = root;
    this.#rust = new RustHostFiles(root);
    mkdirSync(path.join(this.#world, 'builders'), { recursive: true });
    mkdirSync(path.join(this.#home, '.ssh'), { recursive: true });
    writeFileSync(path.join(this.#home, '.ssh', 'id_ed25519'), 'the key of a simulation opens nothing\n');
    writeFileSync(path.join(this.#home, '.ssh', 'id_ed25519.pub'), `${PUBLIC_KEY}\n`);
  }

  get #world(): string {
    return path.join(this.#root, 'world');
  }

  /** Of the queue runner's user. */
  get #home(): string {
    return path.join(this.#root, 'hydra', 'queue-runner');
  }

  /** Our machines file on the simulated host. */
  get machinesFile(): string {
    return path.join(this.#root, 'hydra', 'machines');
  }

  /** The environment in which a script on `instanceId` sees the world. */
  environment(instanceId: string): Readonly<Record<string, string>> {
    return {
      HYDRA_WORLD: this.#world,
      HYDRA_NODE: process.execPath,
      HYDRA_AUTOSCALER_ROOT: path.join(this.#root, 'roots', instanceId),
    };
  }

  /** Writes down the world as it is now, for a script about to run on the Hydra host. */
  refreshHost(world: World): void {
    this.#write('now', `${Math.floor(world.timeline.now)}\n`);
    if (world.hydra.kind === 'rust') this.#rust.refreshHost(world);
    else this.#refreshCppHost(world);
    putEvaluations(world, this.#world, path.join(this.#root, 'roots', world.config.host.instanceId));
  }

  #refreshCppHost(world: World): void {
    const { exit, stdout, stderr } = world.cpp.runner.status();
    this.#write('status.exit', `${exit}\n`);
    this.#write('status.stdout', stdout);
    this.#write('status.stderr', stderr);
    this.#refreshRunner(world);
    const builders = new Map<string, string>();
    for (const { address } of world.region.instances.all) {
      const login = world.cpp.builders.loginAt(address);
      const hostKey = login && world.knock(address, login);
      if (login === undefined || hostKey === undefined) continue;
      builders.set(address, `${hostKey}\n${login.user} ${login.port}\n`);
    }
    putFiles(path.join(this.#world, 'builders'), builders);
  }

  /** The queue runner's process with its environment, while there is one. */
  #refreshRunner({ runner, config }: World): void {
    const root = path.join(this.#root, 'roots', config.host.instanceId);
    if (!runner.running) {
      rmSync(path.join(root, 'proc'), { recursive: true, force: true });
      return;
    }
    const settings = path.join(this.#root, 'hydra', 'hydra.conf');
    putFile(settings, '# as Hydra comes: max_unsupported_time is not set\n');
    putProcess(root, '100', {
      name: 'hydra-queue-run',
      args: ['/usr/bin/hydra-queue-runner', '-v'],
      environ: [`NIX_REMOTE_SYSTEMS=${this.machinesFile}`, `HYDRA_CONFIG=${settings}`, `HOME=${this.#home}`],
    });
  }

  /** Takes over what a script on a builder has changed there. */
  readBuilder(world: World, instanceId: string): void {
    if (world.hydra.kind === 'rust') this.#rust.readBuilder(world, instanceId);
  }

  /** Writes down one builder as it is now: its host key, and a process for every store connection it serves. */
  refreshBuilder(world: World, instanceId: string): void {
    if (world.hydra.kind === 'rust') this.#rust.refreshBuilder(world, instanceId);
    else this.#refreshCppBuilder(world, instanceId);
  }

  #refreshCppBuilder(world: World, instanceId: string): void {
    const root = path.join(this.#root, 'roots', instanceId);
    const instance = world.region.instances.find(instanceId);
    if (instance === undefined) return;
    putFile(path.join(root, 'etc', 'ssh', 'ssh_host_ed25519_key.pub'), `${instance.hostKey}\n`);
    const served = world.ledger.at(instance.address).map((_step, index): [string, Process] => {
      return [String(1000 + index), { name: 'nix-store', args: ['nix-store', '--serve', '--write'] }];
    });
    putProcesses(root, new Map([['self', { name: 'sh', args: ['sh'] }], ...served]));
  }

  #write(name: string, text: string): void {
    putFile(path.join(this.#world, name), text);
  }
}

/**
 * A machines file on disk, as the queue runner model polls it. The simulation runs many times faster than the disk's
 * clock, so a change is dated when it is found, in simulated seconds: two within one second of the disk are two.
 */
export class MachinesFileOnDisk implements MachinesFileSource {
  readonly #path: string;
  readonly #now: () => number;
  #found: { readonly inode: bigint; readonly mtimeNs: bigint; readonly stamp: FileStamp } | undefined;

  /** @param now the simulated time, in seconds since the epoch. */
  constructor(file: string, now: () => number) {
    this.#path = file;
    this.#now = now;
  }

  stat(): FileStamp | undefined {
    const file = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (file === undefined) return undefined;
    if (this.#found?.inode !== file.ino || this.#found.mtimeNs !== file.mtimeNs) {
      const stamp = { inode: Number(file.ino), mtime: Math.floor(this.#now()) };
      this.#found = { inode: file.ino, mtimeNs: file.mtimeNs, stamp };
    }
    return this.#found.stamp;
  }

  read(): string {
    return readFileSync(this.#path, 'utf8');
  }
}
