/** One machine type of hydra-provisioner. */
import { hourlyCosts } from '../../../lambdas/core/config/costs.ts';
import { DEFAULT_TARGET_WAIT } from '../../../lambdas/core/config/policy.ts';
import type { Note } from './note.ts';

/** hydra-provisioner's own default. */
const OLD_RUNNABLES_PER_MACHINE = 10;

export interface ConvertedType {
  readonly written: Readonly<Record<string, unknown>>;
  readonly notes: readonly Note[];
}

/** The same name, meaning and unit in both. */
const SAME: ReadonlySet<string> = new Set([
  'minMachines',
  'maxMachines',
  'ignoredRunnables',
  'runnablesPerMachine',
  'maxJobs',
  'speedFactor',
  'gracePeriod',
  'stopOnIdle',
]);

const NIXOPS: Readonly<Record<string, string>> = {
  nixopsExpr:
    'there is no NixOps here: describe the machine with image, instanceTypes or instanceRequirements, subnets and market, and what it runs with deploy.builder',
  nixPath: 'there is no NixOps here: the image decides',
};

export function convertType(key: string, old: Readonly<Record<string, unknown>>): ConvertedType {
  const notes: Note[] = [];
  const written: Record<string, unknown> = {};
  const note = (option: string, message: string): void =>
    void notes.push({ path: `systemTypes.${key}.${option}`, message });
  for (const [option, value] of Object.entries(old)) {
    if (SAME.has(option)) written[option] = numberOf(value);
    else if (option === 'sshKey')
      Object.assign(
        written,
        sshKeyOf(value, (message) => note(option, message)),
      );
    else note(option, NIXOPS[option] ?? 'hydra-provisioner has no such option; left out');
  }
  const perMachine = numberOf(old['runnablesPerMachine']) ?? OLD_RUNNABLES_PER_MACHINE;
  written['runnablesPerMachine'] = perMachine;
  note('runnablesPerMachine', dialInWords(Number(perMachine), Number(written['maxJobs'] ?? 1)));
  note(
    'billing',
    `is "hourly" unless you say otherwise, as hydra-provisioner reckoned. EC2 bills Linux by the second, where that costs ${hourlyCosts}: "auto" is what it bills by`,
  );
  return { written, notes };
}

/** Steps by which both ways of counting are compared. */
const STEPS = 100;
/** What a step takes before any has been done, and what is aimed at, in seconds; see `targetWait`. */
const STEP_SECONDS = 600;

/** What the old way of counting comes to, and what the other one would do. */
function dialInWords(perMachine: number, maxJobs: number): string {
  const old = Math.ceil(STEPS / perMachine);
  const filled = Math.ceil(STEPS / maxJobs);
  const dial = Math.min(filled, Math.ceil((STEPS * STEP_SECONDS) / (maxJobs * DEFAULT_TARGET_WAIT)));
  const more = old > filled ? `, of which ${old - filled} could not be filled` : '';
  return (
    `is ${perMachine}: machines are counted as hydra-provisioner did, ${STEPS} waiting steps want ${old}${more}. Without this, ignoredRunnables and ` +
    `gracePeriod they would be counted by what steps take, so that each may expect to wait ${DEFAULT_TARGET_WAIT} s (targetWait): of ${STEP_SECONDS} s each they ` +
    `want ${dial}, of ${STEP_SECONDS / 10} s each ${Math.ceil(dial / 10)}`
  );
}

/** The old program was not particular about `"2"` and `2`. */
const numberOf = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;

function sshKeyOf(value: unknown, note: (message: string) => void): { sshKey?: unknown } {
  if (value === '-') {
    note(
      'is "-": left out, so ssh chooses the key, as it did; name it to be sure that it is the queue runner’s',
    );
    return {};
  }
  if (value === '') {
    note('is empty; left out, so ssh chooses the key');
    return {};
  }
  if (typeof value === 'string' && value.startsWith('/nix/store/')) {
    note(
      `was a Nix path and became ${value}, which is no place for a key; left out: write its absolute path`,
    );
    return {};
  }
  return { sshKey: value };
}
