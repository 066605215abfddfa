/** The requests to the function as people paste them, for `npm run operate`. */

/** The output of a stack that names its function: where `--stack` looks. */
export const FUNCTION_OUTPUT = 'FunctionName';
/** The output that names its table: where `npm run advise -- --stack` looks. */
export const TABLE_OUTPUT = 'StateTable';

/** @param event one that the function accepts, such as `{ drain: { machine: 'i-0123' } }`. */
export const operateCommand = (stack: string, event: Readonly<Record<string, unknown>>): string =>
  `npm run operate -- --stack ${stack} ${operateWords(event).join(' ')}`;

/** Such as `scale-out x86_64-linux 1 --minutes 30`, word by word. */
export function operateWords(event: Readonly<Record<string, unknown>>): readonly string[] {
  const [[name = '', body] = []] = Object.entries(event);
  const { type, machine, count, minutes, everything, system, features } = fieldsOf(body);
  return [
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    ...[type, machine, count].filter((word) => word !== undefined).map(String),
    ...(minutes === undefined ? [] : ['--minutes', String(minutes)]),
    ...(everything === undefined ? [] : ['--everything']),
    ...(system === undefined ? [] : ['--steps', [system, features?.join(',')].filter(Boolean).join(':')]),
  ];
}

interface Fields {
  readonly type?: string;
  readonly machine?: string;
  readonly count?: number;
  readonly minutes?: number;
  readonly everything?: true;
  readonly system?: string;
  readonly features?: readonly string[];
}

/** Requests without a subject have `true` for a body. */
const fieldsOf = (body: unknown): Fields => (typeof body === 'object' && body !== null ? body : {});
