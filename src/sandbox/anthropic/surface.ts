import { asString } from '../../domain/json.ts';
import { firstRefusal } from '../chat/rule.ts';
import { inputTooLong, isRefusal } from '../chat/rules.ts';
import type { Answer } from '../model/prompt.ts';
import type { Surface } from '../surface.ts';
import { countInput } from '../usage.ts';
import { toMessagesCall } from './body.ts';
import { messagesEdgeRules } from './edge-rules.ts';
import { messagesErrorFrame, writeMessagesError } from './errors.ts';
import { messageFrames, writeMessage } from './message.ts';
import { readMessagesPrompt } from './prompt.ts';
import { messagesRules, resolveMessagesModel } from './rules.ts';

/** The Anthropic-compatible path. */
export const anthropicSurface: Surface = {
  allowsXApiKey: true,

  prepare(body, { identity, plan }) {
    const malformed = firstRefusal(messagesEdgeRules, body);
    if (malformed !== undefined) return malformed.refusal;
    const id = asString(body.model) ?? '';
    const model = resolveMessagesModel(id, plan);
    if (isRefusal(model)) return model;
    const call = toMessagesCall(body, model);
    const refused = firstRefusal(messagesRules, call);
    if (refused !== undefined) return refused.refusal;
    const { prompt, segments } = readMessagesPrompt(call);
    const tooLong = inputTooLong(countInput(segments), model);
    if (tooLong !== undefined) return tooLong;
    const head = { id: `msg_${identity.uuid}`, model: id };
    return {
      prompt,
      segments,
      stream: body.stream === true,
      write: (answers, usage) => writeMessage(only(answers), usage, head),
      frames: (answers, usage) => messageFrames(only(answers), usage, head),
    };
  },

  writeError: writeMessagesError,
  errorFrame: (refusal, { errorStyle, identity }) => messagesErrorFrame(refusal, errorStyle, identity.uuid),
};

/** This protocol has one answer per call. */
function only(answers: readonly Answer[]): Answer {
  const [answer] = answers;
  if (answer === undefined) throw new Error('A messages call is answered once, and there is no answer.');
  return answer;
}
