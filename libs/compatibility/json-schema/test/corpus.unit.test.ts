import { describe, expect, test } from '@jest/globals';
import { parseJsonSchema } from '#libs/formats/json-schema';
import { CHANGE_TYPES, jsonSchemaChanges, jsonSchemaRules } from '../src/index.ts';
import { CORPUS } from './corpus/index.ts';

const parse = (schema: unknown): ReturnType<typeof parseJsonSchema> => parseJsonSchema(JSON.stringify(schema), []);

for (const [theme, cases] of Object.entries(CORPUS)) {
  describe(theme, () => {
    test.each(cases)('%s', (_title, writer, reader, ...changes) => {
      const found = jsonSchemaChanges(parse(reader), parse(writer), { policy: 'STRICT' });
      const shown = found.map(({ type, path, allowed }) => `${allowed ? '' : '!'}${type} ${path.slice(2)}`.trimEnd());
      expect(shown.toSorted()).toEqual(changes.toSorted());
      const breaking = jsonSchemaRules.differences(parse(reader), parse(writer), { policy: 'STRICT' });
      expect(breaking.map(({ type }) => `!${type}`).toSorted()).toEqual(
        changes
          .filter((change) => change.startsWith('!'))
          .map((change) => change.split(' ')[0]!)
          .toSorted(),
      );
    });
  });
}

test('every schema of the corpus is compatible with itself', () => {
  for (const [, writer, reader] of Object.values(CORPUS).flat()) {
    for (const schema of [writer, reader]) {
      expect(jsonSchemaChanges(parse(schema), parse(schema), { policy: 'STRICT' })).toEqual([]);
    }
  }
});

test('the corpus has a pair for every type of change', () => {
  const seen = new Set(
    Object.values(CORPUS)
      .flat()
      .flatMap(([, , , ...changes]) => changes.map((change) => change.replace('!', '').split(' ')[0])),
  );
  expect(CHANGE_TYPES.filter((type) => !seen.has(type))).toEqual([]);
  expect(Object.values(CORPUS).flat().length).toBeGreaterThan(300);
});
