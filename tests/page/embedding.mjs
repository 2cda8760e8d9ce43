/** Folders that embed the element as others do: the package as it is published, a page, and a server of its own. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, serve } from './support.mjs';

const web = join(repository, 'web');

let packed;

/** What "npm publish" would upload, unpacked; made once a test file. */
function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-pack-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: web,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
  return join(folder, 'package');
}

/** A new folder with the published package, and links to other packages that are installed here, in node_modules. */
export function projectFolder(t, packages = []) {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-embed-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  packed ??= pack();
  cpSync(packed, join(modules, 'causal-sessions'), { recursive: true });
  for (const name of packages) {
    mkdirSync(join(modules, name, '..'), { recursive: true });
    symlinkSync(join(web, 'node_modules', name), join(modules, name));
  }
  return folder;
}

/** Files by name, written into the folder. */
export function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Opens a page of the folder; `errors` collects what the console and the policy complain about. */
export async function openFolder(t, browser, folder, options = {}) {
  const server = await serve({}, folder);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  t.after(async () => {
    await context.close();
    await server.close();
  });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(server.address);
  return { page, errors, server };
}
