export { javaNumber } from './java-number.ts';
export type { JsonArray, JsonMember, JsonNode, JsonObject } from './json-node.ts';
export { member, stringMember } from './member.ts';
export { parseJson } from './parse-json.ts';
export { fromPlain, type PlainJson, toPlain } from './plain-value.ts';
export { printJson, printString } from './print-json.ts';
export { jsonKey, sameJson, sortedMembers } from './same-json.ts';
