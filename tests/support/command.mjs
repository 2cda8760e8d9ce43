/**
 * The command in Node, again and again in one process: to start Node and to load the engine takes ten times as long as a small run.
 * A line of standard input is a JSON array of words; what they end with is a line of standard output. The command's own module is
 * evaluated anew for each, as Node does it; the modules below it, and with them the engine, stay.
 */
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [program] = process.argv.slice(2);
const main = pathToFileURL(program.replace(/\.js$/, '/main.js')).href;
const answer = process.stdout.write.bind(process.stdout);
process.stdout.setMaxListeners(0);

const said = { stdout: [], stderr: [] };
for (const [name, texts] of Object.entries(said)) {
  process[name].write = (chunk) => {
    texts.push(Buffer.from(chunk));
    return true;
  };
}

let runs = 0;
for await (const line of createInterface({ input: process.stdin })) {
  process.argv.splice(2, Infinity, ...JSON.parse(line));
  process.exitCode = undefined;
  await import(`${main}?${++runs}`);
  const [stdout, stderr] = Object.values(said).map((texts) => Buffer.concat(texts.splice(0)).toString());
  answer(`${JSON.stringify({ code: process.exitCode, stdout, stderr })}\n`);
  // An engine that was not to end so may be broken, and the next words are owed a whole one.
  if (stderr.includes('unexpected:')) process.exit();
}
process.exitCode = 0;
