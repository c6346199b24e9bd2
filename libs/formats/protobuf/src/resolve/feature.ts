import type { Option } from '../ast/option.ts';
import { type ProtoFile, syntaxOf } from '../ast/proto-file.ts';
import type { Enum } from '../ast/enum.ts';
import type { Field } from '../ast/field.ts';
import type { Group } from '../ast/message.ts';

/** How the absence of a field of one value is known: not at all (it reads as zero), by not being there, or never (it has to be). */
export type Presence = 'implicit' | 'explicit' | 'required';

/**
 * The presence of a field outside of oneofs that is neither repeated nor a map. Messages always have one that is explicit at least,
 * which is the caller's to know.
 */
export function presenceOf(field: Field | Group, file: ProtoFile): Presence {
  if (field.label === 'required') return 'required';
  if (field.label === 'optional') return 'explicit';
  if (syntaxOf(file) !== 'editions') return syntaxOf(file) === 'proto3' ? 'implicit' : 'explicit';
  const feature = featureOf('field_presence', field.options, file.options);
  return feature === 'IMPLICIT' ? 'implicit' : feature === 'LEGACY_REQUIRED' ? 'required' : 'explicit';
}

/** Whether a number that the enum does not name is no value of it: the field then counts as not sent. */
export function isClosedEnum(declaration: Enum, file: ProtoFile): boolean {
  if (syntaxOf(file) !== 'editions') return syntaxOf(file) === 'proto2';
  return featureOf('enum_type', declaration.options, file.options) === 'CLOSED';
}

/** The value of a feature of an edition, from the innermost options that set it: `features.name = VALUE`. */
function featureOf(name: string, ...from: readonly (readonly Option[])[]): string | undefined {
  for (const options of from) {
    for (const { name: parts, value } of options) {
      if (parts[0]?.name !== 'features' || parts[0].extension) continue;
      if (parts.length === 2 && parts[1]?.name === name && value.kind === 'identifier') return value.name;
      const field = value.kind === 'message' ? value.fields.find((one) => one.name === name) : undefined;
      if (parts.length === 1 && field?.value.kind === 'identifier') return field.value.name;
    }
  }
  return undefined;
}
