/**
 * The console in Debian's Chromium, on a region of its own: look, order, explain, by keyboard, a broken connection and
 * back, a hostile name, light and dark, a phone's width, and what axe-core finds (its script is the first argument).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChromium } from './browser.mjs';

const EVIL = `<img src=x onerror="document.title='taken'">`;
const directory = mkdtempSync(path.join(tmpdir(), 'console-in-chromium-'));
const running = [];

/** @returns what it prints that matches, and how to end it. */
async function program(name, args, pattern) {
  const child = spawn(process.execPath, [`local/programs/${name}.ts`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const found = await new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const match = pattern.exec(said);
      if (match !== null) resolve(match[0]);
    });
    child.once('exit', () => reject(new Error(`${name} ended: ${said}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGINT');
    });
  return { found, stop };
}

const console_ = (url, port) =>
  program('console', ['--url', url, '--port', port, '--by', EVIL, '--every', '1'], /http:\S+token=\S+/);
const click = (selector) => `document.querySelector(${JSON.stringify(selector)}).click()`;
const says = (selector, pattern) =>
  `${pattern}.test(document.querySelector(${JSON.stringify(selector)})?.innerText ?? '')`;
const TAB = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };

async function check(page, url) {
  const { evaluate, until, go } = page;
  const first = await console_(url, '0');
  const { port } = new globalThis.URL(first.found);
  await go(first.found);
  await until('the farm is shown', says('#connection', /^As of/));
  await until('types are shown', says('#types', /x86_64-linux/));
  await evaluate(click('[data-key="out x86_64-linux"]'));
  await until('an order says what it will do', says('#dialog', /Keeps at least so many machines/));
  await evaluate(click('#dialog .order'));
  await until('it is given', says('#dialog', /at least 1 machine of x86_64-linux/));
  await evaluate(click('#dialog .controls:last-child button'));
  await until('a hostile name is a text', says('#notes', /scaled out by hand \(<img src=x/));
  await evaluate(`document.getElementById('span').dispatchEvent(new Event('change'))`);
  await until('its machine has a bar', `document.querySelectorAll('.bar .piece').length > 0`);
  await until('the charts are drawn', `document.querySelectorAll('#figures canvas').length >= 3`);
  await evaluate(`document.getElementById('span').focus()`);
  await page.press(TAB);
  await until('the keyboard leads to it', `document.activeElement.className === 'bar'`);
  await evaluate('document.activeElement.click()');
  await until('it says why it came', says('#dialog', /launched: .*by hand/s));
  await accessible(page, 'an explanation');
  await evaluate(click('#dialog .controls:last-child button'));
  for (const scheme of ['light', 'dark']) {
    await page.colours(scheme);
    await accessible(page, scheme);
  }
  await page.resize(390, 844);
  await until('a phone needs no sideways scrolling', 'document.documentElement.scrollWidth <= 390');
  if (page.errors.length > 0) throw new Error(page.errors.join('\n'));
  await first.stop();
  await until('a broken connection is said', says('#connection', /does not answer/));
  const second = await console_(url, port);
  await go(second.found);
  await until('it comes back by a new address', says('#connection', /^As of/));
  if ((await evaluate('document.title')) === 'taken') throw new Error('a name became markup');
}

/** Nothing serious, by axe-core. */
async function accessible({ evaluate }, what) {
  const [, , file] = process.argv;
  if (file === undefined) return;
  await evaluate(`${readFileSync(file, 'utf8')}; undefined`);
  const found = await evaluate(
    `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).slice(0, 3).join(' ')))`,
  );
  if (found.length > 0) throw new Error(`axe-core, ${what}:\n${found.join('\n')}`);
  console.log(`ok: axe-core finds nothing serious, ${what}`);
}

try {
  const region = await program(
    'region',
    ['--port', '0', '--speed', '20', '--schedule', '--json'],
    /\{.*\}\n/,
  );
  const page = await startChromium(path.join(directory, 'profile'));
  await check(page, JSON.parse(region.found).url).finally(page.stop);
} finally {
  for (const child of running) child.kill('SIGTERM');
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}
