/** What surrounds the queue runner on the Hydra host: the files it reads, the keys it connects with, its patience. */
import type { Config } from '../../../core/config/config.ts';
import type { Problem } from '../../../core/model/index.ts';
import { inContext } from '../../../core/reason/problem.ts';
import { about, bad, doubtful, doubtfulBy, good } from '../../../core/doctor/finding.ts';
import type { Finding, Said } from '../../../core/doctor/finding.ts';
import type { Access } from '../../inspected.ts';
import type { HostInspection, Inspected } from './inspection.ts';
import { examineReadFiles } from './read-files.ts';

/** A machines file of a thousand lines is a quarter of that. */
const FREE_KIBIBYTES_MIN = 1024;
/** Several times as long as a new machine may take; what Hydra's own farm and others set is longer still. */
const UNSUPPORTED_SECONDS_MIN = 1800;

/** Nothing where the host cannot be asked at all: that is another finding. */
export function examineHostFiles({ config, inspection, observation }: Inspected): readonly Finding[] {
  if (!inspection.ok) {
    const isReached = observation.queue.trusted || observation.queue.cause !== 'unreachable';
    return isReached ? about('queue runner’s files', unasked(inspection.problem)) : [];
  }
  const { value: found } = inspection;
  const ofDirectory = about('directory of the machines file', directory(config, found));
  if (found.source === 'none') return [...about('queue runner', unseen(config)), ...ofDirectory];
  return [
    ...about('queue runner', runner(found)),
    ...examineReadFiles(config, found),
    ...ofDirectory,
    ...about('SSH key', ...keys(config, found)),
    ...about('max_unsupported_time', patience(found)),
  ];
}

const unasked = (problem: Problem): Said =>
  doubtfulBy(
    inContext('they could not be looked at', problem),
    'see the outputs of the command in the history of Systems Manager Run Command',
  );

const unseen = ({ host }: Config): Said =>
  doubtful(
    `neither its process nor the unit hydra-queue-runner.service is to be found on ${host.instanceId}: its files and keys were not looked at`,
    'start it; if it runs on another host, host.instanceId has to be that host’s',
  );

/** Nix keeps name and version in the path. */
function versionIn(program: string): string {
  return /^\/nix\/store\/[a-z0-9]{32}-([^/]+)\//.exec(program)?.[1] ?? program;
}

function runner({ source, user = 'a user unknown', program }: HostInspection): Said {
  const what = program === undefined ? 'hydra-queue-runner' : versionIn(program);
  return source === 'process'
    ? good(`${what} runs as ${user}`)
    : doubtful(
        `${what} does not run; its unit would run it as ${user}`,
        'systemctl start hydra-queue-runner',
      );
}

function directory({ host }: Config, { directory: found, user }: HostInspection): Said {
  const path = host.machinesFile.replace(/\/[^/]*$/, '/');
  if (found.state === 'missing')
    return bad(
      `${path} does not exist, so the file cannot be written`,
      `create it with mode 0755, on NixOS by systemd.tmpfiles.rules = [ "d ${path} 0755 root root -" ]`,
    );
  if (found.state === 'read-only')
    return bad(`nothing can be written in ${path}`, 'put host.machinesFile where the SSM agent may write');
  if (found.access === 'unreadable')
    return bad(`${user ?? 'the queue runner'} may not look into ${path}`, `chmod a+rx ${path}`);
  if ((found.freeKibibytes ?? Infinity) < FREE_KIBIBYTES_MIN)
    return bad(
      `the disk of ${path} is full: ${found.freeKibibytes} KiB are free`,
      'make room; until then the old file stays as it is',
    );
  return good(`${path} can be written, and the queue runner can read there`);
}

function keys(config: Config, found: HostInspection): readonly Said[] {
  const { sshKeys, user = 'the queue runner', ownSshKey } = found;
  const findings = sshKeys.map(({ path, access }) => keyFinding(path, access, user));
  const withoutKey = config.machineTypes.filter(({ sshKey }) => sshKey === undefined).map(({ key }) => key);
  if (withoutKey.length === 0) return findings;
  const whose = `${withoutKey.join(', ')} name no sshKey`;
  return [
    ...findings,
    ownSshKey === undefined
      ? bad(
          `${whose}, and ${user} has none that its ssh would take by itself and can read, so it can use no machine`,
          'name one in "sshKey"; the SSH configuration of that user may name one too',
        )
      : good(`${whose}, and the ssh of ${user} takes ${ownSshKey} by itself`),
  ];
}

function keyFinding(path: string, access: Access, user: string): Said {
  switch (access) {
    case 'readable':
      return good(`${user} can read ${path}`);
    case 'unreadable':
      return bad(
        `${user} cannot read ${path}, so it can use no machine`,
        `chown ${user} ${path}; chmod 0400 ${path}; and let ${user} into its directory`,
      );
    case 'missing':
      return bad(
        `${path} is not there`,
        'put the private key there that belongs to deploy.queueRunnerKey, or correct "sshKey"',
      );
    case 'unknown':
      return doubtful(
        `whether ${user} can read ${path} could not be tried`,
        `run as that user: test -r ${path}`,
      );
  }
}

function patience({ unsupportedSeconds, settingsFile = 'hydra.conf' }: HostInspection): Said {
  const remedy = `set max_unsupported_time = ${UNSUPPORTED_SECONDS_MIN} or more in ${settingsFile} (on NixOS services.hydra.extraConfig), and restart the queue runner when no build runs`;
  if (unsupportedSeconds === 'unknown')
    return doubtful(
      `${settingsFile} could not be read`,
      `see there that it is ${UNSUPPORTED_SECONDS_MIN} or more`,
    );
  if (unsupportedSeconds === 'invalid')
    return bad(`it is no number in ${settingsFile}: the queue runner ends at its start`, remedy);
  if (unsupportedSeconds === Infinity) return good('a step that no machine supports waits for ever');
  if (unsupportedSeconds !== 'unset' && unsupportedSeconds >= UNSUPPORTED_SECONDS_MIN)
    return good(`a step that no machine supports waits ${unsupportedSeconds} s`);
  const now = unsupportedSeconds === 'unset' ? 'it is not set' : `it is ${unsupportedSeconds} s`;
  return doubtful(
    `${now}: should our placeholder lines ever be missing from the file, steps would fail as unsupported ${unsupportedSeconds === 'unset' || unsupportedSeconds === 0 ? 'at once' : 'soon'}`,
    remedy,
  );
}
