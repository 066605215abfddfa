/** The machines files the queue runner reads, ours and those of other people: it takes them all or none. */
import type { Config } from '../../../core/config/config.ts';
import { about, bad, doubtful, good } from '../../../core/doctor/finding.ts';
import type { Finding, Said } from '../../../core/doctor/finding.ts';
import type { FileState, HostInspection, ReadFile } from './inspection.ts';

export function examineReadFiles(config: Config, found: HostInspection): readonly Finding[] {
  return [
    ...about('NIX_REMOTE_SYSTEMS', listed(config, found)),
    ...about('machines files', ...found.files.map((file) => unreadable(file, found))),
    ...about('static machines', statics(found)),
  ];
}

/**
 * Why the queue runner refuses all its files, ours too, and keeps the machines it had; undefined where nothing of that
 * kind is to be seen.
 */
export function refusalOf(found: HostInspection): string | undefined {
  const broken = found.files.find(({ state }) => state === 'unreadable' || state === 'directory');
  if (broken !== undefined) return `${broken.path} ${IN_WORDS[broken.state] ?? ''}`;
  return found.staticMachines.refused[0];
}

const ALL_OR_NONE = 'the queue runner then refuses all its files, ours too';

const IN_WORDS: Partial<Readonly<Record<FileState, string>>> = {
  unreadable: 'cannot be read',
  directory: 'is a directory',
  dangling: 'is a link to a file that is not there',
};

function listed({ host }: Config, { told, files, source }: HostInspection): Said {
  if (files.some(({ isOurs }) => isOurs)) return good(`it lists ${host.machinesFile}`);
  const when = source === 'process' ? ', and restart it when no build runs' : ', then start it';
  const others = files.length === 0 ? '' : ' beside the static file';
  const add = `add ${host.machinesFile}${others} (on NixOS services.hydra.buildMachinesFiles)`;
  // With a file named Hydra builds on no machine that is not listed.
  const itself = `; if the host shall go on building itself, list it (ssh://localhost) in a static file too`;
  switch (told) {
    case 'files':
      return bad(
        `it lists ${files.map(({ path }) => path).join(', ')}, and not ${host.machinesFile}: no machine of ours can be used`,
        `${add}${when}`,
      );
    case 'nothing':
      return bad(
        'it is set but empty, so the queue runner builds on its own host alone and reads no machines file',
        `${add}${itself}${when}`,
      );
    case 'unset':
      return bad(
        'it is not set, so the queue runner reads /etc/nix/machines alone, if that is there when it starts',
        `${add}${itself}${when}`,
      );
  }
}

function unreadable(
  { path, isOurs, state }: ReadFile,
  { user = 'the queue runner' }: HostInspection,
): Said | undefined {
  switch (state) {
    case 'readable':
    case 'missing':
      return undefined;
    case 'unreadable':
      return bad(
        `${user} cannot read ${path}: ${ALL_OR_NONE}`,
        `chmod a+r ${path}, and let ${user} into its directory`,
      );
    case 'directory':
      return bad(
        `${path} is a directory: ${ALL_OR_NONE}`,
        'put the file there; in Docker a mount of a file that is missing makes a directory',
      );
    case 'dangling':
      return bad(
        `${path} is a link to a file that is not there: none of its machines can be used`,
        'mend the link, or take it away',
      );
    case 'unknown':
      if (isOurs) return undefined;
      return doubtful(
        `whether ${user} can read ${path} could not be tried`,
        `run as that user: test -r ${path}`,
      );
  }
}

function statics({ files, staticMachines }: HostInspection): Said {
  const { count, refused, unread = [] } = staticMachines;
  const [first] = refused;
  if (first !== undefined)
    return bad(
      `${first}: ${ALL_OR_NONE}`,
      'mend that line; the file is read again as soon as it has changed',
    );
  const others = files.filter(({ isOurs }) => !isOurs);
  if (others.length === 0) return good('the queue runner reads no other machines file than ours');
  const named = others
    .map(({ path, state }) => (state === 'missing' ? `${path} (missing, so none)` : path))
    .join(', ');
  if (unread.length > 0)
    return doubtful(
      `${unread.join(', ')} could not be looked at: it is too long`,
      'see that every line of it is right',
    );
  return good(`${count} in ${named}`);
}
