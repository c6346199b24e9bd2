import { RegistryError } from '../registry-error.ts';

// Every refusal of associations, with Confluent's codes.

export const invalidAssociation = (property: string, detail: string): RegistryError =>
  new RegistryError(42_212, `The association specified an invalid value for property '${property}': ${detail}`);

export const associationNotFound = (resource: string): RegistryError =>
  new RegistryError(40_410, `No association found for resource '${resource}'`);

export const tooManyAssociations = (subject: string, max: number): RegistryError =>
  new RegistryError(40_902, `Subject '${subject}' has ${max} associations already, which is the maximum`);

export const associationForResourceExists = (type: string, resource: string): RegistryError =>
  new RegistryError(40_903, `An association of type '${type}' already exists for resource '${resource}'`);

export const associationForSubjectExists = (subject: string): RegistryError =>
  new RegistryError(40_904, `An association already exists for subject '${subject}'`);

export const strongAssociationExists = (subject: string): RegistryError =>
  new RegistryError(40_905, `A strong association already exists for subject '${subject}'`);

export const noActiveVersion = (subject: string): RegistryError =>
  new RegistryError(40_907, `No active (non-deleted) version exists for subject '${subject}'`);

export const associationFrozen = (type: string, subject: string): RegistryError =>
  new RegistryError(40_908, `The association of type '${type}' is frozen for subject '${subject}'`);
