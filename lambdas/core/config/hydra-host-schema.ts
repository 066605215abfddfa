/** `deploy.hydraHost`: the Hydra that comes with the stack, for those who have none. */
import * as z from 'zod';

/** What `host.instanceId` says where the host is the stack's own, whose id is known only once it is deployed. */
export const STACKS_OWN_HOST = 'deploy.hydraHost';

const OCTET = String.raw`(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
/** An IPv4 address with a prefix length. Machines are reached by their IPv4 addresses alone. */
export const IPV4_RANGE = String.raw`(${OCTET}\.){3}${OCTET}/(3[0-2]|[12]?\d)`;

export const hydraHostSchema = z.strictObject({
  instanceType: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'must be an EC2 instance type such as m7i.large')
    .optional()
    .describe('Evaluating takes memory, 8 GiB at least; arm64 works as well; default m7i.large'),
  image: z
    .string()
    .regex(/^ami-[0-9a-f]{8,17}$/, 'must be an AMI id such as ami-0123456789abcdef0')
    .optional()
    .describe(
      'NixOS image it is made from; default the newest official one at the first deployment, kept thereafter',
    ),
  subnet: z
    .string()
    .regex(/^subnet-[0-9a-f]{8,17}$/, 'must be a subnet id such as subnet-0123456789abcdef0')
    .optional()
    .describe('Must lead to the internet; default one of the default VPC'),
  diskGiB: z
    .int()
    .min(50)
    .max(16_384)
    .optional()
    .describe('Disk with Nix store and database, gp3, encrypted; it outlives the host; default 200'),
  webSource: z
    .string()
    .regex(
      new RegExp(`^${IPV4_RANGE}$`),
      'must be an IPv4 range such as 203.0.113.0/24; IPv6 is not supported',
    )
    .optional()
    .describe('Who reaches the web pages, by HTTPS; others reach them through SSM; default nobody'),
  url: z
    .string()
    .regex(/^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, 'must be an address such as https://hydra.example.org')
    .optional()
    .describe('What links in pages and mails begin with; default http://localhost:3000'),
});

export type WrittenHydraHost = z.output<typeof hydraHostSchema>;
