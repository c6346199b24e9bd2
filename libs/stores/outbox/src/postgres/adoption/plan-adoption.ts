import type { Queryable } from '#libs/foundation/postgres';
import { adoptionInvalid, type AdoptionPlan, planFor } from '../../adoption/plan.ts';
import type { AdoptionRequest } from '../../adoption/request.ts';
import { findMissingTopics } from './find-missing-topics.sql.ts';
import { readOutboxFacts } from './read-outbox-facts.sql.ts';
import { readTableShape } from './read-table-shape.sql.ts';

/**
 * Reads the table's catalog entries and says what adopting it would do; changes nothing. Needs SELECT on the table when
 * its rows name their topics. Throws ADOPTION_INVALID, listing every problem and what to do about it.
 */
export async function planAdoption(db: Queryable, request: AdoptionRequest): Promise<AdoptionPlan> {
  const shape = await readTableShape(db, request.table);
  const topic = request.mapping?.topic;
  const facts = await readOutboxFacts(
    db,
    topic !== undefined && topic !== null && 'constant' in topic ? [topic.constant] : [],
  );
  const plan = planFor(request, shape, facts);
  if (plan.topicsSql === null || facts.autoCreateTopics) return plan;
  const missing = await findMissingTopics(db, plan.table, plan.topicsSql);
  if (missing.length === 0) return plan;
  throw adoptionInvalid(plan.table, missing.map(missingTopicProblem));
}

function missingTopicProblem(topic: string | null): string {
  return topic === null
    ? 'it has rows without a topic, whose like could no longer be inserted; map another column, or a constant topic'
    : `its rows go to topic ${topic}, which does not exist; create it first: tidemark topics create ${topic}`;
}
