/**
 * Firefox and WebKitGTK, by the commands of WebDriver: to Firefox over the socket that its option --marionette opens, to
 * WebKitGTK over HTTP. Both save downloads into `downloads` without asking.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What `attempt` gives, once it gives something; an exception is nothing. */
export async function eventually(what, attempt, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (let last = ''; ; await pause(50)) {
    try {
      const found = await attempt();
      if (found) return found;
    } catch (error) {
      last = `: ${error.message}`;
    }
    if (Date.now() > end) throw new Error(`${what} did not come within ${seconds} s${last}`);
  }
}

/** A process with a folder of its own, both gone after close(). */
function start(program, args, environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-browser-'));
  const child = spawn(program, args(folder), {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { ...process.env, HOME: folder, ...environment },
  });
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-2000)));
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  return {
    folder,
    said: () => said,
    async close() {
      try {
        process.kill(-child.pid); // the browser's own processes too
      } catch {
        // ended by itself
      }
      await Promise.race([ended, pause(5000)]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The commands, the same for both; `send(command, parameters)` brings them there. */
function driver(send, { downloads, close }) {
  const element = async (script, args) => (await send('execute', { script, args }))?.[ELEMENT];
  return {
    downloads,
    close,
    open: (url) => send('open', { url }),
    /** What a function gives inside the page. */
    evaluate: (body, ...args) => send('execute', { script: `return (${body})(...arguments)`, args }),
    /** Clicks what a function finds inside the page, as a hand would. */
    async click(find, ...args) {
      const id = await eventually(String(args[0] ?? find), () => element(`return (${find})(...arguments)`, args));
      await send('click', { id });
    },
  };
}

// --- Firefox -----------------------------------------------------------------------------------

export async function startFirefox(program) {
  const preferences = (downloads) => ({
    'marionette.port': 0,
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
    'browser.download.always_ask_before_handling_new_types': false,
    'browser.shell.checkDefaultBrowser': false,
    'app.update.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  });
  let downloads;
  const browser = start(program, (folder) => {
    downloads = join(folder, 'downloads');
    mkdirSync(downloads);
    const lines = Object.entries(preferences(downloads)).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    writeFileSync(join(folder, 'user.js'), lines.join('\n'));
    return ['--headless', '--marionette', '--no-remote', '--profile', folder];
  });
  try {
    const portFile = join(browser.folder, 'MarionetteActivePort');
    const port = await eventually('Firefox', () => existsSync(portFile) && Number(readFileSync(portFile, 'utf8')), 60);
    const { ask, end } = await marionette(port);
    await ask('WebDriver:NewSession', { strictFileInteractability: false });
    const names = { open: 'WebDriver:Navigate', execute: 'WebDriver:ExecuteScript', click: 'WebDriver:ElementClick' };
    const send = async (command, parameters) => (await ask(names[command], parameters))?.value;
    return driver(send, { downloads, close: () => (end(), browser.close()) });
  } catch (error) {
    await browser.close();
    throw new Error(`${error.message}\n${browser.said()}`);
  }
}

/** Messages are JSON after their length in bytes: [0, id, command, parameters], and back [1, id, error, result]. */
async function marionette(port) {
  const socket = connect(port, '127.0.0.1');
  const waiting = new Map();
  let received = Buffer.alloc(0);
  let lastId = 0;
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    for (;;) {
      const colon = received.indexOf(':');
      const length = Number(received.toString('latin1', 0, Math.max(0, colon)));
      if (colon < 1 || received.length < colon + 1 + length) return;
      const message = JSON.parse(received.toString('utf8', colon + 1, colon + 1 + length));
      received = received.subarray(colon + 1 + length);
      if (!Array.isArray(message)) continue; // the greeting
      const [, id, error, result] = message;
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(`${error.error}: ${error.message}`));
      else resolve(result);
    }
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return {
    ask: (command, parameters = {}) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        const text = JSON.stringify([0, id, command, parameters]);
        socket.write(`${Buffer.byteLength(text)}:${text}`);
      }),
    end: () => socket.destroy(),
  };
}

// --- WebKitGTK -----------------------------------------------------------------------------------

/** `display`: of an X server; see startDisplay. */
export async function startWebKit(program, miniBrowser, display) {
  const port = 20_000 + (process.pid % 20_000);
  let downloads;
  const browser = start(
    program,
    (folder) => {
      downloads = join(folder, 'downloads');
      mkdirSync(downloads);
      mkdirSync(join(folder, '.config'));
      writeFileSync(join(folder, '.config/user-dirs.dirs'), 'XDG_DOWNLOAD_DIR="$HOME/downloads"\n');
      return [`--port=${port}`, '--host=127.0.0.1'];
    },
    {
      DISPLAY: display,
      GDK_BACKEND: 'x11',
      XDG_CONFIG_HOME: '',
      XDG_DATA_HOME: '',
      XDG_CACHE_HOME: '',
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      NO_AT_BRIDGE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
    },
  );
  const ask = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  try {
    await eventually('WebKitWebDriver', () => ask('GET', '/status'), 20);
    const options = { binary: miniBrowser, args: ['--automation'] };
    const { sessionId } = await ask('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
    });
    const paths = { open: () => '/url', execute: () => '/execute/sync', click: ({ id }) => `/element/${id}/click` };
    const send = (command, parameters) => ask('POST', `/session/${sessionId}${paths[command](parameters)}`, parameters);
    const close = async () => {
      await ask('DELETE', `/session/${sessionId}`).catch(() => undefined);
      await browser.close();
    };
    return driver(send, { downloads, close });
  } catch (error) {
    await browser.close();
    throw new Error(`${error.message}\n${browser.said()}`);
  }
}

/** An X server without a screen, for a browser that cannot do without one. */
export async function startDisplay(program) {
  const number = 100 + (process.pid % 900);
  const server = start(program, () => [`:${number}`, '-screen', '0', '1280x1000x24', '-nolisten', 'tcp']);
  await eventually('the X server', () => existsSync(`/tmp/.X11-unix/X${number}`), 20);
  return { display: `:${number}`, close: server.close };
}
