import { acceptsAudio, acceptsImages, acceptsVideo } from '../../catalogue/models.ts';
import type { ModelEntry } from '../../catalogue/models.ts';
import { asObject } from '../../domain/json.ts';
import type { JsonValue } from '../../domain/json.ts';
import { messagesOf } from '../messages.ts';
import { refusal } from './check.ts';
import type { FitCheck } from './check.ts';

/** Kinds of parts of the OpenAI protocol, with who takes them. */
const kinds: Readonly<Record<string, { accepts: (model: ModelEntry) => boolean; name: string }>> = {
  image_url: { accepts: acceptsImages, name: 'images' },
  video_url: { accepts: acceptsVideo, name: 'videos' },
  video: { accepts: acceptsVideo, name: 'videos' },
  input_audio: { accepts: acceptsAudio, name: 'sound' },
};

/** `input content must be a string.` for text models, `The item of content should be a message of a certain modal.` for others. */
export const imageInput: FitCheck = {
  id: 'image-input',
  doc: 'Images, videos and sound for a model that takes none are refused before they are sent.',
  // On the Anthropic path blocks that the model cannot see become text (`anthropic-unsupported`).
  protocols: ['openai-chat'],
  enabledByDefault: true,
  check({ document, model }) {
    if (!model) return undefined;
    const refused = Object.entries(kinds).filter(([, { accepts }]) => !accepts(model));
    if (refused.length === 0) return undefined;
    const messages = messagesOf(document);
    const found = refused.find(([kind]) => messages.some(({ message }) => hasPart(message['content'], kind)));
    if (!found) return undefined;
    const isTextOnly = refused.length === Object.keys(kinds).length;
    const message = isTextOnly
      ? 'input content must be a string.'
      : 'The item of content should be a message of a certain modal.';
    const fix = `${model.id} does not take ${found[1].name}: leave them out or choose a model that does; GET /v1/models lists what each model takes.`;
    return refusal(message, { param: 'messages', fix });
  },
};

function hasPart(content: JsonValue | undefined, kind: string): boolean {
  return Array.isArray(content) && content.some((part) => asObject(part)?.['type'] === kind);
}
