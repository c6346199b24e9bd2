import { SourceParts } from '../generated-function.ts';
import { type AvroType, type Hook, type Path, RecordType, type Tap } from './avsc-internals.ts';
import { isMap } from './block-types.ts';

/**
 * A record read as a plain object. A member that the schema does not have is refused when written: it would be lost without
 * a word, and with it what a misspelt optional field was to say.
 */
export class PlainRecordType extends RecordType {
  override _createConstructor(): unknown {
    const parts = new SourceParts();
    const names = this.fields.map((_, index) => `v${index}`);
    const members = this.fields.map(({ name, defaultValue }, index) => {
      const value = `v${index}`;
      const filled =
        defaultValue() === undefined ? value : `${value} === undefined ? ${parts.name(defaultValue)}() : ${value}`;
      return `[${JSON.stringify(name)}]: ${filled}`;
    });
    return parts.build(`function (${names.join()}) { return { ${members.join()} }; }`);
  }

  override _createWriter(): (this: unknown, tap: Tap, value: unknown) => void {
    const write = super._createWriter();
    const declared = new Set(this.fields.map((field) => field.name));
    return function (this: unknown, tap, value) {
      if (!isMap(value)) throw new TypeError('not an object');
      for (const name in value) if (!declared.has(name)) throw new TypeError(`no field ${name}`);
      write.call(this, tap, value);
    };
  }

  override _createChecker(): AvroType['_check'] {
    const fields = new Map(this.fields.map((field) => [field.name, field]));
    return (value: unknown, flags: number | undefined, hook?: Hook, path?: Path): boolean => {
      if (!isMap(value)) {
        hook?.(value, this);
        return false;
      }
      const undeclared = Object.keys(value).find((name) => !fields.has(name));
      if (undeclared !== undefined) {
        path?.push(undeclared);
        hook?.(value[undeclared], NO_TYPE);
        path?.pop();
        return false;
      }
      for (const [name, { type, defaultValue }] of fields) {
        const member = Object.hasOwn(value, name) ? value[name] : undefined;
        if (member === undefined && defaultValue() !== undefined) continue;
        path?.push(name);
        const valid = type._check(member, flags, hook, path);
        path?.pop();
        if (!valid) return false;
      }
      return true;
    };
  }
}

/** What a member that is not in the schema should be. */
const NO_TYPE = { typeName: 'nothing (the schema has no such field)' } as AvroType;
