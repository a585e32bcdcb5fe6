// Checks that a page shows everything that was published.
import { elements, pieces } from './page.mjs';

/**
 * Where the published text, which has no line breaks between some blocks, has lost what now stands between two of them:
 * after a heading the name of the scheme or the status, after the sample of a response the statuses before the next.
 */
const JOINT = /(?<=^Section titled “[^”]*”)|(?<=\})(?=[A-Z])/;

/**
 * The first published line that the page lacks, or has out of order; undefined if it has all of them in order.
 *
 * A line consists of consecutive pieces of text of the page, so "string" is not found in "strings".
 */
export function firstMissing(document, published) {
  const main = [...elements(document)].find((element) => element.tagName === 'main');
  const found = main ? pieces(main).map(quoted) : [];
  let position = 0;
  for (const line of published.split('\n')) {
    for (const wanted of quoted(line).split(JOINT)) {
      while (position < found.length && !count(wanted, found, position)) position += 1;
      if (position === found.length && wanted.trim()) return line;
      position += count(wanted, found, position);
    }
  }
  return undefined;
}

/** Text without spaces inside quotation marks, which renderers add or omit. */
function quoted(text) {
  return text.replace(/(?<=“) | (?=”)/g, '');
}

/** The number of pieces from this one on that make up the wanted text; 0 if they do not. */
function count(wanted, found, start) {
  let rest = wanted.trim();
  let index = start;
  while (rest && index < found.length && rest.startsWith(found[index])) {
    rest = rest.slice(found[index].length).trimStart();
    index += 1;
  }
  return rest ? 0 : index - start;
}
