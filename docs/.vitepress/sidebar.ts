import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';

const docs = join(import.meta.dirname, '..');

/** Pages by their paths, in the order of reading. A page that does not exist is left out. */
const groups: { text: string; pages: Record<string, string> }[] = [
  {
    text: 'Start',
    pages: {
      'start/installation': 'Installation',
      'start/first-api': 'Your first API',
      'start/express-and-koa': 'Express 5, Express 4, Koa',
    },
  },
  {
    text: 'Clients',
    pages: {
      'clients/json-api': 'JSON API',
      'clients/pages': 'Pages with a login form',
      'clients/single-page-application': 'Single-page application',
      'clients/mobile-and-command-line': 'Mobile and command line',
      'clients/api-and-pages': 'API and pages together',
      'clients/websockets-and-streams': 'WebSockets and streams',
    },
  },
  {
    text: 'Users',
    pages: {
      'users/loaders': 'User loaders',
      'users/registration': 'Registration',
      'users/passwords': 'Passwords',
      'users/rate-limits': 'Rate limits and lockout',
      'users/openid-login': 'Log in with OpenID',
      'users/second-factor': 'Second factor and step-up',
    },
  },
  {
    text: 'Permissions',
    pages: {
      'permissions/choosing': 'Scopes, roles or policies',
      'permissions/scopes': 'Scopes',
      'permissions/roles-in-the-database': 'Roles in the database',
      'permissions/owners-and-tenants': 'Owners and tenants',
      'permissions/current-user': 'The user in services',
      'permissions/closed-by-default': 'Closed by default',
      'permissions/guard': 'Routes of others',
    },
  },
  {
    text: 'Operations',
    pages: {
      'operations/checklist': 'Production checklist',
      'operations/proxies': 'Proxies',
      'operations/sessions': 'Sessions and devices',
      'operations/stores': 'Stores',
      'operations/keys': 'Keys and rotation',
      'operations/serverless': 'Serverless',
      'operations/bundling': 'Bundling',
      'operations/logs-and-tracing': 'Logs and tracing',
      'operations/performance': 'Performance',
    },
  },
  {
    text: 'Identity providers',
    pages: {
      'identity-providers/overview': 'Overview',
      'identity-providers/keycloak': 'Keycloak',
      'identity-providers/auth0': 'Auth0',
      'identity-providers/entra-id': 'Entra ID',
      'identity-providers/cognito': 'Cognito',
      'identity-providers/google-and-firebase': 'Google and Firebase',
      'identity-providers/supabase': 'Supabase',
      'identity-providers/api-keys': 'API keys',
      'identity-providers/mcp': 'MCP servers',
    },
  },
  {
    text: 'Guides',
    pages: {
      openapi: 'OpenAPI',
      testing: 'Testing',
      troubleshooting: 'Troubleshooting',
      security: 'Security',
    },
  },
  {
    text: 'Coming from',
    pages: {
      'coming-from/fastapi-login': 'fastapi-login',
      'coming-from/passport-jwt': 'passport-jwt',
      'coming-from/express-jwt': 'express-jwt',
      'coming-from/checkers': 'Checkers by hand',
    },
  },
  {
    text: 'Reference',
    pages: {
      'reference/options': 'Options',
      'reference/manager': 'The manager',
      'reference/decorators': 'Decorators and roles',
      'reference/errors': 'Errors',
      'reference/events': 'Events',
    },
  },
];

/** The sidebars: of the pages above, and of those that TypeDoc has generated. */
export function sidebar(): DefaultTheme.SidebarMulti {
  const written = groups
    .map(({ text, pages }) => ({
      text,
      items: Object.entries(pages)
        .filter(([path]) => existsSync(join(docs, `${path}.md`)))
        .map(([path, title]) => ({ text: title, link: `/${path}` })),
    }))
    .filter(({ items }) => items.length > 0);
  written.at(-1)?.items.push({ text: 'API', link: '/reference/api/' });
  return { '/': written, '/reference/api/': [...written.slice(-1), ...apiItems()] };
}

function apiItems(): DefaultTheme.SidebarItem[] {
  const generated = join(docs, 'reference/api/typedoc-sidebar.json');
  return existsSync(generated) ? alwaysOpen(JSON.parse(readFileSync(generated, 'utf8'))) : [];
}

/** Groups that can be closed are buttons within buttons, which screen readers do not understand. */
function alwaysOpen(items: DefaultTheme.SidebarItem[]): DefaultTheme.SidebarItem[] {
  return items.map(({ text, link, items: below }) => ({ text, link, ...(below && { items: alwaysOpen(below) }) }));
}
