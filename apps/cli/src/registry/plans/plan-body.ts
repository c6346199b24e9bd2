import type { FolderContents } from '../folder/parse-folder.ts';
import type { JsonRecord } from '../reading/registry-snapshot.ts';

/** The contents of a folder as the plan of a registry. */
export function planBody({ schemas, configs }: FolderContents, options: { readonly normalize: boolean }): object {
  return {
    normalize: options.normalize,
    items: schemas.map(({ subject, schemaType, schema, version, references, metadata, ruleSet }) => ({
      subject,
      schemaType,
      schema,
      ...(version === undefined ? {} : { version }),
      ...(references.length === 0 ? {} : { references }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(ruleSet === undefined ? {} : { ruleSet }),
    })),
    configs: configs.map(({ place, config }) => ({ subject: place, config: writtenConfig(config) })),
  };
}

/** A folder may name the level as answers do or as writes do. */
function writtenConfig({ compatibilityLevel, ...rest }: JsonRecord): JsonRecord {
  return compatibilityLevel === undefined ? rest : { compatibility: compatibilityLevel, ...rest };
}
