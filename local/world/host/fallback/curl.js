/** `curl -m SECONDS -o FILE -w '%{http_code}' URL`, with curl's exit codes; other options are passed over. */
/* global fetch, AbortSignal */
import { writeFileSync } from 'node:fs';

const REFUSED = 7;
const TIMED_OUT = 28;

const args = process.argv.slice(2);
const after = (option) => args[args.indexOf(option) + 1];

try {
  const response = await fetch(args.at(-1), { signal: AbortSignal.timeout(Number(after('-m')) * 1000) });
  writeFileSync(after('-o'), await response.text());
  process.stdout.write(String(response.status));
} catch (error) {
  process.stdout.write('000');
  process.exitCode = error.name === 'TimeoutError' ? TIMED_OUT : REFUSED;
}
