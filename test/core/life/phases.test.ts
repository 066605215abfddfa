/** The table of a machine's life, and that nothing else writes a phase. */
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { PHASES, TRANSITIONS, because, begin, move } from '../../../lambdas/core/life/phases.ts';
import type { Move } from '../../../lambdas/core/life/phases.ts';
import { phaseSchema } from '../../../lambdas/core/model/index.ts';
import { NOW, aMachine } from '../given.ts';

const TABLE = 'lambdas/core/life/phases.ts';
const moves = Object.entries(TRANSITIONS).filter(
  ([name]) => !['launched', 'adopted', 'closed'].includes(name),
) as [Move, (typeof TRANSITIONS)[Move]][];

describe('the table', () => {
  it('knows every phase of a record, and leads into and out of each', () => {
    expect(PHASES.toSorted()).toEqual(phaseSchema.options.toSorted());
    for (const phase of PHASES) {
      expect(Object.values(TRANSITIONS).some(({ to }) => to === phase)).toBe(true);
      expect(moves.some(([, { from }]) => (from as readonly string[]).includes(phase))).toBe(true);
    }
  });

  it.each(moves)('%s comes from where it says, and from nowhere else', (name, { from, to }) => {
    for (const phase of PHASES) {
      const machine = aMachine({ phase, phaseSince: NOW - 100, reason: 'before' });
      const go = () => move(machine, name, 'now', NOW);
      if ((from as readonly string[]).includes(phase))
        expect(go()).toEqual({ ...machine, phase: to, phaseSince: NOW, reason: 'now' });
      else expect(go).toThrow(`i-00000001 is ${phase}: ${name} cannot follow`);
    }
  });

  it('has two beginnings', () => {
    const { phase, phaseSince, reason, ...fields } = aMachine();
    expect([phase, phaseSince, reason]).toHaveLength(3);
    for (const name of ['launched', 'adopted'] as const)
      expect(begin(name, fields, 'new', NOW)).toEqual({
        ...fields,
        phase: 'booting',
        phaseSince: NOW,
        reason: 'new',
      });
  });
});

it('another reason is no other phase, and the same reason no change', () => {
  const machine = aMachine({ reason: 'before' });
  expect(because(machine, 'before')).toBe(machine);
  expect(because(machine, 'now')).toEqual({ ...machine, reason: 'now' });
});

/** Lines that write a phase of a record into an object. */
function writersIn(text: string): readonly string[] {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isPhase = ts.isPropertyAssignment(node) && node.name.getText(file) === 'phase';
    if (isPhase && PHASES.some((phase) => node.initializer.getText(file).includes(`'${phase}'`)))
      found.push(node.getText(file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('the one writer', () => {
  it('is the table', () => {
    const files = globSync('lambdas/**/*.ts').map((file) => file.replaceAll('\\', '/'));
    expect(files.length).toBeGreaterThan(100);
    const writers = files.flatMap((file) =>
      writersIn(readFileSync(file, 'utf8')).map((line) => `${file}: ${line}`),
    );
    expect(writers.filter((writer) => !writer.startsWith(TABLE))).toEqual([]);
  });

  it('would not be the only one unnoticed', () => {
    expect(writersIn("const m = { ...machine, phase: 'ready', reason };")).toEqual(["phase: 'ready'"]);
    expect(writersIn("const m = { phase: isOld ? 'failed' : 'ready' };")).toHaveLength(1);
    expect(writersIn("const m = { phase: machine.phase, what: 'ready' };")).toEqual([]);
  });
});
