export default {
  testEnvironment: 'node',
  // Only against hanging: the machine may be busy, and no test asserts how long something took.
  testTimeout: 120_000,
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    // Both libraries are a simulation's innermost loops: see the transform.
    '(\\.tsx?|/node_modules/(xstate|zod)/.+\\.c?js)$': [
      '<rootDir>/test/support/transform.mjs',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(xstate|zod)/)'],
  reporters: ['default', '<rootDir>/test/support/summary.mjs'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
