/** Everything that `npm start` can be refused for, found out before anything runs. */
import { examineConfig, readFileAs } from '../../../lambdas/config-file/config-file.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';

/** A configuration as written and as it is understood. */
export interface FarmFile {
  readonly written: Readonly<Record<string, unknown>>;
  readonly config: Config;
}

/** @throws ConfigError */
export const readFarm = (file: string): FarmFile =>
  readFileAs(file, (written) => {
    const { found: config, ...said } = examineConfig(written);
    // What is understood was an object.
    return { ...said, found: { written: { ...(written as object) }, config } };
  });

/** The same farm with ticks that act: one that only observes has no builders to show. */
export const acting = ({ written, config }: FarmFile): FarmFile => ({
  written: { ...written, observeOnly: false },
  config: { ...config, observeOnly: false },
});

/** Why a port could not be listened on, in words; undefined when that was not the trouble. */
export function portTrouble(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'is taken';
  return code === 'EACCES' ? 'may not be used by you' : undefined;
}
