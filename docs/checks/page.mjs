// Reads built pages for the checks.
import { readFileSync } from 'node:fs';
import { parse } from 'parse5';

const UNREAD = new Set(['script', 'style', 'template', 'select', 'svg']);

/** The document of a file. */
export function page(path) {
  return parse(readFileSync(path, 'utf8'));
}

/** All elements below a node, itself included. */
export function* elements(node) {
  if (node.attrs) yield node;
  for (const child of node.childNodes ?? []) yield* elements(child);
}

/** Value of an element's attribute. */
export function attribute(element, name) {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

/** The visible pieces of text of a node, in order. */
export function pieces(node) {
  if (node.nodeName === '#text') return [node.value.replace(/\s+/g, ' ').trim()].filter(Boolean);
  return UNREAD.has(node.nodeName) ? [] : (node.childNodes ?? []).flatMap(pieces);
}
