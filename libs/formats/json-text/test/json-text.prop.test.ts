import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, printJson, toPlain } from '../src/index.ts';

test('reads every JSON text as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(toPlain(parseJson(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('a printed text prints as itself', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const printed = printJson(parseJson(text));
      expect(printJson(parseJson(printed))).toBe(printed);
    }),
  );
});

test('accepts and refuses the same texts as JSON.parse', () => {
  const alphabet = fc.constantFrom(...'{}[],:"\\/ue0123.-+Etrfalsn \n'.split(''));
  fc.assert(
    fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
      const accepts = (read: () => unknown): boolean => {
        try {
          read();
          return true;
        } catch {
          return false;
        }
      };
      expect(accepts(() => parseJson(text))).toBe(accepts(() => JSON.parse(text)));
    }),
    { numRuns: 5_000 },
  );
});
