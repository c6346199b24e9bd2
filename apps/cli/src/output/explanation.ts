import { printable } from './printable.ts';

interface Difference {
  readonly version: number;
  readonly path: string;
  readonly breaks: string;
  readonly description: string;
  readonly fix: string;
}

const WHO: Readonly<Record<string, string>> = {
  NEW_READERS_OF_OLD_DATA: 'consumers with the new schema cannot read data of version {version}',
  OLD_READERS_OF_NEW_DATA: 'consumers with version {version} cannot read data of the new schema',
};

/** Why schemas do not go together, in plain words: what, where, for whom, and what would mend it. */
export function explanation(differences: readonly Difference[], messages: readonly string[]): string[] {
  if (differences.length === 0) return messages.map((message) => `  ${printable(message)}`);
  return differences.flatMap(({ version, path, breaks, description, fix }) => {
    const who = (WHO[breaks] ?? `${breaks} (version {version})`).replace('{version}', String(version));
    return [
      `  at ${printable(path === '' ? '/' : path)}: ${printable(description)}`,
      `    breaks: ${who}`,
      ...(fix === '' ? [] : [`    mend:   ${printable(fix)}`]),
    ];
  });
}
