import type { Context, Planned } from './planned.ts';
export const unreadFile = (_c: Context, _m: readonly Planned[]): string | undefined => undefined;
