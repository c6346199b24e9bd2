export { avroRules } from './avro-rules.ts';
