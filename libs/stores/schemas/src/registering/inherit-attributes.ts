import type { Metadata } from '#libs/formats/schema';
import { mergeMetadata, stampVersion, VERSION_PROPERTY } from '../contents/merge-metadata.ts';
import { mergeRuleSets } from '../contents/merge-rule-set.ts';
import type { ConfigRecord } from '../registry.ts';
import type { Attributes } from './identity.ts';

/**
 * What a new version says about itself: the client's metadata and rules, else those of the previous version, over the defaults
 * and under the overrides of the config.
 */
export function inheritAttributes(
  given: Attributes,
  previous: Attributes | undefined,
  config: ConfigRecord,
): Attributes {
  const metadata = given.metadata ?? previous?.metadata ?? null;
  const ruleSet = given.ruleSet ?? previous?.ruleSet ?? null;
  return {
    metadata: mergeMetadata(mergeMetadata(config.defaultMetadata, metadata), config.overrideMetadata),
    ruleSet: mergeRuleSets(mergeRuleSets(config.defaultRuleSet, ruleSet), config.overrideRuleSet),
  };
}

/**
 * Notes the version where the client named one, be it -1 for the next; and where there is a note already, since that was inherited or
 * sent along with what was read before, and is of another version.
 */
export function noteVersion(
  metadata: Metadata | null,
  version: number,
  asked: { readonly requested: number | undefined },
): Metadata | null {
  const noted = metadata?.properties?.[VERSION_PROPERTY] !== undefined;
  return noted || asked.requested !== undefined ? stampVersion(metadata, version) : metadata;
}
