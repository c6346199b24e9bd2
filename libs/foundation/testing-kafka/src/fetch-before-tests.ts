import { kafkaMissing } from './distribution/distribution.ts';
import { fetchKafka } from './distribution/fetch-kafka.ts';

/** Jest runs this before the first test on Kafka, so that no test's time goes into the download. */
export default async function fetchBeforeTests(): Promise<void> {
  const missing = kafkaMissing();
  if (missing === undefined) await fetchKafka();
  else console.warn(`The tests on Kafka are skipped: ${missing}.`);
}
