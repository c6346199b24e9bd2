import type { TypeDeclaration } from './ast/message.ts';
import { type ProtoFile, syntaxOf } from './ast/proto-file.ts';
import { builtInProto } from './built-in/built-in-protos.ts';
import { ascending } from './normalize/ascending.ts';
import { normalizeSchema } from './normalize/normalize-schema.ts';
import { printProtoFile } from './print/print-file.ts';
import type { ProtobufSchema } from './protobuf-schema.ts';

/**
 * Whether two schemas are the same to a client that looks one up: their texts are equal, or their normal forms, or their normal
 * forms once the types of imported files are inlined. Options of extension ranges do not count, for descriptors that clients
 * print have lost them. The messages of the file come in the same order in both: clients send their indexes.
 */
export function equivalent(a: ProtobufSchema, b: ProtobufSchema): boolean {
  if (printProtoFile(a.file) === printProtoFile(b.file)) return true;
  const [normalA, normalB] = [normalizeSchema(a), normalizeSchema(b)];
  if (comparable(normalA.file) === comparable(normalB.file)) return true;
  return inlinedText(normalA, normalB) !== undefined && inlinedText(normalA, normalB) === inlinedText(normalB, normalA);
}

function comparable(file: ProtoFile): string {
  const plain = (type: TypeDeclaration): TypeDeclaration =>
    type.kind === 'enum'
      ? type
      : {
          ...type,
          extensionRanges: type.extensionRanges.map((ranges) => ({ ...ranges, options: [] })),
          nestedTypes: type.nestedTypes.map(plain),
        };
  return printProtoFile({ ...file, types: file.types.map(plain) });
}

/**
 * The file with the types of its imports behind its own, as far as they are the package's own: what one file can say. The types that
 * only one of the two schemas has of its own are sorted among the inlined ones, so that the order of imports does not count.
 */
function inlinedText(schema: ProtobufSchema, other: ProtobufSchema): string | undefined {
  const { file } = schema;
  const imported = [...schema.imports].filter(([path]) => builtInProto(path) === undefined);
  const ownPackage = ([, each]: readonly [string, ProtoFile]): boolean =>
    each.package === file.package &&
    syntaxOf(each) === syntaxOf(file) &&
    each.services.length + each.extends.length === 0;
  if (!imported.every(ownPackage)) return undefined;
  // Their places are those in other files.
  const inlined = imported
    .flatMap(([, each]) => normalizeSchema({ file: each, imports: schema.imports }).file.types)
    .map((type): TypeDeclaration => ({ ...type, at: undefined }));
  const leading = Math.min(file.types.length, other.file.types.length);
  const rest = [...file.types.slice(leading), ...inlined].sort((a, b) => ascending(a.name, b.name));
  const paths = new Set(imported.flatMap(([path, each]) => [path, ...each.imports.map((inner) => inner.path)]));
  return comparable({
    ...file,
    imports: file.imports.filter(({ path }) => !paths.has(path)),
    types: [...file.types.slice(0, leading), ...rest],
  });
}
