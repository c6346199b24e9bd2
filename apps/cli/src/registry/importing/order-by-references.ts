import { orderByDependencies } from '#libs/foundation/kernel';
import { byPlace, type Reference, type RegistryVersion, versionKey } from '../reading/registry-snapshot.ts';
import { parseSubjectName, printSubjectName } from '../subject-name.ts';

/** A version and the steps (indexes before its own) that have to be done before it. */
export interface OrderedStep {
  readonly version: RegistryVersion;
  readonly after: readonly number[];
}

export interface ReferenceOrder {
  readonly steps: readonly OrderedStep[];
  /** Versions that refer to one another, so that none of them can come first. */
  readonly circles: readonly RegistryVersion[];
}

/** The key of the version that a reference of `from` means: names without a context are of the referrer's own. */
export function targetKey(from: RegistryVersion, reference: Reference): string {
  const target = parseSubjectName(reference.subject, parseSubjectName(from.subject).context);
  return versionKey(printSubjectName(target), reference.version);
}

/**
 * Puts versions in an order in which each comes after all that it refers to, and after the earlier versions of its subject
 * as far as references let it. References to what is not among the versions do not count. Stable: the same versions, in
 * whatever order they are given, come out in one order.
 */
export function orderByReferences(versions: readonly RegistryVersion[]): ReferenceOrder {
  const nodes = [...versions].sort(byPlace);
  const indexOf = new Map(nodes.map((version, index) => [versionKey(version.subject, version.version), index]));
  const targets = nodes.map((version) => targetsOf(version, indexOf));
  const previous = nodes.map((version, index) =>
    nodes[index - 1]?.subject === version.subject ? index - 1 : undefined,
  );
  const { order, circles } = orderByDependencies(targets, previous);
  const position = new Map(order.map((node, at) => [node, at]));
  const steps = order.map((node, at): OrderedStep => {
    const before = previous[node] === undefined ? targets[node]! : [...targets[node]!, previous[node]];
    const after = [...new Set(before.map((each) => position.get(each)!))].filter((each) => each < at);
    return { version: nodes[node]!, after: after.sort((a, b) => a - b) };
  });
  return { steps, circles: circles.map((node) => nodes[node]!) };
}

function targetsOf(version: RegistryVersion, indexOf: ReadonlyMap<string, number>): number[] {
  const own = indexOf.get(versionKey(version.subject, version.version));
  const found = version.references.flatMap((reference) => indexOf.get(targetKey(version, reference)) ?? []);
  return [...new Set(found)].filter((target) => target !== own);
}

/** The same steps from the end: what refers to something comes before it. */
export function reversedSteps(steps: readonly OrderedStep[]): OrderedStep[] {
  const last = steps.length - 1;
  const after: number[][] = steps.map(() => []);
  for (const [at, step] of steps.entries()) for (const before of step.after) after[last - before]!.push(last - at);
  return steps.map((_, at) => ({ version: steps[last - at]!.version, after: after[at]!.sort((a, b) => a - b) }));
}
