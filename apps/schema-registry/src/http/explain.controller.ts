import { Controller, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Endpoint, Input, type InputOf } from '#libs/foundation/http';
import { zFlag, zText } from '../wire/query.ts';
import { zSchemaRequest } from '../wire/request-schemas.ts';
import { versionSelector } from '../wire/version-selector.ts';
import { confluent } from './confluent-endpoint.ts';
import { SERVICES, type Services } from './services.ts';

const explain = confluent({
  summary: 'Say why a schema is not compatible, and what would make it so',
  description:
    'Not part of Confluent’s API. `version` chooses one version of the subject; without it the level of the subject does. ' +
    'Nothing is registered.',
  role: 'viewer',
  query: z.object({ subject: zText, version: zText, normalize: zFlag }),
  body: zSchemaRequest,
  response: z
    .strictObject({
      is_compatible: z.boolean(),
      messages: z.array(z.string()).describe('As Confluent words them.'),
      differences: z.array(
        z.strictObject({
          version: z.int().describe('The version that the schema does not go together with.'),
          type: z.string().describe('Confluent’s name of the rule.'),
          path: z.string(),
          breaks: z.enum(['NEW_READERS_OF_OLD_DATA', 'OLD_READERS_OF_NEW_DATA']),
          description: z.string(),
          fix: z.string().describe('The smallest change of the schema that would mend it.'),
        }),
      ),
    })
    .meta({ id: 'Explanation' }),
});

@Controller('v1/compatibility')
export class ExplainController {
  constructor(@Inject(SERVICES) private readonly services: Services) {}

  @Post('explain')
  @Endpoint(explain)
  async explain(@Input() { query, body }: InputOf<typeof explain>) {
    const version = query.version === '' ? undefined : versionSelector(query.version);
    const wanted = { normalize: query.normalize, verbose: true };
    const verdict = await this.services.registry.checkCompatibility(query.subject, version, body, wanted);
    return {
      is_compatible: verdict.compatible,
      messages: [...verdict.messages],
      differences: verdict.reasons.map(({ version: against, type, path, breaks, description, fix }) => ({
        version: against,
        type,
        path,
        breaks,
        description,
        fix,
      })),
    };
  }
}
