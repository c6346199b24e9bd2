import { RegistryError } from './registry-error.ts';

// Every refusal of the registry, with Confluent's codes and words. Clients branch on the codes; people search for the words.

export const VERSION_MAX = 2_147_483_647;

export const subjectNotFound = (subject: string): RegistryError =>
  new RegistryError(40_401, `Subject '${subject}' not found.`);

export const versionNotFound = (version: number): RegistryError =>
  new RegistryError(40_402, `Version ${version} not found.`);

export const schemaNotFound = (id?: number | string): RegistryError =>
  new RegistryError(40_403, id === undefined ? 'Schema not found' : `Schema ${id} not found`);

export const subjectSoftDeleted = (subject: string): RegistryError =>
  new RegistryError(40_404, `Subject '${subject}' was soft deleted.Set permanent=true to delete permanently`);

export const subjectNotSoftDeleted = (subject: string): RegistryError =>
  new RegistryError(40_405, `Subject '${subject}' was not deleted first before being permanently deleted`);

export const versionSoftDeleted = (subject: string, version: number): RegistryError =>
  new RegistryError(
    40_406,
    `Subject '${subject}' Version ${version} was soft deleted.Set permanent=true to delete permanently`,
  );

export const versionNotSoftDeleted = (subject: string, version: number): RegistryError =>
  new RegistryError(
    40_407,
    `Subject '${subject}' Version ${version} was not deleted first before being permanently deleted`,
  );

export const configNotFound = (subject: string): RegistryError =>
  new RegistryError(40_408, `Subject '${subject}' does not have subject-level compatibility configured`);

export const modeNotFound = (subject: string): RegistryError =>
  new RegistryError(40_409, `Subject '${subject}' does not have subject-level mode configured`);

export const incompatible = (subject: string, details: readonly string[], reasons: unknown): RegistryError =>
  new RegistryError(
    40_901,
    `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${details.join(', ')}]`,
    { details: { reasons } },
  );

export const associationsExist = (subject: string): RegistryError =>
  new RegistryError(40_904, `One or more associations exist for subject '${subject}'.`);

export const noActiveVersion = (subject: string): RegistryError =>
  new RegistryError(
    40_907,
    `No active (non-deleted) version would exist for subject '${subject}', which has associations.`,
  );

export const invalidSchema = (message: string, cause?: unknown): RegistryError =>
  new RegistryError(42_201, message, cause === undefined ? {} : { cause });

export const invalidVersion = (version: string): RegistryError =>
  new RegistryError(
    42_202,
    `The specified version '${version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"`,
  );

export const invalidCompatibility = (): RegistryError =>
  new RegistryError(
    42_203,
    'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive',
  );

export const invalidPolicy = (): RegistryError =>
  new RegistryError(42_203, 'Invalid compatibility policy. Valid values are strict, lenient and logical');

export const invalidMode = (): RegistryError =>
  new RegistryError(42_204, 'Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.');

export const notPermitted = (message: string): RegistryError => new RegistryError(42_205, message);

export const referenceExists = (subject: string, version: number): RegistryError =>
  new RegistryError(
    42_206,
    `One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=${subject},version=${version}}.`,
  );

export const invalidSubject = (subject: string): RegistryError =>
  new RegistryError(42_208, `The specified subject '${subject}' is not a valid.`);

export const schemaTooLarge = (message: string): RegistryError => new RegistryError(42_209, message);

export const invalidRuleSet = (message: string): RegistryError => new RegistryError(42_210, message);

export const contextNotEmpty = (context: string): RegistryError =>
  new RegistryError(42_211, `The specified context '${context}' is not empty.`);
