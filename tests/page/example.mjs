/** What Node makes of the page's example. */
import { prepare, simulate } from '../../web/dist/node.js';

/** The training set of the example with the defaults; the page simulates 20,000 events with seed 1. */
export async function exampleParquet() {
  const dataset = await prepare(await simulate({ events: 20_000, seed: 1 }));
  try {
    return Buffer.from(await dataset.write('train', 'parquet'));
  } finally {
    dataset.dispose();
  }
}
