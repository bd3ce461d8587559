import * as z from 'zod';
import { baseUrl, choice, day, secretText, text, textList } from '../kinds.ts';
import { section, setting } from '../setting.ts';
import { modelsModes } from './general.ts';
import { providerTimeoutsSchema } from './timeouts.ts';

/** Headers that belong to the connection or the body; a fixed value would break every request. */
const framingHeaders = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,200}$/, { error: 'is not a header name' })
  .refine((name) => !framingHeaders.has(name.toLowerCase()), {
    error: 'is set for each request by the gateway itself',
  });

const headerValue = z
  .string({ error: 'must be text' })
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'must not contain line breaks or characters outside of Latin-1' });

const short = () => text().max(200, { error: 'must not be longer than 200 characters' }).exactOptional();

/** The settings below `providers.<name>`. */
export const providerSchema = section('One provider; its name is what `provider/model` begins with.', {
  type: setting(short(), {
    description:
      'The vendor. Not needed where the name is the vendor, alone or followed by a dash and more (`bailian-sg`).',
  }),
  apiKey: setting(secretText().exactOptional(), {
    description: 'The key. An empty one leaves the provider out, with a warning.',
    envSuffix: 'API_KEY',
    secret: true,
  }),
  baseUrl: setting(baseUrl().exactOptional(), {
    description: "Where the provider is, in place of the vendor's usual address.",
    envSuffix: 'BASE_URL',
  }),
  models: setting(textList(2000).default([]), {
    description: 'Model ids of this provider, as a list or with commas.',
    envSuffix: 'MODELS',
  }),
  modelsMode: setting(choice(modelsModes).exactOptional(), {
    description: 'How they combine with the models the provider lists; see `models_mode` above.',
  }),
  region: setting(short(), {
    description: 'Bailian: the region, for example `cn-beijing` or `ap-southeast-1`.',
    envSuffix: 'REGION',
  }),
  workspace: setting(short(), {
    description: "Bailian: the workspace id, for the region's workspace domain.",
    envSuffix: 'WORKSPACE',
  }),
  plan: setting(choice(['payg', 'coding', 'token', 'trial']).exactOptional(), {
    description: 'Bailian: what the key belongs to: pay-as-you-go, Coding Plan, Token Plan or the trial domain.',
    envSuffix: 'PLAN',
  }),
  planEdition: setting(choice(['lite', 'pro']).exactOptional(), {
    description:
      'Bailian, on the Coding Plan: the edition of the key, for `atelier meters`; without it Pro, the only one still sold.',
    envSuffix: 'PLAN_EDITION',
  }),
  planSince: setting(day().exactOptional(), {
    description:
      'Bailian, on a Coding or Token Plan: the day of its activation, such as `2026-03-15`. For `atelier meters`, whose months begin on that day at 00:00 UTC+8; without it on the 1st.',
    envSuffix: 'PLAN_SINCE',
  }),
  headers: setting(z.record(headerName, headerValue, { error: 'must be a map of header names to texts' }).default({}), {
    description: 'Extra headers of every request to this provider.',
    secret: true,
  }),
  timeouts: providerTimeoutsSchema,
});

export type ProviderSection = z.output<typeof providerSchema>;
