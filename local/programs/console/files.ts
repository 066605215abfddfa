/** The files that the page is made of, by the path under which it asks for them. */
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

export interface PageFile {
  readonly type: string;
  readonly body: string;
}

/** Read once: there are no others, whatever path is asked for. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  const here = import.meta.dirname;
  const report = path.join(here, '../show/report');
  const require = createRequire(import.meta.url);
  const files = [
    ...globSync('client/*.{js,css}', { cwd: here }).map((file) => path.join(here, file)),
    ...['charts.js', 'page.css'].map((file) => path.join(report, file)),
    ...['uplot/dist/uPlot.iife.min.js', 'uplot/dist/uPlot.min.css'].map((file) => require.resolve(file)),
  ];
  return new Map(
    files.map((file) => [
      `/${path.basename(file)}`,
      { type: TYPES[path.extname(file)] ?? 'text/plain', body: readFileSync(file, 'utf8') },
    ]),
  );
}
