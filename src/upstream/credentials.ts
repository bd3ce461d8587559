import type { ProviderSettings } from '../domain/provider.ts';
import { envName, ProviderConfigError } from './provider-config-error.ts';
import type { AuthKind, Vendor } from './vendors/vendor.ts';

interface KeyFault {
  pattern: RegExp;
  message: string;
  fix: string;
}

/** What no key of any vendor looks like. */
const faults: readonly KeyFault[] = [
  {
    pattern: /^bearer\s/i,
    message: 'The API key starts with the word Bearer.',
    fix: 'Give the key alone; the word is added when it is sent.',
  },
  {
    pattern: /^\s|\s$/,
    message: 'The API key has a space or line break at its start or end.',
    fix: 'Copy the key again without what stands around it.',
  },
  {
    pattern: /\s/,
    message: 'The API key has a space or line break in it.',
    fix: 'Copy the key again, whole and on one line.',
  },
  {
    pattern: /["'`\u2018\u2019\u201c\u201d]/,
    message: 'The API key has quotation marks in it.',
    fix: 'Give the key without quotation marks.',
  },
  {
    pattern: /^\$\{|^\$[A-Z_]+$|^%[A-Z_]+%$/,
    message: 'The API key is the name of a variable, not its value.',
    fix: 'Set that variable, or give the key itself.',
  },
  {
    pattern:
      /^(?:[a-z]+-)*(?:[x*.\u2026\u2022]{3,}|\u2026)$|(?:^|[-_<])your[-_ ]|^<.*>$|^(?:change-?me|replace-?me|placeholder)$/i,
    message: 'The API key is a placeholder.',
    fix: 'Put your own key in its place.',
  },
  {
    pattern: /[^\x21-\x7e]/,
    message: 'The API key has characters in it that no key has.',
    fix: 'Copy the key again from the console of the provider.',
  },
];

/**
 * The key to send, or undefined when the vendor needs none and none is configured.
 * Throws ProviderConfigError for a missing key and for one that cannot be a key.
 */
export function readKey(settings: ProviderSettings, vendor: Vendor): string | undefined {
  const key = settings.apiKey;
  if (key === undefined || key === '') {
    if (!vendor.needsKey) return vendor.defaultKey;
    throw new ProviderConfigError({
      provider: settings.name,
      message: `${vendor.title} needs an API key.`,
      fix: `Set ${envName(settings.name, 'API_KEY')}, or api_key of the provider in config.yaml.`,
      settings: ['api_key'],
    });
  }
  const fault = faults.find(({ pattern }) => pattern.test(key));
  if (fault) {
    const { message, fix } = fault;
    throw new ProviderConfigError({ provider: settings.name, message, fix, settings: ['api_key'] });
  }
  return key;
}

/** Lower-case auth headers for the key; none without a key. */
export function authHeaders(kind: AuthKind, key: string | undefined): Record<string, string> {
  if (key === undefined) return {};
  return {
    ...(kind !== 'x-api-key' && { authorization: `Bearer ${key}` }),
    ...(kind !== 'bearer' && { 'x-api-key': key }),
  };
}
