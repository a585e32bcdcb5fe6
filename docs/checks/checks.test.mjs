// Tests of the checks. Run: node --test checks/checks.test.mjs
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'parse5';

import { faultsOfLinks } from './links.mjs';
import { inline, meanings } from '../src/reference/meanings.mjs';
import { firstMissing } from './published.mjs';

const shown = (html) => parse(`<main><h1>Upload</h1>${html}</main>`);
const PUBLISHED = 'Upload\nSection titled “ Body ”Media type json\nfilename\nrequired\nstring format: uuid\n{ "id": 1}Bad Request\n';

test('a page that shows more than was published is as published', () => {
  const more = '<h2>Body</h2><a>Section titled “Body”</a><b>scheme</b><p>Media type <code>json</code></p><p>filename</p><i>required</i>';
  const page = shown(`${more}<p>string<i>format: uuid</i>at least 1</p><pre>{ "id": 1<br>}</pre><h3>401</h3><p>Bad Request</p>`);
  assert.equal(firstMissing(page, PUBLISHED), undefined);
});

test('the first published line that is missing, changed or out of order is named', () => {
  const of = (body) => firstMissing(shown(body), 'Upload\nfilename\nrequired\nstring\n');
  assert.equal(of('<p>filename</p><p>required</p><p>string</p>'), undefined);
  assert.equal(of('<p>required</p><p>string</p>'), 'filename');
  assert.equal(of('<p>filename</p><p>string</p>'), 'required');
  assert.equal(of('<p>filename</p><p>string</p><p>required</p>'), 'string');
  assert.equal(of('<p>filename</p><p>required</p><p>strings</p>'), 'string');
  assert.equal(of('<p>filename</p><script>required</script><p>string</p>'), 'required');
});

test('references out of the site and to nothing are found, links to elsewhere are not', () => {
  const directory = mkdtempSync(join(tmpdir(), 'site-'));
  try {
    const good = '<a href="/base/#top" id="top"></a><a href="https://elsewhere.example/"></a><link href="a.css">';
    const bad = '<img src="https://elsewhere.example/a.png"><a href="/outside"></a><a href="gone/"></a><a href="#gone"></a>';
    writeFileSync(join(directory, 'index.html'), good + bad);
    writeFileSync(join(directory, 'a.css'), '@font-face { src: url("//fonts.example/a.woff2") } a { background: url(data:,) }');
    assert.deepEqual(faultsOfLinks(directory, '/base'), [
      'a.css: //fonts.example/a.woff2 is a request to another host',
      'index.html: https://elsewhere.example/a.png is a request to another host',
      'index.html: /outside lies outside of the base',
      'index.html: gone/ leads to nothing',
      'index.html: #gone leads to no such place',
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a list of the description is found below its heading only', () => {
  const description = 'First.\n\n## Findings\n\nText.\n\n- `a_b`: A `c` d.\n- `e`: F\n\n## Changes\n\n- `g`: H';
  const rows = [
    { name: 'a_b', meaning: 'A `c` d.' },
    { name: 'e', meaning: 'F' },
  ];
  assert.deepEqual(meanings(description, 'Findings'), rows);
  assert.deepEqual(inline('A `c` d.').filter((piece) => piece.isCode), [{ text: 'c', isCode: true }]);
  assert.throws(() => meanings(description, 'Errors'), /no list below Errors/);
});
