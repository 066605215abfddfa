import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A process as /proc below `root` shows it. */
export function writeProcess(root: string, pid: string, name: string, args: readonly string[]): void {
  const directory = path.join(root, 'proc', pid);
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'comm'), `${name}\n`);
  writeFileSync(path.join(directory, 'cmdline'), `${args.join('\0')}\0`);
}
