import { parseSubject, printSubject, type QualifiedSubject } from '../names/qualified-subject.ts';
import type { SubjectPrefix } from '../reading/subject-prefix.ts';
import { configEntity } from './entities/config.entity.ts';
import { contextEntity } from './entities/context.entity.ts';
import type { RegistryDataSource } from './entities/registry-data-source.ts';
import { schemaEntity } from './entities/schema.entity.ts';
import { subjectVersionEntity } from './entities/subject-version.entity.ts';

export interface VersionOfId {
  readonly subject: string;
  readonly version: number;
}

/** The names of the contexts that begin like this, in order. Reads registry.context whole. */
export async function listContextNames(source: RegistryDataSource, prefix: string): Promise<string[]> {
  const contexts = await source.ask(contextEntity, (repository) =>
    repository.find({ where: { listed: true }, order: { name: 'ASC' } }),
  );
  return contexts.map(({ name }) => name).filter((name) => name.startsWith(prefix));
}

/** The ids that a guid has, by context. Index: schema_guid. */
export async function listIdsOfGuid(
  source: RegistryDataSource,
  guid: string,
): Promise<{ context: string; id: number }[]> {
  const schemas = await source.ask(schemaEntity, (repository) =>
    repository.find({
      select: { id: true, contextId: true, context: { name: true } },
      relations: { context: true },
      where: { guid },
      order: { context: { name: 'ASC' }, id: 'ASC' },
    }),
  );
  return schemas.map(({ context, id }) => ({ context: context.name, id }));
}

/** The highest id of a context; 0 when it has none. Index: the primary key of schema, from its end. */
export async function findMaxId(source: RegistryDataSource, contextId: number): Promise<number> {
  return (await source.ask(schemaEntity, (repository) => repository.maximum('id', { contextId }))) ?? 0;
}

/**
 * The subjects that use an id of a context, each with its newest version that does, by name. Never cut. Index:
 * subject_version_schema.
 */
export async function listVersionsOfId(
  source: RegistryDataSource,
  place: { readonly context: string; readonly id: number },
  deleted: boolean,
): Promise<VersionOfId[]> {
  return source.ask(subjectVersionEntity, (repository) => {
    const query = repository
      .createQueryBuilder('v')
      .innerJoin('v.context', 'c')
      .select('v.subject', 'subject')
      .addSelect('max(v.version)', 'version')
      .where('c.name = :context and v.schemaId = :id', place)
      .groupBy('v.subject')
      .orderBy('v.subject');
    if (!deleted) query.andWhere('v.deletedAt is null');
    return query.getRawMany<VersionOfId>();
  });
}

/** The names that are aliases of these subjects, by the subjects as clients see them. Index: config_alias. */
export async function listAliases(
  source: RegistryDataSource,
  subjects: readonly QualifiedSubject[],
): Promise<Map<string, string[]>> {
  const spellings = new Set(subjects.flatMap(({ context, subject }) => [subject, `:${context}:${subject}`]));
  const configs = await source.ask(configEntity, (repository) =>
    repository
      .createQueryBuilder('f')
      .where('f.alias = any(:spellings)', { spellings: [...spellings] })
      .orderBy({ 'f.context': 'ASC', 'f.subject': 'ASC' })
      .getMany(),
  );
  const aliases = new Map<string, string[]>();
  for (const { context, subject, alias } of configs) {
    const target = printSubject(parseSubject(alias ?? '', context));
    aliases.set(target, [...(aliases.get(target) ?? []), printSubject({ context, subject })]);
  }
  return aliases;
}

/** What the aliases stand for whose names begin like this. Index: config_alias, whole: it has only those with an alias. */
export async function listAliasTargets(
  source: RegistryDataSource,
  { context, subject }: SubjectPrefix,
): Promise<QualifiedSubject[]> {
  const configs = await source.ask(configEntity, (repository) => {
    const query = repository
      .createQueryBuilder('f')
      .where('f.alias is not null and starts_with(f.subject, :subject)', { subject });
    if (context !== undefined) query.andWhere('f.context = :context', { context });
    return query.getMany();
  });
  return configs.map(({ context, alias }) => parseSubject(alias ?? '', context));
}
