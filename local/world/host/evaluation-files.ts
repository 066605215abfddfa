/** What a simulated host's database and store have of evaluations, for the scripts that ask. */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Evaluation, Harvest } from '../../../lambdas/core/model/index.ts';
import { drvNameOf, drvTextOf } from '../rust-runner/derivations.ts';
import type { Derived } from '../rust-runner/derivations.ts';
import type { World } from '../world.ts';
import { putFile } from './whole-files.ts';

/** Evaluations that brought builds, before anything is expected of a jobset, as the watch asks for them. */
const HARVESTS_TO_KNOW = 2;

type Kind = Harvest['kinds'][number];

/**
 * Writes down the rows that psql prints of evaluations, and the derivations they name; nothing while no database answers.
 * @param directory what the world has put down. @param root of the Hydra host's files.
 */
export function putEvaluations(
  { evaluations, runner, timeline }: World,
  directory: string,
  root: string,
): void {
  const rows = path.join(directory, 'evaluations');
  const running = path.join(directory, 'evaluating');
  if (!runner.database.reachable) {
    for (const file of [rows, running]) rmSync(file, { force: true });
    return;
  }
  const told = evaluations.notice(timeline.now)?.evaluations ?? [];
  putFile(rows, linesOf([...told.map(runningRow), ...told.flatMap(harvestRows)]));
  putFile(running, linesOf(told.flatMap(knownRow)));
  for (const kind of told.flatMap(({ harvests }) => harvests.flatMap(({ kinds }) => kinds))) {
    const file = path.join(root, 'nix', 'store', drvNameOf(buildOf(kind)));
    if (!existsSync(file)) putFile(file, drvTextOf(buildOf(kind)));
  }
}

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const runningRow = ({ jobset, since, endedAt }: Evaluation): string =>
  `evaluation ${jobset} ${since ?? '-'} ${endedAt ?? '-'}`;

function harvestRows({ jobset, harvests }: Evaluation): readonly string[] {
  return harvests.flatMap(({ at, seconds, kinds }, place) => {
    const id = `${jobset}/${place}`;
    const builds = kinds.flatMap((kind) =>
      Array.from({ length: kind.builds }, () => `build ${id} ${kind.system} ${drvNameOf(buildOf(kind))}`),
    );
    return [`eval ${id} ${jobset} ${at} ${seconds}`, ...builds];
  });
}

/** What the watch may be told of: it asks when each began. */
const knownRow = ({ jobset, since, harvests }: Evaluation): readonly string[] =>
  since === undefined || harvests.length < HARVESTS_TO_KNOW ? [] : [`${since} ${jobset}`];

/** All builds of a kind have one derivation: nothing is read of it but what it requires. */
const buildOf = ({ system, features }: Kind): Derived => ({
  ...{ id: 0, job: ['usual', system, ...features].join('-') },
  kind: { system, features },
});
