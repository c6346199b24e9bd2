import type { Case } from './case.ts';
import { arrayLimits, items, tuples } from './arrays.ts';
import { combined, conditional, negated, wrapped } from './combined.ts';
import { dependencies, objectLimits, patternProperties } from './objects.ts';
import { additional, properties, required } from './properties.ts';
import { connectTypes, drafts } from './drafts.ts';
import { extended } from './extended.ts';
import { recursive, references } from './references.ts';
import { enums, notes, numbers, strings, types } from './scalars.ts';
import { contained, unevaluatedItems } from './unevaluated-items.ts';
import { partlyOpen, unions } from './unions.ts';
import { unevaluatedProperties } from './unevaluated-properties.ts';

/** All pairs by what they are about. */
export const CORPUS: Readonly<Record<string, readonly Case[]>> = {
  types,
  notes,
  strings,
  numbers,
  enums,
  properties,
  required,
  'additional properties': additional,
  'pattern properties': patternProperties,
  'limits of objects': objectLimits,
  dependencies,
  'limits of arrays': arrayLimits,
  items,
  tuples,
  combined,
  wrapped,
  negated,
  conditional,
  references,
  'recursive schemas': recursive,
  'unevaluated properties': unevaluatedProperties,
  'closed schemas that extend others': extended,
  'unevaluated items': unevaluatedItems,
  'contained items': contained,
  'drafts side by side': drafts,
  'types of Connect': connectTypes,
  unions,
  'partly open models': partlyOpen,
};
