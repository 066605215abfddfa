/** Identifiers as AWS shapes them, from seeded randomness. */
import type { Random } from '../random.ts';

const HEX = '0123456789abcdef';

const hex = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => HEX[random.index(16)]).join('');

export class Ids {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** For example `i-0123456789abcdef0`: the prefix, a dash, a zero and 16 hexadecimal digits. */
  resource(prefix: string): string {
    return `${prefix}-0${hex(this.#random, 16)}`;
  }

  /** For example `sir-a1b2c3d4`. */
  short(prefix: string): string {
    return `${prefix}-${hex(this.#random, 8)}`;
  }

  uuid(): string {
    return [8, 4, 4, 4, 12].map((digits) => hex(this.#random, digits)).join('-');
  }

  /** An OpenSSH public key line of the right form; nobody has its private half. */
  hostKey(comment: string): string {
    const name = Buffer.from('ssh-ed25519');
    const key = Buffer.from(Array.from({ length: 32 }, () => this.#random.index(256)));
    const sized = (part: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, part.length]), part]);
    return `ssh-ed25519 ${Buffer.concat([sized(name), sized(key)]).toString('base64')} ${comment}`;
  }
}
