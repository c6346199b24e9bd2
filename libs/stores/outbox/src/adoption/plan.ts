import { createHash } from 'node:crypto';
import { TidemarkError } from '#libs/foundation/kernel';
import { type MessageExpressions, messageExpressions } from './column-expression.ts';
import { existingPlan, type ExistingPlan } from './existing.ts';
import { type DraftMapping, PRESET_NAMES, presetMapping } from './presets.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import type { AdoptionMapping, AdoptionRequest } from './request.ts';
import { tableProblems } from './table-problems.ts';
import type { OutboxFacts, TableShape } from './table-shape.ts';

export const ADOPTION_TRIGGER = 'tidemark_adoption';

/** What adopting a table will do; nothing has been done yet. */
export interface AdoptionPlan {
  readonly request: AdoptionRequest;
  /** Quoted and qualified. */
  readonly table: string;
  readonly tableOid: number;
  readonly mapping: AdoptionMapping;
  /** In schema outbox. */
  readonly functionName: string;
  /** The exact SQL, run in one transaction. */
  readonly statements: readonly string[];
  readonly undoStatements: readonly string[];
  readonly existing: ExistingPlan | undefined;
  /** Topics that rows go to, as SQL over a row called r; null for a constant topic, which has been checked. */
  readonly topicsSql: string | null;
  readonly rowsEstimate: number;
  /** What to know before saying yes. */
  readonly notes: readonly string[];
}

/** Decides everything from what was read. Throws ADOPTION_INVALID with all problems and what to do about each. */
export function planFor(request: AdoptionRequest, shape: TableShape, facts: OutboxFacts): AdoptionPlan {
  const table = `${quoteIdentifier(shape.schema)}.${quoteIdentifier(shape.name)}`;
  const problems = tableProblems(shape);
  const mapping = completeMapping(request, shape, facts, problems);
  if (mapping === undefined) throw adoptionInvalid(table, problems);
  const row = messageExpressions(mapping, shape, 'new', problems);
  const oldRow = messageExpressions(mapping, shape, 'r', []);
  problems.push(...topicProblems(mapping, facts));
  const existing =
    request.existing === undefined
      ? undefined
      : existingPlan(request.existing, shape, table, appendCall(oldRow), problems);
  if (problems.length > 0) throw adoptionInvalid(table, problems);

  const functionName = functionNameOf(shape);
  const qualified = `outbox.${quoteIdentifier(functionName)}()`;
  return {
    request,
    table,
    tableOid: shape.oid,
    mapping,
    functionName,
    statements: [
      functionSql(qualified, row),
      ...(facts.currentUser === facts.outboxOwner
        ? []
        : [`alter function ${qualified} owner to ${quoteIdentifier(facts.outboxOwner)}`]),
      `revoke all on function ${qualified} from public`,
      `create trigger ${ADOPTION_TRIGGER} after insert on ${table} for each row execute function ${qualified}`,
    ],
    undoStatements: [`drop trigger ${ADOPTION_TRIGGER} on ${table}`, `drop function ${qualified}`],
    existing,
    topicsSql: 'constant' in mapping.topic ? null : oldRow.topic,
    rowsEstimate: shape.rowsEstimate,
    notes: notesFor(shape, existing),
  };
}

/** One error for all problems, so that a user corrects them in one go. */
export function adoptionInvalid(table: string, problems: readonly string[]): TidemarkError {
  return new TidemarkError('ADOPTION_INVALID', `table ${table} cannot be adopted: ${problems.join('; ')}`, {
    context: { table },
  });
}

function completeMapping(
  request: AdoptionRequest,
  shape: TableShape,
  facts: OutboxFacts,
  problems: string[],
): AdoptionMapping | undefined {
  const draft = request.preset === undefined ? {} : presetMapping(request.preset, shape, facts);
  if (draft === undefined)
    problems.push(`there is no preset ${request.preset}; the presets are ${PRESET_NAMES.join(', ')}`);
  const given = Object.entries(request.mapping ?? {}).filter(([, value]) => value !== undefined);
  const merged: DraftMapping = Object.fromEntries(
    Object.entries({ ...draft, ...Object.fromEntries(given) }).filter(
      ([, value]) => value !== null && value !== undefined,
    ),
  );
  if (merged.topic === undefined)
    problems.push(
      'topic: say where it comes from: a constant, a column, or a template such as outbox.event.${aggregatetype}',
    );
  if (merged.payload === undefined) problems.push('payload: say which column holds it');
  return merged.topic === undefined || merged.payload === undefined ? undefined : (merged as AdoptionMapping);
}

function topicProblems(mapping: AdoptionMapping, facts: OutboxFacts): string[] {
  if (!('constant' in mapping.topic) || facts.autoCreateTopics || facts.topics.has(mapping.topic.constant)) return [];
  return [
    `topic ${mapping.topic.constant} does not exist; create it first: tidemark topics create ${mapping.topic.constant}`,
  ];
}

/** The hash keeps names apart that are equal when shortened; the oid, tables that were renamed after adoption. */
function functionNameOf(shape: TableShape): string {
  const readable = `${shape.schema}_${shape.name}`.replaceAll(/[^a-zA-Z0-9]+/g, '_').slice(0, 40);
  const hash = createHash('sha256')
    .update(JSON.stringify([shape.oid, shape.schema, shape.name]))
    .digest('hex');
  return `adopted_${readable}_${hash.slice(0, 8)}`.toLowerCase();
}

function appendCall(row: MessageExpressions): string {
  return `outbox.append(${row.topic}, ${row.key}, ${row.payload}, ${row.headers}, ${row.partition}, ${row.messageId}, null)`;
}

/** The owner's rights, because the roles that insert have none in schema outbox; hence the fixed search_path. */
function functionSql(qualified: string, row: MessageExpressions): string {
  const body = `begin perform ${appendCall(row)}; return null; end`;
  return `create function ${qualified} returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as ${quoteLiteral(body)}`;
}

function notesFor(shape: TableShape, existing: ExistingPlan | undefined): string[] {
  const notes = [
    'Creating the trigger waits for open transactions that wrote to the table and holds new writers meanwhile; it gives up after the lock timeout.',
    'A row whose topic does not exist, or that its topic refuses, fails the insert.',
    'Undo the adoption before you rename or drop a mapped column, and adopt the table again afterwards.',
    'Stop the relay that reads the table now, or consumers get its messages from both.',
  ];
  if (shape.partitionKey !== null) {
    notes.push(
      `Rows are emitted again when an UPDATE moves them to another partition (partition key: ${shape.partitionKey}).`,
    );
  }
  if (existing !== undefined) {
    notes.push('The keys of the existing rows are noted while writers are held, about a second per 200,000 rows.');
    notes.push(
      'Rows inserted while the existing ones are being emitted come in between; pause the writers where order matters.',
    );
  }
  return notes;
}
