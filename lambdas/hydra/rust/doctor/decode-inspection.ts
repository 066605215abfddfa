/**
 * What the document `inspect` prints on a host with the Rust queue runner, taken apart. What is not whole, or not exactly
 * of this form, is refused. Texts are in base64, an empty one is nothing; `-` stands for what is not known:
 *
 *     hydra-autoscaler 1 inspect-rust
 *     runner <process|unit|none> <user> <path of its program>
 *     unit <name> <active state>                         0 to 6 lines, units that are loaded
 *     listen <rest|grpc> <address>                       0 or more lines
 *     settings <access> <path> <content by gzip, or ->   queue-runner.toml without comments and without dbUrl
 *     token <access> <yes|no: it holds something> <path> 0 to 20 lines
 *     certificate <yes|no|->                             its process was told of one that builders need
 *     retries <net.ipv4.tcp_retries2, or ->
 *     web <yes|no: can be read> <path of hydra.conf> <its lines with queue_runner_endpoint>
 *     builder <SYSTEM=STORE PATH>                        0 or more lines
 *     end
 */
import * as z from 'zod';
import type { Result } from '../../../core/reason/result.ts';
import { access, content, count, linesIn, notOurs, text, yesNo } from '../../inspected.ts';
import type { NumberSetting, RustInspection } from './inspection.ts';

const unitName = z.stringFormat('unit', /^hydra-queue-runner(-dev)?(\.service|-(rest|grpc)\.socket)$/);
const unitState = z.stringFormat('state', /^[a-z-]+$/);
const none = z.literal('-').transform(() => undefined);

/** The lines by their first word, each the rest of its words. */
const answerSchema = z.strictObject({
  runner: z.tuple([z.tuple([z.enum(['process', 'unit', 'none']), text, text])]),
  unit: z.array(z.tuple([unitName, unitState])).default([]),
  listen: z.array(z.tuple([z.enum(['rest', 'grpc']), text])).default([]),
  settings: z.tuple([z.tuple([access, text, content])]),
  token: z.array(z.tuple([access, yesNo, text])).default([]),
  certificate: z.tuple([z.tuple([z.union([none, yesNo])])]),
  retries: z.tuple([z.tuple([z.union([none, count])])]),
  web: z.tuple([z.tuple([yesNo, text, z.base64()])]),
  builder: z.array(z.tuple([text])).default([]),
});

const FRAME = /^hydra-autoscaler 1 inspect-rust\n(?<lines>(?:[^\n]+\n)*)end\s*$/;
const STORE_PATH = /^\/nix\/store\/[0-9a-z]{32}-[^/]+/;
const BUILDER = /^(?<system>[a-z0-9_]+-[a-z0-9_.-]+)=(?<path>\/nix\/store\/[0-9a-z]{32}-[^/]+)$/;

/** Whether `inspect` found the Rust queue runner. */
export const isRustInspection = (stdout: string): boolean =>
  stdout.startsWith('hydra-autoscaler 1 inspect-rust\n');

/** The answer of `inspect` in its Rust form. Never throws. */
export function decodeRustInspection(stdout: string): Result<RustInspection> {
  const parsed = answerSchema.safeParse(linesIn(FRAME, stdout));
  return parsed.success ? { ok: true, value: inspectionOf(parsed.data) } : notOurs(stdout);
}

function inspectionOf(answer: z.output<typeof answerSchema>): RustInspection {
  const [[source, user, program]] = answer.runner;
  const [[settingsAccess, path, settings]] = answer.settings;
  const [[asksCertificate]] = answer.certificate;
  const [[tcpRetries]] = answer.retries;
  const [[isKnown, webPath, lines]] = answer.web;
  const storePath = STORE_PATH.exec(program)?.[0];
  const listens = (what: 'rest' | 'grpc'): string[] =>
    answer.listen.flatMap(([name, address]) => (name === what ? [address] : []));
  return {
    source,
    ...(user !== '' && { user }),
    ...(program !== '' && { program }),
    ...(storePath !== undefined && { storePath }),
    units: answer.unit.map(([name, state]) => ({ name, state })),
    listens: { rest: listens('rest'), grpc: listens('grpc') },
    settings: {
      path,
      access: settingsAccess,
      unsupportedSeconds: numberIn(settings, 'maxUnsupportedTimeInS'),
      dispatchSeconds: numberIn(settings, 'dispatchTriggerTimerInS'),
    },
    tokens: answer.token.map(([tokenAccess, isFilled, file]) => ({
      path: file,
      access: tokenAccess,
      isFilled,
    })),
    ...(asksCertificate !== undefined && { asksCertificate }),
    ...(tcpRetries !== undefined && { tcpRetries }),
    web: { path: webPath, endpoint: isKnown ? endpointIn(lines) : 'unknown' },
    builders: new Map(answer.builder.flatMap(([words]) => builderIn(words))),
  };
}

/** A whole number at the top of a TOML text; settings in tables below it are others. */
function numberIn(toml: string | undefined, name: string): NumberSetting {
  if (toml === undefined) return 'unknown';
  const [top = ''] = toml.split(/^\s*\[/m);
  const value = new RegExp(`^\\s*${name}\\s*=\\s*(?<value>[+-]?\\d[\\d_]*)\\s*(#.*)?$`, 'm').exec(
    top,
  )?.groups;
  return value === undefined ? 'unset' : Number(value['value']?.replaceAll('_', ''));
}

/** The last line holds, as Hydra reads its settings. */
function endpointIn(encoded: string): string {
  const values = Buffer.from(encoded, 'base64')
    .toString('utf8')
    .split('\n')
    .flatMap(
      (line) => /^\s*queue_runner_endpoint\s*=\s*(?<value>[!-~]+)\s*$/.exec(line)?.groups?.['value'] ?? [],
    );
  return values.at(-1) ?? 'unset';
}

function builderIn(words: string): readonly [string, string][] {
  const found = BUILDER.exec(words)?.groups;
  return found === undefined ? [] : [[found['system'] ?? '', found['path'] ?? '']];
}
