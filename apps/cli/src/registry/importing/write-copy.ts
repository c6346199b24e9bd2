import type { RegistryVersion } from '../reading/registry-snapshot.ts';
import { ABSENT, zAnything } from '../registry-answers.ts';
import type { RegistryClient } from '../registry-client.ts';
import { subjectPath } from '../subject-name.ts';
import type { SettingsChange } from './diff-settings.ts';

/** Soft-deleted already: an answer to the first attempt got lost. */
const DELETED = [40_406];

/** Registers a version under its own id, version, guid and time; the subject is in IMPORT mode. Can be repeated. */
export async function registerCopy(client: RegistryClient, version: RegistryVersion): Promise<void> {
  const { subject, schema, schemaType, references, metadata, ruleSet, id, guid, ts } = version;
  await client.call(`${subjectPath(subject)}/versions`, zAnything, {
    method: 'POST',
    repeatable: true,
    body: {
      schema,
      schemaType,
      references,
      id,
      version: version.version,
      ...(metadata === null ? {} : { metadata }),
      ...(ruleSet === null ? {} : { ruleSet }),
      // Not part of Confluent's API: ours keeps them.
      ...(guid === undefined ? {} : { guid }),
      ...(ts === undefined ? {} : { ts }),
    },
  });
}

export async function softDelete(client: RegistryClient, { subject, version }: RegistryVersion): Promise<void> {
  await client.find(`${subjectPath(subject)}/versions/${version}`, zAnything, DELETED, { method: 'DELETE' });
}

/** Config first: the mode may forbid the rest. */
export async function applySettings(client: RegistryClient, { place, config, mode }: SettingsChange): Promise<void> {
  const suffix = place === '' ? '' : `/${encodeURIComponent(place)}`;
  if (config === 'delete') await client.find(`/config${suffix}`, zAnything, ABSENT.config, { method: 'DELETE' });
  else if (config !== undefined) await client.call(`/config${suffix}`, zAnything, { method: 'PUT', body: config });
  if (mode === 'delete') await client.find(`/mode${suffix}`, zAnything, ABSENT.mode, { method: 'DELETE' });
  else if (mode !== undefined) {
    // The place holds what the source holds: a mode that wants it empty is meant all the same.
    await client.call(`/mode${suffix}`, zAnything, { method: 'PUT', query: { force: true }, body: { mode } });
  }
}
