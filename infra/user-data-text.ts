/** What all user data has to mind. */
import { gzipSync } from 'fflate';

/** EC2 takes no more, before base64 (AWS: docs/develop/facts.md#ec2-user-data). */
export const MAX_USER_DATA_BYTES = 16 * 1024;

/** Without comments and blank lines, for the shell and Nix alike: every byte counts. */
export const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s*(#(?!!)|$)/.test(line))
    .map((line) => `${line}\n`)
    .join('');

/** Of NixOS options what a machine has no use for, and people do not read on it: how they are described, and by examples. */
export const withoutOptionTexts = (nix: string): string =>
  nix.replace(/^( *)[^\n]*mkOption \{\n.*?^\1\};$/gms, (option) =>
    option.replace(/^ *(description|example|defaultText) = .*;\n/gm, ''),
  );

const END = 'HYDRA_AUTOSCALER_END';

/** Shell that writes `text`, which ends with a line break, into `file`; nothing in it is expanded. */
export const asHereDocument = (file: string, text: string): string =>
  `cat >"${file}" <<'${END}'\n${text}${END}\n`;

/**
 * Shell that runs `script`, packed: it takes a third of the room. Not by zlib, whose bytes differ from one Node to the next:
 * other bytes are other user data, and EC2 restarts an instance for those.
 */
export const asPackedScript = (script: string): string => {
  const packed = gzipSync(new TextEncoder().encode(script), { level: 9, mtime: 0 });
  const lines = Buffer.from(packed)
    .toString('base64')
    .replace(/.{1,120}/g, '$&\n');
  return `packed=$(base64 -d <<'${END}' | gzip -dc\n${lines}${END}\n) || exit 74\neval "$packed"\n`;
};

/**
 * @param whose what it is about, for people.
 * @throws RangeError when it is larger than EC2 takes.
 */
export function refuseOversized(whose: string, text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_USER_DATA_BYTES) return text;
  throw new RangeError(
    `the user data of ${whose} has ${bytes} bytes, EC2 takes ${MAX_USER_DATA_BYTES}; shorten deploy.builder or bake an image`,
  );
}
