import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { getMetadataArgsStorage, type RoutingControllersOptions } from 'routing-controllers';
import type { LoginManager } from 'routing-controllers-login';
import { type OpenApiDocument, securedSpec } from 'routing-controllers-login/openapi';
import { Account } from '../accounts/account';
import { Note } from '../notes/note';
import { NoteDraft } from '../notes/note-draft';

/** What the API reads and writes; the login library adds what it reads and writes itself. */
const schemas = Object.fromEntries(
  [Account, Note, NoteDraft].map((type) => [type.name, targetConstructorToSchema(type)]),
);

/** The OpenAPI document of what is served, with who may call what. */
export function apiDocument(manager: LoginManager<Account>, served: RoutingControllersOptions): OpenApiDocument {
  return securedSpec(manager, getMetadataArgsStorage(), served, {
    info: { title: 'Notebook', version: '1.0.0', description },
    components: { schemas },
  });
}

const description =
  'Your notes, for programs. Press **Authorize** to get a token with your email address and password; ' +
  'who is logged in on the pages may call everything from here at once.';
