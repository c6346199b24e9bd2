import { z } from 'zod';

/** Where a service of ours, or a registry, answers. */
export const serviceUrl = z.string().regex(/^https?:\/\//, 'expected a URL that starts with http:// or https://');

export const userText = z
  .string()
  .regex(/^[^:]+:./, 'expected name:password')
  .optional();

export const tokenText = z
  .string()
  .regex(/^[^.]+\../, 'expected name.secret')
  .optional();
