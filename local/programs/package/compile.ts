/** The package's own code as plain ES modules with declarations, which Node runs as they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The oldest Node the package promises to run on knows all of it, syntax as well as library. */
const TARGET = ts.ScriptTarget.ES2023;

/**
 * Compiles `entry` and everything it imports of this project into `outDir`, in the same folders.
 * @param root the project.
 * @param entry path from `root`.
 * @throws Error with every finding of the compiler.
 */
export function compile(root: string, entry: string, outDir: string): void {
  const { config } = ts.parseConfigFileTextToJson(
    'tsconfig.json',
    readFileSync(join(root, 'tsconfig.json'), 'utf8'),
  ) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([join(root, entry)], {
    ...options,
    target: TARGET,
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: root,
    outDir,
  });
  const found = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (found.length > 0) throw new Error(ts.formatDiagnostics(found, host(root)));
}

const host = (root: string): ts.FormatDiagnosticsHost => ({
  getCurrentDirectory: () => root,
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
});
