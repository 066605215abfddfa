/** Any answer of the function for people: tables where there is much, sentences where there is little. */
import type { Health } from '../../../lambdas/core/doctor/finding.ts';
import type { Diagnosis } from '../../../lambdas/operate/doctor.ts';
import type { DryRun } from '../../../lambdas/operate/plan.ts';
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import type { InvalidEvent } from '../../../lambdas/reconcile/event.ts';
import type { Summary } from '../../../lambdas/core/account/summary.ts';
import { wrap } from '../show/cells.ts';
import { painter } from '../show/paint.ts';
import type { Paint, Style } from '../show/paint.ts';
import { renderTable } from '../show/table.ts';
import { statusLines } from './show-status.ts';

/** The text, with a line break at the end. */
export function renderAnswer(answer: Answer, columns: number, colour: boolean): string {
  return `${linesOf(answer, columns, painter(colour)).join('\n')}\n`;
}

function linesOf(answer: Answer, columns: number, paint: Paint): readonly string[] {
  const bullets = (texts: readonly string[]): readonly string[] =>
    texts.flatMap((text) =>
      wrap(text, columns - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`),
    );
  switch (answer.result) {
    case 'status':
      return statusLines(answer, columns, paint);
    case 'explanation':
      return [...bold(answer.answer, columns, paint), ...bullets(answer.because)];
    case 'plan':
      return planLines(answer, columns, paint, bullets);
    case 'diagnosis':
      return diagnosisLines(answer, columns, paint);
    case 'invalid':
      return invalidLines(answer, paint, bullets);
    case 'recorded':
      return [
        ...bold(answer.message, columns, paint),
        ...('tick' in answer ? tickLines(answer.tick, bullets) : []),
      ];
    case 'ignored':
      return wrap(answer.message, columns);
    case 'done':
    case 'refused':
    case 'observed':
    case 'busy':
    case 'superseded':
      return [...bold(answer.message, columns, paint), ...tickLines(answer, bullets)];
  }
}

type Bullets = (texts: readonly string[]) => readonly string[];

const bold = (text: string, columns: number, paint: Paint): readonly string[] =>
  wrap(text, columns).map((line) => paint({ text: line, style: 'bold' }));

const tickLines = ({ actions, cost, problems }: Summary, bullets: Bullets): readonly string[] => [
  ...bullets(actions),
  ...bullets(cost === undefined ? [] : [cost]),
  ...bullets(problems.map((problem) => `problem: ${problem}`)),
];

function planLines(plan: DryRun, columns: number, paint: Paint, bullets: Bullets): readonly string[] {
  const head = [{ title: 'about', max: 32 }, { title: 'decision', max: 24 }, { title: 'why' }] as const;
  const rows = plan.decisions.map(({ subject, verdict, reason }) => [
    { text: 'machine' in subject ? subject.machine : subject.type },
    { text: verdict },
    { text: reason, style: 'dim' as const },
  ]);
  return [
    ...bold(plan.message, columns, paint),
    ...bullets(plan.violations.map((violation) => `breaks ${violation}`)),
    ...bullets(plan.actions),
    '',
    ...renderTable(head, rows, columns, paint),
  ];
}

const MARKS: Readonly<Record<Health, { readonly text: string; readonly style: Style }>> = {
  bad: { text: '✗ bad', style: 'red' },
  doubtful: { text: '! look', style: 'yellow' },
  good: { text: '✓ good', style: 'green' },
};

function diagnosisLines({ message, findings }: Diagnosis, columns: number, paint: Paint): readonly string[] {
  const head = [{ title: '' }, { title: 'check', max: 40 }, { title: 'finding' }] as const;
  const rows = findings.flatMap(({ check, health, says, remedy }) => [
    [MARKS[health], { text: check }, { text: says }],
    ...(remedy === undefined
      ? []
      : [[{ text: '' }, { text: '' }, { text: `→ ${remedy}`, style: 'cyan' as const }]]),
  ]);
  return [...bold(message, columns, paint), ...renderTable(head, rows, columns, paint)];
}

function invalidLines(
  { message, problems, accepted, isAlien }: InvalidEvent,
  paint: Paint,
  bullets: Bullets,
): readonly string[] {
  const known = accepted.map(({ event, does }) => `${JSON.stringify(event)}  ${does}`);
  return [
    paint({ text: message, style: 'red' }),
    ...bullets(problems),
    ...(isAlien === true ? bullets(known) : []),
  ];
}
