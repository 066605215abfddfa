/** Plain-words checks of everything the function can see itself, with remedies. */
import * as z from 'zod';
import { examineFarm } from '../core/doctor/farm.ts';
import type { Finding, Health, Prerequisites } from '../core/doctor/finding.ts';
import { examineLoad } from '../core/doctor/load.ts';
import { examineAdvice, examineMoney, examinePrices } from '../core/doctor/money.ts';
import { examineQuotas, marketsIn } from '../core/doctor/quota.ts';
import { examineType } from '../core/doctor/type.ts';
import type { Config } from '../core/config/config.ts';
import type { MachineFleet } from '../ports.ts';
import { look } from './look.ts';
import { lastProblems } from './last-problems.ts';
import { request } from './request.ts';
import type { Desk } from './request.ts';

export interface Diagnosis {
  readonly result: 'diagnosis';
  readonly message: string;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

const ORDER: readonly Health[] = ['bad', 'doubtful', 'good'];

async function examine(desk: Desk): Promise<Diagnosis> {
  const { ports, config } = desk;
  const [{ observation, plan }, examineHost, prerequisites, vcpuQuotas] = await Promise.all([
    look(desk),
    ports.host.inspect(),
    prerequisitesOf(ports.fleet, config),
    ports.fleet.vcpuQuotas(marketsIn(config)),
  ]);
  const problems = await lastProblems(ports, observation.now, config.schedulePeriodSeconds);
  const examined = {
    config,
    observation,
    plan,
    prerequisites,
    vcpuQuotas,
    ...(problems === undefined ? {} : { lastProblems: problems }),
  };
  const findings = [
    ...examineHost(examined),
    ...config.machineTypes.flatMap((type) => examineType(type, examined)),
    ...examineQuotas(examined),
    ...examineMoney(examined),
    ...examineAdvice(examined),
    ...examinePrices(examined),
    ...examineLoad(examined),
    ...examineFarm(examined),
  ].toSorted((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health));
  const count = (health: Health): number => findings.filter((finding) => finding.health === health).length;
  return {
    result: 'diagnosis',
    message: `${count('bad')} bad, ${count('doubtful')} doubtful, ${count('good')} good`,
    findings,
  };
}

/**
 * Type by type: AWS admits five RunInstances at once and then two per second, tried ones too
 * (AWS: docs/develop/facts.md#ec2-request-limits).
 */
async function prerequisitesOf(
  fleet: MachineFleet,
  { machineTypes }: Config,
): Promise<ReadonlyMap<string, Prerequisites>> {
  const found = new Map<string, Prerequisites>();
  for (const type of machineTypes) found.set(type.key, await fleet.prerequisites(type));
  return found;
}

export const doctor = request({
  name: 'doctor',
  does: 'checks host, queue runner, its files and keys, launches, quotas, billing and schedule, and says what to do about what is wrong',
  example: true,
  body: z.literal(true),
  wakes: false,
  carryOut: (desk) => examine(desk),
});
