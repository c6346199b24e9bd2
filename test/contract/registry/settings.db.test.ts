import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exactly, NONE, play, record, refused, startTestRegistry, subjectNotFound, type TestRegistry } from './play.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());

const noConfig = (subject: string) =>
  refused(40408, `Subject '${subject}' does not have subject-level compatibility configured`);
const noMode = (subject: string) => refused(40409, `Subject '${subject}' does not have subject-level mode configured`);
const denied = (subject: string, why: string) => refused(42205, `Subject ${subject} in context  is ${why}`);
const rule = (name: string, doc: string) => ({ name, doc, kind: 'CONDITION', mode: 'WRITE', type: 'CEL' });

describe('config', () => {
  test('is written under one key, read under another, kept where absent and cleared by null', () =>
    play(registry, [
      ['GET /config', NONE, 200, exactly({ compatibilityLevel: 'BACKWARD' })],
      ['GET /config/c', NONE, 404, noConfig('c')],
      ['DELETE /config/c', NONE, 404, subjectNotFound('c')],
      [
        'PUT /config/c',
        { compatibility: 'full', normalize: true, compatibilityPolicy: 'lenient', alias: 'x' },
        200,
        exactly({ alias: 'x', normalize: true, compatibility: 'full', compatibilityPolicy: 'lenient' }),
      ],
      [
        'GET /config/c',
        NONE,
        200,
        exactly({ alias: 'x', normalize: true, compatibilityLevel: 'FULL', compatibilityPolicy: 'LENIENT' }),
      ],
      [
        'PUT /config/c',
        { alias: null, compatibilityPolicy: null, validateFields: true },
        200,
        exactly({ validateFields: true }),
      ],
      ['GET /config/c', NONE, 200, exactly({ normalize: true, validateFields: true, compatibilityLevel: 'FULL' })],
      ['DELETE /config/c', NONE, 200, exactly({ normalize: true, validateFields: true, compatibilityLevel: 'FULL' })],
      ['GET /config/c?defaultToGlobal=true', NONE, 200, exactly({ compatibilityLevel: 'BACKWARD' })],
      [
        'PUT /config',
        { compatibility: 'sideways' },
        422,
        refused(
          42203,
          'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive',
        ),
      ],
      [
        'PUT /config/__GLOBAL',
        { compatibility: 'NONE' },
        422,
        refused(42208, "The specified subject '__GLOBAL' is not a valid."),
      ],
      [
        'PUT /config/c',
        { defaultRuleSet: { domainRules: [{ ...rule('1', ''), name: '1' }] } },
        422,
        { error_code: 42210 },
      ],
    ]));

  test('comes field by field from the subject, its context, everything', () =>
    play(registry, [
      ['PUT /config/:.__GLOBAL:', { compatibility: 'FORWARD', normalize: true }, 200, {}],
      ['GET /config', NONE, 200, { compatibilityLevel: 'FORWARD', normalize: true }],
      ['PUT /config', { compatibility: 'NONE' }, 200, {}],
      ['PUT /config/:.ctx:', { compatibilityGroup: 'g' }, 200, {}],
      ['PUT /config/s', { validateFields: false }, 200, {}],
      [
        'GET /config/s?defaultToGlobal=true',
        NONE,
        200,
        exactly({ normalize: true, validateFields: false, compatibilityLevel: 'NONE' }),
      ],
      [
        'GET /config/:.ctx:s?defaultToGlobal=true',
        NONE,
        200,
        exactly({ normalize: true, compatibilityLevel: 'FORWARD', compatibilityGroup: 'g' }),
      ],
      ['GET /config/:.ctx:s', NONE, 404, noConfig(':.ctx:s')],
      ['GET /contexts/ctx/config', NONE, 200, exactly({ compatibilityGroup: 'g' })],
      ['GET /contexts/other/config', NONE, 404, noConfig(':.other:')],
      // The default context by its name is the global place.
      ['GET /config/:.:', NONE, 200, { compatibilityLevel: 'NONE' }],
      ['DELETE /config/:.:', NONE, 200, { compatibilityLevel: 'NONE' }],
      ['GET /config/:.:', NONE, 200, { compatibilityLevel: 'FORWARD' }],
      ['DELETE /config/:.__GLOBAL:', NONE, 200, { compatibilityLevel: 'FORWARD', normalize: true }],
      ['DELETE /config/:.__GLOBAL:', NONE, 404, subjectNotFound(':.__GLOBAL:')],
    ]));

  test('adds defaults under, and overrides over what a schema says of itself', () =>
    play(registry, [
      [
        'PUT /config/d',
        {
          defaultMetadata: { properties: { owner: 'nobody', a: '1' } },
          overrideMetadata: { properties: { level: '9' } },
          defaultRuleSet: { domainRules: [rule('x', 'default'), rule('y', 'default')] },
          overrideRuleSet: { domainRules: [rule('z', 'override')] },
        },
        200,
        {},
      ],
      [
        'POST /subjects/d/versions',
        {
          ...record('D'),
          metadata: { properties: { owner: 'ada', level: '1' } },
          ruleSet: { domainRules: [rule('x', 'mine'), rule('z', 'mine')] },
        },
        200,
        { version: 1, metadata: { properties: { a: '1', level: '9', owner: 'ada' } } },
      ],
      [
        'GET /subjects/d/versions/1',
        NONE,
        200,
        {
          ruleSet: {
            domainRules: [
              expect.objectContaining({ name: 'y' }),
              expect.objectContaining({ name: 'x', doc: 'mine' }),
              expect.objectContaining({ name: 'z', doc: 'override' }),
            ],
          },
        },
      ],
      [
        'POST /subjects/d/versions',
        record('D', 'f?'),
        200,
        { version: 2, metadata: { properties: { a: '1', level: '9', owner: 'ada' } } },
      ],
    ]));

  test('holds rules against their form always, against what they run only where it says so', () => {
    const rules = (...domainRules: object[]) => ({ ...record('Ruled', 'a'), ruleSet: { domainRules } });
    const open = { name: 'open', kind: 'CONDITION', mode: 'WRITE', type: 'CEL', expr: 'size(message.a' };
    return play(registry, [
      ['POST /subjects/ruled/versions', rules({ ...open, mode: 'UPGRADE' }), 422, { error_code: 42210 }],
      ['POST /subjects/ruled/versions', rules(open), 200, { version: 1 }],
      ['PUT /config/ruled', { validateRules: true, compatibility: 'NONE' }, 200, { validateRules: true }],
      // What is there already is not asked again.
      ['POST /subjects/ruled/versions', rules(open), 200, { version: 1 }],
      [
        'POST /subjects/ruled/versions',
        rules({ ...open, doc: 'new' }),
        422,
        refused(42210, /'open' is not whole: \) is missing/),
      ],
      // Rules that would be inherited count as well.
      ['POST /subjects/ruled/versions', record('Ruled', 'a', 'b'), 422, { error_code: 42210 }],
      ['POST /subjects/ruled/versions', rules({ ...open, expr: 'size(message.a) > 0' }), 200, { version: 2 }],
    ]);
  });

  test('reserves the names of fields', () =>
    play(registry, [
      ['PUT /config/r', { validateFields: true, compatibility: 'NONE' }, 200, {}],
      [
        'POST /subjects/r/versions',
        { ...record('F', 'a'), metadata: { properties: { 'confluent:reserved': 'b, a' } } },
        409,
        refused(40901, /conflicts with the reserved field a/),
      ],
      [
        'POST /subjects/r/versions',
        {
          schemaType: 'JSON',
          schema: '{"properties":{"b":{}}}',
          metadata: { properties: { 'confluent:reserved': 'b' } },
        },
        409,
        refused(40901, /conflicts with the reserved field b/),
      ],
      [
        'POST /subjects/r/versions',
        {
          schemaType: 'PROTOBUF',
          schema: 'message M { optional int32 b = 1; }',
          metadata: { properties: { 'confluent:reserved': 'b' } },
        },
        409,
        refused(40901, /conflicts with the reserved field b/),
      ],
      [
        'POST /subjects/r/versions',
        { schemaType: 'JSON', schema: '{"properties":{"$$b":{}}}' },
        422,
        refused(42201, /\$\$/),
      ],
      [
        'POST /subjects/r/versions',
        { ...record('F', 'c'), metadata: { properties: { 'confluent:reserved': 'b' } } },
        200,
        { version: 1 },
      ],
    ]));
});

