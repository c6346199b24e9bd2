import { CommandError } from '../../command-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { ABSENT, zAnything, zModeAnswer } from '../registry-answers.ts';
import type { RegistryClient } from '../registry-client.ts';

/** Changes of modes are not cut off by Ctrl-C: one whose outcome is unknown could not be set back. */
const CHANGE_MS = 30_000;

/**
 * Puts places of a registry into IMPORT mode and back. `enter` remembers what was set before each change, so that `restore`
 * can be called at any moment, also after Ctrl-C, and any number of times.
 */
export class ImportMode {
  readonly #client: RegistryClient;
  readonly #before = new Map<string, string | undefined>();

  constructor(client: RegistryClient) {
    this.#client = client;
  }

  /** `force`: although there are live versions; what is soft-deleted in the place is then gone for good. */
  async enter(place: string, options: { readonly force: boolean }): Promise<void> {
    const before = await this.#current(place);
    if (before === 'IMPORT') return;
    this.#before.set(place, before);
    await this.#put(this.#client.uninterrupted(CHANGE_MS), place, 'IMPORT', options.force);
  }

  /** Removes the mode of a subject that stands in the way of its context's. */
  async lift(subject: string): Promise<void> {
    this.#before.set(subject, await this.#current(subject));
    await this.#remove(this.#client.uninterrupted(CHANGE_MS), subject);
  }

  /** Sets every place back. Throws when one could not be, saying which and how to do it by hand. */
  async restore(): Promise<void> {
    const client = this.#client.uninterrupted(CHANGE_MS);
    for (const [place, mode] of [...this.#before].reverse()) {
      try {
        if (mode === undefined) await this.#remove(client, place);
        else await this.#put(client, place, mode, true);
        this.#before.delete(place);
      } catch (error) {
        const name = place === '' ? '' : ` '${place}'`;
        const command = mode === undefined ? '--clear' : `--set ${mode}`;
        throw new CommandError(
          EXIT.FAILED,
          `the mode of ${place === '' ? 'the registry' : place} could not be set back`,
          {
            remedy: `Do it by hand: tidemark registry mode${name} ${command}`,
            cause: error,
          },
        );
      }
    }
  }

  async #current(place: string): Promise<string | undefined> {
    return (await this.#client.find(modePath(place), zModeAnswer, ABSENT.mode))?.mode.toUpperCase();
  }

  async #put(client: RegistryClient, place: string, mode: string, force: boolean): Promise<void> {
    await client.call(modePath(place), zAnything, {
      method: 'PUT',
      query: force ? { force: true } : {},
      body: { mode },
    });
  }

  async #remove(client: RegistryClient, place: string): Promise<void> {
    await client.find(modePath(place), zAnything, ABSENT.mode, { method: 'DELETE' });
  }
}

const modePath = (place: string): string => `/mode${place === '' ? '' : `/${encodeURIComponent(place)}`}`;
