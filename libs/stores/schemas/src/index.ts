export type * from './registry.ts';
export { RegistryError } from './registry-error.ts';
