import { readFile, writeFile } from 'node:fs/promises';
import { renderCliDocs } from '#apps/cli/src/render-cli-docs';
import { relayConfig } from '#apps/outbox-relay/src/config';
import { registryConfig } from '#apps/schema-registry/src/config';
import { clientConfig } from '#apps/cli/src/relay/relay-access';
import { renderConfigDocs } from '#libs/foundation/config';
import { renderErrorDocs } from '#libs/foundation/kernel';
import { renderClusterDocs } from '#libs/movers/publisher';

// Writes the generated documents, or with --check says which are not up to date.
const documents = new Map([
  ['docs/ERRORS.md', renderErrorDocs()],
  ['docs/CLI.md', renderCliDocs()],
  ['docs/CLUSTERS.md', renderClusterDocs()],
  [
    'docs/CONFIG.md',
    [
      renderConfigDocs([
        { name: 'Outbox relay', schema: relayConfig },
        { name: 'Schema registry', schema: registryConfig },
      ]),
      renderConfigDocs([{ name: 'Command line', schema: clientConfig }]),
    ].join('\n'),
  ],
]);

const root = new URL('../', import.meta.url);
const stale: string[] = [];
for (const [path, text] of documents) {
  const current = await readFile(new URL(path, root), 'utf8').catch(() => '');
  if (current === text) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) await writeFile(new URL(path, root), text);
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`not up to date: ${stale.join(', ')}; run: npm run docs`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'all up to date' : `wrote ${stale.join(', ')}`);
}
