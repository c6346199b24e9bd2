import { describe, expect, test } from '@jest/globals';
import type { Association, AssociationOp, ResourceRequest } from '../src/associations/associations.ts';
import { checkResourceRequest } from '../src/associations/check-resource-request.ts';
import {
  ASSOCIATIONS_MAX,
  decideAssociation,
  requireConsistentlyFrozen,
  type SubjectFacts,
} from '../src/associations/decide-association.ts';
import { RegistryError } from '../src/registry-error.ts';

const OWN = ':.ns:topic-value';
const SCHEMA = { schema: '"string"' };

function request(op: Partial<AssociationOp>, more: Partial<ResourceRequest> = {}): ResourceRequest {
  return {
    resourceName: 'topic',
    resourceNamespace: 'ns',
    resourceId: 'id-1',
    associations: [{ op: 'CREATE', ...op }],
    ...more,
  };
}

function codeOf(work: () => unknown): number | 'done' {
  try {
    work();
    return 'done';
  } catch (error) {
    if (error instanceof RegistryError) return error.errorCode;
    throw error;
  }
}

const check = (wanted: ResourceRequest, dryRun = false) => checkResourceRequest(wanted, { context: '', dryRun });

describe('a request', () => {
  test.each<[string, ResourceRequest]>([
    ['no name', request({}, { resourceName: null })],
    ['an empty namespace', request({}, { resourceNamespace: '' })],
    ['no id', request({}, { resourceId: null })],
    ['another type of resource', request({}, { resourceType: 'queue' })],
    ['no associations', request({}, { associations: [] })],
    ['too many associations', request({}, { associations: Array.from({ length: 17 }, () => ({ op: 'CREATE' })) })],
    ['a control character', request({}, { resourceName: 'a\u0001' })],
    ['another type of association', request({ associationType: 'header' })],
    ['another lifecycle', request({ lifecycle: 'MEDIUM' })],
    ['a subject that is none', request({ subject: 'a\u0001' })],
    ['a schema for a WEAK one', request({ subject: 's', lifecycle: 'WEAK', schema: SCHEMA })],
    ['a frozen WEAK one', request({ subject: 's', lifecycle: 'WEAK', frozen: true })],
    ['a WEAK one on the default subject', request({ subject: OWN, lifecycle: 'WEAK' })],
    ['a frozen one on another subject', request({ subject: 's', lifecycle: 'STRONG', frozen: true, schema: SCHEMA })],
    [
      'a type twice',
      request(
        {},
        {
          associations: [
            { op: 'CREATE', subject: 'a' },
            { op: 'UPSERT', subject: 'b' },
          ],
        },
      ),
    ],
  ])('with %s is refused with 42212', (_name, wanted) => {
    expect(codeOf(() => check(wanted))).toBe(42_212);
  });

  test('has the default subject, type and resource, and needs no id in a dry run', () => {
    const checked = check(request({}, { resourceId: null }), true);
    expect(checked).toMatchObject({ resourceId: undefined, resourceType: 'topic' });
    expect(checked.ops[0]).toMatchObject({
      associationType: 'value',
      subject: { context: '.ns', subject: 'topic-value' },
      named: false,
    });
  });

  test('has its context for names without one', () => {
    const { ops } = checkResourceRequest(request({ subject: 's' }), { context: ':.a:', dryRun: false });
    expect(ops[0]!.subject).toEqual({ context: '.a', subject: 's' });
    const qualified = checkResourceRequest(request({ subject: ':.b:s' }), { context: ':.a:', dryRun: false });
    expect(qualified.ops[0]!.subject).toEqual({ context: '.b', subject: 's' });
  });
});

const FREE: SubjectFacts = { hasLiveVersion: true, others: 0, strongOthers: 0 };
const WEAK: Association = {
  guid: '00000000-0000-0000-0000-000000000001',
  subject: 's',
  resourceName: 'topic',
  resourceNamespace: 'ns',
  resourceId: 'id-1',
  resourceType: 'topic',
  associationType: 'value',
  lifecycle: 'WEAK',
  frozen: false,
  createTs: 1,
  updateTs: 1,
};
const STRONG: Association = { ...WEAK, lifecycle: 'STRONG' };
const FROZEN: Association = { ...STRONG, subject: OWN, frozen: true };

function decide(existing: Association | undefined, op: Partial<AssociationOp>, facts: Partial<SubjectFacts> = {}) {
  return decideAssociation(existing, check(request(op)).ops[0]!, { ...FREE, ...facts }, 'topic');
}

