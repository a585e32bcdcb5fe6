// Samples of every operation, given to the reference as `x-codeSamples`. The published document has none, so they are
// added to a copy of it. Three are made from the document, the Rust ones are functions of a program that is compiled.
import { HTTPSnippet } from 'httpsnippet';

const ORIGIN = 'https://example.com';
const UUID = '2489E9AD-2EE2-8E00-8EC9-32D5F69181C0';
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

// The published page has the sample in curl right after that in JavaScript, and nothing between it and the description.
const CLIENTS = [
  { lang: 'python', label: 'Python', target: 'python', client: 'requests' },
  { lang: 'rust', label: 'Rust' },
  { lang: 'js', label: 'JavaScript', target: 'javascript', client: 'fetch' },
  { lang: 'sh', label: 'curl', target: 'shell', client: 'curl' },
];

/** Identifier of the sample in curl in the reference, which is selected by default. */
export const FIRST_SHOWN = `code-sample:sh:${CLIENTS.length - 1}`;

/** A copy of the document with samples on every operation. */
export function withSamples(document, rustProgram) {
  const copy = structuredClone(document);
  for (const [path, item] of Object.entries(copy.paths)) {
    for (const method of METHODS.filter((method) => item[method])) {
      const operation = item[method];
      const request = new HTTPSnippet(harRequest(copy, path, method, operation));
      operation['x-codeSamples'] = CLIENTS.map(({ lang, label, target, client }) => ({
        lang,
        label,
        source: target ? request.convert(target, client) : rustSample(rustProgram, operation.operationId),
      }));
    }
  }
  return copy;
}

/** Body of the function of this name, preceded by the creation of the client and without its final `Ok`. */
export function rustSample(program, name) {
  const found = new RegExp(`^async fn ${name}\\([^{]*\\{\\n(.*?)\\n\\}$`, 'ms').exec(program);
  if (!found) throw new Error(`sdk/examples/operations.rs has no function ${name}`);
  const lines = found[1].split('\n').map((line) => line.replace(/^ {4}/, ''));
  if (lines.at(-1).startsWith('Ok(')) lines.pop();
  return ['let client = restow_sdk::Client::new("https://example.com", &token)?;', '', ...lines].join('\n');
}

function harRequest(document, path, method, operation) {
  const headers = [{ name: 'Authorization', value: 'Bearer <token>' }];
  const body = operation.requestBody?.content['application/json'].schema;
  if (body) headers.push({ name: 'Content-Type', value: 'application/json' });
  const values = Object.fromEntries((operation.parameters ?? []).map(({ name, schema }) => [name, example(document, schema)]));
  return {
    method: method.toUpperCase(),
    url: ORIGIN + document.servers[0].url + path.replace(/\{(\w+)\}/g, (_, name) => values[name]),
    headers,
    ...(body && { postData: { mimeType: 'application/json', text: inOneLine(bodyExample(document, body)) } }),
  };
}

function inOneLine(value) {
  return JSON.stringify(value, null, 1).replace(/\n */g, ' ');
}

/** A body without required members is shown empty. */
function bodyExample(document, schema) {
  return resolved(document, schema).required ? example(document, schema) : {};
}

function example(document, schema) {
  const { type, format, default: byDefault, minimum, properties, items } = resolved(document, schema);
  if (byDefault !== undefined) return byDefault;
  if (type === 'object') {
    return Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, example(document, member)]));
  }
  if (type === 'array') return [example(document, items)];
  if (type === 'integer') return minimum ?? 1;
  return format === 'uuid' ? UUID : 'example';
}

function resolved(document, schema) {
  if (!schema.$ref) return schema;
  return schema.$ref.slice(2).split('/').reduce((at, name) => at[name], document);
}
