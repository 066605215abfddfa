/** `npm run console`: a page on this machine that shows a farm and steers it. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { readConfigFile } from '../../lambdas/config-file/config-file.ts';
import { DEFAULT_PORT } from '../world/endpoint/address.ts';
import { journalOf } from './console/journal.ts';
import type { ConsolePlace } from './console/journal.ts';
import { serveConsole } from './console/server.ts';
import { endingBy } from './operate/ending.ts';
import { localTarget } from './operate/target.ts';
import type { Target } from './operate/target.ts';
import * as numbers from './start/arguments.ts';
import { portTrouble } from './start/begin.ts';
import { refuse, refusingArguments } from './start/refusal.ts';
import './closed-pipe.ts';

interface Options extends ConsolePlace {
  readonly function?: string;
  readonly by?: string;
  readonly port: number;
  readonly every: number;
  readonly days: number;
}

const OWN_CONFIG = 'autoscaler.json';
const DAY_SECONDS = 24 * 3600;
/** Of what nobody guesses. */
const SECRET_BYTES = 32;

const program = refusingArguments(new Command('npm run console --'))
  .description(
    'Shows a farm in a browser, now and through time, and takes orders there: the one of "npm start" or "npm run region" ' +
      'on this machine, or with --stack the one you have deployed, with the region and credentials of the AWS SDK.\n' +
      'It listens on 127.0.0.1 only, and lets in who has the address that it prints.',
  )
  .option('--url <url>', `where the region listens (default: $AWS_ENDPOINT_URL, else port ${DEFAULT_PORT})`)
  .addOption(
    new Option('--stack <name>', 'the stack of a deployed farm; it says which function to ask').conflicts(
      'function',
    ),
  )
  .option('--function <name>', 'name or ARN of its function, where it is part of a stack of your own')
  .option('--table <name>', 'its state table, where --function names it')
  .option(
    '--farm <tag>',
    'the farm in the table (default: the tag of autoscaler.json, or the only one there)',
  )
  .option('--region <region>', 'where it is deployed (default: as the AWS SDK finds it)')
  .option('--by <name>', 'who you are, for the journal', process.env['USER'])
  .option('--every <seconds>', 'time between an answer of the farm and the next question', numbers.every, 5)
  .option('--days <number>', 'how much of the journal is read', numbers.days, 7)
  .option('--port <number>', 'where the page is; 0 for any free one', numbers.port, 0)
  .addHelpText('after', '\nq or Ctrl-C ends it. Exit code 0, or 2 when it cannot begin as asked.');

await run(program.parse().opts<Options>());

async function run(options: Options): Promise<void> {
  const served = await begin(options).catch((error: unknown) => {
    const trouble = portTrouble(error);
    refuse(trouble === undefined ? error : new Error(`port ${options.port} ${trouble}: choose another`));
  });
  if (served === undefined) return;
  const tell = (): void => {
    console.log(`The console is at ${served.newAddress()}`);
  };
  const { over, release } = endingBy(process.stdin, tell);
  tell();
  console.log('That address lets one browser in, once; Enter prints another. q or Ctrl-C ends it.');
  if (!over.aborted) await new Promise((resolve) => over.addEventListener('abort', resolve));
  release();
  await served.close();
  process.exit();
}

async function begin(options: Options) {
  const { every, days, port, by, stack } = options;
  const place = placeOf(options);
  return serveConsole({
    title: stack ?? options.function ?? 'the farm on this machine',
    ask: await targetOf(options, place.url),
    pause: () => sleep(every * 1000),
    now: () => Date.now() / 1000,
    past: { read: journalOf(place), seconds: days * DAY_SECONDS },
    port,
    random: () => randomBytes(SECRET_BYTES).toString('base64url'),
    ...(by === undefined || by === '' ? {} : { by }),
  });
}

/** Without a name of anything in AWS, the region on this machine is meant. */
function placeOf({ stack, table, url, farm, region, ...options }: Options): ConsolePlace {
  const isHere = stack === undefined && options.function === undefined;
  const here = process.env['AWS_ENDPOINT_URL'] ?? `http://127.0.0.1:${DEFAULT_PORT}`;
  const address = url ?? (isHere ? here : undefined);
  const tag = farm ?? (isHere || !existsSync(OWN_CONFIG) ? undefined : readConfigFile(OWN_CONFIG).tag);
  return {
    ...(stack === undefined ? {} : { stack }),
    ...(table === undefined ? {} : { table }),
    ...(region === undefined ? {} : { region }),
    ...(address === undefined ? {} : { url: address }),
    ...(tag === undefined ? {} : { farm: tag }),
  };
}

async function targetOf(options: Options, url: string | undefined): Promise<Target> {
  const { stack, region, function: named } = options;
  if (stack === undefined && named === undefined) return localTarget(url ?? '');
  // Whoever asks a farm on this machine need not wait for the clients.
  const { awsTarget, functionOfStack } = await import('./operate/aws-target.ts');
  const place = {
    ...(region === undefined ? {} : { region }),
    ...(url === undefined ? {} : { endpoint: url }),
  };
  return awsTarget(place, named ?? (await functionOfStack(place, stack ?? '')));
}
