import { SCHEMA_LIMITS } from '#libs/formats/schema';
import type { Message, ProtobufSchema, ProtoFile } from '#libs/formats/protobuf';
import { TidemarkError } from '#libs/foundation/kernel';
import { type Change, isBreaking } from './change.ts';

/** What the two sides of a comparison are at some place: the writer's and the reader's. */
export interface Both<T> {
  readonly writer: T;
  readonly reader: T;
}

/** Where names are resolved from: the full name of a type, or a package, and the file that it is in. */
export interface Scope {
  readonly name: string;
  readonly file: ProtoFile;
}

/** Where a comparison is: the path to report, and the scope on either side. */
export interface Place {
  readonly path: readonly string[];
  readonly scope: Both<Scope>;
}

/** The place of a type within a place. */
export function within(place: Place, name: string): Place {
  const inner = (scope: Scope): Scope => ({
    name: scope.name === '' ? name : `${scope.name}.${name}`,
    file: scope.file,
  });
  return {
    path: [...place.path, name],
    scope: { writer: inner(place.scope.writer), reader: inner(place.scope.reader) },
  };
}

/** The place of a field, which opens no scope. */
export function at(place: Place, ...segments: readonly (string | number)[]): Place {
  return { path: [...place.path, ...segments.map(String)], scope: place.scope };
}

/** How two messages are compared. Handed to the comparison, because messages hold types and fields that lead to messages again. */
export type CompareMessages = (comparison: Comparison, place: Place, messages: Both<Message>) => void;

/** One comparison under way: both schemas, what was found so far, and how much work is left. */
export class Comparison {
  readonly schemas: Both<ProtobufSchema>;
  readonly changes: Change[] = [];
  private readonly compareMessages: CompareMessages;
  private readonly stepsMax: number;
  private steps = 0;
  private depth = 0;
  private readonly importedVerdicts = new Map<string, boolean>();

  constructor(
    schemas: Both<ProtobufSchema>,
    compareMessages: CompareMessages,
    stepsMax: number = SCHEMA_LIMITS.stepsMax,
  ) {
    this.schemas = schemas;
    this.compareMessages = compareMessages;
    this.stepsMax = stepsMax;
  }

  add(place: Place, change: Omit<Change, 'path'>): void {
    this.changes.push({ ...change, path: `#/${place.path.join('/')}` });
  }

  messages(place: Place, messages: Both<Message>): void {
    this.compareMessages(this, place, messages);
  }

  /** Counts one unit of work. Throws SCHEMA_TOO_COMPLEX after the last one allowed. */
  step(): void {
    this.steps += 1;
    if (this.steps > this.stepsMax) {
      throw tooComplex(`Comparing the schemas takes more than ${this.stepsMax} steps`, 'stepsMax', this.stepsMax);
    }
  }

  /**
   * Compares a pair of imported types once, however often it is used, and says whether nothing that it found is forbidden. A
   * pair that is met again inside itself counts as compatible there. Throws SCHEMA_TOO_COMPLEX when types nest too deeply.
   */
  imported(place: Place, messages: Both<Message>): boolean {
    const key = `${place.scope.writer.name} ${place.scope.reader.name}`;
    const known = this.importedVerdicts.get(key);
    if (known !== undefined) return known;
    if (this.depth >= SCHEMA_LIMITS.depthMax) {
      throw tooComplex(
        `Imported types are nested more than ${SCHEMA_LIMITS.depthMax} deep`,
        'depthMax',
        SCHEMA_LIMITS.depthMax,
      );
    }
    this.importedVerdicts.set(key, true);
    const before = this.changes.length;
    this.depth += 1;
    this.messages(place, messages);
    this.depth -= 1;
    const compatible = this.changes.slice(before).every((change) => !isBreaking(change));
    this.importedVerdicts.set(key, compatible);
    return compatible;
  }
}

function tooComplex(message: string, limit: string, value: number): TidemarkError {
  return new TidemarkError('SCHEMA_TOO_COMPLEX', message, { context: { limit, value } });
}
