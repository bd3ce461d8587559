import { defineConfig, type OxlintOverride } from 'oxlint';

import { restrictions } from './scripts/arrows.ts';

const arrowOverrides = restrictions().map(({ files, patterns }): OxlintOverride => ({
  files: [files],
  rules: { 'no-restricted-imports': ['error', { patterns }] },
}));

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'node', 'promise'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error' },
  ignorePatterns: ['dist/**', 'data/**', 'test/fixtures/**'],
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    // Functions that travel in plain objects are taken out of them by destructuring all over this code; none uses `this`.
    'typescript/unbound-method': 'off',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'no-console': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: 'error',
    'node/no-process-env': 'error',
  },
  overrides: [
    ...arrowOverrides,
    { files: ['src/cli/**', 'src/main.ts', 'bin/**', 'scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
    {
      files: ['src/config/**', 'scripts/**', 'bin/**', 'test/**', 'bench/**'],
      rules: { 'node/no-process-env': 'off' },
    },
    // node:test's own functions return promises that the runner awaits.
    {
      files: ['test/**'],
      rules: {
        'typescript/no-floating-promises': [
          'error',
          {
            allowForKnownSafeCalls: [
              {
                from: 'package',
                package: 'node:test',
                name: ['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'],
              },
            ],
          },
        ],
      },
    },
    // The tool asks for a default export, and a reporter must be one.
    { files: ['oxlint.config.ts', 'scripts/reporter.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
});
