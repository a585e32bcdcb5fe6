import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import starlight from '@astrojs/starlight';
import { defineConfig, passthroughImageService } from 'astro/config';
import starlightOpenAPI, { openAPISidebarGroups } from 'starlight-openapi';

import { FIRST_SHOWN, withSamples } from './src/reference/samples.mjs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

const schema = '.astro/openapi.json';
mkdirSync(new URL('.astro', import.meta.url), { recursive: true });
const document = withSamples(JSON.parse(read('../openapi.json')), read('../sdk/examples/operations.rs'));
writeFileSync(new URL(schema, import.meta.url), JSON.stringify(document));

export default defineConfig({
  compressHTML: true,
  trailingSlash: 'always',
  image: { service: passthroughImageService() },
  integrations: [
    starlight({
      title: 'Restow',
      description: 'Replace the data of a dataset by uploading straight to S3.',
      favicon: '/favicon.svg',
      customCss: ['./src/styles/site.css'],
      pagination: true,
      credits: false,
      head: [
        {
          tag: 'script',
          // The published page has the sample in curl last; it is the one to select by default.
          content: `localStorage.getItem('starlight-openapi-snippet-id') ?? localStorage.setItem('starlight-openapi-snippet-id', '${FIRST_SHOWN}')`,
        },
      ],
      plugins: [
        starlightOpenAPI([
          { base: 'reference', schema, sidebar: { label: 'API reference', collapsed: false, operations: { badges: true } } },
        ]),
      ],
      sidebar: [
        { label: 'Start', items: ['quick-start'] },
        {
          label: 'Guides',
          items: ['guides/command-line', 'guides/python', 'guides/browser', 'guides/uppy', 'guides/resuming', 'guides/networks', 'guides/access', 'guides/signing-in', 'guides/events', 'guides/errors', 'guides/inspection', 'guides/schemas', 'guides/versions', 'guides/restore-drill', 'guides/generated-clients', 'guides/conformance'],
        },
        { label: 'Running a server', items: ['running/production', 'running/monitoring', 'running/diagnosis', 'running/containers', 'running/systemd', 'running/tls', 'running/upgrading', 'running/threat-model', 'running/stores', 'running/performance', 'running/hazards'] },
        ...openAPISidebarGroups,
      ],
    }),
  ],
});
