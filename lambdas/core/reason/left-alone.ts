/** Why nothing is done to an instance that bears our tag and has no record. */
export type LeftAlone =
  /** Bears our tag and is not ours. */
  | { readonly kind: 'stranger' }
  /** It cannot be asked yet whether its launch template is one of ours. */
  | { readonly kind: 'unasked' }
  /** It was shown before and is not now: EC2 has to deny it, as it has machines. */
  | { readonly kind: 'hidden' }
  /** Tags spread easily to everything of a team or a stack. */
  | { readonly kind: 'hydra-host' }
  | { readonly kind: 'unknown-state' }
  /** @property record the key of its record. @property problem what is wrong with that. */
  | { readonly kind: 'unreadable'; readonly record: string; readonly problem: string }
  /** No trusted status tells whether it is at work. */
  | { readonly kind: 'untold' }
  /** Something may be copied back from it. */
  | { readonly kind: 'unclear' };
