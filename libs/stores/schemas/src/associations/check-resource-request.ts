import type { SchemaRequest } from '../registry.ts';
import { isValidSubject, parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import { invalidAssociation } from './association-refusals.ts';
import type { AssociationOp, Lifecycle, ResourceRequest } from './associations.ts';

/** An operation whose fields are there and fit each other. What is undefined is decided by what is stored. */
export interface CheckedOp {
  readonly op: AssociationOp['op'];
  readonly associationType: 'key' | 'value';
  readonly subject: QualifiedSubject;
  /** The subject was named by the request; one that exists keeps its own otherwise. */
  readonly named: boolean;
  readonly lifecycle: Lifecycle | undefined;
  readonly frozen: boolean | undefined;
  readonly schema: SchemaRequest | undefined;
  readonly normalize: boolean;
}

export interface CheckedRequest {
  readonly resourceName: string;
  readonly resourceNamespace: string;
  readonly resourceId: string | undefined;
  readonly resourceType: string;
  readonly ops: readonly CheckedOp[];
}

const RESOURCE_TYPE = 'topic';
const NAME_LENGTH_MAX = 512;
/** Key, value, and some changes of mind. */
const OPS_MAX = 16;

/** Throws 42212 for what is missing, unknown or contradicts itself, before anything is read. */
export function checkResourceRequest(
  request: ResourceRequest,
  { context, dryRun }: { readonly context: string; readonly dryRun: boolean },
): CheckedRequest {
  const resourceName = requireName('resourceName', request.resourceName);
  const resourceNamespace = requireName('resourceNamespace', request.resourceNamespace);
  const resourceId =
    dryRun && (request.resourceId ?? '') === '' ? undefined : requireName('resourceId', request.resourceId);
  const resourceType = request.resourceType || RESOURCE_TYPE;
  if (resourceType !== RESOURCE_TYPE) throw invalidAssociation('resourceType', `must be '${RESOURCE_TYPE}'`);
  const ops = request.associations ?? [];
  if (ops.length === 0) throw invalidAssociation('associations', 'cannot be null or empty');
  if (ops.length > OPS_MAX) throw invalidAssociation('associations', `cannot be more than ${OPS_MAX}`);
  const place = { context, resourceName, resourceNamespace };
  const checked = ops.map((op) => checkOp(op, place));
  refuseRepeatedTypes(checked);
  return { resourceName, resourceNamespace, resourceId, resourceType, ops: checked };
}

function requireName(property: string, value: string | null | undefined): string {
  if ((value ?? '') === '') throw invalidAssociation(property, 'cannot be null or empty');
  const name = value!;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (name.length > NAME_LENGTH_MAX || /[\u0000-\u001f\u007f]/.test(name)) {
    throw invalidAssociation(
      property,
      `must have at most ${NAME_LENGTH_MAX} characters, none of them a control character`,
    );
  }
  return name;
}

function checkOp(
  op: AssociationOp,
  place: { readonly context: string; readonly resourceName: string; readonly resourceNamespace: string },
): CheckedOp {
  const associationType = op.associationType || 'value';
  if (associationType !== 'key' && associationType !== 'value') {
    throw invalidAssociation('associationType', "must be either 'key' or 'value'");
  }
  const own = `:.${place.resourceNamespace}:${place.resourceName}-${associationType}`;
  const named = typeof op.subject === 'string';
  const asked = op.subject ?? own;
  const subject = parseSubject(asked.startsWith(':.') ? asked : place.context + asked);
  if (!isValidSubject(subject)) throw invalidAssociation('subject', `'${asked}' is no valid subject`);
  const lifecycle = lifecycleOf(op.lifecycle);
  const schema = op.schema ?? undefined;
  const frozen = op.frozen ?? undefined;
  if (lifecycle === 'WEAK') {
    if (schema !== undefined) throw invalidAssociation('lifecycle', 'cannot be WEAK when schema is provided');
    if (frozen === true) throw invalidAssociation('frozen', 'association with lifecycle of WEAK cannot be frozen');
    if (printSubject(subject) === own) throw invalidAssociation('subject', `cannot be '${own}' for a WEAK association`);
  }
  if (frozen === true && printSubject(subject) !== own) {
    throw invalidAssociation('subject', `frozen associations must use subject '${own}'`);
  }
  return { op: op.op, associationType, subject, named, lifecycle, frozen, schema, normalize: op.normalize === true };
}

function lifecycleOf(text: string | null | undefined): Lifecycle | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  if (text === 'STRONG' || text === 'WEAK') return text;
  throw invalidAssociation('lifecycle', 'must be either STRONG or WEAK');
}

/** A type may be created or changed once, and deleted after that. */
function refuseRepeatedTypes(ops: readonly CheckedOp[]): void {
  const seen = new Set<string>();
  for (const { op, associationType } of ops) {
    const key = `${op === 'DELETE' ? 'delete' : 'write'} ${associationType}`;
    if (seen.has(key)) throw invalidAssociation('associationType', `'${associationType}' is named more than once`);
    seen.add(key);
  }
}
