/**
 * What the function and its SSM documents agree on: names, parameters, limits. The stack makes the documents from this
 * and the adapters call them by it, so neither side can drift.
 */

/** The documents by their work; the stack gives each a real name, which reaches the function by its configuration. */
export interface DocumentNames {
  /** Queue status, checksum of the machines file and probes, in one look at the Hydra host. */
  readonly observe: string;
  /** A further part of a status that was too long for one answer. */
  readonly fetch: string;
  /** Puts the machines file in place. */
  readonly publish: string;
  /** Waits for what would change the plan, and ends as soon as it is there. Changes nothing. */
  readonly watch: string;
  /** What surrounds the queue runner on the Hydra host: its machines files, keys and settings. Changes nothing. */
  readonly inspect: string;
  /** Asks machines themselves whether they serve their store to any client. */
  readonly askMachine: string;
  /** Opens or closes the gates of machines that dial in: behind a closed one they get no new work. */
  readonly gate: string;
  /** Asks machines that dial in how their builder is, why it does not run, and whether their gate is open. */
  readonly askBuilder: string;
}

export type DocumentKey = keyof DocumentNames;

/** The documents that run on machines; the others run on the Hydra host. */
export const MACHINE_DOCUMENTS = [
  'askMachine',
  'gate',
  'askBuilder',
] as const satisfies readonly DocumentKey[];

export interface DocumentParameter {
  readonly description: string;
  /**
   * Anchored, and read alike by Java (the SSM API checks it) and RE2 (the agent checks it again, and refuses counts
   * above 1000). Only letters, digits and `+/=`: nothing in a value can end the quotes it is put between.
   */
  readonly allowedPattern: string;
  readonly maxChars: number;
}

export interface DocumentContract {
  readonly description: string;
  /** The agent kills the script after this; SSM accepts 5 to 172,800 and takes anything else for 3,600. */
  readonly executionSeconds: number;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
}

/**
 * Document and parameters together must stay below this many bytes
 * (AWS: docs/develop/facts.md#ssm-document-and-parameters).
 */
export const MAX_COMMAND_BYTES = 64 * 1024;

const base64 = (description: string, maxChars: number): DocumentParameter => ({
  description: `${description}, in base64`,
  allowedPattern: '^[A-Za-z0-9+/]*={0,2}$',
  maxChars,
});

const sha256 = (description: string): DocumentParameter => ({
  description: `SHA-256 of ${description}`,
  allowedPattern: '^[0-9a-f]{64}$',
  maxChars: 64,
});

const number = (description: string, digits: number): DocumentParameter => ({
  description,
  allowedPattern: '^(0|[1-9][0-9]*)$',
  maxChars: digits,
});

/** A watch lasts until the next tick, and no longer than this, in seconds. */
export const WATCH_SECONDS_MAX = 3600;
/** What a watch can be told to look for, in characters of base64: some 1,200 machines. */
export const MAX_WATCHED_CHARACTERS = 40_000;

export const DOCUMENTS = {
  observe: {
    description:
      'Finds out which queue runner the host has, reads its status and what surrounds it, and tries to reach waiting machines',
    // Asking the Rust one may take 10 s; then the status command 20 s, the probes beside it 12 s, cutting the status down 5 s,
    // or the queues 10 s and their derivations 8 s, with the database beside both, and evaluations, of which it is asked, too.
    executionSeconds: 45,
    parameters: {
      probes: base64(
        'Machines to reach, one a line: instance id, address, port, user, key file or -, host key',
        28_000,
      ),
    },
  },
  fetch: {
    description: 'Reads a further part of a queue status that was too long for one answer',
    executionSeconds: 15,
    parameters: {
      sha256: sha256('the whole, as observe told it'),
      offset: {
        description: 'Characters read already',
        allowedPattern: '^(0|[1-9][0-9]{0,8})$',
        maxChars: 9,
      },
    },
  },
  publish: {
    description: 'Puts the machines file in place',
    executionSeconds: 20,
    parameters: {
      content: base64('The file, compressed by gzip', 60_000),
      sha256: sha256('the file'),
      republish: {
        description: 'Whether to write it even if its content is the same',
        allowedPattern: '^(yes|no)$',
        maxChars: 3,
      },
      replaced: {
        description: 'SHA-256 of a file that names no farm and may be replaced; empty for none',
        allowedPattern: '^[0-9a-f]*$',
        maxChars: 64,
      },
    },
  },
  watch: {
    description: 'Waits until something happens that would change the plan, one watch at a time',
    // It ends by itself before; the longest and the last look, and to spare.
    executionSeconds: WATCH_SECONDS_MAX + 120,
    parameters: {
      watched: base64(
        'What to look for, one a line: kind KIND MOST, unsupported MOST, failed MACHINE, quiet MACHINE, evaluations yes, due TIME, unlikely JOBSET',
        MAX_WATCHED_CHARACTERS,
      ),
      runner: {
        description: 'Which queue runner is to be asked',
        allowedPattern: '^(cpp|rust)$',
        maxChars: 4,
      },
      since: number('Time of the status that the plan was made from', 12),
      turn: number('Grows from watch to watch; a later one ends all before it', 15),
      seconds: number('How long to wait at most', 4),
      delay: number('Seconds until the first look', 4),
    },
  },
  inspect: {
    description: 'Tells how the queue runner is set up, and what of files, keys and tokens it can read',
    executionSeconds: 30,
    parameters: {},
  },
  askMachine: {
    description: 'Asks a machine whether it serves its Nix store to anybody now, and for its public host key',
    executionSeconds: 15,
    parameters: {},
  },
  gate: {
    description:
      'Opens or closes the gate of a machine: while it is closed the queue runner gives it no new work',
    executionSeconds: 15,
    parameters: {
      gate: { description: 'What to do with it', allowedPattern: '^(open|close)$', maxChars: 5 },
    },
  },
  askBuilder: {
    description: 'Asks a machine how its builder is, what that said last, and whether its gate is open',
    executionSeconds: 15,
    parameters: {},
  },
} as const satisfies Record<DocumentKey, DocumentContract>;

export type ParametersOf<Key extends DocumentKey> = Readonly<
  Record<keyof (typeof DOCUMENTS)[Key]['parameters'], string>
>;

/** Text as a base64 parameter. */
export const inBase64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** What the document would refuse about `values`, by parameter name. Empty when fine. */
export function parameterProblems<Key extends DocumentKey>(
  key: Key,
  values: Partial<ParametersOf<Key>>,
): string[] {
  const contracts: Readonly<Record<string, DocumentParameter>> = DOCUMENTS[key].parameters;
  return Object.entries<string | undefined>(values).flatMap(([name, value = '']) => {
    const contract = contracts[name];
    if (contract === undefined) return [`${name}: the document ${key} has no such parameter`];
    if (value.length > contract.maxChars) {
      return [
        `${name}: ${value.length} characters in base64 are more than the ${contract.maxChars} that fit`,
      ];
    }
    return new RegExp(contract.allowedPattern).test(value)
      ? []
      : [`${name}: must match ${contract.allowedPattern}`];
  });
}
