/**
 * One pair of schemas: what the writer had, what the reader has, and every change between them as `TYPE path`, those that
 * break under STRICT marked with `!`. The path is left out for the root.
 */
export type Case = readonly [title: string, writer: unknown, reader: unknown, ...changes: string[]];
