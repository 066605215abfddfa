/** From the text of a scenario file to what can be played, or to every mistake in it with its place. */
import * as z from 'zod';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import { messageOf } from '../../../lambdas/core/text/message-of.ts';
import { calledAs, parseConfig } from '../../../lambdas/core/config/parse.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import { STACKS_OWN_HOST } from '../../../lambdas/core/config/hydra-host-schema.ts';
import { readJsonText } from '../../../lambdas/config-file/json-text.ts';
import type { JsonText } from '../../../lambdas/config-file/json-text.ts';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import { runnerKindSchema } from '../../../lambdas/core/model/index.ts';
import { RUNNER_ADDRESS } from '../simulate/farm.ts';
import { parseTrace } from '../../world/trace.ts';
import type { Workload } from '../../world/workload.ts';
import { EVENT_SCHEMAS } from './events.ts';
import type { WrittenEvent } from './events.ts';
import { expectationsSchema } from './facts.ts';
import { held } from './held.ts';
import { meaningMistakes } from './meaning.ts';
import { runnerMistakes } from './runner-mistakes.ts';
import type { Mistake, PlacedEvent, Scenario } from './scenario.ts';

export type Parsed =
  | { readonly scenario: Scenario; readonly mistakes?: undefined }
  | { readonly scenario?: undefined; readonly mistakes: readonly Mistake[] };

const positive = z.number().gt(0, 'must be more than 0');
const fileSchema = z.strictObject({
  name: z.string().min(1, 'must not be empty').optional(),
  why: z.string().optional(),
  config: z.unknown().optional(),
  runner: runnerKindSchema.optional(),
  hours: positive,
  seed: z.int('must be a whole number').default(1),
  bootSeconds: z.number().min(0, 'must be 0 or more').default(60),
  scheduleSeconds: z.number().min(1, 'must be 1 or more').optional(),
  machinesFile: z.string().optional(),
  trace: z.string().optional(),
  events: z.array(z.unknown()).default([]),
  expect: z.unknown().optional(),
});

/** The tag of a farm in a story that names none. */
const FARM = 'hydra-provisioned';
/** The Hydra host of a story that names none. */
const HOST = 'i-0123456789abcdef0';
const ANY_HOST = { instanceId: HOST, queueRunnerAddr: RUNNER_ADDRESS };

/**
 * Reads a scenario. Never throws; tells every mistake.
 * @param usualName what it is called when it says nothing. @param readTrace the text of a file named relative to it; may throw.
 */
export function parseScenario(text: string, usualName: string, readTrace: (file: string) => string): Parsed {
  let read: JsonText;
  try {
    read = readJsonText(text);
  } catch (error) {
    return { mistakes: [{ path: '', message: messageOf(error) }] };
  }
  const json = read.reading.value;
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { mistakes: [{ path: '', message: 'must be a JSON object' }] };
  const mistakes: Mistake[] = read.doubledKeys.map(({ path, place }) => ({
    path,
    message: `stands a second time in line ${place.line}; keep one`,
  }));
  const file = held(fileSchema, json, '', mistakes);
  const written: Partial<Record<string, unknown>> = { ...json };
  const config = configIn(written['config'], 'config', mistakes);
  const events = listOf(written['events']).flatMap((event, index) =>
    eventIn(event, `events.${index}`, mistakes),
  );
  const expect = held(expectationsSchema, written['expect'] ?? {}, 'expect', mistakes);
  const workload = traceIn(written['trace'], readTrace, mistakes);
  const upgrades = events.filter(({ event }) => event.do === 'upgrade');
  // Where nothing else is said the host has the queue runner that the configuration names.
  const runner = file?.runner ?? (config?.host.runner === 'rust' ? 'rust' : 'cpp');
  mistakes.push(
    ...meaningMistakes(listOf(written['events']), upgrades, config, written['hours']),
    ...runnerMistakes(events, runner),
  );
  if (mistakes.length > 0 || file === undefined || config === undefined || expect === undefined)
    return { mistakes };
  const { name = usualName, why, hours, seed, bootSeconds, scheduleSeconds, machinesFile } = file;
  const scheduled = (one: Config): Config =>
    scheduleSeconds === undefined ? one : { ...one, schedulePeriodSeconds: scheduleSeconds };
  return {
    scenario: {
      name,
      ...(why === undefined ? {} : { why }),
      config: scheduled(config),
      ...{ runner, hours, seed, bootSeconds, workload, expect },
      ...(machinesFile === undefined ? {} : { machinesFile }),
      events: events.map(({ event }) =>
        event.do === 'upgrade' ? { ...event, config: scheduled(event.config) } : event,
      ),
    },
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function eventIn(written: unknown, path: string, mistakes: Mistake[]): readonly PlacedEvent[] {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    mistakes.push({ path, message: 'must be an object with t and do' });
    return [];
  }
  const name: unknown = 'do' in written ? written.do : undefined;
  const schema = EVENT_SCHEMAS.get(String(name));
  if (schema === undefined) {
    const known = [...EVENT_SCHEMAS.keys()];
    const meant = suggest(String(name), known);
    const help = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
    const what = name === undefined ? 'is missing' : `unknown event "${String(name)}"`;
    mistakes.push({ path: `${path}.do`, message: `${what}; ${help}` });
    return [];
  }
  // The schema was found by the event's name, so what it gives is that event.
  const event = held(schema, written, path, mistakes) as WrittenEvent | undefined;
  if (event?.do !== 'upgrade') return event === undefined ? [] : [{ event, path }];
  const config = configIn(event.config, `${path}.config`, mistakes);
  return config === undefined ? [] : [{ event: { ...event, config }, path }];
}

/** A configuration in which the host may be left out, or its id, or where builders of a Rust queue runner dial in. */
function configIn(written: unknown, path: string, mistakes: Mistake[]): Config | undefined {
  const isObject = typeof written === 'object' && written !== null && !Array.isArray(written);
  if (written === undefined) {
    mistakes.push({ path, message: 'is missing; it is an autoscaler.json' });
    return undefined;
  }
  const { config, problems } = parseConfig(isObject ? calledAs(FARM, withHost(written)) : written, suggest);
  if (problems.length > 0) {
    mistakes.push(
      ...problems.map((problem) => ({
        path: problem.path === '' ? path : `${path}.${problem.path}`,
        message: problemInWords(problem),
      })),
    );
    return undefined;
  }
  const { host } = config;
  return host.instanceId === STACKS_OWN_HOST ? { ...config, host: { ...host, instanceId: HOST } } : config;
}

function withHost(written: object): object {
  const host: unknown = 'host' in written ? written.host : ANY_HOST;
  if (typeof host !== 'object' || host === null || Array.isArray(host)) return written;
  const isRust = 'runner' in host && host.runner === 'rust';
  return { ...written, host: { instanceId: HOST, ...(isRust && ANY_HOST), ...host } };
}

function traceIn(name: unknown, read: (file: string) => string, mistakes: Mistake[]): Workload {
  if (typeof name !== 'string') return [];
  try {
    return parseTrace(read(name));
  } catch (error) {
    mistakes.push({ path: 'trace', message: messageOf(error) });
    return [];
  }
}
