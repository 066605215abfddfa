/** A Hydra host with the Rust queue runner: its REST interface answers over HTTP, curl is the real one. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import {
  decodeRustAnswer,
  decodeRustFrame,
  type RustFrame,
} from '../../../lambdas/hydra/rust/host-answer.ts';
import { unpackPayload } from '../../../lambdas/hydra/payload.ts';
import { type FarmChanges, ScratchHost } from '../../fakes/scratch-host.ts';
import type { ScriptResult } from '../../fakes/ssm-agent.ts';
import { questionParameters } from './observing.ts';

export const FIXTURES = join(import.meta.dirname, '../../fixtures');
export const captured = (name: string): string => readFileSync(join(FIXTURES, 'hydra-rust', name), 'utf8');

const STATUS = '/status';
export const QUEUES = '/status/queues';
const ACTIVE = '/status/build/1/active';

/** What is answered to a path: with 200 a text, else a code with one; `hang` is no answer. */
type Page = string | readonly [number, string] | 'hang';
/** Several are answered one after the other, and the last one for good. */
type Pages = Page | readonly [Page, Page];

const isSeveral = (pages: Pages): pages is readonly [Page, Page] =>
  typeof pages !== 'string' && typeof pages[0] !== 'number';

export class RustHost extends ScratchHost {
  readonly pages = new Map<string, Pages>();
  readonly asked: string[] = [];
  readonly #server = createServer((request, response) => {
    const { url = '' } = request;
    this.asked.push(url);
    const page = this.#next(url);
    if (page === 'hang') return;
    const [code, body] = typeof page === 'string' ? [200, page] : page;
    response.writeHead(code, { 'content-type': 'application/json' }).end(body);
  });

  constructor(shell?: string) {
    super(shell === undefined ? {} : { shell });
    this.tools('awk', 'curl', 'sed', 'sort', 'split', 'xargs');
    this.databaseSays('unfinished 0');
    this.program('hydra-queue-runner', `echo "error: unexpected argument '--status' found" >&2; exit 2`);
  }

  #next(url: string): Page {
    const pages = this.pages.get(url) ?? [404, 'not found'];
    if (!isSeveral(pages)) return pages;
    this.pages.set(url, pages[1]);
    return pages[0];
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  get restUrl(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** It answers as the real one did in a situation that was captured. */
  answersAs(situation: string): void {
    this.pages.set(STATUS, captured(`${situation}.status.json`));
    this.pages.set(QUEUES, captured(`${situation}.status-queues.json`));
    this.pages.set(ACTIVE, '{"active":true}');
  }

  /** psql prints this. */
  databaseSays(text: string): void {
    this.program('psql', `cat <<'END'\n${text}\nEND`);
  }

  hasUnit(name: string): void {
    this.program(
      'systemctl',
      `case "$*" in *LoadState*' ${name}') echo loaded ;; *LoadState*) echo not-found ;; esac`,
    );
  }

  /** A derivation in its store, with the content of one of the fixtures. */
  stores(name: string, fixture: string): void {
    this.file(`nix/store/${name}`, readFileSync(join(FIXTURES, 'derivations', `${fixture}.drv`)));
  }

  look(farm: FarmChanges = {}): Promise<ScriptResult> {
    return this.run('observe', questionParameters(), { restUrl: this.restUrl, ...farm });
  }

  /** @throws when the script failed, or its answer cannot be read or is not whole. */
  async answer(farm: FarmChanges = {}): Promise<RustAnswer> {
    const { exitCode, stdout, stderr } = await this.look(farm);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
    return answerIn(stdout);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    this.remove();
  }
}

/** The frame of an answer. @throws when it cannot be read. */
export function frameIn(stdout: string): RustFrame {
  const frame = decodeRustFrame(stdout);
  if (!frame.ok) throw new Error(frame.problem.says);
  return frame.value;
}

/** @throws when it cannot be read or is not whole. */
export function answerIn(stdout: string): RustAnswer {
  const frame = frameIn(stdout);
  const payload = unpackPayload(frame.payload);
  if (!payload.ok) throw new Error(payload.problem.says);
  const answer = decodeRustAnswer(frame, payload.value);
  if (!answer.ok) throw new Error(answer.problem.says);
  return answer.value;
}
