/** What the document `inspect` prints, taken apart. What is not whole, or not exactly of this form, is refused. */
import * as z from 'zod';
import type { HostInspection } from './inspection.ts';
import type { Result } from '../../../core/reason/result.ts';
import { access, content, countOrNone, linesIn, notOurs, text, yesNo } from '../../inspected.ts';
import { intSetting } from './hydra-conf.ts';
import { staticMachines } from './static-machines.ts';

const fileState = z.enum(['readable', 'unreadable', 'missing', 'unknown', 'directory', 'dangling']);

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
  const parsed = answerSchema.safeParse(linesIn(FRAME, stdout));
  return parsed.success ? { ok: true, value: inspectionOf(parsed.data) } : notOurs(stdout);
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
