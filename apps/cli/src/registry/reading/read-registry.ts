import type { Terminal } from '../../terminal.ts';
import { phaseProgress } from '../../output/phase-progress.ts';
import type { RegistryClient } from '../registry-client.ts';
import { listContexts, listVersions } from './list-versions.ts';
import { placesOf, readSettings } from './read-settings.ts';
import type { RegistrySnapshot, RegistryVersion } from './registry-snapshot.ts';

export interface ReadOptions {
  /** Only these; default: all. */
  readonly contexts?: readonly string[];
  readonly concurrency: number;
  /** Whose settings are read; default: those of the contexts and of their subjects. */
  readonly places?: readonly string[];
  /** Names the registry in the progress line. */
  readonly name: string;
}

/** Everything that a registry holds in the contexts. What changes meanwhile may be seen or not. */
export async function readRegistry(
  client: RegistryClient,
  terminal: Terminal,
  options: ReadOptions,
): Promise<RegistrySnapshot> {
  const known = await listContexts(client);
  const contexts = options.contexts === undefined ? known : known.filter((name) => options.contexts!.includes(name));
  const { concurrency } = options;
  const versions: RegistryVersion[] = [];
  const onRead = phaseProgress(terminal, `reading schemas of ${options.name}:`);
  for (const context of contexts) {
    const before = versions.length;
    const found = await listVersions(client, context, { concurrency, onRead: (count) => onRead(before + count) });
    for (const version of found) versions.push(version);
  }
  const places = options.places ?? placesOf(contexts, versions);
  const settings = await readSettings(client, places, {
    concurrency,
    onRead: phaseProgress(terminal, `reading settings of ${options.name}:`, places.length),
  });
  terminal.progress('');
  return { contexts, versions, settings };
}
