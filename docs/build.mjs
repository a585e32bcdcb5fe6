// Builds the site and checks it: node build.mjs DIRECTORY BASE
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'astro';

import { faultsOfLinks } from './checks/links.mjs';
import { page, pieces } from './checks/page.mjs';
import { firstMissing } from './checks/published.mjs';
import { meanings } from './src/reference/meanings.mjs';

const [directory, base] = process.argv.slice(2);

await build({ root: import.meta.dirname, outDir: directory, base, logLevel: 'error' });

const read = (path) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const built = (path) => page(join(directory, path, 'index.html'));
const openapi = JSON.parse(read('openapi.json'));
const faults = faultsOfLinks(directory, base);

const missing = firstMissing(
  built('reference/operations/request_presigned_reupload'),
  read('tests/published/presigned_reupload.page.txt'),
);
if (missing !== undefined) faults.push(`the published page of the operation has lost a line: ${missing}`);

for (const operation of Object.values(openapi.paths).flatMap(Object.values)) {
  const shown = pieces(built(`reference/operations/${operation.operationId}`));
  if (!shown.includes(operation.summary)) faults.push(`the page of ${operation.operationId} does not show its summary`);
}

// The document lists all codes with their statuses; the guide must explain each of them.
const guide = new Set(pieces(built('guides/errors')));
const codes = [...openapi.info.description.matchAll(/^\W*`(\w+)`\W+\d{3}\b/gm)].map(([, code]) => code);
if (codes.length === 0) faults.push('the document no longer lists the codes of errors as it did');
for (const code of codes.filter((code) => !guide.has(code))) faults.push(`the guide on errors says nothing of ${code}`);

// Types of findings and kinds of changes are in tables that are made from the same document.
for (const [heading, path] of [['Findings', 'guides/inspection'], ['Changes', 'guides/schemas']]) {
  const shown = new Set(pieces(built(path)));
  const lost = meanings(openapi.info.description, heading).filter(({ name }) => !shown.has(name));
  for (const { name } of lost) faults.push(`${path} says nothing of ${name}`);
}

for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
