/** Where the simulated region is found. Apart from the region itself, so that programs that only ask it need not load it. */

/** Where local AWS emulators are expected. */
export const DEFAULT_PORT = 4566;

/** The function's name in the simulated region. */
export const FUNCTION_NAME = 'hydra-autoscaler';

/** Carries what an answer of the function cannot know of the region. */
export const NOTE_HEADER = 'x-hydra-autoscaler-note';
