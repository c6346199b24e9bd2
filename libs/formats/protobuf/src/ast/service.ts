import type { Option } from './option.ts';
import type { Placed } from './position.ts';

export interface Service extends Placed {
  readonly name: string;
  readonly options: readonly Option[];
  readonly rpcs: readonly Rpc[];
}

/** The types are named as written. */
export interface Rpc extends Placed {
  readonly name: string;
  readonly requestType: string;
  readonly requestStreaming: boolean;
  readonly responseType: string;
  readonly responseStreaming: boolean;
  readonly options: readonly Option[];
}
