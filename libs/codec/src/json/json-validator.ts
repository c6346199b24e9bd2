import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Dependency } from '#libs/formats/schema';
import { BoundedRegExp } from './bounded-reg-exp.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { upgradeDraft4 } from './draft-4.ts';

/** Patterns are ECMAScript's with Unicode; one that is valid only without (such as one with needless escapes) counts, too. Their time is bounded. */
const regExp = Object.assign(
  (pattern: string, flags: string): BoundedRegExp => {
    try {
      return new BoundedRegExp(pattern, flags);
    } catch {
      // Not valid with these flags: an invalid pattern throws here, and then for good.
      return new BoundedRegExp(pattern, flags.replace('u', ''));
    }
  },
  { code: 'new RegExp' },
);

const OPTIONS: Options = {
  strict: false,
  // NaN and infinite numbers are no numbers; see plainness.ts, which relies on it.
  strictNumbers: true,
  logger: false,
  // The registry has validated the schema; formats are annotations, as the newer drafts have it for all.
  validateSchema: false,
  validateFormats: false,
  addUsedSchema: false,
  messages: true,
  multipleOfPrecision: 9,
  code: { regExp },
};

/** In drafts up to 7 a $ref hides its siblings. (ajv has the option and does not declare it.) */
const REF_HIDES_SIBLINGS: Options = Object.assign({ ignoreKeywordsWithRef: true }, OPTIONS);

/** Compiles a schema with what it references. Nothing is fetched: a `$ref` to anything else throws. */
export function jsonValidator(text: string, dependencies: readonly Dependency[]): ValidateFunction {
  const schema: unknown = JSON.parse(text);
  const ajv = ajvFor(dialectOf(schema));
  const base = idOf(schema);
  for (const { name, text: dependency } of dependencies) {
    const referenced = plainSchema(JSON.parse(dependency));
    for (const uri of new Set([name, resolvedFrom(base, name), idOf(referenced) ?? name])) {
      if (ajv.schemas[uri] === undefined && ajv.refs[uri] === undefined) ajv.addSchema(referenced, uri);
    }
  }
  return ajv.compile(plainSchema(schema));
}

function ajvFor(dialect: Dialect): Ajv {
  switch (dialect) {
    case '2020-12':
      return new Ajv2020(OPTIONS);
    case '2019-09':
      return new Ajv2019(OPTIONS);
    default:
      return new Ajv(REF_HIDES_SIBLINGS);
  }
}

/** The schema without `$schema`, which ajv would look up, and in words that ajv knows. */
function plainSchema(schema: unknown): boolean | object {
  if (typeof schema === 'boolean') return schema;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new TypeError('a schema is an object or a boolean');
  }
  const upgraded = dialectOf(schema) === 'draft-04' ? (upgradeDraft4(schema) as object) : schema;
  return { ...upgraded, $schema: undefined };
}

function idOf(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { $id, id } = schema as { $id?: unknown; id?: unknown };
  const uri = $id ?? (dialectOf(schema) === 'draft-04' ? id : undefined);
  return typeof uri === 'string' ? uri.replace(/#$/, '') : undefined;
}

/** What `$ref: "name"` means in a schema with an id of its own. */
function resolvedFrom(base: string | undefined, name: string): string {
  return base !== undefined && URL.canParse(name, base) ? new URL(name, base).href : name;
}
