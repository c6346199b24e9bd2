import { mergeMetadata, VERSION_PROPERTY } from '../contents/merge-metadata.ts';
import { mergeRuleSets, withoutRules } from '../contents/merge-rule-set.ts';
import { tidyMetadata, tidyRuleSet } from '../contents/tidy-request.ts';
import type { SchemaRegistry, SchemaRequest } from '../registry.ts';
import type { StoredVersion } from '../stored-schema.ts';

export type TagRequest = Parameters<SchemaRegistry['changeTags']>[2];

/**
 * What to register so that a version gets other tags, metadata or rules: a next version with its text, which notes its number
 * in the metadata.
 */
export function tagChange(stored: StoredVersion, request: TagRequest): SchemaRequest {
  const metadata = tidyMetadata(request.metadata) ?? stored.metadata;
  const kept = tidyRuleSet(request.ruleSet) ?? stored.ruleSet;
  const ruleSet = withoutRules(mergeRuleSets(kept, tidyRuleSet(request.rulesToMerge)), request.rulesToRemove ?? []);
  const version = request.newVersion ?? -1;
  const noted =
    version > 0 ? mergeMetadata(metadata, { properties: { [VERSION_PROPERTY]: String(version) } }) : metadata;
  return {
    schemaType: stored.type,
    schema: stored.text,
    references: stored.references,
    metadata: noted,
    ruleSet,
    version,
    schemaTagsToAdd: request.tagsToAdd,
    schemaTagsToRemove: request.tagsToRemove,
  };
}
