// Linked into the tests as WebAssembly: such a program has an environment of its own, and GoogleTest looks into Node's for the
// share that it is to run.
Module['preRun'] = [
  () => {
    for (const [name, value] of Object.entries(process.env)) if (name.startsWith('GTEST_')) ENV[name] = value;
  },
];
