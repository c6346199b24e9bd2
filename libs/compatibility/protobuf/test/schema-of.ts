import { builtInProto, parseProtoFile, type ProtobufSchema, type ProtoFile } from '#libs/formats/protobuf';

/** Parses a text with the texts that it imports, by path; built-in imports need none. A text without a syntax is proto3. */
export function schemaOf(text: string, imports: Readonly<Record<string, string>> = {}): ProtobufSchema {
  const files = new Map<string, ProtoFile>();
  const collect = (file: ProtoFile): void => {
    for (const { path } of file.imports) {
      const imported = imports[path] ?? builtInProto(path);
      if (imported === undefined || files.has(path)) continue;
      const parsed = parse(imported);
      collect(parsed);
      files.set(path, parsed);
    }
  };
  const file = parse(text);
  collect(file);
  return { file, imports: files };
}

function parse(text: string): ProtoFile {
  return parseProtoFile(/^\s*(syntax|edition)/.test(text) ? text : `syntax = "proto3"; ${text}`);
}
