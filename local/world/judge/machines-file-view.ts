/** The machines file as the world sees it: which instances its lines are about, and whether the queue runner would take it. */
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import { parseMachinesConfig } from '../queue-runner/machines-config.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { Watched } from './farm-view.ts';

const COLUMN_HOST_KEY = 7;

/** What our machines file says; empty when it is not there. */
export const fileText = ({ machinesFile }: Pick<Watched, 'machinesFile'>): string =>
  machinesFile.stat() === undefined ? '' : machinesFile.read();

/** One line of the machines file that may be given work. */
export interface WorkingLine {
  readonly address: string;
  /** Algorithm and key, as `World.knock` answers; absent when none is pinned. */
  readonly hostKey: string | undefined;
}

/** Lines with slots of a machines file; placeholders are left out. */
export function workingLines(text: string): readonly WorkingLine[] {
  return text.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const [uri = '', , , jobs = '0'] = columns;
    if (uri === '' || uri.startsWith('#') || Number(jobs) === 0) return [];
    const key = columns[COLUMN_HOST_KEY];
    const plain =
      key === undefined || key === '-' ? undefined : Buffer.from(key, 'base64').toString('utf8').split(' ');
    return [{ address: uri.replace(/^.*@/, '').replace(/:\d+$/, ''), hostKey: plain?.slice(0, 2).join(' ') }];
  });
}

/** Why the queue runner would not take this text, or what it lacks; empty when it is right. */
export function fileProblems(text: string, config: Config): readonly string[] {
  try {
    const placeholders = [...parseMachinesConfig(text).values()].filter(({ maxJobs }) => maxJobs === 0);
    return config.machineTypes
      .filter(
        (type) =>
          !placeholders.some(
            ({ systemTypes, mandatoryFeatures }) =>
              type.systems.every((system) => systemTypes.includes(system)) &&
              type.features.every((feature) => mandatoryFeatures.includes(feature)) &&
              mandatoryFeatures.length === type.features.length,
          ),
      )
      .map(({ key }) => `no placeholder keeps the demand for ${key} visible`);
  } catch (error) {
    return [`the queue runner would refuse it: ${messageOf(error)}`];
  }
}

/** The host key of an instance as a line of the machines file pins it. */
export const keyOf = ({ hostKey }: RegionInstance): string => plainKey(hostKey);

const plainKey = (line: string): string => line.split(' ').slice(0, 2).join(' ');

/** Which instances a machines file lists: told by host key, and by address too where a type's machines share one. */
export function listedIn(text: string, { machineTypes }: Config): (instance: RegionInstance) => boolean {
  const lines = workingLines(text);
  const shared = new Set(machineTypes.map(({ publicHostKey = '' }) => plainKey(publicHostKey)));
  const keys = new Set(lines.map(({ hostKey }) => hostKey));
  const lineOf = (address: string, key: string | undefined): string => `${address} ${key}`;
  const known = new Set(lines.map(({ address, hostKey }) => lineOf(address, hostKey)));
  return (instance) => {
    const key = keyOf(instance);
    return shared.has(key) ? known.has(lineOf(instance.address, key)) : keys.has(key);
  };
}
