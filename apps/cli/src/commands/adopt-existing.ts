import type { Adoption, ExistingProgress } from '#libs/stores/outbox';
import { Interrupted } from '../command-error.ts';
import { progressBar } from '../output/progress-bar.ts';
import type { Terminal } from '../terminal.ts';
import type { AdoptionLibrary, Connection } from './adoption-database.ts';

/**
 * Emits the rows that were there before the adoption, with a progress bar. Ctrl-C stops between two chunks, with a hint how
 * to go on; `named` is the table as the person wrote it, quoted for their shell or not at all.
 */
export async function emitWithProgress(
  terminal: Terminal,
  db: Connection,
  outbox: AdoptionLibrary,
  adoption: Adoption,
  named: string,
): Promise<ExistingProgress> {
  const progress = await outbox.emitExisting(db, adoption.id, {
    signal: terminal.interrupted,
    onProgress: ({ done, total }) => terminal.progress(progressBar(done, total)),
  });
  terminal.progress('');
  if (progress.done >= progress.total) return progress;
  throw new Interrupted(
    `stopped after ${progress.done} of ${progress.total} rows; go on with: tidemark adopt resume ${named}`,
  );
}
