import { EnumType, type ForSchemaOptions } from './avsc-internals.ts';

/** An enum that knows its own symbols only: "constructor" is not one because every object has it. */
export class SymbolType extends EnumType {
  constructor(schema: unknown, options: ForSchemaOptions) {
    super(schema, options);
    Object.setPrototypeOf(this._indices, null);
  }
}
