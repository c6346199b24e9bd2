import type { Import, ProtoFile } from '../ast/proto-file.ts';
import type { Rpc, Service } from '../ast/service.ts';
import { fileLayoutOf } from '../ast/type-order.ts';
import { optionSection, printExtend, typeSection } from './print-message.ts';
import { printOptionStatement } from './print-option.ts';
import { quoteName } from './quote.ts';
import { sectionOf, type Section, TextOutput, writeBlock } from './text-output.ts';

/**
 * The file in Confluent's canonical layout: no comments, every kind of part as a section after an empty line, two spaces of
 * indentation. Equal trees give equal texts, and parsing the text gives the same text again. Throws SCHEMA_TOO_COMPLEX when
 * indentation makes the text too large.
 */
export function printProtoFile(file: ProtoFile): string {
  const out = new TextOutput();
  if (file.edition !== undefined) out.line(0, `edition = "${file.edition}";`);
  if (file.syntax !== undefined) out.line(0, `syntax = "${file.syntax}";`);
  if (file.package !== undefined) out.line(0, `package ${file.package};`);
  for (const section of fileSections(out, file)) {
    // Also the first one: a file without syntax and package starts with an empty line.
    out.line(0);
    section(0);
  }
  return out.toString();
}

function fileSections(out: TextOutput, file: ProtoFile): Section[] {
  const imports = (['plain', 'public', 'weak'] as const).flatMap((kind) =>
    file.imports.filter((imported) => imported.kind === kind),
  );
  const { extends: blocks, declarations } = fileLayoutOf(file);
  return [
    ...sectionOf(imports, (imported, depth) => out.line(depth, importText(imported))),
    ...optionSection(out, file.options),
    ...typeSection(out, declarations, file.types),
    ...sectionOf(blocks, (extend, depth) => printExtend(out, depth, extend)),
    ...sectionOf(file.services, (service, depth) => printService(out, depth, service)),
  ];
}

function importText({ kind, path }: Import): string {
  return `import ${kind === 'plain' ? '' : `${kind} `}${quoteName(path)};`;
}

function printService(out: TextOutput, depth: number, service: Service): void {
  writeBlock(out, depth, `service ${service.name}`, [
    ...optionSection(out, service.options),
    ...sectionOf(service.rpcs, (rpc, at) => printRpc(out, at, rpc)),
  ]);
}

function printRpc(out: TextOutput, depth: number, rpc: Rpc): void {
  const request = `${rpc.requestStreaming ? 'stream ' : ''}${rpc.requestType}`;
  const response = `${rpc.responseStreaming ? 'stream ' : ''}${rpc.responseType}`;
  const text = `rpc ${rpc.name} (${request}) returns (${response})`;
  if (rpc.options.length === 0) out.line(depth, `${text};`);
  else {
    out.line(depth, `${text} {`);
    for (const option of rpc.options) printOptionStatement(out, depth + 1, option);
    out.line(depth, '};');
  }
}
