import { kafkaMissing } from './distribution/distribution.ts';

type Describe = (name: string, body: () => void) => void;

/**
 * Jest's `describe`, or where no Kafka can run its `skip` with the reason in the name, so that nothing passes that has not
 * run: `whereKafkaRuns(describe)('the publisher', () => …)`.
 */
export function whereKafkaRuns(
  describe: Describe & { readonly skip: Describe },
  missing: string | undefined = kafkaMissing(),
): Describe {
  if (missing === undefined) return describe;
  return (name, body) => describe.skip(`${name} [skipped: ${missing}]`, body);
}
