/** All temporary files of a test run lie in one directory, which goes with the run: even those of programs that tests kill. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Run once, before all workers, which inherit the environment. */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-tests-'));
  // Scripts that tests run become other users.
  chmodSync(directory, 0o711);
  process.env['TMPDIR'] = directory;
  return () => {
    rmSync(directory, { recursive: true, force: true });
  };
}
