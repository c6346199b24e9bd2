import type { CompatibilityRules, Difference } from '#libs/compatibility/levels';
import type { JsonSchema } from '#libs/formats/json-schema';
import { jsonSchemaRules } from './json-schema-rules.ts';

/** Confluent's registry 7 has one name for a property added to an open model, whether it is required or not. */
const ADDED_TO_OPEN =
  /^(?:OPTIONAL_PROPERTY|REQUIRED_PROPERTY|REQUIRED_PROPERTY_WITH_DEFAULT)_ADDED_TO_OPEN_CONTENT_MODEL$/;

/** The same rules with the same verdicts, named and worded as Confluent's registry 7 does. */
export const jsonSchemaRulesOf7: CompatibilityRules<JsonSchema> = {
  differences: (reader, writer, options) => jsonSchemaRules.differences(reader, writer, options).map(named),
};

function named(difference: Difference): Difference {
  const { type, description } = difference;
  return {
    ...difference,
    type: ADDED_TO_OPEN.test(type) ? 'PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL' : type,
    description: description.replace(/^The \{reader\} schema has a closed/, 'The {reader} has a closed'),
  };
}
