import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { getMetadataArgsStorage, type RoutingControllersOptions } from 'routing-controllers';
import type { LoginManager } from 'routing-controllers-login';
import { type OpenApiDocument, securedSpec } from 'routing-controllers-login/openapi';
import { Account } from '../accounts/account';
import { Note } from '../notes/note';
import { NoteDraft } from '../notes/note-draft';

/** The schemas of the API; the login library adds its own. */
const schemas = Object.fromEntries(
  [Account, Note, NoteDraft].map((type) => [type.name, targetConstructorToSchema(type)]),
);

/** Returns the OpenAPI document of the controllers, with the security requirements of each operation. */
export function apiDocument(manager: LoginManager<Account>, served: RoutingControllersOptions): OpenApiDocument {
  return securedSpec(manager, getMetadataArgsStorage(), served, {
    info: { title: 'Notebook', version: '1.0.0', description },
    components: { schemas },
  });
}

const description =
  'Your notes, for programs. Press **Authorize** to get a token with your email address and password; ' +
  'visitors who are logged in on the pages need no token here.';
