/** What the watch finds in whatever the two queue runners have really said: just what the model of it does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';
import { RustHost, captured } from './rust-host.ts';
import { NOTHING, cpp, hurry, modelled, namesIn, questionsFor, says, verbOf, watch } from './watching.ts';

describe.each(SHELLS)('the watch beside a C++ queue runner, run by %s', (shell) => {
  let host: ScratchHost;
  beforeEach(() => {
    host = new ScratchHost({ shell });
    hurry(host);
  });
  afterEach(() => host.remove());

  it('finds what the model of it finds, in whatever a C++ queue runner has said', async () => {
    const names = namesIn('hydra-status', '.json').filter((name) => !name.includes('down'));
    for (const [index, name] of names.entries()) {
      const status = cpp(name);
      const watched = questionsFor(status)[index % 5] ?? [];
      says(host, status);
      expect(verbOf(await watch(host, { watched })), name).toBe(verbOf(modelled(status, { watched })));
    }
  });
});

describe.each(SHELLS)('the watch beside a Rust queue runner, run by %s', (shell) => {
  let host: RustHost;
  beforeEach(async () => {
    host = new RustHost(shell);
    hurry(host);
    await host.start();
  });
  afterEach(() => host.remove());
  const ask = (watched: readonly string[], since = 0): Promise<string> =>
    watch(host, { watched, since, runner: 'rust', restUrl: host.restUrl });

  it('asks for nothing but the status, and finds what the model of it finds', async () => {
    for (const [index, name] of namesIn('hydra-rust', '.status.json').entries()) {
      const status = captured(`${name}.status.json`);
      const watched = questionsFor(status)[index % 5] ?? [];
      host.pages.set('/status', status);
      expect(verbOf(await ask(watched)), name).toBe(verbOf(modelled(status, { watched, runner: 'rust' })));
    }
    expect(new Set(host.asked)).toEqual(new Set(['/status']));
  });

  it('tells more steps of a system than were answered', async () => {
    host.pages.set('/status', captured('02-queue-no-machines.status.json'));
    const more = await ask(['unsupported -']);
    const [, system, number] = /^more (\S+) (\d+)$/.exec(more) ?? [];
    expect(Number(number)).toBeGreaterThan(0);
    expect(await ask(['unsupported -', `kind ${system} ${number}`])).not.toBe(more);
  });

  it('finds nothing where nobody answers', async () => {
    expect(await ask([])).toBe(NOTHING);
    host.pages.set('/status', [500, '{"error":"no"}']);
    expect(await ask([])).toBe(NOTHING);
  });
});
