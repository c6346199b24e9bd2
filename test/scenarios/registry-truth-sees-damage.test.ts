import { expect, test } from '@jest/globals';
import type { Acknowledged } from './harness/registry-clients.ts';
import { registryViolations, type RegistryTruth } from './harness/registry-truth.ts';

// The comparison that the crash scenarios rest on, shown each kind of damage once.
const versions = [
  { subject: 'a', version: 1, id: 1, content: 'x' },
  { subject: 'a', version: 2, id: 2, content: 'y' },
  { subject: 'b', version: 1, id: 1, content: 'x' },
];
const SOUND: RegistryTruth = { versions, audited: versions, announced: versions };
const TOLD: Acknowledged[] = [
  { subject: 'a', number: 10, id: 1, version: 1 },
  { subject: 'b', number: 10, id: 1, version: 1 },
];
const [first, second, third] = versions as [(typeof versions)[0], (typeof versions)[0], (typeof versions)[0]];
const withVersions = (...versions: RegistryTruth['versions']): RegistryTruth => ({
  versions,
  audited: versions,
  announced: versions,
});

test('a sound registry has no violation', () => {
  expect(registryViolations(SOUND, TOLD)).toEqual([]);
});

test.each<[string, RegistryTruth, Acknowledged[], string]>([
  ['a second id of one schema', withVersions(first, second, { ...third, id: 3 }), [], 'ids 1 and 3 of one schema: x'],
  ['a second schema under one id', withVersions(first, { ...second, id: 1 }), [], 'id 1 of a second schema: y'],
  ['a gap', withVersions(first, { ...second, version: 3 }), [], 'a has version 3 after 1'],
  ['a lost version', SOUND, [{ subject: 'a', number: 1, id: 9, version: 3 }], 'lost: a version 3 with id 9'],
  ['another id than told', SOUND, [{ subject: 'a', number: 1, id: 9, version: 1 }], 'lost: a version 1 with id 9'],
  [
    'two ids told of one schema',
    SOUND,
    [TOLD[0]!, { subject: 'a', number: 10, id: 2, version: 2 }],
    'ids 1 and 2 of one schema that clients were told of: 10',
  ],
  [
    'an audit entry too many',
    { ...SOUND, audited: [...versions, first] },
    [],
    '2 times in the audit: a version 1 with id 1',
  ],
  [
    'a message that is missing',
    { ...SOUND, announced: [first, third] },
    [],
    '0 times in the topic of changes: a version 2 with id 2',
  ],
  [
    'a message about nothing',
    { ...SOUND, announced: [...versions, { ...second, version: 3 }] },
    [],
    'in the topic of changes but not there: a version 3 with id 2',
  ],
])('%s is seen', (_name, truth, told, violation) => {
  expect(registryViolations(truth, told)).toContain(violation);
});
