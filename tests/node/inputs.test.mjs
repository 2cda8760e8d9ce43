/** Inputs that were once misread, or told of in wrong words, through the module: see tests/unit/inputs_test.cpp. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prepare } from '../../web/dist/node.js';
import { answerOf, inputCases, wantedOf } from './inputs.mjs';

describe('inputs that were once misread', () => {
  for (const { name, paths, plan, refused, says, ...expected } of inputCases()) {
    test(name, async () => {
      const run = prepare(
        paths.map((path) => ({ path })),
        plan,
      );
      if (refused) {
        await assert.rejects(run, (error) => {
          assert.equal(error.code, refused, error.message);
          for (const part of says) assert.ok(error.message.includes(part), `"${part}" is not in: ${error.message}`);
          return true;
        });
        return;
      }
      const dataset = await run;
      try {
        assert.deepEqual(answerOf(dataset.report, await dataset.write('vocabulary'), expected), wantedOf(expected));
      } finally {
        dataset.dispose();
      }
    });
  }
});
