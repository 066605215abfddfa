/** What the queue runner makes of a machines file. */
import { TestHost } from '../../../world/queue-runner/host.ts';

/** How many of so many steps each machine of the file is given, in the order of their lines. */
export function dispatched(file: string, builds: number): readonly number[] {
  const listed = file.split('\n').filter((line) => line !== '' && !/^#|\.invalid /.test(line));
  const lines = listed.map((line) => line.replace('ssh://root@', ''));
  const host = TestHost.running(lines);
  host.queue({ count: builds, seconds: 600 });
  host.advance(5);
  return lines.map((line) => host.machine(line.replace(/ .*/, '')).currentJobs);
}
