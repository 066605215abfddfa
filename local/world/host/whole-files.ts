/** Files that scripts may read while the world writes them anew: they find the old one or the new one, and each whole. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Leaves this text in a file, and makes the directories it lacks. */
export function putFile(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const written = `${file}.new`;
  writeFileSync(written, text);
  renameSync(written, file);
}

/** Leaves a directory with these files, by name, and no others. */
export function putFiles(directory: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) putFile(path.join(directory, name), text);
  keepOnly(directory, files);
}

function keepOnly(directory: string, names: ReadonlyMap<string, unknown>): void {
  for (const name of readdirSync(directory))
    if (!names.has(name)) rmSync(path.join(directory, name), { recursive: true });
}

/** A process as /proc below `root` shows it. */
export interface Process {
  /** As the kernel has it: of at most 15 characters. */
  readonly name: string;
  readonly args: readonly string[];
  /** One `NAME=value` each. */
  readonly environ?: readonly string[];
}

/** Its command line comes last: by that it is found. */
export function putProcess(root: string, pid: string, { name, args, environ = [] }: Process): void {
  const directory = path.join(root, 'proc', pid);
  const listed = (words: readonly string[]): string => words.map((word) => `${word}\0`).join('');
  putFile(path.join(directory, 'comm'), `${name}\n`);
  putFile(path.join(directory, 'environ'), listed(environ));
  putFile(path.join(directory, 'cmdline'), listed(args));
}

/** Leaves /proc below `root` with these processes, by their ids, and no others. */
export function putProcesses(root: string, processes: ReadonlyMap<string, Process>): void {
  for (const [pid, process] of processes) putProcess(root, pid, process);
  keepOnly(path.join(root, 'proc'), processes);
}
