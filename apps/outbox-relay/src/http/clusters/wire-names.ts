import { z } from 'zod';

/** Names in paths and bodies. What nobody has is answered as unknown, not as invalid. */
export const zClusterName = z.string().min(1).max(63);
export const zTopicName = z.string().min(1).max(249);
