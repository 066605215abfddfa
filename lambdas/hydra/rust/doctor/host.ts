/** A Hydra host with the Rust queue runner: whether it can be asked, what answers there, and how the farm’s builders stand. */
import { about, bad, badBy, doubtful, doubtfulBy, good } from '../../../core/doctor/finding.ts';
import type { Examined, Finding, Said } from '../../../core/doctor/finding.ts';
import { servedBy } from '../../../core/life/runner.ts';
import { count } from '../../../core/text/count.ts';
import type { Result } from '../../../core/reason/result.ts';
import { hostTag, reach } from '../../host-findings.ts';
import type { RustInspection } from './inspection.ts';
import { examineSettings } from './settings.ts';

/** @param inspection what surrounds the queue runner there. */
export const examineRustHost = (
  examined: Examined,
  inspection: Result<RustInspection>,
): readonly Finding[] => [
  ...about('Hydra host over SSM', reach(examined)),
  ...about('queue status', status(examined)),
  ...about('queue runner', ...troubles(examined)),
  ...about('host.queueRunnerAddr', address(examined)),
  ...about('builders', ...builders(examined)),
  ...about('placement', placement(examined)),
  ...(inspection.ok
    ? examineSettings(examined, inspection.value)
    : about('queue-runner.toml', doubtfulBy(inspection.problem, 'see that the host can be asked over SSM'))),
  ...about('tag of the Hydra host', hostTag(examined)),
];

function status({ config: { host }, observation: { queue, state, now } }: Examined): Said {
  if (queue.trusted) {
    const minutes = Math.round((queue.at - queue.runnerStartedAt) / 60);
    const { since = now } = state.farm.runner ?? {};
    const known = Math.round((now - since) / 60);
    return good(
      `${host.restUrl} answers: the Rust queue runner, up for ${minutes} min, and known here for ${known} min`,
    );
  }
  if (queue.cause === 'unreachable') return doubtful('not asked', 'first make the host answer over SSM');
  if (queue.cause === 'restarted') return good(`${host.restUrl} answers: ${queue.says}`);
  return badBy(queue, `ask ${host.restUrl}/status on the Hydra host by hand`);
}

const troubles = ({ observation: { queue } }: Examined): readonly Said[] =>
  (queue.trusted ? (queue.troubles ?? []) : []).map((trouble) =>
    doubtfulBy(trouble, 'read the queue runner’s log'),
  );

function address({ config: { host, machineTypes } }: Examined): Said | undefined {
  if (host.queueRunnerAddr !== undefined) return good(`builders dial in at ${host.queueRunnerAddr}`);
  return machineTypes.length === 0
    ? undefined
    : bad('builders do not know where to dial in: nothing is launched', 'set it, and deploy');
}

/**
 * One order for all, made when a builder joins, and the first with a free slot gets the step: no `machineSortFn` spreads
 * (measured: docs/develop/facts.md#the-rust-runner-always-packs).
 */
function placement({ config: { machineTypes } }: Examined): Said | undefined {
  const spread = machineTypes.filter((type) => type.placement === 'spread').map(({ key }) => key);
  return spread.length === 0
    ? undefined
    : doubtful(
        `steps fill one machine before the next, whatever machineSortFn is: "spread" of ${spread.join(', ')} has no effect`,
        'leave it out; smaller machines, or a lower maxJobs, keep steps apart',
      );
}

/** Machines that serve the C++ one are on their way out; those that dial in can be seen. */
function builders({ observation: { queue, state } }: Examined): readonly Said[] {
  const former = state.machines.filter((machine) => servedBy(machine) === 'cpp').length;
  const ours = new Set(state.machines.map(({ instanceId }) => instanceId));
  const dialled = queue.trusted ? [...queue.machines.keys()] : [];
  const others = dialled.filter((key) => !ours.has(key)).length;
  return [
    ...(queue.trusted
      ? [
          good(
            `${count(dialled.length, 'builder')} dialled in${others > 0 ? `, ${others} of them not ours` : ''}`,
          ),
        ]
      : []),
    ...(former > 0
      ? [
          doubtful(
            `${count(former, 'machine')} of the C++ queue runner there was ${former === 1 ? 'is' : 'are'} left`,
            'none; they are drained and ended',
          ),
        ]
      : []),
  ];
}
