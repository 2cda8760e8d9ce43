/**
 * What goes into a release and builds it, as a CycloneDX document on standard output: npm's own list of the packages of the lock
 * file, and the libraries that CMakeLists.txt and the tools that scripts/ pin. The same commit gives the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => readFileSync(join(repository, path), 'utf8');

/** Name, version and hash of each library that is fetched where none is installed. */
function librariesOfCmake() {
  const declared =
    /FetchContent_Declare\((\w+)\s+URL (https:\/\/github\.com\/(\S+?\/\S+?)\/\S+)\s+URL_HASH SHA256=([0-9a-f]{64})/g;
  return [...read('CMakeLists.txt').matchAll(declared)].map(([, name, url, project, content]) => {
    const version = /\d+(?:\.\d+)+/.exec(url.slice(url.indexOf(project) + project.length))[0];
    return {
      type: 'library',
      name,
      version,
      purl: `pkg:github/${project.toLowerCase()}@${version}`,
      'bom-ref': `pkg:github/${project.toLowerCase()}@${version}`,
      hashes: [{ alg: 'SHA-256', content }],
      scope: name === 'googletest' ? 'excluded' : 'required',
    };
  });
}

function toolsOfScripts() {
  const emscripten = /^oldest=(\S+)$/m.exec(read('scripts/toolchain'))[1];
  const zig = /^ziglang==(\S+)$/m.exec(read('scripts/wheel-requirements.txt'))[1];
  return [
    { type: 'application', name: 'emscripten', version: emscripten, 'bom-ref': `emscripten@${emscripten}`, scope: 'excluded' },
    {
      type: 'application',
      name: 'ziglang',
      version: zig,
      'bom-ref': `pkg:pypi/ziglang@${zig}`,
      purl: `pkg:pypi/ziglang@${zig}`,
      scope: 'excluded',
    },
  ];
}

const npm = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const sbom = JSON.parse(execFileSync('npm', npm, { cwd: join(repository, 'web'), encoding: 'utf8', maxBuffer: 1 << 26 }));
delete sbom.serialNumber; // another one each time
delete sbom.metadata.timestamp;
sbom.components = [...sbom.components, ...librariesOfCmake(), ...toolsOfScripts()].sort((a, b) =>
  a['bom-ref'] < b['bom-ref'] ? -1 : 1,
);
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
