/** What the document `inspect` prints, taken apart. What is not whole, or not exactly of this form, is refused. */
import * as z from 'zod';
import type { HostInspection } from '../../core/doctor/host-inspection.ts';
import { excerpt } from './excerpt.ts';
import type { Decoded } from './host-answer.ts';

const access = z.enum(['readable', 'unreadable', 'missing', 'unknown']);
const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');
const count = z.stringFormat('count', /^\d{1,15}$/).transform(Number);
const countOrNone = z.union([z.literal('-').transform(() => undefined), count]);
/** In base64. A path with a control character would be shown to people as more than one line. */
const text = z
  .base64()
  .transform((encoded) => Buffer.from(encoded, 'base64').toString('utf8'))
  .pipe(z.stringFormat('one line', /^\P{Cc}*$/u));

/** The lines by their first word, each the rest of its words. */
const answerSchema = z.strictObject({
  runner: z.tuple([z.tuple([z.enum(['process', 'unit', 'none']), text, text])]),
  named: z.tuple([z.tuple([yesNo])]),
  reads: z.array(z.tuple([yesNo, countOrNone, text])).default([]),
  directory: z.tuple([z.tuple([z.enum(['missing', 'read-only', 'writable']), access, countOrNone])]),
  key: z.array(z.tuple([access, text])).default([]),
  'own-key': z.tuple([z.tuple([text])]).optional(),
  unsupported: z.tuple([z.tuple([z.union([z.enum(['unset', 'unknown']), count]), text])]),
});

const FRAME = /^hydra-autoscaler 1 inspect\n(?<lines>(?:[^\n]+\n)*)end\s*$/;

/** The answer of `inspect`. Never throws. */
export function decodeInspection(stdout: string): Decoded<HostInspection> {
  const lines =
    FRAME.exec(stdout)
      ?.groups?.['lines']?.split('\n')
      .filter((line) => line !== '') ?? [];
  const byName = Object.groupBy(
    lines.map((line) => line.split(' ')),
    ([name = '']) => name,
  );
  const parsed = answerSchema.safeParse(
    Object.fromEntries(
      Object.entries(byName).map(([name, all = []]) => [name, all.map(([, ...words]) => words)]),
    ),
  );
  if (!parsed.success) {
    return {
      ok: false,
      reason: `the answer of the Hydra host is cut off or not ours: ${JSON.stringify(excerpt(stdout, 40))}`,
    };
  }
  return { ok: true, value: inspectionOf(parsed.data) };
}

function inspectionOf(answer: z.output<typeof answerSchema>): HostInspection {
  const [[source, user, program]] = answer.runner;
  const [[state, directoryAccess, freeKibibytes]] = answer.directory;
  const [[unsupportedSeconds, settingsFile]] = answer.unsupported;
  const [[isToldFiles]] = answer.named;
  const ownSshKey = answer['own-key']?.[0][0];
  return {
    source,
    ...(user !== '' && { user }),
    ...(program !== '' && { program }),
    isToldFiles,
    files: answer.reads.map(([isOurs, machines, path]) => ({
      path,
      isOurs,
      ...(machines !== undefined && { machines }),
    })),
    directory: { state, access: directoryAccess, ...(freeKibibytes !== undefined && { freeKibibytes }) },
    sshKeys: answer.key.map(([keyAccess, path]) => ({ path, access: keyAccess })),
    ...(ownSshKey !== undefined && { ownSshKey }),
    unsupportedSeconds,
    ...(settingsFile !== '' && { settingsFile }),
  };
}
