/** What lies in a function's bundle. Lambda starts the function in the bundle's directory. */

export const BUNDLED_FUNCTION = 'index.mjs';

/** The configuration, where the function reads one. */
export const BUNDLED_CONFIG = 'autoscaler.json';
