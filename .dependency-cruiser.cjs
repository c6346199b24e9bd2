// The drawing of docs/ARCHITECTURE.md as rules: apps -> movers -> the stores a mover joins -> foundation.
const tests = '(\\.test\\.ts$|/test/|^test/|^libs/foundation/testing(-kafka)?/)';
const moverStores = {
  sequencer: ['outbox', 'log'],
  publisher: ['log', 'topic'],
  replayer: ['log', 'outbox', 'topic'],
  consumer: ['topic', 'inbox'],
  ingester: ['topic', 'dead-letters'],
  reprocessor: ['dead-letters', 'outbox'],
  notifier: ['dead-letters'],
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-imports-an-app',
      severity: 'error',
      from: { path: '^(libs|migrations)/', pathNot: tests },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-stay-apart',
      comment: 'standalone is the three services in one process; the CLI starts nothing of them',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '(^apps/standalone/)|' + tests },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-mover-imports-a-mover',
      severity: 'error',
      from: { path: '^libs/movers/([^/]+)/' },
      to: { path: '^libs/movers/([^/]+)/', pathNot: '^libs/movers/$1/' },
    },
    {
      name: 'no-store-imports-a-store',
      severity: 'error',
      from: { path: '^libs/stores/([^/]+)/' },
      to: { path: '^libs/stores/([^/]+)/', pathNot: '^libs/stores/$1/' },
    },
    {
      name: 'stores-know-no-mover',
      severity: 'error',
      from: { path: '^libs/stores/', pathNot: tests },
      to: { path: '^libs/(movers|sdk)/' },
    },
    {
      name: 'foundation-knows-no-domain',
      severity: 'error',
      from: { path: '^libs/foundation/', pathNot: '^libs/foundation/testing(-kafka)?/' },
      to: { path: '^libs/(stores|movers|sdk|codec|compatibility|formats)/' },
    },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^libs/foundation/kernel/src/' },
      to: { pathNot: '^libs/foundation/kernel/' },
    },
    {
      name: 'formats-are-pure',
      severity: 'error',
      from: { path: '^libs/formats/' },
      to: { path: '^libs/(stores|movers|sdk|codec|compatibility)/' },
    },
    ...Object.entries(moverStores).map(([mover, stores]) => ({
      name: `${mover}-joins-only-its-stores`,
      severity: 'error',
      from: { path: `^libs/movers/${mover}/src/` },
      to: { path: '^libs/stores/', pathNot: `^libs/stores/(${stores.join('|')})/` },
    })),
    {
      name: 'nest-stays-at-the-edge',
      severity: 'error',
      from: {
        path: '^libs/(stores|movers|formats|codec|compatibility)/',
        pathNot: '(\\.module\\.ts$|\\.controller\\.ts$|\\.filter\\.ts$)',
      },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'pg-stays-in-postgres-folders',
      severity: 'error',
      from: {
        path: '^(apps|libs|examples)/',
        pathNot: '(/postgres/|^libs/sdk/|^examples/|' + tests + ')',
      },
      to: { path: 'node_modules/(pg|typeorm)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'kafka-stays-in-its-lib',
      comment: 'one client of our own in front of the library: whoever publishes or verifies knows only its port',
      severity: 'error',
      from: { pathNot: '^libs/foundation/kafka/|' + tests },
      to: { path: 'node_modules/@platformatic/' },
    },
    {
      name: 'testing-only-in-tests',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '^libs/foundation/testing(-kafka)?/' },
    },
    {
      name: 'across-libs-only-by-their-index',
      severity: 'error',
      from: { path: '^libs/([^/]+/[^/]+)/src/' },
      to: { path: '^libs/[^/]+/[^/]+/src/(?!index\\.ts$)', pathNot: '^libs/$1/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
