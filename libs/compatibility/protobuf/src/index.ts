export { type Change, type ChangeType, isBreaking } from './change.ts';
export { changesBetween } from './compare-files.ts';
export { protobufRules } from './protobuf-rules.ts';
