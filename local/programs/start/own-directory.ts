/**
 * The temporary directory of a run. It goes with the process, however that ends; where it could not (SIGKILL, a power
 * cut), the next run finds it by its marker and removes it.
 */
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';

export interface OwnDirectory {
  readonly root: string;
  /** Doing so twice changes nothing. */
  readonly remove: () => void;
}

const PREFIX = 'hydra-autoscaler-';
/** What `mkdtemp` makes of it. */
const NAME = /^hydra-autoscaler-[A-Za-z0-9]{6}$/;
const MARKER = 'process.json';

/** The process that works in a directory. Its id means nothing on another host or in another container. */
const markerSchema = z.object({ pid: z.int().min(1), where: z.string() });

/** Makes a directory below `parent`, and removes those there whose process is gone. @throws Error with a remedy. */
export function makeOwnDirectory(parent: string): OwnDirectory {
  const root = makeBelow(parent);
  writeFileSync(path.join(root, MARKER), JSON.stringify({ pid: process.pid, where: here() }));
  sweep(parent);
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(root, { recursive: true, force: true });
  };
  process.once('exit', remove);
  return { root, remove };
}

function makeBelow(parent: string): string {
  try {
    return mkdtempSync(path.join(parent, PREFIX));
  } catch (error) {
    throw new Error(
      `no temporary directory can be made in ${parent} (${messageOf(error)}): set TMPDIR to a directory you may write to`,
      { cause: error },
    );
  }
}

/** Host and container, as far as that can be told. */
function here(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function sweep(parent: string): void {
  const names = readdirSync(parent).filter((name) => NAME.test(name));
  for (const directory of names.map((name) => path.join(parent, name))) {
    // What cannot be looked at or removed is left alone: tidying up is no reason not to run.
    try {
      if (isStale(directory)) rmSync(directory, { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

/** Ours, marked by a process that was here, and that process is gone. Anything in doubt is not stale. */
function isStale(directory: string): boolean {
  const marker = path.join(directory, MARKER);
  const [folder, file] = [lstatSync(directory), lstatSync(marker)];
  const isOurs = folder.uid === process.getuid?.() && file.uid === folder.uid;
  if (!isOurs || !folder.isDirectory() || !file.isFile()) return false;
  const { pid, where } = markerSchema.parse(JSON.parse(readFileSync(marker, 'utf8')));
  return where === here() && !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
