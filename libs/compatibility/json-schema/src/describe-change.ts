import type { ChangeType } from './change-type.ts';

type Wording = (path: string) => string;

const notPresent: Wording = (path) =>
  `The keyword at path '${path}' in the {reader} schema is not present in the {writer} schema`;
const more: Wording = (path) =>
  `The value at path '${path}' in the {reader} schema is more than its value in the {writer} schema`;
const less: Wording = (path) =>
  `The value at path '${path}' in the {reader} schema is less than its value in the {writer} schema`;
const different: Wording = (path) =>
  `The value at path '${path}' is different between the {reader} and {writer} schema`;
const type: Wording = (path) =>
  `A type at path '${path}' is different between the {reader} schema and the {writer} schema`;
const fewer: Wording = (path) =>
  `An array or combined type at path '${path}' has fewer elements in the {reader} schema than the {writer} schema`;
const longer: Wording = (path) =>
  `An array or combined type at path '${path}' has more elements in the {reader} schema than the {writer} schema`;
const addedToOpen: Wording = (path) =>
  `The {reader} schema has an open content model and has a property or item at path '${path}' which is missing in the {writer} schema`;
const requiredAdded: Wording = (path) =>
  `The {reader} schema has an unopen content model and has a required property at path '${path}' which is missing in the {writer} schema`;
const removedFromClosed: Wording = (path) =>
  `The {reader} schema has a closed content model and is missing a property or item present at path '${path}' in the {writer} schema`;
const removedNotCovered: Wording = (path) =>
  `A property or item is missing in the {reader} schema but present at path '${path}' in the {writer} schema and is not covered by its partially open content model`;
const addedNotCovered: Wording = (path) =>
  `The {reader} schema has a property or item at path '${path}' which is missing in the {writer} schema and is not covered by its partially open content model`;

/** By the end of the type's name, the first that fits; more special names stand first. */
const WORDINGS: readonly (readonly [RegExp, Wording])[] = [
  [/^REQUIRED_PROPERTY_ADDED_TO_UNOPEN_/, requiredAdded],
  [/_ADDED_NOT_COVERED_/, addedNotCovered],
  [/_REMOVED_NOT_COVERED_/, removedNotCovered],
  [/_REMOVED_FROM_CLOSED_/, removedFromClosed],
  [/_ADDED_TO_OPEN_/, addedToOpen],
  [/^(TYPE_CHANGED|TYPE_NARROWED|COMBINED_TYPE_.*|ENUM_ARRAY_CHANGED)$/, type],
  [/^(PATTERN|MULTIPLE_OF|DEPENDENCY_ARRAY)_CHANGED$/, different],
  [/^(DEPENDENCY_ARRAY|PRODUCT_TYPE|NOT_TYPE)_EXTENDED$/, longer],
  [/_NARROWED$/, fewer],
  [/^(ADDITIONAL|UNEVALUATED)_.*_REMOVED$/, notPresent],
  [/_(ADDED)$/, notPresent],
  [/_(INCREASED|EXPANDED)$/, more],
  [/_DECREASED$/, less],
];

/** A change in the words that Confluent's registry uses. `{reader}` and `{writer}` stand for "new" and "old". */
export function describeChange(changeType: ChangeType, path: string): string {
  const wording = WORDINGS.find(([pattern]) => pattern.test(changeType))?.[1] ?? different;
  return wording(path);
}
