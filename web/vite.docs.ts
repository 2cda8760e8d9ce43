/** The documentation as pages beside the page: each file of docs/ as HTML in the page's colors, and what the engine itself says. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Marked, type Tokens } from 'marked';
import type { Plugin } from 'vite';
import { icon, licensesOf, PAGE, version } from './vite.shared.ts';

const WEB = import.meta.dirname;
const ROOT = join(WEB, '..');
const DOCS = join(WEB, 'docs');

/** A page of the documentation: its file's name without the ending, its title, and what the README says of it. */
interface Entry {
  name: string;
  title: string;
  about: string;
}

/** The pages in the order of the README's table, which has all of them. */
const entries: readonly Entry[] = [
  ...read(join(ROOT, 'README.md')).matchAll(/^\| \[([^\]]+)\]\(web\/docs\/([\w-]+)\.md\) \| (.+?) \|$/gm),
].map(([, title, name, about]) => ({ title: title!, name: name!, about: about! }));

export function docs(): Plugin {
  return {
    name: 'docs',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const emit = (fileName: string, source: string) => this.emitFile({ type: 'asset', fileName: `docs/${fileName}`, source });
      const made = await madeByTheEngine();
      for (const { name, title } of entries) {
        const text = read(join(DOCS, `${name}.md`)).replace(/^<!-- (\w+) -->$/gm, (comment, part: string) => {
          return made[part] ?? this.error(`${name}.md asks for ${comment}, which nothing makes.`);
        });
        emit(`${name}.html`, pageOf(title, name, render(text)));
      }
      const list = entries.map(({ title, name, about }) => `| [${title}](${name}.md) | ${about} |`);
      emit(
        'index.html',
        pageOf('Documentation', 'index', render(['# Documentation', '', '| | |', '|---|---|', ...list].join('\n'))),
      );
      const bundled = licensesOf(Object.values(bundle));
      const license = ['# License', fenced(read(join(ROOT, 'LICENSE'))), '## Bundled code', fenced(bundled)];
      emit('license.html', pageOf('License', 'license', render(license.join('\n\n'))));
      emit('docs.css', `${tokens()}\n${read(join(PAGE, 'styles/docs.css'))}`);
      for (const figure of readdirSync(join(DOCS, 'figures'))) emit(`figures/${figure}`, read(join(DOCS, 'figures', figure)));
    },
  };
}

/** The tables that the engine makes: keys of the plan, formats, and columns of the files. */
async function madeByTheEngine(): Promise<Record<string, string>> {
  const { listFormats, prepare, simulate } = (await import(join(WEB, 'dist/node.js'))) as typeof import('./lib/node.ts');
  const formats = (await listFormats()).map(({ name, description }) => `| \`${name}\` | ${description} |`);
  const dataset = await prepare(await simulate({ events: 2000, seed: 1 }), { profile: 'causal' });
  const dictionary = new TextDecoder().decode(await dataset.write('dictionary'));
  await dataset.dispose();
  const columns = dictionary.slice(dictionary.indexOf('## Columns of'), dictionary.indexOf('## Reading them'));
  return {
    keys: keysOf(spawnSync(process.execPath, [join(WEB, 'dist/cli.js'), 'plan', '--help'], { encoding: 'utf8' }).stdout),
    formats: ['| Format | What it is |', '|---|---|', ...formats].join('\n'),
    columns: columns.replace(/^## /gm, '### ').trim(),
  };
}

/** What `plan --help` says, as a table for each section of the plan. */
function keysOf(help: string): string {
  const sections = new Map<string, string[]>();
  for (const block of help.trim().split('\n\n')) {
    const [, key, about, takes, usual] = /^(\S+)\n {2}(.*)\n {2}It takes: (.*)\n {2}Default: (.*)$/s.exec(block) ?? [];
    if (key === undefined) throw new Error(`plan --help has a block of another form:\n${block}`);
    const cells = [
      `\`${key}\``,
      cell(about!),
      cell(takes!.replace(/\n {4}/g, '; ').replace(/^one of; /, 'one of ')),
      cell(usual!),
    ];
    const section = key.split('.')[0]!;
    sections.set(section, [...(sections.get(section) ?? []), `| ${cells.join(' | ')} |`]);
  }
  return [...sections]
    .map(([section, rows]) =>
      [`### ${section}`, '', '| Key | What it does | It takes | Default |', '|---|---|---|---|', ...rows].join('\n'),
    )
    .join('\n\n');
}

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

/** Text as a cell of a table in Markdown. */
const cell = (text: string): string => text.replace(/[\\`*_[\]<>|]/g, '\\$&').replace(/\s+/g, ' ');

const markdown = new Marked({
  renderer: {
    heading({ tokens, depth, text }: Tokens.Heading) {
      return `<h${depth} id="${anchor(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    // Files of the repository that are no pages here are named and not linked.
    link({ href, tokens }: Tokens.Link) {
      const text = this.parser.parseInline(tokens);
      if (/^(https?:|#)/.test(href)) return `<a href="${escaped(href)}">${text}</a>`;
      const [, name, hash = ''] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
      return name === undefined ? text : `<a href="${name}.html${hash}">${text}</a>`;
    },
    code({ text, lang = '' }: Tokens.Code) {
      const [, file] = /^file (.*)$/.exec(lang) ?? [];
      const caption = file === undefined ? '' : `<figcaption>${escaped(file)}</figcaption>`;
      const label = file ?? (lang === 'text' ? 'Text' : 'Code');
      return `<figure>${caption}<pre tabindex="0" role="group" aria-label="${escaped(label)}"><code>${escaped(text)}</code></pre></figure>\n`;
    },
  },
  hooks: {
    // A table that is wider than its place scrolls by itself, by keyboard too.
    postprocess: (html) =>
      html
        .replace(/<table>/g, '<div class="scrolling" role="group" tabindex="0" aria-label="Table"><table>')
        .replace(/<\/table>/g, '</table></div>')
        .replace(/<thead>\s*<tr>\s*(<th[^>]*><\/th>\s*)+<\/tr>\s*<\/thead>/g, '')
        .replace(/<th([^>]*)><\/th>/g, '<td$1></td>'),
  },
});

const render = (text: string): string => markdown.parse(text, { async: false });

/** As GitHub makes it, which the links in docs/ go by. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

function pageOf(title: string, current: string, content: string): string {
  const link = ({ name, title }: Pick<Entry, 'name' | 'title'>) =>
    `<li><a href="${name}.html"${name === current ? ' aria-current="page"' : ''}>${escaped(title)}</a></li>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)} – Causal sessions</title>
<link rel="icon" type="image/svg+xml" href="${icon}">
<link rel="stylesheet" href="docs.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><a href="../">Causal sessions</a> <span>Version ${version}, <a href="license.html">MIT license</a></span></header>
<nav aria-label="Documentation"><ul>${entries.map(link).join('')}</ul></nav>
<main id="content">
${content}
</main>
</body>
</html>
`;
}

/** The page's palette and scales; a document of its own has no host. */
const tokens = (): string => read(join(PAGE, 'styles/tokens.css')).replace(':host', ':root');

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