describe('what becomes of an association', () => {
  test.each<[string, Association | undefined, Partial<AssociationOp>, Partial<SubjectFacts>, object]>([
    ['a new one is WEAK', undefined, { subject: 's' }, {}, { kind: 'insert', lifecycle: 'WEAK', frozen: false }],
    [
      'with a schema it is STRONG and frozen',
      undefined,
      { schema: SCHEMA },
      { hasLiveVersion: false },
      { kind: 'insert', lifecycle: 'STRONG', frozen: true, register: true },
    ],
    [
      'an upsert with a schema is STRONG and not frozen',
      undefined,
      { op: 'UPSERT', schema: SCHEMA },
      {},
      { kind: 'insert', lifecycle: 'STRONG', frozen: false, register: true },
    ],
    [
      'a STRONG one may have the default subject',
      undefined,
      { lifecycle: 'STRONG' },
      {},
      { kind: 'insert', lifecycle: 'STRONG', frozen: false },
    ],
    ['WEAK ones share a subject', undefined, { subject: 's' }, { others: 3 }, { kind: 'insert' }],
    ['the same creation again is done already', WEAK, { subject: 's' }, {}, { kind: 'keep' }],
    ['the same upsert again is done already', FROZEN, { op: 'UPSERT', lifecycle: 'STRONG' }, {}, { kind: 'keep' }],
    [
      'an upsert changes the lifecycle',
      WEAK,
      { op: 'UPSERT', subject: 's', lifecycle: 'STRONG' },
      {},
      { kind: 'update', lifecycle: 'STRONG' },
    ],
    [
      'an upsert registers',
      STRONG,
      { op: 'UPSERT', subject: 's', schema: SCHEMA },
      {},
      { kind: 'update', register: true },
    ],
  ])('%s', (_name, existing, op, facts, decision) => {
    expect(decide(existing, op, facts)).toMatchObject(decision);
  });

  test.each<[string, number, Association | undefined, Partial<AssociationOp>, Partial<SubjectFacts>]>([
    ['a subject without live versions', 40_907, undefined, { subject: 's' }, { hasLiveVersion: false }],
    ['a subject with a STRONG one', 40_905, undefined, { subject: 's' }, { others: 1, strongOthers: 1 }],
    ['a STRONG one for a subject with others', 40_904, undefined, { subject: 's', lifecycle: 'STRONG' }, { others: 1 }],
    ['STRONG for a shared subject', 40_904, WEAK, { op: 'UPSERT', subject: 's', lifecycle: 'STRONG' }, { others: 1 }],
    ['one too many', 40_902, undefined, { subject: 's' }, { others: ASSOCIATIONS_MAX }],
    ['a creation of what is there and different', 40_903, WEAK, { subject: 's', lifecycle: 'STRONG' }, {}],
    ['a creation with another subject', 40_903, WEAK, { subject: 't' }, {}],
    ['another subject', 42_212, WEAK, { op: 'UPSERT', subject: 't' }, {}],
    ['a change of a frozen one', 40_908, FROZEN, { op: 'UPSERT', frozen: false }, {}],
    ['a schema for a frozen one', 40_908, FROZEN, { op: 'UPSERT', schema: SCHEMA }, {}],
    ['freezing later', 42_212, { ...FROZEN, frozen: false }, { op: 'UPSERT', frozen: true }, {}],
    ['a frozen one without a schema', 42_212, undefined, { lifecycle: 'STRONG', frozen: true }, {}],
    ['a frozen one for a subject with schemas', 42_212, undefined, { schema: SCHEMA }, { hasLiveVersion: true }],
    ['an unfrozen creation with a schema', 42_212, undefined, { schema: SCHEMA, frozen: false }, {}],
    ['a WEAK one without a subject', 42_212, undefined, {}, {}],
    ['a schema for an existing WEAK one', 42_212, WEAK, { op: 'UPSERT', subject: 's', schema: SCHEMA }, {}],
  ])('%s is refused with %s', (_name, code, existing, op, facts) => {
    expect(codeOf(() => decide(existing, op, facts))).toBe(code);
  });

  test('all of a resource are frozen or none', () => {
    expect(codeOf(() => requireConsistentlyFrozen([FROZEN, STRONG]))).toBe(42_212);
    expect(codeOf(() => requireConsistentlyFrozen([FROZEN, FROZEN]))).toBe('done');
    expect(codeOf(() => requireConsistentlyFrozen([WEAK, STRONG]))).toBe('done');
  });
});
