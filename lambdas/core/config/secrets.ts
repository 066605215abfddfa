/** Secrets where everybody reads them: a warning, since only people know what is one. */
import type { ConfigRule } from './config.ts';

/** Names of variables that hold secrets; those that name a file are the way to go. */
const SECRET_NAME =
  /((^|_)PASS|PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET|SIGNING)_?KEY)$/i;
/** A connection string with a password in it, as DBI and libpq write it, or a URL with one. */
const SECRET_TEXT = /\b(password|passwd|passphrase|pwd|token|secret)\s*=\s*[^\s;&]|:\/\/[^/\s:@]*:[^@\s/]+@/i;

const REMEDY =
  'lies in the function’s code, on the disk of the Hydra host, and for 30 days in every record of Run Command; let the database know ' +
  'the user (peer authentication), or name a file on the host with PGPASSFILE';

/** Nothing, or the path of what holds the secret. */
const isHarmless = (value: string): boolean => value === '' || value.startsWith('/');

export const noSecrets: ConfigRule = ({ host }) => [
  ...Object.entries(host.environment)
    .filter(([name, value]) => (SECRET_NAME.test(name) && !isHarmless(value)) || SECRET_TEXT.test(value))
    .map(([name]) => ({ path: `host.environment.${name}`, says: `looks like a secret, and ${REMEDY}` })),
  ...(host.statusCommand.some((word) => SECRET_TEXT.test(word))
    ? [{ path: 'host.statusCommand', says: `looks like it holds a secret, and that ${REMEDY}` }]
    : []),
];
