import { readFile } from 'node:fs/promises';
import { defineCollection } from 'astro:content';
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';

// Pages that are also read in the repository; each takes its title from its heading.
const PAGES = {
  'running/stores': { file: 'stores.md', description: 'How S3 servers behave in tests, and what is not supported.' },
  'running/performance': { file: 'performance.md', description: 'What Restow is compared with, and the latest figures.' },
  'running/threat-model': { file: 'threat-model.md', description: 'What an attacker may want and how it is prevented, with the tests that show it.' },
  'running/hazards': { file: 'hazards.md', description: 'Known failures of similar systems, and the tests that cover them.' },
};

/** Base of links to files that are not part of the site. */
const REPOSITORY = 'https://github.com/restow/restow/blob/main/';

const guides = docsLoader();

const loader = {
  name: 'restow-docs',
  load: async (context) => {
    await guides.load(context);
    for (const [id, { file, description }] of Object.entries(PAGES)) {
      const text = await readFile(new URL(file, context.config.root), 'utf8');
      const [, title, rest] = /^# (.+)\n([^]*)$/.exec(text);
      const body = rest.replaceAll('](../', `](${REPOSITORY}`).replace(/\]\((\w+)\.md/g, '](../$1/');
      const data = await context.parseData({ id, data: { title, description } });
      context.store.set({ id, data, body, digest: context.generateDigest(text), rendered: await context.renderMarkdown(body) });
    }
  },
};

export const collections = { docs: defineCollection({ loader, schema: docsSchema() }) };
