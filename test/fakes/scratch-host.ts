/** A host in a temporary directory: scripts find there the tools they are given, and nothing else. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { DocumentedFarm } from '../../infra/documents/constants.ts';
import { type DocumentContent, documentContent } from '../../infra/documents/documents.ts';
import type { DocumentKey } from '../../lambdas/hydra/documents.ts';
import { renderScript, runScript, type ScriptHost, type ScriptResult } from './ssm-agent.ts';

/** What even the barest host has: coreutils, findutils, gzip, grep and such. */
const BASIC_TOOLS =
  'base64 cat chmod cp cut date env find getent grep gzip head id ls mkdir mktemp mv od rm sha256sum sleep stat tail timeout tr true uname wc';

/** The real program behind a name, where this machine has it. */
export function realProgram(name: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path));
}

/** The shells scripts are tried in: /bin/sh, and bash where it is another. */
export const SHELLS: readonly string[] = ['/bin/sh', realProgram('bash')].filter(
  (shell) => shell !== undefined,
);

/** What a farm's documents are made for, where it is not the usual. */
export type FarmChanges = Partial<DocumentedFarm['host']> & {
  readonly tag?: string;
  readonly sshKeys?: readonly string[];
  readonly launchAhead?: boolean;
};

export class ScratchHost implements ScriptHost {
  readonly root = mkdtempSync(join(tmpdir(), 'scratch-host-'));
  readonly shell: string;
  readonly environment: Readonly<Record<string, string>>;

  constructor(options: { readonly shell?: string; readonly without?: readonly string[] } = {}) {
    this.shell = options.shell ?? '/bin/sh';
    // An empty PATH and no HOME or LOGNAME: scripts must help themselves.
    this.environment = { HYDRA_AUTOSCALER_ROOT: this.root, TMPDIR: this.path('tmp'), PATH: '' };
    for (const directory of ['tmp', 'usr/bin', 'proc/self', 'etc/ssh', 'var/lib/hydra/provisioner']) {
      mkdirSync(this.path(directory), { recursive: true });
    }
    const missing = options.without ?? [];
    this.tools(...BASIC_TOOLS.split(' ').filter((tool) => !missing.includes(tool)));
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** Makes real programs of this machine known to the host. */
  tools(...names: readonly string[]): void {
    for (const name of names) {
      const program = realProgram(name);
      if (program === undefined) throw new Error(`this machine has no ${name}`);
      symlinkSync(program, this.path(`usr/bin/${name}`));
    }
  }

  /** Gives the host a program, in place of the real one if there is one. */
  program(name: string, script: string): void {
    const file = this.path(`usr/bin/${name}`);
    rmSync(file, { force: true });
    this.file(`usr/bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  file(name: string, content: string | Uint8Array): string {
    const file = this.path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  exists(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** The farm this host is of, as its documents know it. */
  farm(changes: FarmChanges = {}): DocumentedFarm {
    const { tag = 'farm', sshKeys = [], launchAhead = false, ...host } = changes;
    return {
      tag,
      launchAhead,
      host: {
        runner: 'auto',
        statusCommand: ['hydra-queue-runner', '--status'],
        environment: {},
        machinesFile: this.path('var/lib/hydra/provisioner/machines'),
        restUrl: 'http://[::1]:8080',
        ...host,
      },
      machineTypes: [...sshKeys.map((sshKey) => ({ sshKey })), { targetWaitSeconds: 600 }],
    };
  }

  run(
    key: DocumentKey,
    parameters: Readonly<Record<string, string>> = {},
    farm: FarmChanges = {},
  ): Promise<ScriptResult> {
    return this.runContent(documentContent(key, this.farm(farm)), parameters);
  }

  runContent(content: DocumentContent, parameters: Readonly<Record<string, string>>): Promise<ScriptResult> {
    return runScript(renderScript(content, parameters), this);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
