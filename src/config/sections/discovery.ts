import { flag, integer } from '../kinds.ts';
import { section, setting } from '../setting.ts';

/** Reading the providers' model lists. */
export const discoverySchema = section('Reading the model lists of the providers, in the background.', {
  intervalSeconds: setting(integer(10, 604_800).default(3600), {
    description: "How often each provider's list is read again.",
    env: 'ATELIER_DISCOVERY_INTERVAL_SECONDS',
    unit: 's',
  }),
  retrySeconds: setting(integer(1, 86_400).default(60), {
    description: 'How soon a list that could not be read is tried again.',
    env: 'ATELIER_DISCOVERY_RETRY_SECONDS',
    unit: 's',
  }),
  ollamaAutoDetect: setting(flag().default(true), {
    description: 'Use an Ollama that answers on its default port on this machine, without configuring it.',
    env: 'ATELIER_OLLAMA_AUTO_DETECT',
  }),
});
