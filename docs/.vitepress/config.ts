import { defineConfig } from 'vitepress';
import { searchRoles } from './search-roles';
import { sidebar } from './sidebar';
import { slugify } from './slug';

const base = process.env.DOCS_BASE ?? '/';

export default defineConfig({
  title: 'routing-controllers-login',
  description: 'Authentication and authorization for routing-controllers on Express and Koa',
  lang: 'en',
  base,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  cleanUrls: false,
  // The README of a folder is for readers of the repository.
  srcExclude: ['README.md'],
  markdown: {
    anchor: { slugify },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  // The search index is a chunk of its own, which is loaded with the first search.
  vite: { build: { chunkSizeWarningLimit: 1000 }, plugins: [searchRoles()] },
  themeConfig: {
    logo: '/icon.svg',
    nav: [
      { text: 'Start', link: '/start/installation' },
      { text: 'Testing', link: '/testing' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
      { text: 'Reference', link: '/reference/options' },
    ],
    sidebar: sidebar(),
    search: {
      provider: 'local',
      options: {
        // A guide or a table comes before the many short sections of the generated API.
        miniSearch: { searchOptions: { boostDocument: (id) => (id.includes('/reference/api/') ? 0.5 : 1) } },
      },
    },
    notFound: { linkText: 'To the first page', linkLabel: 'To the first page' },
    outline: { level: [2, 3] },
    docFooter: { prev: 'Previous', next: 'Next' },
    externalLinkIcon: true,
  },
});
