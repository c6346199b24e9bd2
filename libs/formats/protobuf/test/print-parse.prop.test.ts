import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProtoFile, printProtoFile } from '#libs/formats/protobuf';
import { arbitraryTree } from './support/arbitrary-tree.ts';
import { withoutPositions } from './support/without-positions.ts';

test('parsing the printed text of any tree gives that tree again', () => {
  fc.assert(
    fc.property(arbitraryTree, (tree) => {
      const printed = printProtoFile(tree);
      const parsed = parseProtoFile(printed);
      expect(withoutPositions(parsed)).toEqual(withoutPositions(tree));
      expect(printProtoFile(parsed)).toBe(printed);
    }),
    { numRuns: 300 },
  );
});

test('any text at all is parsed or refused by a coded error', () => {
  const pieces = fc.constantFrom(
    'message',
    'M',
    '{',
    '}',
    ';',
    '=',
    '1',
    '"x"',
    '[',
    ']',
    '(',
    ')',
    'option',
    'map<',
    '.',
    '-',
    '//',
    '/*',
    '"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 30 }).map((each) => each.join(' ')),
      ),
      (text) => {
        try {
          parseProtoFile(text);
        } catch (error) {
          expect(error).toMatchObject({ name: 'TidemarkError', code: 'SCHEMA_INVALID' });
          expect((error as Error).message).toMatch(/^line [0-9]+, column [0-9]+: /);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
