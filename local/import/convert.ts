/** From hydra-provisioner's options to ours. What has no equivalent is noted, never silently lost. */
import * as z from 'zod';
import { machinesFileIn, readStatusCommand } from './command.ts';
import type { Note } from './note.ts';
import { convertType } from './convert-type.ts';

const command = z.union([z.string(), z.array(z.string()).min(1)], 'must be a string or a list of strings');

/** As far as the old program read it. */
const confSchema = z.looseObject(
  {
    tag: z.string('must be a string').optional(),
    systemTypes: z
      .record(
        z.string(),
        z.record(z.string(), z.unknown(), 'must be a set of options'),
        'must be a set of types',
      )
      .default({}),
    statusCommand: command.optional(),
    sshCommand: command.optional(),
    updateCommand: command.optional(),
  },
  'must be a set of options',
);

type Conf = z.output<typeof confSchema>;

/** What the user says beside the file. */
export interface Choices {
  /** The Hydra host's id in SSM. */
  readonly hostInstanceId?: string;
}

export interface Converted {
  /** An autoscaler.json, to be checked by our own parser. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly notes: readonly Note[];
}

/** Stands where only the user knows: valid, so that editors and `cdk synth` work, and nobody's. */
const UNKNOWN_HOST = 'i-00000000000000000';
const KNOWN = new Set(['tag', 'systemTypes', 'statusCommand', 'sshCommand', 'updateCommand']);
const OLD_DEFAULT_MAX = 1;

/** @throws ZodError when it is not shaped like a hydra-provisioner configuration. */
export function convertConf(conf: unknown, { hostInstanceId }: Choices): Converted {
  const old = confSchema.parse(conf);
  const types = Object.entries(old.systemTypes).map(([key, type]) => [key, convertType(key, type)] as const);
  const { host, notes } = hostOf(old, hostInstanceId);
  const total = types.reduce(
    (sum, [, { written }]) => sum + Number(written['maxMachines'] ?? OLD_DEFAULT_MAX),
    0,
  );
  return {
    written: {
      observeOnly: true,
      ...(old.tag === undefined ? {} : { tag: old.tag }),
      maxTotalMachines: total,
      host,
      systemTypes: Object.fromEntries(types.map(([key, { written }]) => [key, written])),
    },
    notes: [
      ...Object.keys(old)
        .filter((key) => !KNOWN.has(key))
        .map((path) => ({ path, message: 'hydra-provisioner has no such option; left out' })),
      ...types.flatMap(([, type]) => type.notes),
      ...notes,
      { path: 'observeOnly', message: 'is true at first: look at a few plans, then set it to false' },
      {
        path: 'maxTotalMachines',
        message: `is ${total}, the sum of all maxMachines: hydra-provisioner had no cap on all types together`,
      },
    ],
  };
}

function hostOf(
  old: Conf,
  hostInstanceId: string | undefined,
): { readonly host: Readonly<Record<string, unknown>>; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  if (hostInstanceId === undefined)
    notes.push({
      path: 'host.instanceId',
      message: `is ${UNKNOWN_HOST} until you fill in the Hydra host's id in SSM (i-… or mi-…), or import with --host`,
    });
  const status = statusOf(old, notes);
  const file = old.updateCommand === undefined ? undefined : machinesFileIn(old.updateCommand);
  if (old.updateCommand !== undefined) notes.push(updateNote(file));
  return {
    host: {
      instanceId: hostInstanceId ?? UNKNOWN_HOST,
      ...status,
      ...(file === undefined ? {} : { machinesFile: file }),
    },
    notes,
  };
}

function statusOf({ statusCommand, sshCommand }: Conf, notes: Note[]): Readonly<Record<string, unknown>> {
  const path = statusCommand === undefined ? 'sshCommand' : 'statusCommand';
  const written = statusCommand ?? sshCommand;
  if (statusCommand !== undefined && sshCommand !== undefined)
    notes.push({ path: 'sshCommand', message: 'left out: statusCommand is what the program read' });
  if (written === undefined) return {};
  const { notes: ofCommand, ...status } = readStatusCommand(path, written);
  notes.push(...ofCommand);
  return status;
}

function updateNote(file: string | undefined): Note {
  const path = 'updateCommand';
  return file === undefined
    ? {
        path,
        message:
          'which file it writes cannot be told: set host.machinesFile if it is not /var/lib/hydra/provisioner/machines',
      }
    : { path, message: `falls away: the file is written over SSM; host.machinesFile became ${file}` };
}
