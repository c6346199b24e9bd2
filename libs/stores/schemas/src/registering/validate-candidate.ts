import type { Candidate } from '../contents/candidate.ts';
import { refuseInvalid } from '../contents/refuse-invalid.ts';
import type { ConfigRecord } from '../registry.ts';
import type { SchemaFormats } from '../schema-formats.ts';

/** What a new schema has to pass beyond parsing, as the config asks for it. Throws 42201. */
export function validateCandidate(formats: SchemaFormats, candidate: Candidate, config: ConfigRecord): void {
  const fields = config.validateFields === true;
  if (config.validateNewSchemas === false && !fields) return;
  refuseInvalid(candidate.type, () => formats[candidate.type].format.validate(candidate.parsed, { fields }));
}
