/** Where the advice gets a queue's history and a farm's settings from. */
import { existsSync, readFileSync } from 'node:fs';
import { examineConfig, readFileAs } from '../../../lambdas/config-file/config-file.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { TABLE_OUTPUT } from '../../../infra/operate-commands.ts';
import type { JournalItem } from '../../../lambdas/reporting.ts';
import type { Farm } from '../../prove/advise/farm.ts';
import { arrivalsIn, pricesIn } from '../../prove/advise/from-journal.ts';
import { historyOf } from '../../prove/advise/history.ts';
import type { History } from '../../prove/advise/history.ts';
import type { Prices } from '../../prove/advise/row.ts';
import { MACHINES, typesFor } from '../../prove/bench/policy/settings.ts';
import { parseTrace } from '../../world/trace.ts';
import type { Workload } from '../../world/workload.ts';
import { itemsInFile, journalInTable } from '../journal/source.ts';

/** What people say of where the history is; one of the first five. */
export interface Choice {
  readonly stack?: string;
  readonly url?: string;
  readonly journal?: string;
  readonly steps?: string;
  readonly trace?: string;
  readonly region?: string;
  readonly days: number;
}

const OWN_CONFIG = 'autoscaler.json';

/** A farm, as people write it and as the code uses it. */
export interface KnownFarm {
  readonly farm: Farm;
  readonly config: Config;
}

/** Whatever else stands beside the types has to do with a place in an account. */
const PLAYED = ['schedule', 'watch', 'maxTotalMachines'];

/**
 * The farm as it is set.
 * @returns undefined where no file is named and none is there.
 * @throws ConfigError
 */
export function farmIn(file: string | undefined): KnownFarm | undefined {
  const named = file ?? (existsSync(OWN_CONFIG) ? OWN_CONFIG : undefined);
  if (named === undefined) return undefined;
  const { written, config } = readFileAs(named, (value) => {
    const { found, ...examined } = examineConfig(value);
    return { ...examined, found: { config: found, written: value as WrittenFarm } };
  });
  const besides = Object.fromEntries(Object.entries(written).filter(([name]) => PLAYED.includes(name)));
  return { farm: { types: written.systemTypes, besides }, config };
}

/** A configuration that was found to be one. */
interface WrittenFarm {
  readonly systemTypes: Farm['types'];
}

/** A farm for a queue whose farm nobody names: a machine type for each kind of step. */
export const usualFarm = (workload: Workload): Farm => ({
  types: typesFor(workload, {}),
  besides: { maxTotalMachines: MACHINES.inAll },
});

/** A history, and prices where it has any. */
export interface Known {
  readonly history: History;
  readonly prices: Prices;
}

/** @throws Error for what cannot be read or has no steps, with what to do. */
export async function historyIn(choice: Choice, config: Config | undefined): Promise<Known> {
  const { trace, steps, days } = choice;
  const file = steps ?? trace;
  if (file !== undefined)
    return named(file, () => ({
      history: historyOf(steps === undefined ? 'trace' : 'steps', parseTrace(textOf(file)), days),
      prices: new Map(),
    }));
  const { journal, stack, url } = choice;
  if (config === undefined)
    throw new Error(
      `a journal is read with the farm's configuration, and there is no ${OWN_CONFIG} here: name it with --config`,
    );
  const items = journal === undefined ? await itemsInAws(choice, config) : itemsInFile(journal);
  const entries = items.flatMap((item) => ('entry' in item ? [item.entry] : []));
  const place = journal ?? `the journal of ${stack ?? url ?? ''}`;
  return named(place, () => ({
    history: historyOf('journal', arrivalsIn(entries, config.machineTypes), days),
    prices: pricesIn(entries),
  }));
}

function named<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${place}: ${messageOf(error)}`, { cause: error });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Error(`cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function itemsInAws(choice: Choice, { tag }: Config): Promise<readonly JournalItem[]> {
  const { stack, url, region, days } = choice;
  const which = { hours: days * 24, farm: tag };
  if (stack === undefined)
    return (await journalInTable({ ...which, ...(url === undefined ? {} : { url }) })).items;
  const { outputOfStack } = await import('../operate/aws-target.ts');
  const place = region === undefined ? {} : { region };
  const table = await outputOfStack(place, stack, {
    output: TABLE_OUTPUT,
    remedy: 'give the history as a file: npm run journal -- export --table NAME, and --journal FILE',
  });
  return (await journalInTable({ ...which, ...place, table })).items;
}
