/** The other end of the leash: reads which processes there are, and ends those that are left when writing has stopped. */
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** For programs that tidy up after themselves when they are asked to end; what is left of them lies in the run's directory. */
const GRACE_MILLISECONDS = 1000;

const held = new Set<number>();
for await (const line of createInterface({ input: process.stdin })) {
  const [what, id] = line.split(' ');
  if (what === 'hold') held.add(Number(id));
  else held.delete(Number(id));
}
end('SIGTERM');
if (held.size > 0) await pause(GRACE_MILLISECONDS);
end('SIGKILL');

/** Ends each with its process group, where it leads one. */
function end(signal: NodeJS.Signals): void {
  for (const pid of held) {
    for (const target of [-pid, pid]) {
      try {
        process.kill(target, signal);
      } catch {
        // It is gone, or leads no group.
      }
    }
  }
}
