export type ValuePath = readonly (string | number)[];

/** Why a value and a schema do not go together, and where. Formats throw it; the codec says topic, subject and version with it. */
export class PayloadMismatch extends Error {
  override readonly name = 'PayloadMismatch';
  /** Members and indexes from the top down to the value; empty: the value itself. */
  readonly path: ValuePath;
  /** What is wrong there, as the end of a sentence: "a long (a bigint of 64 bits) expected". */
  readonly problem: string;
  readonly value: unknown;

  constructor(path: ValuePath, problem: string, value: unknown, cause?: unknown) {
    super(`${pathText(path)}: ${problem}`, cause === undefined ? undefined : { cause });
    this.path = path;
    this.problem = problem;
    this.value = value;
  }
}

/** A path in the notation of JSONPath: $.lines[2].sku. */
export function pathText(path: ValuePath): string {
  let text = '$';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += /^[A-Za-z_][A-Za-z0-9_]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  }
  return text;
}
