/** One machine type of hydra-provisioner. */
import type { Note } from './note.ts';

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
    'there is no NixOps here: describe the machine with image, instanceTypes, subnets and market, and what it runs with deploy.builder',
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
  note(
    'billing',
    'is "hourly" unless you say otherwise, as hydra-provisioner reckoned. EC2 bills Linux by the second: "per-second" is cheaper',
  );
  return { written, notes };
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
