import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.ESNext,
};
const library = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says under `strict` of a module of this text, one line per error. */
export function typeErrors(text: string): string[] {
  const host = ts.createCompilerHost(OPTIONS);
  const fromDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target) => {
    if (name === 'module.ts') return ts.createSourceFile(name, text, target);
    if (!library.has(name)) library.set(name, fromDisk(name, target));
    return library.get(name);
  };
  const program = ts.createProgram(['module.ts'], OPTIONS, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 200));
}
