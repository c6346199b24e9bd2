import { type AvroType, isNamed, type UnionType } from '#libs/formats/avro';
import { aliasNames } from './names-match.ts';

/** The branches of a union by what a writer's type has to be for them to read it, so that large unions are not searched. */
export class BranchIndex {
  readonly #unnamed: number[] = [];
  readonly #bySimpleName = new Map<string, number[]>();
  readonly #byAlias = new Map<string, number[]>();
  readonly #places = new Map<AvroType, number>();
  readonly #branches: readonly AvroType[];

  constructor({ branches }: UnionType) {
    this.#branches = branches;
    for (const [place, branch] of branches.entries()) {
      this.#places.set(branch, place);
      if (!isNamed(branch)) {
        this.#unnamed.push(place);
        continue;
      }
      put(this.#bySimpleName, branch.name.simple, place);
      for (const alias of aliasNames(branch)) put(this.#byAlias, alias, place);
    }
  }

  /**
   * The branches that may read a type, in the order of the union: unnamed ones, those of its name, and those that were
   * compared with it elsewhere (`known`), whatever their names.
   */
  candidates(writer: AvroType, known: Iterable<AvroType>): AvroType[] {
    const places = new Set(this.#unnamed);
    const add = (found: readonly number[] = []): void => found.forEach((place) => places.add(place));
    if (isNamed(writer)) {
      add(this.#bySimpleName.get(writer.name.simple));
      add(this.#byAlias.get(writer.name.full));
    }
    for (const reader of known) {
      const place = this.#places.get(reader);
      if (place !== undefined) places.add(place);
    }
    return [...places].sort((a, b) => a - b).map((place) => this.#branches[place]!);
  }
}

function put(index: Map<string, number[]>, key: string, place: number): void {
  const places = index.get(key);
  if (places === undefined) index.set(key, [place]);
  else places.push(place);
}
