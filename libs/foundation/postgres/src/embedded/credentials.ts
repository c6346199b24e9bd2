import { join } from 'node:path';
import { embeddedFailure } from './embedded-failure.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export function credentialsPath(dataDir: string): string {
  return join(dataDir, 'credentials.json');
}

/** The credentials written by an earlier start; undefined when there are none. */
export async function readCredentials(dataDir: string): Promise<Credentials | undefined> {
  const value = (await readJsonFile(credentialsPath(dataDir))) as Partial<Credentials> | null | undefined;
  if (typeof value?.user !== 'string' || typeof value.password !== 'string') return undefined;
  return { user: value.user, password: value.password };
}

/** `password` is used when this folder has no credentials yet. Written before the data exists, never changed after. */
export async function readOrMakeCredentials(dataDir: string, password: string): Promise<Credentials> {
  const known = await readCredentials(dataDir);
  if (known !== undefined) return known;
  const made = { user: 'postgres', password };
  await writeJsonFile(credentialsPath(dataDir), made);
  return made;
}

export function credentialsMissing(dataDir: string): Error {
  return embeddedFailure(`the data in ${dataDir} is there, but ${credentialsPath(dataDir)} is missing or damaged`, {
    remedy: `Put the file back, or remove ${dataDir} to begin with an empty database.`,
  });
}

export function connectionUrl(credentials: Credentials, port: number): string {
  return `postgres://${credentials.user}:${encodeURIComponent(credentials.password)}@127.0.0.1:${port}/postgres`;
}
