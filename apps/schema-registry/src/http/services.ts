import type { Associations, SchemaPlans, SchemaRegistry } from '#libs/stores/schemas';
import type { ImmutableReads } from '../reads/immutable-reads.ts';
import type { Profile } from '../wire/profile.ts';

/** Token of what the controllers work with. */
export const SERVICES = Symbol('SERVICES');

export interface Services {
  readonly registry: SchemaRegistry & SchemaPlans;
  readonly associations: Associations;
  readonly reads: ImmutableReads;
  readonly profile: Profile;
}
