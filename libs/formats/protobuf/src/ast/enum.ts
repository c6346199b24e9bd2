import type { Option } from './option.ts';
import type { Placed } from './position.ts';
import type { Reserved } from './ranges.ts';

export interface Enum extends Placed {
  readonly kind: 'enum';
  readonly name: string;
  readonly options: readonly Option[];
  readonly reserved: readonly Reserved[];
  readonly values: readonly EnumValue[];
}

export interface EnumValue extends Placed {
  readonly name: string;
  /** Of 32 bits, signed. */
  readonly number: number;
  readonly options: readonly Option[];
}
