import { printSubject } from '../names/qualified-subject.ts';
import {
  associationForResourceExists,
  associationForSubjectExists,
  associationFrozen,
  invalidAssociation,
  noActiveVersion,
  strongAssociationExists,
  tooManyAssociations,
} from './association-refusals.ts';
import type { Association, Lifecycle } from './associations.ts';
import type { CheckedOp } from './check-resource-request.ts';

/** What is known of the subject under its lock. */
export interface SubjectFacts {
  readonly hasLiveVersion: boolean;
  /** Associations of the subject with other resources, or with the other part of this one. */
  readonly others: number;
  readonly strongOthers: number;
}

export interface Decision {
  readonly kind: 'insert' | 'update' | 'keep';
  readonly lifecycle: Lifecycle;
  readonly frozen: boolean;
  /** The schema of the request is to be registered. */
  readonly register: boolean;
}

/** Associations of one subject. WEAK ones may be many; beyond this somebody has made a mistake. */
export const ASSOCIATIONS_MAX = 10_000;

/**
 * What becomes of an association. Pure. Throws 40902, 40903, 40904, 40905, 40907, 40908 and 42212. `resource` is for people.
 */
export function decideAssociation(
  existing: Association | undefined,
  op: CheckedOp,
  facts: SubjectFacts,
  resource: string,
): Decision {
  const decision = existing === undefined ? created(op) : changed(existing, op, resource);
  const subject = printSubject(op.subject);
  const hasSchema = facts.hasLiveVersion || decision.register;
  if (existing === undefined && decision.frozen && facts.hasLiveVersion) {
    throw invalidAssociation('frozen', `subject '${subject}' already has schemas`);
  }
  if (!hasSchema) throw noActiveVersion(subject);
  if (facts.strongOthers > 0) throw strongAssociationExists(subject);
  if (decision.lifecycle === 'STRONG' && facts.others > 0) throw associationForSubjectExists(subject);
  if (existing === undefined && facts.others >= ASSOCIATIONS_MAX) throw tooManyAssociations(subject, ASSOCIATIONS_MAX);
  return decision;
}

// A schema that comes with a new association makes it the owner of its subject, for good.
function created(op: CheckedOp): Decision {
  const register = op.schema !== undefined;
  const lifecycle = op.lifecycle ?? (register ? 'STRONG' : 'WEAK');
  const frozen = op.frozen ?? (register && op.op === 'CREATE');
  if (register && op.op === 'CREATE' && !frozen) {
    throw invalidAssociation('frozen', 'cannot be false when schema is provided');
  }
  if (frozen && !register) throw invalidAssociation('schema', 'must be provided for a frozen association');
  if (frozen && lifecycle === 'WEAK') {
    throw invalidAssociation('frozen', 'association with lifecycle of WEAK cannot be frozen');
  }
  if (lifecycle === 'WEAK' && !op.named) throw invalidAssociation('subject', 'must be provided for a WEAK association');
  return { kind: 'insert', lifecycle, frozen, register };
}

function changed(existing: Association, op: CheckedOp, resource: string): Decision {
  if (op.named && printSubject(op.subject) !== existing.subject) {
    throw op.op === 'CREATE'
      ? associationForResourceExists(existing.associationType, resource)
      : invalidAssociation('subject', `cannot be changed from '${existing.subject}'`);
  }
  const lifecycle = op.lifecycle ?? existing.lifecycle;
  const frozen = op.frozen ?? existing.frozen;
  const register = op.schema !== undefined;
  const same = lifecycle === existing.lifecycle && frozen === existing.frozen;
  // Whoever repeats a creation because its answer was lost is told that it is done.
  if (same && !register) return { kind: 'keep', lifecycle, frozen, register };
  if (op.op === 'CREATE') throw associationForResourceExists(existing.associationType, resource);
  if (existing.frozen) throw associationFrozen(existing.associationType, existing.subject);
  if (frozen) throw invalidAssociation('frozen', 'an association can be frozen only when it is created');
  if (register && lifecycle === 'WEAK') throw invalidAssociation('lifecycle', 'cannot be WEAK when schema is provided');
  return { kind: 'update', lifecycle, frozen, register };
}

/** Throws 42212 when some associations of a resource are frozen and others are not. */
export function requireConsistentlyFrozen(associations: readonly Pick<Association, 'frozen'>[]): void {
  if (associations.some(({ frozen }) => frozen) && associations.some(({ frozen }) => !frozen)) {
    throw invalidAssociation('frozen', 'all associations for a resource must be consistently frozen or non-frozen');
  }
}
