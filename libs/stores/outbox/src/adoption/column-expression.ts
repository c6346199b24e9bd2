import { quoteIdentifier, quoteLiteral } from './quote.ts';
import type { AdoptionMapping, TopicSource } from './request.ts';
import type { ColumnShape, TableShape } from './table-shape.ts';

/** The arguments of outbox.append for a row, as SQL. */
export interface MessageExpressions {
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
  readonly headers: string;
  readonly partition: string;
  readonly messageId: string;
}

/** Types whose text does not depend on settings of the session (dates and floats do: DateStyle, extra_float_digits). */
const STABLE_TEXT = new Set(['uuid', 'int2', 'int4', 'int8', 'numeric', 'bool']);
const isText = (column: ColumnShape): boolean => column.category === 'S' || column.category === 'E';

/** Says why a column cannot serve, or nothing when it can. */
type TypeRule = { readonly allows: (column: ColumnShape) => boolean; readonly wants: string };
const RULES = {
  topic: { allows: isText, wants: 'text or an enum' },
  template: { allows: (c) => isText(c) || STABLE_TEXT.has(c.type), wants: 'text, an enum, uuid or a whole number' },
  key: {
    allows: (c) => isText(c) || STABLE_TEXT.has(c.type) || c.type === 'bytea',
    wants: 'text, an enum, uuid, a number or bytea',
  },
  payload: {
    allows: (c) => c.category === 'S' || ['json', 'jsonb', 'bytea'].includes(c.type),
    wants: 'jsonb, json, text or bytea',
  },
  headers: { allows: (c) => ['json', 'jsonb'].includes(c.type), wants: 'jsonb or json' },
  header: {
    allows: (c) => isText(c) || STABLE_TEXT.has(c.type) || ['json', 'jsonb', 'bytea'].includes(c.type),
    wants: 'text, an enum, uuid, a number, jsonb, json or bytea',
  },
  traceProperties: { allows: (c) => c.category === 'S', wants: 'text' },
  messageId: { allows: (c) => c.type === 'uuid', wants: 'uuid' },
  partition: { allows: (c) => ['int2', 'int4', 'int8'].includes(c.type), wants: 'integer' },
} as const satisfies Record<string, TypeRule>;

/**
 * Turns a mapping into SQL over a row called `row` (`new` in the trigger). What does not fit is added to `problems`, each
 * with what to do; the expressions are then of no use.
 */
export function messageExpressions(
  mapping: AdoptionMapping,
  shape: TableShape,
  row: string,
  problems: string[],
): MessageExpressions {
  const columns = new Map(shape.columns.map((column) => [column.name, column]));
  const use = (field: keyof typeof RULES, name: string): { sql: string; type: string } => {
    const column = columns.get(name);
    const rule: TypeRule = RULES[field];
    if (column === undefined) {
      problems.push(
        `${field}: there is no column ${quoteIdentifier(name)}; the columns are ${[...columns.keys()].join(', ')}`,
      );
    } else if (column.virtual) {
      problems.push(
        `${field}: column ${quoteIdentifier(name)} is a virtual generated column, which has no value in triggers; map the columns it is made of`,
      );
    } else if (!rule.allows(column)) {
      problems.push(`${field}: column ${quoteIdentifier(name)} is of type ${column.type}; it must be ${rule.wants}`);
    }
    return { sql: `${row}.${quoteIdentifier(name)}`, type: column?.type ?? '' };
  };
  const bytes = ({ sql, type }: { sql: string; type: string }): string =>
    type === 'bytea' ? sql : `convert_to(${sql}::text, 'UTF8')`;

  const keys = mapping.key === undefined ? [] : [mapping.key].flat();
  const keyParts = keys.map((name) => bytes(use('key', name)));
  return {
    topic: topicExpression(mapping.topic, (field, name) => use(field, name).sql),
    key: keyParts.length > 1 ? `coalesce(${keyParts.join(', ')})` : (keyParts[0] ?? 'null'),
    payload: bytes(use('payload', mapping.payload)),
    headers: headersExpression(mapping, use),
    partition: mapping.partition === undefined ? 'null' : `${use('partition', mapping.partition).sql}::integer`,
    messageId: mapping.messageId === undefined ? 'null' : use('messageId', mapping.messageId).sql,
  };
}

const PLACEHOLDER = /\$\{([^}]*)\}/;

function topicExpression(topic: TopicSource, use: (field: 'topic' | 'template', column: string) => string): string {
  if ('constant' in topic) return quoteLiteral(topic.constant);
  if ('column' in topic) return `${use('topic', topic.column)}::text`;
  const parts = topic.template.split(PLACEHOLDER);
  const sql = parts.map((part, index) => (index % 2 === 0 ? quoteLiteral(part) : `${use('template', part)}::text`));
  return sql.filter((part) => part !== "''").join(' || ') || "''";
}

type Use = (field: 'headers' | 'header' | 'traceProperties', name: string) => { sql: string; type: string };

function headersExpression(mapping: AdoptionMapping, use: Use): string {
  const parts: string[] = [];
  if (mapping.headers !== undefined)
    parts.push(`outbox.adopted_headers(${use('headers', mapping.headers).sql}::jsonb)`);
  for (const [header, column] of Object.entries(mapping.headerColumns ?? {})) {
    const { sql, type } = use('header', column);
    const value =
      type === 'bytea'
        ? `jsonb_build_object('base64', translate(encode(${sql}, 'base64'), E'\\n', ''))`
        : `${sql}::text`;
    parts.push(
      `case when ${sql} is not null then jsonb_build_array(jsonb_build_array(${quoteLiteral(header)}, ${value})) end`,
    );
  }
  if (mapping.traceProperties !== undefined)
    parts.push(`outbox.adopted_trace(${use('traceProperties', mapping.traceProperties).sql}::text)`);
  if (parts.length === 0) return 'null';
  return `nullif(${parts.map((part) => `coalesce(${part}, '[]'::jsonb)`).join(' || ')}, '[]'::jsonb)`;
}
