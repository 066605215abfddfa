/** Cents, or as many digits as it takes to tell it from nothing. */
export const dollars = (amount: number): string => `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`;
