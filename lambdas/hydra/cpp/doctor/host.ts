/** The Hydra host: whether it can be asked, what runs there, and whether the queue runner reads our machines file. */
import type { UntrustedStatus } from '../../../core/model/index.ts';
import { systemsOf } from '../../../core/config/machine-type.ts';
import { about, bad, badBy, doubtful, good } from '../../../core/doctor/finding.ts';
import type { Finding, Said } from '../../../core/doctor/finding.ts';
import { examineHostFiles } from './host-files.ts';
import { staticSpeeds } from './static-speeds.ts';
import { hostTag, reach } from '../../host-findings.ts';
import type { Inspected } from './inspection.ts';
import { listingsFor } from '../life/listing.ts';
import { refusalOf } from './read-files.ts';

export function examineHost(examined: Inspected): readonly Finding[] {
  return [
    ...about('Hydra host over SSM', reach(examined)),
    ...about('queue status', statusCommand(examined)),
    ...about('machines file', machinesFile(examined)),
    ...examineHostFiles(examined),
    ...about('speed of static machines', staticSpeeds(examined)),
    ...about('fetches', hostSystem(examined)),
    ...about('tag of the Hydra host', hostTag(examined)),
  ];
}

const causeOf = ({ observation: { queue } }: Inspected): UntrustedStatus['cause'] | undefined =>
  queue.trusted ? undefined : queue.cause;

function statusCommand(examined: Inspected): Said {
  const { queue } = examined.observation;
  const { user, statusCommand: command } = examined.config.host;
  const who = `"${command.join(' ')}" as ${user ?? 'root'}`;
  if (queue.trusted) {
    const uptime = Math.round((queue.at - queue.runnerStartedAt) / 60);
    return good(`${who} works: the C++ queue runner, up for ${uptime} min`);
  }
  const { says, remedy = 'run the status command on the Hydra host by hand, as that user' } = queue;
  switch (queue.cause) {
    case 'unreachable':
      return doubtful('not asked', 'first make the host answer over SSM');
    case 'restarted':
      return good(`${who} works: ${says}`);
    case 'failed': {
      const hint =
        user === undefined ? '; NixOS lets only user hydra-queue-runner in: set host.user to it' : '';
      return bad(`${who} fails: ${says}`, `${remedy}${hint}`);
    }
    case 'unsupported':
    case 'down':
    case 'stale':
    case 'unreadable':
      return bad(`${who}: ${says}`, remedy);
  }
}

/** The queue runner shows our placeholders only if it reads our file. */
function machinesFile(examined: Inspected): Said | undefined {
  const { observation, plan, config } = examined;
  const { machinesFile: path } = config.host;
  if (causeOf(examined) === 'unreachable') return undefined;
  if (observation.unofferable !== undefined)
    return badBy(
      observation.unofferable,
      'change that on the Hydra host, or host.machinesFile; nothing is launched before',
    );
  if (observation.offer === undefined && observation.state.farm.lastTickAt === undefined)
    return good(`${path} is not there yet; the first tick writes it`);
  if (observation.offer === undefined)
    return bad(
      `${path} is not there although ticks have run`,
      'read the problems of a tick; see that its directory exists and is writable',
    );
  const ours = listingsFor(config, plan.offers).filter(({ instanceId }) => instanceId === undefined);
  const { queue } = observation;
  if (!queue.trusted || ours.length === 0) return good(`${path} lies there`);
  const read = ours.filter(({ address }) => queue.machines.get(address)?.offered === true);
  if (read.length > 0) return good(`${path} lies there, and the queue runner reads it`);
  return bad(
    `${path} lies there, but the queue runner shows none of its lines`,
    isListed(examined)
      ? whyNotRead(examined)
      : 'list it in NIX_REMOTE_SYSTEMS of the queue runner beside the static file (services.hydra.buildMachinesFiles), and restart it',
  );
}

function whyNotRead({ inspection }: Inspected): string {
  const refusal = inspection.ok ? refusalOf(inspection.value) : undefined;
  return refusal === undefined
    ? 'read the queue runner’s log: after one malformed line in any of its files it keeps the machines it had'
    : `mend this first, for which it refuses all its files: ${refusal}`;
}

const isListed = ({ inspection }: Inspected): boolean =>
  inspection.ok && inspection.value.files.some(({ isOurs }) => isOurs);

/** Fetches (`builtin` steps) run only on machines of the Hydra host's own kind, and it builds nothing itself unless listed. */
function hostSystem({ config, inspection, observation }: Inspected): Said | undefined {
  const { hostSystem: system } = observation.queue;
  if (!inspection.ok || system === undefined) return undefined;
  const { systems, unread = [] } = inspection.value.staticMachines;
  const isCovered = config.machineTypes.some((type) => systemsOf(type).includes(system));
  if (isCovered || systems.includes(system) || unread.length > 0) return undefined;
  return doubtful(
    `the host is ${system}, and no machine type and no static machine is: steps of system "builtin" wait for ever`,
    `list the host itself in a static file (ssh://localhost ${system},builtin), or add a machine type of ${system}`,
  );
}
