/** A machine's file system in a temporary directory, with programs that note how they were called. */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ScriptResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class ScratchRoot {
  readonly path = mkdtempSync(join(tmpdir(), 'hydra-builder-'));
  readonly #bin = join(this.path, 'fake-bin');
  readonly #calls = join(this.path, 'fake-calls');

  constructor() {
    mkdirSync(this.#bin);
  }

  /** A program that notes its arguments, then runs `body`. */
  program(name: string, body = 'exit 0'): void {
    const file = join(this.#bin, name);
    writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>'${this.#calls}'\n${body}\n`);
    chmodSync(file, 0o755);
  }

  /** How programs were called so far, one call per line. */
  get calls(): string[] {
    return existsSync(this.#calls) ? readFileSync(this.#calls, 'utf8').trimEnd().split('\n') : [];
  }

  write(path: string, text: string, mode = 0o644): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  }

  read(path: string): string {
    return readFileSync(join(this.path, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.path, path));
  }

  /** Permissions, such as `600`. */
  mode(path: string): string {
    return (statSync(join(this.path, path)).mode & 0o777).toString(8);
  }

  /** Runs a script with this root for `/`. */
  run(
    script: string,
    environment: Readonly<Record<string, string>> = {},
    shell = '/bin/sh',
  ): Promise<ScriptResult> {
    return new Promise((resolve) => {
      const env = { PATH: `${this.#bin}:/usr/bin:/bin`, HYDRA_AUTOSCALER_ROOT: this.path, ...environment };
      const child = execFile(shell, ['-s'], { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
      child.stdin?.end(script);
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
