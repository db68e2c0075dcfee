import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'test/fixtures/**',
      'client/generated/**',
      'cli/dist/**',
      'cli/templates/**',
      'test/e2e/generated/**',
      'examples/**',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Nest's modules are classes that only carry a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Units stand in names, so numbers in sentences need no ceremony.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings come through src/common/settings.' },
      ],
    },
  },
  {
    // Programs in plain JavaScript; their types are checked by the compiler, from their comments.
    files: ['**/*.mjs', '*.js'],
    extends: [tseslint.configs.recommended],
    rules: {
      eqeqeq: 'error',
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // Every part is given to a constructor, so that a part that is forgotten is found before the server runs.
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/common',
              importNames: ['forwardRef', 'Optional'],
              message: 'Let the higher module depend on the lower one, by its constructor.',
            },
            {
              name: '@nestjs/core',
              importNames: ['ModuleRef', 'LazyModuleLoader'],
              message: 'Take what is needed in the constructor.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(PropertyDefinition, MethodDefinition) > Decorator[expression.callee.name="Inject"]',
          message: 'Take what is needed in the constructor.',
        },
        {
          selector: 'Decorator[expression.callee.name="Global"]',
          message: 'Import the module where its parts are needed; the list of parts says what starts first.',
        },
      ],
    },
  },
  {
    // What every module needs is given to all of them; what starts first is the list of parts' alone.
    files: [
      'src/{telemetry,auth,http}/*.module.ts',
      'src/common/installation/installation.module.ts',
      'src/**/*.spec.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // The worker and the builder own their process's environment: they give it to what they run.
    files: [
      'worker/**/*.ts',
      'cli/src/process-host.ts',
      'builder/**/*.ts',
      'test/**/*.ts',
      'src/common/settings/settings.ts',
      'src/**/*.spec.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', '{cli,dashboard}/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
