/** Asks the watch on a scratch host, whose clock runs by itself, and the model of it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inBase64 } from '../../../lambdas/hydra/documents.ts';
import { foundIn, soughtIn } from '../../../local/world/watch-look.ts';
import type { ScratchHost } from '../../fakes/scratch-host.ts';
import { FIXTURES, RustHost } from './rust-host.ts';

export const cpp = (name: string): string =>
  readFileSync(join(FIXTURES, 'hydra-status', `${name}.json`), 'utf8');

interface Question {
  readonly watched: readonly string[];
  readonly runner?: 'cpp' | 'rust';
  readonly since?: number;
  readonly turn?: number;
  readonly seconds?: number;
  readonly delay?: number;
  readonly restUrl?: string;
}

export const NOTHING = 'nothing has happened';

/** Waits on `host` for ten seconds of its own clock at most; nobody sleeps there. What it says, or why it ended. */
export async function watch(host: ScratchHost, question: Question): Promise<string> {
  const { watched, runner = 'cpp', since = 0, turn = 1, seconds = 10, delay = 0, restUrl } = question;
  const { exitCode, stdout, stderr } = await host.run(
    'watch',
    {
      ...{ runner, watched: inBase64(watched.map((line) => `${line}\n`).join('')) },
      ...{ since: String(since), turn: String(turn), seconds: String(seconds), delay: String(delay) },
    },
    restUrl === undefined ? {} : { restUrl },
  );
  if (exitCode !== 0) return stderr.trim().replace('hydra-autoscaler: ', '');
  return /^hydra-autoscaler 1 watch\n(?<said>.+)\n$/.exec(stdout)?.groups?.['said'] ?? `?${stdout}`;
}

/** A clock that is three seconds further each time it is read, and a sleep that takes none and notes how long it was to. */
export function hurry(host: ScratchHost): void {
  host.tools(...(host instanceof RustHost ? [] : ['awk']));
  host.file('now', '1763600000');
  const now = host.path('now');
  host.program('date', `read -r now <'${now}'; echo $((now + 3)) >'${now}'; echo "$now"`);
  host.program('sleep', `echo "$1" >>'${host.path('slept')}'`);
}

export const says = (host: ScratchHost, status: string): void => {
  host.file('status.json', status);
  host.program('hydra-queue-runner', `cat '${host.path('status.json')}'`);
};

/** What the model of the watch says of a status. */
export const modelled = (status: string, { watched, runner = 'cpp', since = 0 }: Question): string =>
  foundIn(soughtIn(runner, since, watched.join('\n')), status) ?? NOTHING;

export const namesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(FIXTURES, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));

/** Asks after whatever is named in a status, each time another part of it. */
export function questionsFor(status: string): readonly (readonly string[])[] {
  const named = (pattern: RegExp): string[] => [...status.matchAll(pattern)].map(([, name = '']) => name);
  const kinds = named(/"([a-z0-9_]+-linux(?::[a-z0-9,-]+)?)":\{/g);
  const hosts = [
    ...named(/"(?:ssh:\/\/)?(?:[a-z-]+@)?([a-z0-9.-]+)(?:\?[^"]*)?":\{"/g),
    ...named(/"hostname":"([a-z0-9.-]+)"/g),
  ];
  const kindsWith = (most: string): readonly string[] => kinds.map((kind) => `kind ${kind} ${most}`);
  return [
    ['unsupported -', ...kindsWith('-'), ...hosts.map((host) => `quiet ${host}`)],
    ['unsupported 0', ...kindsWith('3')],
    ['unsupported -', ...kindsWith('-'), ...hosts.map((host) => `failed ${host}`)],
    ['unsupported 0', ...kindsWith('-')],
    [],
  ];
}

/** Of several machines or kinds either may be told first. */
export const verbOf = (said: string): string => said.replace(/^(more|quiet|failed) .*/, '$1');
