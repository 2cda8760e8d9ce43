/** Chromium and the built page on a server, for all tests of one file. */
import { after, before } from 'node:test';
import { launch, serve } from './support.mjs';

export let browser;
export let server;
before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await server.close();
});
