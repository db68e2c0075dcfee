/** The directions of docs/architecture.md as rules; `npm run check` runs them. */
const module_ = (name) => `^src/${name}/`;

/** A module may import only itself, `common`, and what is listed. */
const mayImport = (name, allowed) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `src/${name} may import only: ${[name, ...allowed].join(', ')}`,
  from: { path: module_(name), pathNot: '\\.spec\\.ts$' },
  to: { path: '^(src|worker|builder|test)/', pathNot: [name, ...allowed].map(module_) },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.(spec|d)\\.ts$' },
      to: {},
    },
    mayImport('common', []),
    mayImport('storage', ['common']),
    mayImport('telemetry', ['common']),
    mayImport('auth', ['storage', 'common']),
    // The catalogue is below its siblings: code and secrets are of functions, and a function knows of neither.
    mayImport('functions', ['runtimes', 'storage', 'common']),
    mayImport('code', ['functions', 'common']),
    mayImport('secrets', ['functions', 'common']),
    mayImport('container', ['common']),
    // Values that everybody above may read, and that know nobody.
    mayImport('runtimes', ['common']),
    mayImport('ipc', ['common']),
    mayImport('egress', ['ipc/protocol', 'common']),
    mayImport('sandbox', [
      'functions',
      'code',
      'secrets',
      'runtimes',
      'container',
      'ipc',
      'egress',
      'common',
    ]),
    mayImport('invocation', ['sandbox', 'functions', 'ipc', 'common']),
    // A build runs in a container, as a call does, and knows nothing of calls.
    mayImport('builds', ['functions', 'code', 'runtimes', 'container', 'ipc', 'egress', 'storage', 'common']),
    // Above the sandboxes, because code is loaded in one before it counts.
    // Work that nobody waits for: it runs through the same use case as a call.
    mayImport('events', ['invocation', 'functions', 'ipc', 'storage', 'common']),
    mayImport('schedules', ['events', 'functions', 'common']),
    mayImport('deployment', ['builds', 'sandbox', 'egress', 'code', 'secrets', 'functions', 'common']),
    mayImport('api', [
      'schedules',
      'events',
      'builds',
      'runtimes',
      'deployment',
      'code',
      'secrets',
      'functions',
      'common',
    ]),
    mayImport('health', ['functions', 'runtimes', 'container', 'sandbox', 'invocation', 'common']),
    mayImport('triggers', ['events', 'invocation', 'functions', 'ipc', 'auth', 'http', 'common']),
    mayImport('metrics', [
      'functions',
      'container',
      'egress',
      'sandbox',
      'invocation',
      'triggers',
      'events',
      'schedules',
      'records',
      'common',
    ]),
    // Shows what the others keep; nobody imports it.
    mayImport('stats', [
      'records',
      'events',
      'schedules',
      'health',
      'auth',
      'invocation',
      'sandbox',
      'container',
      'runtimes',
      'functions',
      'common',
    ]),
    mayImport('records', ['invocation', 'sandbox', 'functions', 'ipc/protocol', 'storage', 'common']),
    mayImport('http', ['common']),
    {
      name: 'clients-use-the-public-api-only',
      severity: 'error',
      comment: 'The command line and the dashboard do nothing that other clients could not do.',
      from: { path: '^(cli|dashboard)/', pathNot: '^cli/src/local-server/doctor/' },
      to: { path: '^(src|worker|builder|test|scripts)/' },
    },
    {
      name: 'the-doctor-judges-runtimes-as-the-server-does',
      severity: 'error',
      comment:
        'It asks no server, for there is none yet: it has the one judgement of the server that it repeats.',
      from: { path: '^cli/src/local-server/doctor/' },
      to: {
        path: '^(src|worker|builder|test|scripts)/',
        pathNot: '^src/container/engine/oci/runtime-version\\.ts$',
      },
    },
    {
      name: 'the-judgement-of-runtimes-is-a-leaf',
      severity: 'error',
      comment: 'The command line carries it along, and nothing else of the server.',
      from: { path: '^src/container/engine/oci/runtime-version\\.ts$' },
      to: { dependencyTypesNot: ['core'] },
    },
    {
      name: 'the-command-line-and-the-dashboard-are-siblings',
      severity: 'error',
      from: { path: '^(cli|dashboard)/' },
      to: { path: '^(cli|dashboard)/', pathNot: '^$1/' },
    },
    {
      name: 'archives-are-read-without-knowing-whose-they-are',
      severity: 'error',
      comment: 'What takes hostile bytes apart depends on nothing that it could reach.',
      from: { path: '^src/code/archive/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^src/',
        pathNot: ['^src/code/archive/', '^src/code/integrity/tree-digest', '^src/common/'],
      },
    },
    {
      name: 'use-cases-know-no-http',
      severity: 'error',
      comment: 'A command line, a queue or a schedule may call them as a route does.',
      from: {
        path: '^src/(deployment|invocation|events|schedules|builds|code|secrets|sandbox)/',
        pathNot: '\\.spec\\.ts$',
      },
      to: {
        path: [
          '^(node:)?https?$',
          'node_modules/(@types/)?(express|multer)/',
          '@nestjs/(platform-express|swagger)',
        ],
      },
    },
    {
      name: 'dockerode-lives-in-its-adapter',
      severity: 'error',
      from: { path: '^(src|worker)/', pathNot: '^src/container/engine/docker/' },
      to: { path: 'dockerode' },
    },
    {
      name: 'an-engine-stays-in-its-adapter',
      severity: 'error',
      comment:
        'The module chooses the engine, and the list of settings names its own; nobody else knows which it is.',
      from: {
        path: '^(src|worker)/',
        pathNot: [
          '^src/container/engine/(docker|oci)/',
          '^src/container/container\\.module\\.ts$',
          '^src/bootstrap/settings-groups\\.ts$',
        ],
      },
      to: { path: '^src/container/engine/(docker|oci)/' },
    },
    {
      name: 'engines-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/container/engine/(docker|oci)/' },
      to: { path: '^src/container/engine/(docker|oci)/', pathNot: '^src/container/engine/$1/' },
    },
    {
      name: 'adapters-render-and-decide-nothing',
      severity: 'error',
      comment:
        'What a container may do is decided beside the port; an adapter knows the port, and no more of the module.',
      from: { path: '^src/container/engine/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/container/engine/', '^src/common/'] },
    },
    {
      name: 'stores-are-chosen-by-their-module',
      severity: 'error',
      comment: 'Everybody else knows the port: another store can take its place.',
      from: {
        path: '^src/',
        pathNot: [
          '^src/[^/]+/store/',
          '\\.module\\.ts$',
          '^src/bootstrap/parts\\.ts$',
          '^src/keys\\.ts$',
          '\\.spec\\.ts$',
        ],
      },
      to: { path: '^src/[^/]+/store/(sqlite|thread)/' },
    },
    {
      name: 'controllers-are-entries',
      severity: 'error',
      comment: 'A rule, a use case or a store never needs a route.',
      from: { path: '^src/', pathNot: ['\\.module\\.ts$', '\\.spec\\.ts$'] },
      to: { path: '\\.controller\\.ts$' },
    },
    {
      name: 'modules-are-joined-by-modules',
      severity: 'error',
      comment:
        'What needs a part takes it in its constructor; only modules and the composition know modules.',
      from: {
        path: '^src/[^/]+/',
        pathNot: ['^src/(bootstrap|common)/', '\\.module\\.ts$', '\\.spec\\.ts$'],
      },
      to: { path: '\\.module\\.ts$' },
    },
    {
      name: 'prom-client-lives-in-metrics',
      severity: 'error',
      from: { path: '^(src|worker)/', pathNot: '^src/metrics/' },
      to: { path: 'prom-client' },
    },
    {
      name: 'the-api-generator-lives-in-the-build',
      severity: 'error',
      comment: 'Decorators come from src/common/openapi/documentation.ts, which does without the generator.',
      from: { path: '^src/', pathNot: ['^src/http/openapi/openapi\\.ts$', '\\.spec\\.ts$'] },
      to: { path: '@nestjs/swagger', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-server-does-not-load-the-api-generator',
      severity: 'error',
      from: { path: '^src/(main|keys)\\.ts$' },
      to: { path: '^src/http/openapi/openapi\\.ts$', reachable: true },
    },
    {
      name: 'the-protocol-is-a-leaf',
      severity: 'error',
      from: { path: '^src/ipc/protocol/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/ipc/protocol/' },
    },
    {
      name: 'the-worker-holds-nothing-else',
      severity: 'error',
      comment: 'node: built-ins, its own files and the protocol; nothing from npm reaches the image.',
      from: { path: '^worker/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^worker/', '^src/ipc/protocol/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'the-protocol-of-builds-is-a-leaf',
      severity: 'error',
      from: { path: '^src/builds/protocol/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^src/builds/protocol/', '^src/ipc/protocol/'] },
    },
    {
      name: 'the-builder-holds-what-builds-need',
      severity: 'error',
      comment: 'Its own files, both protocols, the way out of a container, and what packs and bundles.',
      from: { path: '^builder/', pathNot: '\\.spec\\.ts$' },
      to: {
        pathNot: [
          '^builder/',
          '^src/(builds|ipc)/protocol/',
          '^worker/(egress/|primordials)',
          'node_modules/(@types/)?(yazl|esbuild)/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'no-development-packages-in-src',
      severity: 'error',
      from: { path: '^(src|worker)/', pathNot: '\\.spec\\.ts$' },
      // Types vanish in the build: Express's come from @types/express, Express itself through the platform.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/fixtures)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
