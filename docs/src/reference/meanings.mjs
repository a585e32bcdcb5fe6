// The lists of names and meanings in the description of the document. They are made from the types of the API, so that
// tables made from them cannot differ from what the server sends.

/** The list below a heading of the description, as pairs of a name and its meaning. */
export function meanings(description, heading) {
  const section = description.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? '';
  const found = [...section.matchAll(/^- `(\w+)`: (.+)$/gm)].map(([, name, meaning]) => ({ name, meaning }));
  if (found.length === 0) throw new Error(`the description of openapi.json has no list below ${heading}`);
  return found;
}

/** A text in pieces: those between backticks are code. */
export function inline(text) {
  return text.split('`').map((piece, index) => ({ text: piece, isCode: index % 2 === 1 }));
}
