// Checks that everything the site refers to is part of it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { attribute, elements, page } from './page.mjs';

const ORIGIN = 'https://site.invalid';

/** Describes the invalid references of a site in a directory that is served below a base path. */
export function faultsOfLinks(directory, base) {
  const files = readdirSync(directory, { recursive: true }).filter((path) => statSync(join(directory, path)).isFile());
  const prefix = base.endsWith('/') ? base : `${base}/`;
  const site = { directory, prefix, anchors: new Map() };
  const faults = new Set();
  for (const path of files) {
    const url = new URL(prefix + path.replace(/(^|\/)index\.html$/, '$1'), ORIGIN);
    for (const { to, isLink } of references(join(directory, path))) {
      const fault = faultOf(site, new URL(to, url), isLink);
      if (fault) faults.add(`${path}: ${to} ${fault}`);
    }
  }
  return [...faults];
}

/** Everything that a page or style sheet refers to; links are marked, since a browser does not load them by itself. */
function references(path) {
  if (path.endsWith('.css')) {
    const found = readFileSync(path, 'utf8').matchAll(/(?:url\(|@import\s+)\s*["']?([^"')\s]+)/g);
    return [...found].map(([, to]) => ({ to, isLink: false }));
  }
  if (!path.endsWith('.html')) return [];
  return [...elements(page(path))].flatMap((element) => {
    const isLink = element.tagName === 'a';
    const images = (attribute(element, 'srcset') ?? '').split(',').map((candidate) => candidate.trim().split(' ')[0]);
    const all = [attribute(element, 'href'), attribute(element, 'src'), attribute(element, 'action'), ...images];
    return all.filter(Boolean).map((to) => ({ to, isLink }));
  });
}

function faultOf(site, url, isLink) {
  if (url.protocol === 'data:') return undefined;
  if (url.origin !== ORIGIN) return isLink ? undefined : 'is a request to another host';
  if (!url.pathname.startsWith(site.prefix)) return 'lies outside of the base';
  const path = decodeURIComponent(url.pathname.slice(site.prefix.length));
  const file = join(site.directory, path, path === '' || path.endsWith('/') ? 'index.html' : '');
  if (!existsSync(file) || !statSync(file).isFile()) return 'leads to nothing';
  const anchor = decodeURIComponent(url.hash.slice(1));
  return anchor && file.endsWith('.html') && !anchors(site, file).has(anchor) ? 'leads to no such place' : undefined;
}

function anchors(site, file) {
  if (!site.anchors.has(file)) {
    site.anchors.set(file, new Set([...elements(page(file))].map((element) => attribute(element, 'id'))));
  }
  return site.anchors.get(file);
}
