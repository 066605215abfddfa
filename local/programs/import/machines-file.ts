/** Where hydra-provisioner left its machines file, and what becomes of it here, where SSM writes the file on the host. */
import { goesIntoContainer } from './container.ts';
import type { Note } from './note.ts';

/** What an update command says of the file it writes. */
export type MachinesFile =
  | { readonly is: 'on-the-host'; readonly path: string }
  /** Its path inside is of no use on the host. */
  | { readonly is: 'in-a-container'; readonly path?: string }
  /** One that people or NixOS write, and hydra-provisioner wrote into. */
  | { readonly is: 'static'; readonly path: string }
  | { readonly is: 'unknown' };

const DEFAULT_FILE = '/var/lib/hydra/provisioner/machines';
const STATIC_FILES: ReadonlySet<string> = new Set(['/etc/nix/machines']);

/** @param written absent where hydra-provisioner wrote the file by itself. */
export function machinesFileOf(written: string | readonly string[]): MachinesFile {
  const text = typeof written === 'string' ? written : written.join(' ');
  const path = pathIn(text);
  if (goesIntoContainer(text)) return { is: 'in-a-container', ...(path !== undefined && { path }) };
  if (path === undefined) return { is: 'unknown' };
  return { is: STATIC_FILES.has(path) ? 'static' : 'on-the-host', path };
}

/** The file a command leaves its standard input in, if that can be told. */
function pathIn(text: string): string | undefined {
  const moved = [
    ...text.matchAll(/\b(?:mv|cp)\s+(?:-\S+\s+)*\S+\s+(?:[\w.-]+:)?(?<path>\/[A-Za-z0-9_.+/-]+)/g),
  ];
  const poured = [...text.matchAll(/(?:>|\btee)\s*(?:-\S+\s+)*(?<path>\/[A-Za-z0-9_.+/-]+)/g)];
  const paths = (moved.length > 0 ? moved : poured)
    .flatMap((match) => match.groups?.['path'] ?? [])
    .filter((path) => !path.startsWith('/dev/'));
  const [only, ...others] = new Set(paths);
  return others.length === 0 ? only : undefined;
}

/** What is written, and what is said of it. @param named the file people say it is. */
export function machinesFileSetting(
  file: MachinesFile | undefined,
  named: string | undefined,
): { readonly setting: { readonly machinesFile?: string }; readonly notes: readonly Note[] } {
  const path = named ?? (file?.is === 'on-the-host' ? file.path : undefined);
  return {
    setting: path === undefined ? {} : { machinesFile: path },
    notes: [
      ...(file === undefined ? [] : [{ path: 'updateCommand', message: fateOf(file, named) }]),
      ...(path === undefined && (file?.is === 'static' || file?.is === 'in-a-container')
        ? []
        : [{ path: 'host.machinesFile', message: leftovers(path ?? DEFAULT_FILE) }]),
    ],
  };
}

function fateOf(file: MachinesFile, named: string | undefined): string {
  const falls = 'falls away: the file is written over SSM';
  if (named !== undefined) return `${falls}; host.machinesFile became ${named}`;
  switch (file.is) {
    case 'on-the-host':
      return `${falls}; host.machinesFile became ${file.path}`;
    case 'in-a-container':
      return (
        `${falls}, on the host and not inside the container. ${file.path ?? 'What it names'} is a path inside: give that of the same ` +
        'file on the host, as `docker inspect` shows it under Mounts, with --machines-file, or as host.machinesFile'
      );
    case 'static':
      return (
        `${falls}. ${file.path} is the host’s static file, which is others’ to write and never overwritten: ours is ${DEFAULT_FILE} ` +
        'instead. List both in the queue runner’s NIX_REMOTE_SYSTEMS, and take hydra-provisioner’s lines out of the static one'
      );
    case 'unknown':
      return `which file it writes cannot be told: set host.machinesFile if it is not ${DEFAULT_FILE}`;
  }
}

const leftovers = (path: string): string =>
  `a file of hydra-provisioner’s at ${path} is never overwritten, since it is not ours: once that program is switched off, ` +
  `move it away with \`mv ${path} ${path}.old\``;
