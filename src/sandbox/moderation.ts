import { asArray, isObject, type JsonObject } from '../domain/json.ts';
import { textOf } from './last-user-text.ts';

/** A turn that a test wants moderation to refuse, wherever it stands: the real check reads the whole input. */
const flagged = /\[\[sandbox:[^\]]{0,500}\berror\s*=\s*"?(?:data_inspection_failed|DataInspectionFailed)\b/;

/** The code of the refusal when a user turn before the last was flagged; undefined when none was. */
export function flaggedEarlier(body: JsonObject): string | undefined {
  const turns = asArray(body.messages).filter((message) => isObject(message) && message.role === 'user');
  const found = turns.slice(0, -1).some((message) => isObject(message) && flagged.test(textOf(message.content)));
  return found ? 'data_inspection_failed' : undefined;
}
