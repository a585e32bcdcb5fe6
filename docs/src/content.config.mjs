import { readFile } from 'node:fs/promises';
import { defineCollection } from 'astro:content';
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';

// Pages of the repository that are read there as well as here: their titles are their headings.
const PAGES = {
  'running/stores': { file: 'stores.md', description: 'What was seen of S3 servers, and what is not supported.' },
  'running/hazards': { file: 'hazards.md', description: 'How systems like this one fail, and which test shows that this one does not.' },
};

/** Where the site's readers find what these pages link to and the site lacks. */
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
