interface ModelVersion {
  readonly schema: number;
  readonly version: number;
  deleted: boolean;
}

/** A subject as the rules say it behaves, in memory: what the store is compared with. Numbers are codes of refusals. */
export class ModelSubject {
  #versions: ModelVersion[] = [];

  register(schema: number): number {
    const live = this.#versions.find((each) => each.schema === schema && !each.deleted);
    if (live !== undefined) return live.version;
    const version = Math.max(0, ...this.#versions.map((each) => each.version)) + 1;
    this.#versions = this.#versions.filter((each) => each.schema !== schema);
    this.#versions.push({ schema, version, deleted: false });
    return version;
  }

  lookUp(schema: number, deleted: boolean): number {
    const seen = this.#versions.filter((each) => deleted || !each.deleted);
    const found = seen.find((each) => each.schema === schema);
    if (found !== undefined) return found.version;
    return seen.length === 0 ? 40_401 : 40_403;
  }

  deleteSubject(permanent: boolean): number[] | number {
    const live = this.#versions.filter((each) => !each.deleted);
    if (this.#versions.length === 0) return 40_401;
    if (permanent) {
      if (live.length > 0) return 40_405;
      const all = this.#versions.map((each) => each.version);
      this.#versions = [];
      return all;
    }
    if (live.length === 0) return 40_404;
    for (const each of live) each.deleted = true;
    return live.map((each) => each.version);
  }

  deleteVersion(version: number, permanent: boolean): number {
    if (this.#versions.length === 0) return 40_401;
    const found = this.#versions.find((each) => each.version === version);
    if (found === undefined) return 40_402;
    if (permanent) {
      if (!found.deleted) return 40_407;
      this.#versions = this.#versions.filter((each) => each !== found);
      return version;
    }
    if (found.deleted) return 40_406;
    found.deleted = true;
    return version;
  }

  deleteLatest(permanent: boolean): number {
    if (this.#versions.length === 0) return 40_401;
    const latest = this.#versions.findLast((each) => !each.deleted);
    return latest === undefined ? 40_402 : this.deleteVersion(latest.version, permanent);
  }

  /** Soft-deleted ones as negative numbers. */
  versions(): number[] | number {
    if (this.#versions.length === 0) return 40_401;
    return this.#versions.map((each) => (each.deleted ? -each.version : each.version));
  }
}
