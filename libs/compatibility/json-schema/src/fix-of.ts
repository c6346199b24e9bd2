import type { Difference } from '#libs/compatibility/levels';
import type { ChangeType } from './change-type.ts';

type Fix = Difference['fix'];
type Wording = (path: string, name: string) => readonly [ifReaderIsNew: string, ifWriterIsNew: string];

const limit: Wording = (path) => [
  `Leave the limit at ${path} as it was, or loosen it: values that are already stored may lie beyond the new one.`,
  `Keep the limit at ${path} that the old schema has, or a tighter one: old readers still apply theirs.`,
];
const addedToOpen: Wording = (path, name) => [
  `Old data may hold anything under "${name}". Set additionalProperties to false before properties are added, give ${path} the schema true, or use compatibilityPolicy LENIENT.`,
  `Old readers ask for a schema at ${path} that the new one no longer guarantees. Keep "${name}" declared, set additionalProperties to false in the new schema, or use compatibilityPolicy LENIENT.`,
];
const removedFromClosed: Wording = (path, name) => [
  `Keep ${path}, for instance as optional, or allow additionalProperties: old data may hold "${name}".`,
  `Do not add ${path} while the old schema forbids undeclared properties: old readers refuse "${name}". compatibilityPolicy LENIENT allows it.`,
];
const required: Wording = (path, name) => [
  `Make "${name}" optional or give it a default: old data may lack it.`,
  `Keep "${name}" required in the new schema: old readers ask for it (${path}).`,
];
const uncovered: Wording = (path) => [
  `Give ${path} a schema that accepts all that patternProperties or additionalProperties of the old schema let pass.`,
  `Let what the new schema sends at ${path} fit patternProperties and additionalProperties of the old one.`,
];
const rest: Wording = (path) => [
  `Let ${path} accept what the old schema let pass: undeclared content may already be there.`,
  `Restrict ${path} in the new schema as the old one does: old readers refuse other content.`,
];
const combined: Wording = (path) => [
  `Each of the old alternatives at ${path} needs one among the new ones that accepts all it did; change or add one at a time.`,
  `Each of the new alternatives at ${path} has to be accepted by one of the old ones.`,
];
const typeOf: Wording = (path) => [
  `Keep the type at ${path}, or widen it so that it includes the old one (["integer", "string"], number for integer).`,
  `Keep the type at ${path}, or narrow it to a part of the old one: old readers know no other.`,
];
const values: Wording = (path) => [
  `Keep all old values at ${path}; adding values is fine.`,
  `Use only values at ${path} that the old schema lists.`,
];
const constraint: Wording = (path) => [
  `Leave out the new constraint at ${path}: data written under the old schema need not meet it.`,
  `Keep the constraint at ${path} in the new schema: old readers still apply it.`,
];

const FIXES: readonly (readonly [RegExp, Wording])[] = [
  [/^REQUIRED_/, required],
  [/NOT_COVERED/, uncovered],
  [/_REMOVED_FROM_CLOSED_/, removedFromClosed],
  [/_ADDED_TO_OPEN_/, addedToOpen],
  [/^(ADDITIONAL|UNEVALUATED)_/, rest],
  [/^(COMBINED_|PRODUCT_|SUM_)/, combined],
  [/^TYPE_/, typeOf],
  [/^ENUM_/, values],
  [/_(INCREASED|DECREASED|EXPANDED)$/, limit],
];

interface Reason {
  readonly type: ChangeType;
  readonly path: string;
}

/** The smallest change of the new schema that would mend a breaking change, in plain words. */
export function fixOf(type: ChangeType, path: string, because: readonly Reason[] = []): Fix {
  const wording = FIXES.find(([pattern]) => pattern.test(type))?.[1] ?? constraint;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [ifReaderIsNew, ifWriterIsNew] = wording(path, name);
  const base = path.endsWith('/') ? path : `${path}/`;
  const reasons = because.map((each) => `${each.type} at ${base}${each.path}`).join(', ');
  const closest = reasons === '' ? '' : ` In the way: ${reasons}.`;
  return { ifReaderIsNew: ifReaderIsNew + closest, ifWriterIsNew: ifWriterIsNew + closest };
}
