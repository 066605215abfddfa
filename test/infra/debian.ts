/** A Debian host in a scratch root, with as much of systemd as debian.sh asks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { infraFile } from './nixos.ts';
import { ScratchRoot, type ScriptResult } from './scratch-root.ts';

export const UNIT = 'hydra-queue-runner.service';
export const MACHINES = '/var/lib/hydra/provisioner/machines';
export const LOCAL = '/etc/hydra-autoscaler/local-machine';
const SYSTEM = 'etc/systemd/system';

export class DebianHost extends ScratchRoot {
  #before = '';

  /** A host whose Nix has four slots. */
  constructor() {
    super();
    for (const name of ['dpkg', 'curl']) this.program(name);
    this.program('systemctl', readFileSync(join(import.meta.dirname, 'systemctl.sh'), 'utf8'));
    this.program('uname', 'echo x86_64');
    this.program('runuser', 'shift 3; exec "$@"');
    this.program('nix', "printf 'system = x86_64-linux\\nmax-jobs = 4\\nsystem-features = benchmark kvm\\n'");
    this.unit('User=root');
  }

  /** The unit of the queue runner, and drop-ins beside it. */
  unit(lines: string, dropIns: Readonly<Record<string, string>> = {}): void {
    this.write(`${SYSTEM}/${UNIT}`, `[Service]\n${lines}\n`);
    for (const [name, text] of Object.entries(dropIns))
      this.write(`${SYSTEM}/${UNIT}.d/${name}`, `[Service]\n${text}\n`);
  }

  /** A queue runner that runs, with this environment; below a wrapper where that has another. */
  process(environment: Readonly<Record<string, string>>, wrapper?: Readonly<Record<string, string>>): void {
    const has = (pid: number, variables: Readonly<Record<string, string>>): void => {
      this.write(`proc/${pid}/cmdline`, '/usr/local/bin/hydra-queue-runner\0-v\0');
      this.write(
        `proc/${pid}/environ`,
        Object.entries(variables)
          .map(([name, value]) => `${name}=${value}\0`)
          .join(''),
      );
    };
    this.write('main-pid', '7');
    has(7, wrapper ?? environment);
    this.write('proc/7/task/7/children', wrapper === undefined ? '' : '8 ');
    if (wrapper !== undefined) has(8, environment);
  }

  setUp(...words: readonly string[]): Promise<ScriptResult> {
    const given = words.length === 0 ? ['eu-central-1'] : words;
    const script = readFileSync(infraFile('hydra-host/debian.sh'), 'utf8');
    return this.run(`${this.#before}set -- ${given.join(' ')}\n${script}`);
  }

  /** Takes Nix away, wherever this machine has it. */
  withoutNix(): void {
    this.#before = 'command() { [ "$2" != nix ] && type "$2" >/dev/null 2>&1; }\n';
  }

  /** Files the queue runner is told of at its next start: files of variables have the last word. */
  async told(): Promise<readonly string[] | undefined> {
    const { stdout } = await this.run(`systemctl show ${UNIT}`);
    const files = [...stdout.matchAll(/^EnvironmentFiles=(\S+) /gm)].map(([, file = '']) => file);
    const words = (/^Environment=(.*)$/m.exec(stdout)?.[1] ?? '').split(' ');
    const lines = files.filter((file) => this.has(file)).flatMap((file) => this.read(file).split('\n'));
    const said = [...words, ...lines].findLast((word) => word.startsWith('NIX_REMOTE_SYSTEMS='));
    return said?.slice('NIX_REMOTE_SYSTEMS='.length).replaceAll('"', '').split(':');
  }
}
