import type { ValidateFunction } from 'ajv';
import { TidemarkError } from '#libs/foundation/kernel';
import type { Dependency } from '#libs/formats/schema';
import { parseJson, parseJsonBytes, printJson } from '../lossless-json.ts';
import type { Decode, Encode, PayloadFormat } from '../payload-format.ts';
import { jsonMismatch } from './json-mismatch.ts';
import { jsonValidator } from './json-validator.ts';
import { type Plainness, plainnessOf } from './plainness.ts';
import { HAS_BIGINT, HAS_TO_JSON, jsonTraits, PLAIN, withNumbers } from './json-value.ts';
import { TextRoom } from './text-room.ts';

export interface JsonSchema {
  readonly validate: ValidateFunction;
  readonly title: string | undefined;
  readonly plainness: Plainness;
}

const NOTHING = Buffer.alloc(0);
const room = new TextRoom();

/** JSON text that ajv has validated; what is validated is what stands in the text. */
export const jsonFormat: PayloadFormat<JsonSchema> = {
  type: 'JSON',

  compile(text: string, dependencies: readonly Dependency[]): JsonSchema {
    try {
      const validate = jsonValidator(text, dependencies);
      const { title } = Object(validate.schema) as { title?: unknown };
      return {
        validate,
        title: typeof title === 'string' ? title : undefined,
        plainness: plainnessOf(validate.schema),
      };
    } catch (error) {
      throw new TidemarkError('SCHEMA_INVALID', `the JSON schema cannot be used: ${(error as Error).message}`, {
        cause: error,
      });
    }
  },

  encoder({ validate, plainness }: JsonSchema): Encode {
    return (value, prefix) => {
      // Valid and plain, as nearly all values are, or else looked at with care.
      const plain = validate(value) && (plainness === undefined || plainness(value));
      const text = plain ? JSON.stringify(value) : carefulText(validate, value);
      return room.write(prefix, text);
    };
  },

  lead: (): Uint8Array => NOTHING,

  decoder(writer: JsonSchema, { validate }: JsonSchema = writer): Decode {
    return (bytes, offset) => {
      const value = parseJsonBytes(bytes, offset);
      if (!validate(value)) check(validate, value, jsonTraits(value));
      return value;
    };
  },

  recordName: ({ title }: JsonSchema): string | undefined => title,
};

/** The text of a value that is not plain JSON, or not valid: what is validated is what stands in the text. */
function carefulText(validate: ValidateFunction, given: unknown): string {
  let value = given;
  let traits = jsonTraits(value);
  if ((traits & HAS_TO_JSON) !== 0) {
    value = parseJson(printJson(given) ?? 'null');
    traits = jsonTraits(value);
  }
  check(validate, value, traits);
  return (traits === PLAIN ? JSON.stringify(value) : printJson(value)) as string;
}

/** Validates a value; bounds are compared with whole numbers beyond 2^53 as doubles are. */
function check(validate: ValidateFunction, value: unknown, traits: number): void {
  if (!validate((traits & HAS_BIGINT) === 0 ? value : withNumbers(value))) throw jsonMismatch(validate.errors, value);
}
