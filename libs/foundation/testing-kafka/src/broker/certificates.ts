import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OPENSSL_MS = 30_000;
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** PEM texts for a client, and the files they are in for programs that want files. */
export interface ClientCertificates {
  /** The authority that signed the brokers' certificates. */
  readonly ca: string;
  readonly key: string;
  readonly certificate: string;
  readonly files: { readonly ca: string; readonly key: string; readonly certificate: string };
}

export interface Certificates {
  readonly client: ClientCertificates;
  /** For the brokers: key and certificate in one file, and the authority. */
  readonly keystore: string;
  readonly truststore: string;
}

/** An authority of its own for one cluster, with a certificate for its brokers (127.0.0.1, localhost) and one for a client. Needs openssl. */
export async function makeCertificates(folder: string, clientName: string): Promise<Certificates> {
  const file = (name: string): string => join(folder, name);
  const ca = file('ca.crt');
  await openssl(['req', '-x509', ...NEW_KEY, '-keyout', file('ca.key'), '-out', ca, '-subj', '/CN=test authority']);
  await issue(folder, 'broker', 'broker');
  await issue(folder, 'client', clientName);
  const keystore = file('broker.pem');
  await writeFile(
    keystore,
    (await readFile(file('broker.key'), 'utf8')) + (await readFile(file('broker.crt'), 'utf8')),
  );
  const files = { ca, key: file('client.key'), certificate: file('client.crt') };
  const [caText, key, certificate] = await Promise.all(
    [files.ca, files.key, files.certificate].map((path) => readFile(path, 'utf8')),
  );
  return {
    client: { ca: caText!, key: key!, certificate: certificate!, files },
    keystore,
    truststore: ca,
  };
}

async function issue(folder: string, name: string, subject: string): Promise<void> {
  const file = (extension: string): string => join(folder, `${name}.${extension}`);
  await openssl([
    'req',
    ...NEW_KEY.slice(0, -2),
    '-keyout',
    file('key'),
    '-out',
    file('csr'),
    '-subj',
    `/CN=${subject}`,
  ]);
  await writeFile(file('cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const authority = ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key'), '-CAcreateserial'];
  await openssl([
    'x509',
    '-req',
    '-in',
    file('csr'),
    ...authority,
    '-days',
    '2',
    '-extfile',
    file('cnf'),
    '-out',
    file('crt'),
  ]);
}

async function openssl(args: readonly string[]): Promise<void> {
  try {
    await run('openssl', args, { timeout: OPENSSL_MS, encoding: 'utf8' });
  } catch (error) {
    throw new Error(`openssl, which makes the certificates of test brokers, failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
