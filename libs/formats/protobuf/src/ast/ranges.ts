import type { Option } from './option.ts';
import type { Placed } from './position.ts';

/** Both ends belong to it; `to` is `'max'` where the text says so. */
export interface NumberRange {
  readonly from: number;
  readonly to: number | 'max';
  /** The text says `5 to 5`, which Confluent prints as it stands. Of no other meaning. */
  readonly writtenAsRange?: true;
}

/** One `reserved` statement. A name written without quotes (editions) is kept as a name all the same. */
export interface Reserved extends Placed {
  readonly values: readonly (string | NumberRange)[];
}

/** One `extensions` statement. */
export interface ExtensionRanges extends Placed {
  readonly ranges: readonly NumberRange[];
  readonly options: readonly Option[];
}
