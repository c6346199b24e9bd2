import type { Dependency, SchemaReference } from '#libs/formats/schema';
import { parseSubject } from '../names/qualified-subject.ts';
import { invalidSchema } from '../refusals.ts';
import type { StoredVersion } from '../stored-schema.ts';

/** Finds a version, deleted or not; undefined when there is none. */
export type FindVersion = (context: string, subject: string, version: number) => Promise<StoredVersion | undefined>;

export interface ClosureLimits {
  /** Schemas in one closure. */
  readonly schemasMax: number;
  /** Characters of their texts together. */
  readonly charactersMax: number;
  /** Refuses that a name stands for two versions, instead of taking the first. */
  readonly strictVersions: boolean;
}

export const CLOSURE_LIMITS: ClosureLimits = {
  schemasMax: 1_000,
  charactersMax: 8_388_608,
  strictVersions: false,
};

/**
 * Everything that references lead to, depth first: each name once (the first to be met wins), and after what it uses itself,
 * so that a cycle ends by itself. Subjects without a context are of the context that the referring schema is in.
 * Throws 42201 for a version that is not there, and when a limit is reached.
 */
export async function referenceClosure(
  references: readonly SchemaReference[],
  context: string,
  find: FindVersion,
  limits: ClosureLimits = CLOSURE_LIMITS,
): Promise<Dependency[]> {
  const closure: Dependency[] = [];
  const seen = new Map<string, string>();
  let characters = 0;

  const visit = async (references: readonly SchemaReference[], context: string): Promise<void> => {
    for (const { name, subject, version } of references) {
      const target = parseSubject(subject, context);
      const place = `${target.context}:${target.subject}:${version}`;
      const before = seen.get(name);
      if (before !== undefined) {
        if (limits.strictVersions && before !== place) {
          throw invalidSchema(`The references lead to two versions of "${name}": ${before} and ${place}`);
        }
        continue;
      }
      seen.set(name, place);
      const found = await find(target.context, target.subject, version);
      if (found === undefined) throw missingReference(subject, version);
      characters += found.text.length;
      if (seen.size > limits.schemasMax || characters > limits.charactersMax) {
        throw invalidSchema(
          `The references lead to more than ${limits.schemasMax} schemas or ${limits.charactersMax} characters`,
        );
      }
      await visit(found.references, found.context);
      closure.push({ name, text: found.text });
    }
  };
  await visit(references, context);
  return closure;
}

export function missingReference(subject: string, version: number) {
  return invalidSchema(`No schema reference found for subject "${subject}" and version ${version}`);
}
