import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testSeed } from '#libs/foundation/testing';
import { RegistryError } from '../src/registry-error.ts';
import { BY, record, startRegistry, type TestRegistry } from './registry-fixture.ts';
import { ModelSubject } from './subject-model.ts';

let its: TestRegistry;
beforeAll(async () => {
  its = await startRegistry({ defaults: { compatibilityLevel: 'NONE' } });
});
afterAll(() => its.stop());

/** What a caller gets, in a form that can be compared: the versions, or the code of the refusal. */
async function outcomeOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof RegistryError) return error.errorCode;
    throw error;
  }
}

const schemas = [0, 1, 2].map((n) => record(`S${n}`, 'x'));
const step = fc.oneof(
  fc.record({ do: fc.constant('register' as const), schema: fc.nat(2) }),
  fc.record({ do: fc.constant('look up' as const), schema: fc.nat(2), deleted: fc.boolean() }),
  fc.record({ do: fc.constant('delete subject' as const), permanent: fc.boolean() }),
  fc.record({
    do: fc.constant('delete version' as const),
    version: fc.integer({ min: 1, max: 5 }),
    permanent: fc.boolean(),
  }),
  fc.record({ do: fc.constant('delete latest' as const), permanent: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let runs = 0;

async function inRegistry(subject: string, each: Step): Promise<unknown> {
  const { registry } = its;
  switch (each.do) {
    case 'register':
      return (await its.register(subject, schemas[each.schema]!)).version;
    case 'look up': {
      const query = { normalize: false, format: '', deleted: each.deleted };
      return (await registry.lookUp(subject, { schema: schemas[each.schema]! }, query)).version;
    }
    case 'delete subject':
      return registry.deleteSubject(subject, { permanent: each.permanent }, BY);
    case 'delete version':
      return registry.deleteVersion(subject, each.version, { permanent: each.permanent }, BY);
    default:
      return registry.deleteVersion(subject, 'latest', { permanent: each.permanent }, BY);
  }
}

function inModel(model: ModelSubject, each: Step): unknown {
  switch (each.do) {
    case 'register':
      return model.register(each.schema);
    case 'look up':
      return model.lookUp(each.schema, each.deleted);
    case 'delete subject':
      return model.deleteSubject(each.permanent);
    case 'delete version':
      return model.deleteVersion(each.version, each.permanent);
    default:
      return model.deleteLatest(each.permanent);
  }
}

test('any sequence of registrations, look-ups and deletions goes as in the model', async () => {
  const seed = testSeed();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const subject = `model-${runs++}`;
      const model = new ModelSubject();
      for (const each of steps) {
        expect(await outcomeOf(() => inRegistry(subject, each))).toEqual(inModel(model, each));
        const listed = await outcomeOf(() =>
          its.registry.listVersions(subject, { deleted: 'include', deletedAsNegative: true, offset: 0, limit: -1 }),
        );
        expect(listed).toEqual(model.versions());
      }
    }),
    { seed, numRuns: 60 },
  );
});
