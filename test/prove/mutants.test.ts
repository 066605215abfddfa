/** Mutants fit the code as it is, wherever it has moved to; whoever renames what one breaks is told so here. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fit } from '../../local/prove/mutants/fit.ts';
import { mutants } from '../../local/prove/mutants/mutants.ts';
import type { Operation } from '../../local/prove/mutants/operation.ts';
import {
  always,
  chooses,
  is,
  never,
  replaces,
  rewords,
  when,
  without,
} from '../../local/prove/mutants/operations.ts';

function treeOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'tree-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  for (const [file, text] of Object.entries({ 'test/core/a.test.ts': '', ...files })) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

/** What a mutant makes of a tree: the broken file, or why it does not fit. */
function outcomeIn(root: string, of: string, does: Operation, tests: readonly string[] = []): string {
  const { fitting, misfits } = fit([{ name: 'x', of, does, tests }], root);
  return misfits[0] ?? fitting[0]?.broken ?? '';
}

const inModule = (text: string, of: string, does: Operation): string =>
  outcomeIn(treeOf({ 'lambdas/a.ts': text }), of, does);

const inScript = (text: string, of: string, does: Operation): string =>
  outcomeIn(treeOf({ 'infra/a.sh': text }), of, does);

describe('the mutants', () => {
  it('fit the tree, change it, and have names of their own', () => {
    const { fitting, misfits } = fit(mutants, '.');
    expect(misfits).toEqual([]);
    expect(fitting.filter(({ whole, broken }) => whole === broken)).toEqual([]);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});

describe('a place', () => {
  const MODULE =
    'export const A = 1;\nclass C {\n  f() {\n    const a = 1;\n    return { a: 2, b: a };\n  }\n}\n';
  it('is found where the file has moved to, and laid out anew', () => {
    const root = treeOf({ 'lambdas/core/a.ts': 'const f = (a: number) => a > 0 ? 1 : 2;\n' });
    expect(outcomeIn(root, 'f', always('a'))).toBe('const f = (a: number) => (true) ? 1 : 2;\n');
    mkdirSync(path.join(root, 'infra'));
    renameSync(path.join(root, 'lambdas/core/a.ts'), path.join(root, 'infra/b.ts'));
    writeFileSync(
      path.join(root, 'infra/b.ts'),
      'function f(a: number) {\n  return a >\n    0 ? 1 : 2;\n}\n',
    );
    expect(outcomeIn(root, 'f', always('a'))).toBe('function f(a: number) {\n  return (true) ? 1 : 2;\n}\n');
  });
  it('lies in a constant, a method, a variable or a property', () => {
    expect(inModule(MODULE, 'A', is('3'))).toContain('A = (3);');
    expect(
      inModule(
        MODULE,
        'C.f.b',
        is((old) => `-${old}`),
      ),
    ).toContain('b: (-a) }');
    expect(inModule(MODULE, 'C.f', replaces('a', '4'))).toContain('b: (4) }');
    expect(inModule(MODULE, 'C.f.a', is('5'))).toMatch(/^"x": "is 5" fits several places: lambdas\/a.ts:4, /);
  });
  it('is told to be missing with what was looked for', () => {
    expect(inModule(MODULE, 'B', is('3'))).toBe('"x": nothing named B is declared under lambdas/ or infra/');
    expect(inModule(MODULE, 'C', never('A'))).toBe(
      '"x": no place fits "the condition with A becomes false" in lambdas/a.ts:2',
    );
    expect(inModule(MODULE, 'A', is('B'))).toBe('"x": "is B" at lambdas/a.ts:1: nothing is named B there');
    expect(inModule(MODULE, 'A', is('('))).toBe('"x": "is (" at lambdas/a.ts:1: it cannot be parsed then');
    expect(outcomeIn(treeOf({ 'lambdas/a.ts': MODULE }), 'A', is('3'), ['b.test.ts', 'core'])).toBe(
      '"x": no test or directory of tests is named b.test.ts',
    );
  });
  it('may share its name with others if it is the only one that fits, or they judge plans', () => {
    const root = treeOf({
      'lambdas/a.ts': 'const f = () => (g() ? 1 : 2);\nconst A = 1;\n',
      'lambdas/b.ts': 'const f = () => 3;\n',
      'lambdas/core/check/c.ts': 'const A = 1;\n',
    });
    expect(outcomeIn(root, 'f', never('g'))).toContain('((false) ? 1 : 2)');
    expect(outcomeIn(root, 'A', is('2'))).toContain('A = (2)');
    expect(outcomeIn(root, 'f', is('4'))).toMatch(/fits several places: lambdas\/a\.ts:1, lambdas\/b\.ts:1$/);
  });
});

describe('an operation', () => {
  const bodyOf = (body: string, does: Operation): string =>
    inModule(`function f(a, b, c) { ${body} }`, 'f', does).slice('function f(a, b, c) { '.length, -2);

  it('decides the innermost condition that mentions something', () => {
    expect(bodyOf('if (a.b === 1 && c) return;', always('b'))).toBe('if ((true) && c) return;');
    expect(bodyOf('if (a || !b(c)) return;', never('b'))).toBe('if (a || !(false)) return;');
    expect(bodyOf('return a && b;', never('a', 'b'))).toBe('return (false);');
    expect(
      bodyOf(
        "if (a === 'b') return;",
        when(['b'], (old) => `${old} && c`),
      ),
    ).toBe("if ((a === 'b' && c)) return;");
    expect(bodyOf('if (a > 1 || a < 0) return;', never('a'))).toContain('fits several places');
  });
  it('takes one branch always', () => {
    expect(bodyOf('return a ? b : c;', chooses('c'))).toBe('return (c);');
    expect(inModule('const f = (a) => (a ? a : [a]);', 'f', chooses('a'))).toContain('no place fits');
  });
  it('leaves out a statement, an element, a property or an argument', () => {
    expect(bodyOf('if (a) b();\nc();', without('b'))).toBe('if (a) ;\nc();');
    expect(bodyOf('return [a, ...c.map((x) => b(x))];', without('b'))).toBe('return [a];');
    expect(bodyOf('return { a, b: 1, c };', without('b'))).toBe('return {a, c };');
    expect(bodyOf('return Math.max(0, a, b + 1);', without('b'))).toBe('return Math.max(0, a);');
  });
  it('replaces a value or a call, but no name', () => {
    expect(bodyOf('const { a: b } = c; return { b };', replaces('b', '1'))).toBe(
      'const { a: b } = c; return { b: (1) };',
    );
    expect(
      bodyOf(
        'return a.b + b(a);',
        replaces('b()', (old) => `-${old}`),
      ),
    ).toBe('return a.b + (-b(a));');
  });
  it('changes a word of a string', () => {
    expect(bodyOf("return 'one two' + 'three';", rewords('two', '2'))).toBe("return 'one 2' + 'three';");
  });
});

describe('a script', () => {
  const SCRIPT = `# f "it's
f() {
  if [ "$(g "$a")" = "$b" ]; then h 'a b' && g 1; fi # no
}
f || g "$((1 + (2)))" "$b"
`;
  it('is broken in a function or as a whole, by command and by word', () => {
    expect(inScript(SCRIPT, 'f', always('$b'))).toBe(SCRIPT.replace('[ "$(g "$a")" = "$b" ]', 'true'));
    expect(inScript(SCRIPT, 'f', always('g'))).toBe(SCRIPT.replace('g 1', 'true'));
    expect(inScript(SCRIPT, 'f', rewords('a b', 'c'))).toBe(SCRIPT.replace("'a b'", 'c'));
    expect(inScript(SCRIPT, 'a.sh', always('$((1 + (2)))'))).toBe(SCRIPT.replace(/g "\$\(\(.*/, 'true'));
  });
  it('says what does not fit', () => {
    expect(inScript(SCRIPT, 'a.sh', always('g'))).toBe(
      '"x": "the condition with g becomes true" fits several places: infra/a.sh:3, infra/a.sh:5',
    );
    expect(inScript(SCRIPT, 'f', rewords('no', 'c'))).toContain('no place fits "the word no becomes c"');
    expect(inScript(SCRIPT, 'f', rewords('1', '('))).toContain('the shell cannot read it then');
  });
});
