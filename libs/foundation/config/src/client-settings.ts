import { z } from 'zod';

/**
 * What the `tidemark` command reads. Services know the names too, because people keep both in one environment: a shell,
 * a `.env` file.
 */
export const clientSettings = {
  TIDEMARK_URL: z
    .string()
    .regex(/^https?:\/\//, 'expected a URL that starts with http:// or https://')
    .default('http://127.0.0.1:8082')
    .describe('The relay that the command line talks to.')
    .meta({ type: 'URL' }),
  TIDEMARK_USER: z
    .string()
    .regex(/^[^:]+:./, 'expected name:password')
    .optional()
    .describe('name:password of the command line.')
    .meta({ secret: true }),
  TIDEMARK_TOKEN: z
    .string()
    .regex(/^[^.]+\../, 'expected name.secret')
    .optional()
    .describe('Token of the command line, name.secret; wins over TIDEMARK_USER.')
    .meta({ secret: true }),
};
