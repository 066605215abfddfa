/** The way every API call goes, over HTTP or from within: limits, faults, effect, delay, record. */
import type { Timeline } from '../timeline.ts';
import { RegionError, ReplyLostError } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import type { ApiCall, Observers } from './observers.ts';
import type { Refusals } from './refusals.ts';
import type { RegionSettings } from './settings.ts';
import { Throttle, type CallCost } from './throttle.ts';

export interface GateParts {
  readonly timeline: Timeline;
  readonly settings: RegionSettings;
  readonly faults: Faults;
  readonly refusals: Refusals;
  readonly observers: Observers;
}

export interface CallRequest extends CallCost {
  readonly service: ApiCall['service'];
  /** AWS's name of the action. */
  readonly action: string;
  readonly input: unknown;
}

export class Gate {
  readonly #parts: GateParts;
  readonly #throttle = new Throttle();

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /**
   * Lets one call have its effect at the present instant of the timeline.
   * @throws RegionError when it is refused, ReplyLostError when the caller is to hear nothing.
   */
  async call<T>(request: CallRequest, effect: () => T): Promise<T> {
    const fault = this.#parts.faults.draw(request.action);
    const result = this.#attempt(request, fault, effect);
    if (fault?.kind === 'delay') await this.#sleep(fault.seconds);
    if (fault?.kind === 'lost-reply') throw new ReplyLostError(request.action, true);
    return result;
  }

  #attempt<T>(request: CallRequest, fault: Fault | undefined, effect: () => T): T {
    const { service, action, input } = request;
    try {
      this.#refuse(request, fault);
      const result = effect();
      this.#parts.observers.call({ service, action, input });
      return result;
    } catch (error) {
      const errorCode = error instanceof RegionError ? error.code : 'InternalError';
      this.#parts.observers.call({ service, action, input, errorCode });
      throw error;
    }
  }

  #refuse(request: CallRequest, fault: Fault | undefined): void {
    const { settings, timeline, refusals } = this.#parts;
    const isLimited = settings.throttling && request.service === 'ec2';
    if (isLimited && !this.#throttle.admits(request.action, request, timeline.now)) throw throttled(request);
    if (fault?.kind === 'throttle') throw throttled(request);
    if (fault?.kind === 'lost-request') throw new ReplyLostError(request.action, false);
    if (fault?.kind === 'error') {
      throw new RegionError(fault.code, fault.message ?? `${fault.code} was ordered by the test`);
    }
    const refusal = refusals.ofCall(request.action, request.input);
    if (refusal !== undefined) throw refusal;
  }

  #sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.timeline.after(seconds, resolve);
    });
  }
}

const throttled = ({ service }: CallRequest): RegionError =>
  service === 'ec2'
    ? new RegionError('RequestLimitExceeded', 'Request limit exceeded.')
    : new RegionError('ThrottlingException', 'Rate exceeded');
