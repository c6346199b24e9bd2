export { bundle } from './bundle.ts';
export { type Draft, DRAFTS, isSince } from './draft.ts';
export type { JsonSchema } from './json-schema.ts';
export { jsonSchemaFormat } from './json-schema-format.ts';
export { parseJsonSchema } from './parse-json-schema.ts';
export { patternError } from './pattern-syntax.ts';
export { jsonSchemaTagging } from './tagging/json-schema-tagging.ts';
export { jsonSchemaTypeScript } from './typescript/json-schema-typescript.ts';
export { fieldNames } from './validate-fields.ts';
