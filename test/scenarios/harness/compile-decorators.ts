import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

// Preloaded (--import) into processes that run an app from its sources: Node strips types by itself but knows no
// decorators, so the files that have some are compiled as jest compiles them. A relay starts in about a second, without a
// build that could be older than the sources.
const DECORATOR = /^\s*@[A-Z]\w*\(/m;

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/'))
      return nextLoad(url, context);
    const filename = fileURLToPath(url);
    const source = readFileSync(filename, 'utf8');
    if (!DECORATOR.test(source)) return nextLoad(url, context);
    const { code } = transformSync(source, {
      filename,
      sourceMaps: 'inline',
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
