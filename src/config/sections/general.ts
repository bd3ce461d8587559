import { choice, secretText, text } from '../kinds.ts';
import { setting } from '../setting.ts';

/** The shortest master key: long enough that guessing over the network is hopeless. */
export const masterKeyMinLength = 16;

export const modelsModes = ['merge', 'fallback', 'allowlist'] as const;

/** Settings at the top of the file, outside of any section. */
export const generalSettings = {
  dataDir: setting(text().default('./data'), {
    description: 'Folder for everything the gateway keeps. Relative to the working directory; made when missing.',
    env: 'ATELIER_DATA_DIR',
    restart: true,
  }),
  masterKey: setting(
    secretText()
      .min(masterKeyMinLength, {
        error: `must have at least ${masterKeyMinLength} characters; make a good one with: openssl rand -hex 24`,
      })
      .exactOptional(),
    {
      description:
        `The key that clients send as \`Authorization: Bearer\` or \`x-api-key\`, at least ${masterKeyMinLength} ` +
        'characters. It administers the gateway too. Without one, and without stored keys, the gateway is open on loopback; ' +
        'on any other address the first start makes an admin key.',
      env: 'ATELIER_MASTER_KEY',
      secret: true,
    },
  ),
  modelsMode: setting(choice(modelsModes).default('merge'), {
    description:
      'How configured models combine with those a provider lists: `merge` adds them, `fallback` uses them only when ' +
      'the provider lists none, `allowlist` uses nothing else. A provider can have its own.',
    env: 'CONFIGURED_PROVIDER_MODELS_MODE',
  }),
};
