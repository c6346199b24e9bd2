import { redactUrls, VERSION } from '#libs/foundation/kernel';
import type { StartedServices } from '#libs/foundation/program';

/** What people want to know when everything is up, as lines; passwords are left out. */
export function banner(running: StartedServices, dataFolder: string): string {
  const rows: [label: string, value: string, note: string][] = [
    ...running.services.map(({ name, url, offers }): [string, string, string] => [name, url, offers]),
    ['database', redactUrls(running.databaseUrl), running.embedded ? 'embedded' : ''],
    ...(running.embedded ? [['data', dataFolder, ''] as [string, string, string]] : []),
  ];
  const labels = Math.max(...rows.map(([label]) => label.length));
  const values = Math.max(...rows.map(([, value]) => value.length));
  return [
    '',
    `  Tidemark ${VERSION} is up.`,
    '',
    ...rows.map(([label, value, note]) => `  ${label.padEnd(labels)}  ${value.padEnd(values)}  ${note}`.trimEnd()),
    '',
    '  In another terminal:  npm run tidemark -- status',
    '  The HTTP API:         GET /openapi.json of each service',
    '  Ctrl-C stops.',
    '',
  ].join('\n');
}
