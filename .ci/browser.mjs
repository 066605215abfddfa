/** Debian's Chromium, driven by its own protocol: what the console's check needs of it, and no more. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const { fetch, performance, WebSocket } = globalThis;
const PATIENCE_MILLISECONDS = 60_000;
const AGAIN_MILLISECONDS = 100;

/** @param profile an empty directory. */
export async function startChromium(profile) {
  const child = spawn('chromium', [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'],
    ...[`--user-data-dir=${profile}`, 'about:blank'],
  ]);
  const port = await new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const [, found] = /ws:\/\/[^:]+:(\d+)\//.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('error', reject).once('exit', () => reject(new Error(`chromium does not start: ${said}`)));
  });
  const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const page = await openPage(targets.find(({ type }) => type === 'page').webSocketDebuggerUrl);
  return { ...page, stop: () => child.kill() };
}

async function openPage(address) {
  const socket = new WebSocket(address);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const waiting = new Map();
  const errors = [];
  socket.addEventListener('message', ({ data }) => {
    const { id, method, params, ...answer } = JSON.parse(data);
    if (id !== undefined) waiting.get(id)(answer);
    else if (method === 'Runtime.exceptionThrown')
      errors.push(params.exceptionDetails.exception?.description);
    else if (method === 'Log.entryAdded' && params.entry.level === 'error')
      errors.push(`${params.entry.text} ${params.entry.url ?? ''}`);
  });
  const send = (method, params = {}) =>
    new Promise((resolve) => {
      const id = waiting.size + 1;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  const evaluate = async (expression) => {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result } = await send('Runtime.evaluate', asked);
    if (result.exceptionDetails !== undefined) throw new Error(JSON.stringify(result.exceptionDetails));
    return result.result.value;
  };
  for (const domain of ['Page', 'Log', 'Runtime']) await send(`${domain}.enable`);
  return {
    errors,
    evaluate,
    go: (url) => send('Page.navigate', { url }),
    press: async (key) => {
      for (const type of ['keyDown', 'keyUp']) await send('Input.dispatchKeyEvent', { type, ...key });
    },
    resize: (width, height) =>
      send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false }),
    colours: (value) =>
      send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] }),
    /** Waits until an expression is true. @throws where it never is. */
    until: async (what, expression) => {
      const since = performance.now();
      while ((await evaluate(expression)) !== true) {
        if (performance.now() - since > PATIENCE_MILLISECONDS) throw new Error(`never: ${what}`);
        await sleep(AGAIN_MILLISECONDS);
      }
      console.log(`ok: ${what}`);
    },
  };
}
