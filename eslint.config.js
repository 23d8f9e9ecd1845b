import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** What house rules a machine can hold. */
const house = {
  'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true, IIFEs: true }],
  'no-empty': ['error', { allowEmptyCatch: false }],
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
  eqeqeq: 'error',
};

const typed = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/ban-ts-comment': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
};

export default ts.config(
  { ignores: ['build/**', 'dist/**', '.cache/**', 'node_modules/**', 'e2e/output/**', '**/testdata/**', '**/assembly/**'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  { rules: house },
  {
    files: ['main/**/*.ts', 'ml/**/*.ts', 'renderer/**/*.ts', '**/*.svelte'],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.node.json', './tsconfig.ml.json', './tsconfig.electron.json', './tsconfig.compute.json', './tsconfig.renderer.json', './tsconfig.renderer-test.json'], extraFileExtensions: ['.svelte'] },
    },
    rules: typed,
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } }, rules: { 'max-lines-per-function': 'off' } },
  { files: ['scripts/**', '*.config.*', '.dependency-cruiser.cjs', 'e2e/**'], languageOptions: { globals: globals.node } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // A describe block is a list of cases, not a function to be understood as one; tables of words are data.
  { files: ['**/*.test.ts', 'e2e/**'], rules: { 'max-lines-per-function': 'off' } },
  // Playwright reads a fixture's needs from its first parameter's pattern, an empty one included.
  { files: ['e2e/fixtures/**'], rules: { 'no-empty-pattern': 'off' } },
  { files: ['renderer/messages/**'], rules: { 'max-lines': 'off' } },
  // The compiler knows every name; this rule only knows half of them.
  { files: ['**/*.ts', '**/*.svelte'], rules: { 'no-undef': 'off' } },
);
