/** What a visitor loads stays small: bytes gzipped, the same on every machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureSizes, SIZE_BUDGETS } from '../bench/sizes.mjs';

const sizes = measureSizes();

for (const { group, what, bytes } of SIZE_BUDGETS) {
  test(`${what} is at most ${bytes / 1000} KB gzipped`, () => {
    const { total, files } = sizes[group];
    const biggest = Object.entries(files)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 5);
    assert.ok(total > bytes / 4, `${total} bytes are too few to be ${what}`);
    assert.ok(
      total <= bytes,
      `${what} has ${total} bytes, ${total - bytes} too many; the biggest: ` +
        `${biggest.map(([name, size]) => `${name} ${size}`).join(', ')}`,
    );
  });
}
