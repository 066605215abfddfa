/** What the document `inspect` prints, taken apart. What is not whole, or not exactly of this form, is refused. */
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { HostInspection } from './inspection.ts';
import type { Result } from '../../../core/reason/result.ts';
import { excerpt } from '../../../core/text/excerpt.ts';
import { intSetting } from './hydra-conf.ts';
import { staticMachines } from './static-machines.ts';

const access = z.enum(['readable', 'unreadable', 'missing', 'unknown']);
const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes');
const count = z.stringFormat('count', /^\d{1,15}$/).transform(Number);
const fileState = z.enum(['readable', 'unreadable', 'missing', 'unknown', 'directory', 'dangling']);
const countOrNone = z.union([z.literal('-').transform(() => undefined), count]);
/** In base64. A path with a control character would be shown to people as more than one line. */
const text = z
  .base64()
  .transform((encoded) => Buffer.from(encoded, 'base64').toString('utf8'))
  .pipe(z.stringFormat('one line', /^\P{Cc}*$/u));

/** More than any machines file: what unpacks to more is an attack or a mistake. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** Of a file, packed; `-` where it is not told. */
const content = z.union([
  z.literal('-').transform(() => undefined),
  z.base64().transform((packed, context) => {
    try {
      return gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_FILE_BYTES }).toString('utf8');
    } catch {
      context.addIssue('not gzip');
      return z.NEVER;
    }
  }),
]);

/** The lines by their first word, each the rest of its words. */
const answerSchema = z.strictObject({
  runner: z.tuple([z.tuple([z.enum(['process', 'unit', 'none']), text, text])]),
  told: z.tuple([z.tuple([z.enum(['files', 'nothing', 'unset'])])]),
  reads: z.array(z.tuple([text])).default([]),
  file: z.array(z.tuple([yesNo, fileState, text, content])).default([]),
  directory: z.tuple([z.tuple([z.enum(['missing', 'read-only', 'writable']), access, countOrNone])]),
  key: z.array(z.tuple([access, text])).default([]),
  'own-key': z.tuple([z.tuple([text])]).optional(),
  settings: z.tuple([z.tuple([yesNo, text, z.base64()])]),
});

const FRAME = /^hydra-autoscaler 1 inspect\n(?<lines>(?:[^\n]+\n)*)end\s*$/;

/** The answer of `inspect`. Never throws. */
export function decodeInspection(stdout: string): Result<HostInspection> {
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
    const says = `the answer of the Hydra host is cut off or not ours: ${JSON.stringify(excerpt(stdout, 40))}`;
    return { ok: false, problem: { says } };
  }
  return { ok: true, value: inspectionOf(parsed.data) };
}

function inspectionOf(answer: z.output<typeof answerSchema>): HostInspection {
  const [[source, user, program]] = answer.runner;
  const [[state, directoryAccess, freeKibibytes]] = answer.directory;
  const [[isKnown, settingsFile, settings]] = answer.settings;
  const [[told]] = answer.told;
  const ownSshKey = answer['own-key']?.[0][0];
  return {
    source,
    ...(user !== '' && { user }),
    ...(program !== '' && { program }),
    told,
    ...filesOf(answer),
    directory: { state, access: directoryAccess, ...(freeKibibytes !== undefined && { freeKibibytes }) },
    sshKeys: answer.key.map(([keyAccess, path]) => ({ path, access: keyAccess })),
    ...(ownSshKey !== undefined && { ownSshKey }),
    unsupportedSeconds: isKnown
      ? intSetting(Buffer.from(settings, 'base64').toString('utf8'), 'max_unsupported_time')
      : 'unknown',
    ...(settingsFile !== '' && { settingsFile }),
  };
}

function filesOf({
  reads,
  file,
}: z.output<typeof answerSchema>): Pick<HostInspection, 'files' | 'staticMachines'> {
  const texts = new Map(file.map(([, , path, words]) => [path, words]));
  const unread = file.filter(
    ([isOurs, state, , words]) => !isOurs && state === 'readable' && words === undefined,
  );
  return {
    files: file.map(([isOurs, state, path]) => ({ path, isOurs, state })),
    staticMachines: {
      ...staticMachines(
        reads.map(([path]) => path),
        (path) => texts.get(path),
      ),
      ...(unread.length > 0 && { unread: unread.map(([, , path]) => path) }),
    },
  };
}
