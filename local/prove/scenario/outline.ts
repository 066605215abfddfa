/** What must be known of a scenario before it is played. */
import { AWS_CALLS } from '../../../lambdas/aws/calls.ts';
import { defaultSettings } from '../../world/region/settings.ts';
import type { RegionSettings } from '../../world/region/settings.ts';
import type { Scenario } from './scenario.ts';

/** us-east-1 has six zones, and two subnets of one zone cannot be in one fleet request. */
const ZONE_LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];
const USUAL_ZONES = 3;

/** By then the boot log, which has the host key, can be read, in seconds after sshd answers (measured by others). */
const CONSOLE_SECONDS = 20;

export function regionFor(scenario: Scenario): Partial<RegionSettings> {
  const { bootSeconds, config } = scenario;
  const types = [config, ...laterConfigs(scenario)].flatMap(({ machineTypes }) => machineTypes);
  const subnets = new Set(types.flatMap((type) => type.subnets));
  return {
    sshSeconds: [bootSeconds, bootSeconds],
    consoleSeconds: [bootSeconds, bootSeconds + CONSOLE_SECONDS],
    zoneLetters: subnets.size > USUAL_ZONES ? ZONE_LETTERS : defaultSettings.zoneLetters,
  };
}

/** A socket takes its time, so the real table is only there where something is wrong with its answers. */
export const needsTable = ({ events }: Scenario): boolean =>
  events.some((event) => event.do === 'state-answers' || (event.do === 'refuse' && isStateCall(event.call)));

const isStateCall = (call: string): boolean =>
  AWS_CALLS.some(({ service, command }) => service === 'dynamodb' && command === call);

export const laterConfigs = ({ events }: Scenario) =>
  events.flatMap((event) => (event.do === 'upgrade' ? [event.config] : []));

/** When the first builds arrive, in seconds since the start; undefined when none do. */
export function firstQueuedAfter({ events, workload }: Scenario): number | undefined {
  const times = [
    ...events.flatMap(({ do: name, t }) => (name === 'queue' ? [t] : [])),
    ...workload.map(({ atSeconds }) => atSeconds),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}
