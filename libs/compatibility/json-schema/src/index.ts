export { CHANGE_TYPES, type ChangeType } from './change-type.ts';
export { jsonSchemaChanges, jsonSchemaRules, type SchemaChange } from './json-schema-rules.ts';
export { jsonSchemaRulesOf7 } from './names-of-7.ts';
