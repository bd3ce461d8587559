import * as z from 'zod';
import { onePage, pageOf } from './page.ts';
import { defineRoute } from './route.ts';
import { id } from './shapes.ts';

const secretPath = z.strictObject({ provider: id });

const secretShape = z.strictObject({ object: z.literal('provider_secret'), provider: z.string() }).meta({
  id: 'ProviderSecret',
  description: 'That there is one. The secret itself is never shown.',
});

function toSecret(provider: string): z.input<typeof secretShape> {
  return { object: 'provider_secret', provider };
}

// As for keys in the configuration: it has to fit into a header, in one piece.
const secretText = z
  .string({ error: 'must be text' })
  .min(1, { error: 'must not be empty' })
  .max(4096, { error: 'must not have more than 4096 characters' })
  .regex(/^[\x21-\x7e]*$/, { error: 'must consist of ASCII letters, digits and signs, without spaces' });

export const secretRoutes = [
  defineRoute({
    method: 'GET',
    path: '/admin/api/provider-secrets',
    name: 'listProviderSecrets',
    summary: 'Lists the providers whose secret is stored here.',
    answer: pageOf(secretShape),
    handle: async (_input, { dependencies }) => onePage((await dependencies.secrets.names()).map(toSecret)),
  }),
  defineRoute({
    method: 'PUT',
    path: '/admin/api/provider-secrets/{provider}',
    name: 'putProviderSecret',
    summary: 'Stores the key of a provider, encrypted.',
    params: secretPath,
    body: z.strictObject({ secret: secretText }).meta({ id: 'NewProviderSecret' }),
    answer: secretShape,
    async handle({ params: { provider }, body }, { dependencies, actor }) {
      await dependencies.secrets.put(provider, body.secret, actor);
      return toSecret(provider);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/admin/api/provider-secrets/{provider}',
    name: 'deleteProviderSecret',
    summary: 'Deletes the stored key of a provider.',
    params: secretPath,
    status: 204,
    handle: ({ params }, { dependencies, actor }) =>
      dependencies.secrets.delete(params.provider, actor).then(() => undefined),
  }),
];
