import { type RegistrySnapshot, type RegistryVersion, versionKey } from '../reading/registry-snapshot.ts';
import { parseSubjectName, printSubjectName } from '../subject-name.ts';
import { differencesOf, otherTime } from './compare-versions.ts';
import { type OrderedStep, orderByReferences, reversedSteps, targetKey } from './order-by-references.ts';
import { diffSettings, type SettingsChange } from './diff-settings.ts';

/** What has to be done so that the target holds all that the source holds. */
export interface CopyPlan {
  /** What is missing, soft-deleted here and live there, or here with another time. References before what refers to them. */
  readonly registrations: readonly OrderedStep[];
  /** Soft deletions: what refers to something before it. */
  readonly deletions: readonly OrderedStep[];
  readonly settings: readonly SettingsChange[];
  /** Why the copy cannot be made; each a sentence. */
  readonly obstacles: readonly string[];
  /** Subjects of the same contexts that only the target has. */
  readonly foreign: readonly string[];
  /** Versions that are in both, the same. */
  readonly same: number;
}

/** Whether there is nothing to do. */
export function isComplete(plan: CopyPlan): boolean {
  return [plan.registrations, plan.deletions, plan.settings, plan.obstacles].every(({ length }) => length === 0);
}

/** Compares two registries, one context at least of each, and says what makes the target a copy. Pure. */
export function planCopy(source: RegistrySnapshot, target: RegistrySnapshot): CopyPlan {
  const here = new Map(target.versions.map((version) => [versionKey(version.subject, version.version), version]));
  const there = new Map(source.versions.map((version) => [versionKey(version.subject, version.version), version]));
  const missing: RegistryVersion[] = [];
  const toDelete: RegistryVersion[] = [];
  const obstacles: string[] = [];
  let same = 0;
  for (const [key, version] of there) {
    const copy = here.get(key);
    if (copy === undefined) {
      missing.push(version);
      if (version.deleted) toDelete.push(version);
      continue;
    }
    const differences = differencesOf(version, copy);
    if (differences.length > 0) obstacles.push(`${key} is another one here: ${differences.join('; ')}`);
    else {
      const again = otherTime(version, copy) || (!version.deleted && copy.deleted);
      const deleting = version.deleted && (again || !copy.deleted);
      if (again) missing.push(version);
      if (deleting) toDelete.push(version);
      if (!again && !deleting) same += 1;
    }
  }
  const order = orderByReferences(missing);
  obstacles.push(...missingReferences(missing, there, here), ...takenIds(missing, target.versions));
  if (order.circles.length > 0) obstacles.push(`these refer to one another in a circle: ${listed(order.circles)}`);
  const subjects = new Set(source.versions.map(({ subject }) => subject));
  return {
    registrations: order.steps,
    deletions: reversedSteps(orderByReferences(toDelete).steps),
    settings: diffSettings(source.settings, target.settings),
    obstacles: [...obstacles, ...ownVersions(target.versions, there, subjects)],
    foreign: [...new Set(target.versions.map(({ subject }) => subject))].filter((subject) => !subjects.has(subject)),
    same,
  };
}

type Versions = ReadonlyMap<string, RegistryVersion>;

function missingReferences(missing: readonly RegistryVersion[], there: Versions, here: Versions): string[] {
  return missing.flatMap((version) =>
    version.references
      .filter((reference) => {
        const key = targetKey(version, reference);
        return !there.has(key) && !here.has(key);
      })
      .map(
        ({ name, subject, version: number }) =>
          `${versionKey(version.subject, version.version)} refers to ${versionKey(subject, number)} (as ${name}), which ` +
          'the source does not show and this registry does not have',
      ),
  );
}

/** An id stands for one schema in a context: what the target gave away itself cannot be taken over. */
function takenIds(missing: readonly RegistryVersion[], versions: readonly RegistryVersion[]): string[] {
  const holders = new Map(versions.map((version) => [idKey(version), version]));
  const obstacles = new Map<string, string>();
  for (const version of missing) {
    const holder = holders.get(idKey(version));
    if (holder === undefined) continue;
    const other = differencesOf(version, holder);
    if (other.length === 0) continue;
    obstacles.set(
      idKey(version),
      `id ${version.id} is ${versionKey(version.subject, version.version)} there and ` +
        `${versionKey(holder.subject, holder.version)} here: ${other.join('; ')}`,
    );
  }
  return [...obstacles.values()];
}

function ownVersions(versions: readonly RegistryVersion[], there: Versions, subjects: ReadonlySet<string>): string[] {
  return versions
    .filter(({ subject, version }) => subjects.has(subject) && !there.has(versionKey(subject, version)))
    .map(({ subject, version }) => `${versionKey(subject, version)} is here and not in the source`);
}

/** An id within its context. */
export function idKey({ subject, id }: { readonly subject: string; readonly id: number }): string {
  return `${printSubjectName({ context: parseSubjectName(subject).context, subject: '' })}${id}`;
}

function listed(versions: readonly RegistryVersion[]): string {
  const names = versions.slice(0, 5).map(({ subject, version }) => versionKey(subject, version));
  return versions.length > 5 ? `${names.join(', ')} and ${versions.length - 5} more` : names.join(', ');
}
