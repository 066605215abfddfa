/** What may import what: the law of the rooms, which `house-rules.test.ts` keeps. */

/** What files of one kind may import: files of the project by path, packages by name. The first kind that fits counts. */
interface Law {
  readonly of: RegExp;
  readonly may: readonly RegExp[];
}

const CORE = /^lambdas\/core\//;
/** Rooms of the core, each of which stands on those before it. */
const ROOMS = ['text', 'model', 'reason', 'config', 'life', 'capacity', 'plan'] as const;
const room = (name: string): RegExp => new RegExp(`^lambdas/core/${name}/`);
const PORTS = /^lambdas\/(ports|fleet|reporting|hydra\/dialect)\.ts$/;
const CLOUD = /^lambdas\/aws\//;
const HYDRA = /^lambdas\/hydra\//;
const CONFIG_FILE = /^lambdas\/config-file\//;
const SHELL = /^lambdas\/(reconcile|operate)\//;
const ZOD = /^zod(\/v4\/core)?$/;
/** Reads patterns of cron, and nothing else: no clock, no timers while it is given no function. */
const CRON = /^croner$/;
const NODE = /^node:/;
const PACKAGE = /^(?!(local|test)\/)[^./]/;
const AWS = /^@(aws-sdk|aws-lambda-powertools)\//;

export const LAWS: readonly Law[] = [
  ...ROOMS.map((name, index) => ({
    of: room(name),
    may: [...ROOMS.slice(0, index + 1).map(room), ZOD, ...(name === 'config' ? [CRON] : [])],
  })),
  ...['check', 'account', 'explain', 'doctor'].map((name) => ({
    of: room(name),
    may: [...ROOMS, name].map(room),
  })),
  { of: CORE, may: [CORE, ZOD] },
  { of: PORTS, may: [CORE, PORTS] },
  { of: CLOUD, may: [CORE, PORTS, CLOUD, ZOD, NODE, AWS] },
  { of: HYDRA, may: [CORE, PORTS, CLOUD, HYDRA, ZOD, NODE, AWS] },
  { of: CONFIG_FILE, may: [CORE, CONFIG_FILE, NODE, /^fastest-levenshtein$/, /^jsonc-parser$/] },
  { of: /^lambdas\/[a-z-]+\/handler\.ts$/, may: [/^lambdas\//, ZOD, NODE, AWS] },
  { of: SHELL, may: [CORE, PORTS, SHELL, ZOD] },
  { of: /^lambdas\//, may: [CORE] },
  {
    of: /^infra\//,
    may: [/^(infra|lambdas)\//, /^(aws-cdk-lib|cdk-nag)(\/|$)/, /^(constructs|esbuild|fflate)$/, ZOD, NODE],
  },
  { of: /^local\/world\//, may: [/^(local\/world|lambdas|infra)\//, PACKAGE] },
  { of: /^local\/prove\//, may: [/^(local\/(world|prove)|lambdas|infra)\//, PACKAGE] },
  { of: /^local\/programs\//, may: [/^(local|lambdas|infra)\//, PACKAGE] },
  { of: /^test\//, may: [/./] },
];
