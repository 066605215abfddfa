import { describe, expect, it } from 'vitest';
import type { Offer } from '../../../lambdas/core/life/dialect.ts';
import type { Machine } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import { aBootingMachine, aMachine, aType, anInstance, anObservation, LINUX } from '../given.ts';
import { atWork, broken } from './bad-plans.ts';

const TYPE = aType(LINUX);
const offered =
  (change: (offers: readonly Offer[]) => readonly Offer[]) =>
  ({ offers }: Plan): Partial<Plan> => ({ offers: change(offers) });
const as = (changed: Partial<Machine>) =>
  offered((offers) => offers.map((offer) => ({ ...offer, machine: { ...offer.machine, ...changed } })));

describe('rule 6, what is offered is whole and ours', () => {
  it.each([
    ['two machines under one key', offered((offers) => [...offers, ...offers]), 'under one key'],
    ['a ready machine that is not offered', offered(() => []), 'is ready and would not be offered'],
    ['a machine nobody knows', as({ instanceId: 'i-9' }), 'i-9 would be offered although it is not ready'],
    ['another address', as({ address: '10.9.9.9' }), 'as another machine than it is'],
    ['another identity', as({ identity: 'ssh-ed25519 AAAAother' }), 'as another machine than it is'],
  ])('catches %s', (_what, bad, words) => {
    expect(broken(atWork(), bad).join('; ')).toContain(words);
  });

  it('catches a machine that is offered on hope', () => {
    const booting = anObservation({ machines: [aBootingMachine()], instances: [anInstance()] });
    const ready = aMachine();
    const hope = (): Partial<Plan> => ({ machines: [ready], offers: [{ machine: ready, type: TYPE }] });
    expect(broken(booting, hope).join('; ')).toContain('nothing has shown that the queue runner can use it');
  });
});
