import type { Random } from '../random.ts';
import type { HydraDatabase } from '../hydra/database.ts';
import type { RustProcess } from './process.ts';
import { queuesText } from './queues-text.ts';
import { statusText } from './status-text.ts';
import type { BusyRows, SpoiltSteps } from './busy-rows.ts';

/** What became of one call of REST. */
export type RestAnswer =
  | { readonly kind: 'answered'; readonly code: number; readonly text: string }
  /** Nobody listens at the address. */
  | { readonly kind: 'refused' }
  /** Somebody listens, and says nothing. */
  | { readonly kind: 'hangs' };

/** What can be found out on the host of a Rust queue runner. */
export interface RustAnswers {
  /** `GET /status` */
  readonly status: RestAnswer;
  /** `GET /status/queues` */
  readonly queues: RestAnswer;
  /** `GET /status/build/1/active`, which asks the database. */
  readonly active: RestAnswer;
  /** Rows of BuildSteps with `busy <> 0` by machine; undefined when the database does not answer. */
  readonly busy: ReadonlyMap<string, number> | undefined;
  /** What machines have spoilt, by host name; undefined when the database does not answer. */
  readonly spoilt: ReadonlyMap<string, SpoiltSteps> | undefined;
  /** Builds in the database that have not ended; undefined when it does not answer. */
  readonly unfinished: number | undefined;
}

const CURL_REFUSED = 7;
const CURL_TIMED_OUT = 28;

/** How `curl -m` exits. */
export const curlExitOf = (answer: RestAnswer): number => {
  if (answer.kind === 'answered') return 0;
  return answer.kind === 'refused' ? CURL_REFUSED : CURL_TIMED_OUT;
};

/** What `curl -w '%{http_code}'` writes. */
export const httpCodeOf = (answer: RestAnswer): string =>
  answer.kind === 'answered' ? String(answer.code) : '000';

const ok = (text: string): RestAnswer => ({ kind: 'answered', code: 200, text });

const DATABASE_ERROR: RestAnswer = {
  kind: 'answered',
  code: 500,
  text: '{"error":"error communicating with database: Connection refused (os error 111)"}',
};

interface Asked {
  readonly process: RustProcess | undefined;
  readonly hasSocketUnit: boolean;
  /** Draws the order of what the program keeps in hash tables. */
  readonly order: Random;
}

/** `GET /status` alone. */
export const statusOf = ({ process, hasSocketUnit, order }: Asked): RestAnswer => {
  if (process?.listening === true && !process.hung) return ok(statusText(process, order));
  return { kind: process?.listening === true || hasSocketUnit ? 'hangs' : 'refused' };
};

export const answersOf = (
  host: Asked & { readonly database: HydraDatabase; readonly rows: BusyRows },
): RustAnswers => {
  const { process, database, rows, order } = host;
  const own = { busy: busyOf(rows), spoilt: rows.spoilt, unfinished: [...database.unfinished()].length };
  const asked = database.reachable ? own : { busy: undefined, spoilt: undefined, unfinished: undefined };
  const status = statusOf(host);
  if (process === undefined || status.kind !== 'answered')
    return { status, queues: status, active: status, ...asked };
  return {
    status,
    queues: ok(queuesText(process.context, order)),
    active: database.reachable ? ok('{"active":false}') : DATABASE_ERROR,
    ...asked,
  };
};

const busyOf = (rows: BusyRows): ReadonlyMap<string, number> => {
  const busy = new Map<string, number>();
  for (const { machine } of rows.all()) {
    const { hostname } = machine.join;
    busy.set(hostname, (busy.get(hostname) ?? 0) + 1);
  }
  return busy;
};
