/** Weighs the function's bundle, and times how long it takes to load beside the SDK's clients alone. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_BUDGET_BYTES, BUNDLE_OPTIONS, bundle } from '../../../infra/bundle.ts';
import { BUNDLED_CONFIG } from '../../../infra/bundled-files.ts';
import { AWS_CALLS } from '../../../lambdas/aws/calls.ts';
import { USUAL_STACK } from '../../../lambdas/core/config/parse.ts';

export interface BundleMeasurement {
  readonly bytes: number;
  readonly budgetBytes: number;
  /** From the start of the import to clients that could make a call; the median of the runs. */
  readonly loadMilliseconds: number;
  /** The same of a bundle of the three clients and the commands we send, and nothing else. */
  readonly clientsLoadMilliseconds: number;
  readonly clientsBytes: number;
  /** Of the medians. */
  readonly loadRatio: number;
  readonly budgetRatio: number;
  readonly isWithinBudget: boolean;
}

/** Our own code and its libraries may cost this much beside the clients. */
const BUDGET_RATIO = 1.3;
const CLIENTS = { ec2: 'EC2Client', ssm: 'SSMClient', dynamodb: 'DynamoDBClient' } as const;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = join(ROOT, 'lambdas/reconcile/handler.ts');
const CONFIG = join(ROOT, 'examples/nixos-host/autoscaler.json');

/** @param runs of each bundle, in turns, every one in a process of its own. */
export async function measureBundle(runs: number): Promise<BundleMeasurement> {
  const directory = mkdtempSync(join(tmpdir(), 'hydra-autoscaler-bench-'));
  try {
    await bundle({ entry: ENTRY, directory, configFile: CONFIG });
    const ours = { file: join(directory, 'index.mjs'), make: makeHandler(join(directory, BUNDLED_CONFIG)) };
    const clients = { file: join(directory, 'clients.mjs'), make: 'module.make()' };
    await build({
      ...BUNDLE_OPTIONS,
      stdin: { contents: clientsAlone(), resolveDir: ROOT },
      outfile: clients.file,
    });
    const times = Array.from({ length: runs }, () => [load(ours), load(clients)] as const);
    const loadMilliseconds = median(times.map(([time]) => time));
    const clientsLoadMilliseconds = median(times.map(([, time]) => time));
    const bytes = statSync(ours.file).size;
    const loadRatio = loadMilliseconds / clientsLoadMilliseconds;
    return {
      bytes,
      budgetBytes: BUNDLE_BUDGET_BYTES,
      loadMilliseconds,
      clientsLoadMilliseconds,
      clientsBytes: statSync(clients.file).size,
      loadRatio,
      budgetRatio: BUDGET_RATIO,
      isWithinBudget: bytes <= BUNDLE_BUDGET_BYTES && loadRatio <= BUDGET_RATIO,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A module that makes the three clients and holds on to every command we send. */
function clientsAlone(): string {
  const lines = Object.entries(CLIENTS).map(([service, client]) => {
    const commands = AWS_CALLS.filter((call) => call.service === service).map(
      ({ command }) => `${command}Command`,
    );
    return {
      imports: `import { ${[client, ...commands].join(', ')} } from '@aws-sdk/client-${service}';`,
      made: [`new ${client}({})`, ...commands],
    };
  });
  return [
    ...lines.map(({ imports }) => imports),
    `export const make = () => [${lines.flatMap(({ made }) => made).join(', ')}];`,
  ].join('\n');
}

/** What the first invocation does before it looks at its event. */
function makeHandler(configFile: string): string {
  const names = {
    observe: 'a',
    fetch: 'b',
    publish: 'c',
    watch: 'w',
    inspect: 'd',
    askMachine: 'e',
    gate: 'f',
    askBuilder: 'g',
  };
  const environment = {
    STATE_TABLE: 'state',
    CONFIG_FILE: configFile,
    STACK_NAME: USUAL_STACK,
    DOCUMENTS: JSON.stringify(names),
  };
  return `module.createHandler(${JSON.stringify(environment)}, { now: () => 0, sleep: async () => {} }, () => 'bench')`;
}

interface Loadable {
  readonly file: string;
  readonly make: string;
}

/** In milliseconds, in a process of its own. */
function load({ file, make }: Loadable): number {
  const program = `
    const begun = performance.now();
    const module = await import(${JSON.stringify(pathToFileURL(file).href)});
    if (${make} === undefined) throw new Error('nothing was made');
    console.log(performance.now() - begun);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // Nothing of the caller's: a compile cache or a preloaded module would be measured too.
    env: { AWS_REGION: 'eu-central-1' },
  });
  return Number(output);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}
