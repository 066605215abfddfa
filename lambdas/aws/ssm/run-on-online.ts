/** Runs one of our SSM documents on as many machines as it takes commands for, and leaves out those that SSM does not show online. */
import { paginateDescribeInstanceInformation, type SSMClient } from '@aws-sdk/client-ssm';
import { inContext } from '../../core/reason/problem.ts';
import type { Clock } from '../../ports.ts';
import { mustBeListed } from '../answers.ts';
import type { SideProblems } from '../side-problems.ts';
import type { RunResult } from './results.ts';
import { type DocumentRun, MAX_NODES_A_COMMAND, runDocument } from './run-command.ts';

/** One result for each machine that is online; the others are missing. */
export type OnlineResults = ReadonlyMap<string, RunResult>;

/** Never throws. @param problems gets the calls that failed, once each; a machine that merely fails is none. */
export async function runOnOnline(
  { client, clock }: { readonly client: SSMClient; readonly clock: Clock },
  run: DocumentRun,
  problems: SideProblems,
): Promise<OnlineResults> {
  const results = new Map<string, RunResult>();
  const ids = [...new Set(run.instanceIds)];
  for (let first = 0; first < ids.length; first += MAX_NODES_A_COMMAND) {
    const batch = ids.slice(first, first + MAX_NODES_A_COMMAND);
    const instanceIds = await onlineOf(client, batch, problems);
    for (const [id, result] of await runDocument(client, clock, { ...run, instanceIds }))
      results.set(id, result);
  }
  noteFailures([...results.values()], problems);
  return results;
}

/** A call that failed did so for all machines of the command; one that merely does not answer is not a problem. */
function noteFailures(results: readonly RunResult[], problems: SideProblems): void {
  for (const problem of new Set(results.flatMap((result) => (result.ok ? [] : result.problem)))) {
    const { call, code } = problem;
    if (call !== undefined) problems.note(`${call} ${code}`, inContext(`${call} failed`, problem));
  }
}

/** One unregistered machine would make SSM refuse the command for all, and new machines take minutes to register. */
async function onlineOf(
  client: SSMClient,
  ids: readonly string[],
  problems: SideProblems,
): Promise<string[]> {
  const online = new Set<string>();
  const Filters = [{ Key: 'InstanceIds', Values: [...ids] }];
  const paging = { client, pageSize: MAX_NODES_A_COMMAND };
  try {
    // A page may be empty and still be followed by another.
    for await (const page of paginateDescribeInstanceInformation(paging, { Filters })) {
      mustBeListed(page.InstanceInformationList, 'DescribeInstanceInformation')
        .filter(({ PingStatus }) => PingStatus === 'Online')
        .forEach(({ InstanceId = '' }) => online.add(InstanceId));
    }
  } catch (error) {
    problems.add('DescribeInstanceInformation', error);
  }
  return ids.filter((id) => online.has(id));
}
