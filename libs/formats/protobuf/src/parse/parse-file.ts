import { SCHEMA_LIMITS, type SchemaLimits } from '#libs/formats/schema';
import type { Extend, TypeDeclaration } from '../ast/message.ts';
import type { Option } from '../ast/option.ts';
import type { Import, ProtoFile } from '../ast/proto-file.ts';
import type { Service } from '../ast/service.ts';
import { schemaInvalid } from '../errors.ts';
import { parseEnum } from './parse-enum.ts';
import { parseExtend, parseMessage } from './parse-message.ts';
import { parseOptionStatement } from './parse-option.ts';
import { parseService } from './parse-service.ts';
import { type NodeCount, TokenStream } from './token-stream.ts';

/**
 * Parses a .proto text. Lenient: it checks the grammar alone, not whether names resolve or numbers are free. Throws
 * SCHEMA_INVALID with line and column, or SCHEMA_TOO_COMPLEX; `count` goes on from the files of the same schema that were parsed before.
 */
export function parseProtoFile(
  text: string,
  limits: SchemaLimits = SCHEMA_LIMITS,
  count: NodeCount = { nodes: 0 },
): ProtoFile {
  const stream = new TokenStream(text, limits, count);
  const draft = {
    ...parseSyntax(stream),
    package: undefined as string | undefined,
    imports: [] as Import[],
    options: [] as Option[],
    types: [] as TypeDeclaration[],
    extends: [] as Extend[],
    services: [] as Service[],
  };
  while (stream.peek().kind !== 'end') {
    if (stream.take(';')) continue;
    if (stream.looksAt('package')) draft.package = parsePackage(stream, draft.package);
    else if (stream.looksAt('import')) draft.imports.push(parseImport(stream));
    else if (stream.looksAt('option')) draft.options.push(parseOptionStatement(stream));
    else if (stream.looksAt('message')) draft.types.push(parseMessage(stream));
    else if (stream.looksAt('enum')) draft.types.push(parseEnum(stream));
    else if (stream.looksAt('extend')) draft.extends.push(parseExtend(stream));
    else if (stream.looksAt('service')) draft.services.push(parseService(stream));
    else if (stream.looksAt('syntax') || stream.looksAt('edition')) {
      throw schemaInvalid(
        `'${stream.peek().text}' has to be the first statement, and the only one of its kind`,
        stream.at(),
      );
    } else throw stream.unexpected("a statement such as 'message'");
  }
  const { package: packageName, ...rest } = draft;
  return packageName === undefined ? rest : { ...rest, package: packageName };
}

function parseSyntax(stream: TokenStream): Pick<ProtoFile, 'syntax' | 'edition'> {
  while (stream.take(';'));
  const at = stream.at();
  if (stream.take('edition')) {
    stream.expect('=');
    const edition = stream.string('an edition');
    stream.expect(';');
    if (!/^[0-9]{4}$/.test(edition)) throw schemaInvalid(`Unknown edition "${edition}"`, at);
    return { edition };
  }
  if (!stream.take('syntax')) return {};
  stream.expect('=');
  const syntax = stream.string('a syntax');
  stream.expect(';');
  if (syntax !== 'proto2' && syntax !== 'proto3')
    throw schemaInvalid(`Unknown syntax "${syntax}": proto2 or proto3`, at);
  return { syntax };
}

function parsePackage(stream: TokenStream, earlier: string | undefined): string {
  const at = stream.at();
  if (earlier !== undefined) throw schemaInvalid('The package is declared twice', at);
  stream.expect('package');
  const name = stream.dottedName('the name of a package');
  stream.expect(';');
  return name;
}

function parseImport(stream: TokenStream): Import {
  stream.countNode();
  const at = stream.at();
  stream.expect('import');
  const kind = stream.take('public') ? 'public' : stream.take('weak') ? 'weak' : 'plain';
  const path = stream.string('the path of an import');
  stream.expect(';');
  return { path, kind, at };
}