describe('mode', () => {
  test('read-only refuses changes, but not what is there already', () =>
    play(registry, [
      ['POST /subjects/ro/versions', record('A'), 200, { id: expect.any(Number) }],
      ['GET /mode', NONE, 200, exactly({ mode: 'READWRITE' })],
      ['GET /mode/ro', NONE, 404, noMode('ro')],
      ['DELETE /mode/ro', NONE, 404, subjectNotFound('ro')],
      [
        'PUT /mode/ro',
        { mode: 'sleeping' },
        422,
        refused(42204, 'Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.'),
      ],
      ['PUT /mode/ro', { mode: 'readonly' }, 200, exactly({ mode: 'readonly' })],
      ['GET /mode/ro', NONE, 200, exactly({ mode: 'READONLY' })],
      ['POST /subjects/ro/versions', record('A'), 200, { version: 1 }],
      ['POST /subjects/ro/versions', record('A', 'b?'), 422, denied('ro', 'in read-only mode')],
      ['DELETE /subjects/ro', NONE, 422, denied('ro', 'in read-only mode')],
      ['DELETE /subjects/ro/versions/1', NONE, 422, denied('ro', 'in read-only mode')],
      ['PUT /config/ro', { compatibility: 'NONE' }, 422, denied('ro', 'in read-only mode')],
      ['DELETE /mode/ro', NONE, 200, exactly({ mode: 'READONLY' })],
      ['PUT /mode/ro', { mode: 'FORWARD' }, 422, { error_code: 42205 }],
      ['POST /subjects/ro/versions', { ...record('A'), id: 1_000 }, 422, denied('ro', 'not in import mode')],
    ]));

  test('import takes ids and versions as they are, and later ids come after them', () =>
    play(registry, [
      ['PUT /mode/ro', { mode: 'IMPORT' }, 422, refused(42205, 'Cannot import since found existing subjects')],
      ['PUT /mode/in', { mode: 'IMPORT' }, 200, { mode: 'IMPORT' }],
      ['POST /subjects/in/versions', record('I'), 422, denied('in', 'not in read-write mode')],
      ['POST /subjects/in/versions', { ...record('I'), id: 500, version: 5 }, 200, { id: 500, version: 5 }],
      [
        'POST /subjects/in/versions',
        { ...record('I', 'must'), id: 500, version: 6 },
        422,
        refused(42205, 'Overwrite new schema with id 500 in context . is not permitted.'),
      ],
      ['POST /subjects/in/versions', { ...record('I', 'must'), id: 502, version: 2 }, 200, { id: 502, version: 2 }],
      ['POST /subjects/in/versions', { ...record('I'), id: 503 }, 200, { id: 503, version: 6 }],
      ['GET /subjects/in/versions', NONE, 200, [2, 5, 6]],
      // Our own: an import keeps the time of registration, and puts it right when it is repeated.
      [
        'POST /subjects/in/versions',
        { schema: '"bytes"', id: 901, version: 70, ts: 1_600_000_000_123 },
        200,
        { ts: 1_600_000_000_123 },
      ],
      ['GET /schemas/ids/901', NONE, 200, { ts: 1_600_000_000_123 }],
      [
        'POST /subjects/in/versions',
        { schema: '"bytes"', id: 901, version: 70, ts: 1_500_000_000_000 },
        200,
        { ts: 1_500_000_000_000 },
      ],
      ['GET /schemas/ids/901', NONE, 200, { ts: 1_500_000_000_000 }],
      ['POST /subjects/in/versions', { schema: '"bytes"', id: 901, version: 70 }, 200, { ts: 1_500_000_000_000 }],
      ['POST /subjects/in/versions', { schema: '"bytes"', id: 901, version: 70, ts: -1 }, 422, { error_code: 42201 }],
      ['DELETE /mode/in', NONE, 200, { mode: 'IMPORT' }],
      ['POST /subjects/after/versions', record('After'), 200, { id: 902 }],
    ]));

  test('forward is for everything only; recursive deletion takes the modes of subjects too', () =>
    play(registry, [
      ['PUT /mode/:.__GLOBAL:', { mode: 'FORWARD' }, 200, { mode: 'FORWARD' }],
      ['GET /mode', NONE, 200, { mode: 'FORWARD' }],
      ['POST /subjects/fw/versions', record('A'), 422, { error_code: 42205 }],
      ['DELETE /mode/:.__GLOBAL:', NONE, 200, { mode: 'FORWARD' }],
      ['PUT /mode/:.m:', { mode: 'READONLY' }, 200, {}],
      ['PUT /mode/:.m:s', { mode: 'READWRITE' }, 200, {}],
      ['GET /mode/:.m:t?defaultToGlobal=true', NONE, 200, { mode: 'READONLY' }],
      ['DELETE /contexts/m/mode?recursive=true', NONE, 200, { mode: 'READONLY' }],
      ['GET /mode/:.m:s', NONE, 404, noMode(':.m:s')],
      ['GET /mode/:.:', NONE, 200, { mode: 'READWRITE' }],
    ]));
});
