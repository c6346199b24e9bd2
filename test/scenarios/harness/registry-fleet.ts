import { RegistryProcess } from './registry-process.ts';

/** They start side by side, and beside the load. */
const START_MS = 60_000;

interface Place {
  readonly process: RegistryProcess;
  /** Of the process that is here now, once it listens; meanwhile that of the one before, where nobody answers. */
  url: string;
  readonly listening: Promise<string>;
}

/** Several schema registries on one database, each in a process of its own, with somebody who starts again what has died. */
export class RegistryFleet {
  readonly #databaseUrl: string;
  readonly #places: Place[] = [];

  private constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** Resolves when all of them listen. */
  static async start(databaseUrl: string, size: number): Promise<RegistryFleet> {
    const fleet = new RegistryFleet(databaseUrl);
    for (let index = 0; index < size; index++) fleet.#places.push(fleet.#started(''));
    await Promise.all(fleet.#places.map((place) => place.listening));
    return fleet;
  }

  get processes(): readonly RegistryProcess[] {
    return this.#places.map((place) => place.process);
  }

  /** Where clients look for them; nobody may answer there. */
  get urls(): readonly string[] {
    return this.#places.map((place) => place.url);
  }

  /** Where one of them listens, once it does. */
  listening(index: number): Promise<string> {
    return this.#places[index]!.listening;
  }

  /** Kills one, whatever it is doing, and starts another in its place. */
  async crash(index: number): Promise<void> {
    const { process, url } = this.#places[index]!;
    await process.kill();
    this.#places[index] = this.#started(url);
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.filter((process) => process.running).map((process) => process.kill()));
  }

  #started(url: string): Place {
    const process = new RegistryProcess(this.#databaseUrl);
    const place: Place = { process, url, listening: process.url(START_MS) };
    const found = async (): Promise<void> => {
      place.url = await place.listening;
    };
    // A process that is killed before it listens never does; who waits for it is told.
    found().catch(() => undefined);
    return place;
  }
}
