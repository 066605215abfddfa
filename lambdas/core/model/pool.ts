/** Where capacity is bought. */
import * as z from 'zod';

export const marketSchema = z.enum(['on-demand', 'spot']);
/** How one launch buys capacity. */
export type Market = z.infer<typeof marketSchema>;

export const poolSchema = z
  .object({ instanceType: z.string(), subnet: z.string(), market: marketSchema })
  .readonly();
/**
 * One place to launch in: an instance type in a subnet, on a market. Back-offs are kept per pool. Both may be empty: the
 * subnet where the launch template has it, the instance type where EC2 chooses whichever meets the type's requirements.
 */
export type Pool = z.infer<typeof poolSchema>;
