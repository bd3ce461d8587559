import type { Surface } from '../surface.ts';
import { toChatCall } from './body.ts';
import { completionHead, writeCompletion } from './completion.ts';
import { edgeRules } from './edge-rules.ts';
import { chatErrorFrame, writeChatError } from './errors.ts';
import { chatFrames } from './frames.ts';
import { readPrompt } from './prompt.ts';
import { firstRefusal } from './rule.ts';
import { inputTooLong, isRefusal, modelRules, resolveModel } from './rules.ts';
import { countInput } from '../usage.ts';
import { asString, isObject } from '../../domain/json.ts';

/** The OpenAI-compatible chat path. */
export const chatSurface: Surface = {
  allowsXApiKey: false,

  prepare(body, { identity, plan }) {
    const malformed = firstRefusal(edgeRules, body);
    if (malformed !== undefined) return malformed.refusal;
    const id = asString(body.model) ?? '';
    const model = resolveModel(id, plan);
    if (isRefusal(model)) return model;
    const call = toChatCall(body, model, plan);
    const refused = firstRefusal(modelRules, call);
    if (refused !== undefined) return refused.refusal;
    const { prompt, segments } = readPrompt(call);
    const tooLong = inputTooLong(countInput(segments), model);
    if (tooLong !== undefined) return tooLong;
    const head = completionHead(identity, id);
    const includeUsage = isObject(body.stream_options) && body.stream_options.include_usage === true;
    return {
      prompt,
      segments,
      stream: call.stream,
      write: (answers, usage) => writeCompletion(answers, usage, head),
      frames: (answers, usage) => chatFrames(answers, { head, includeUsage, usage }),
    };
  },

  writeError: (refusal, { identity }) => ({
    status: refusal.status,
    contentType: 'application/json',
    body: JSON.stringify(writeChatError(refusal, identity.uuid)),
  }),

  errorFrame: (refusal, { identity }) => chatErrorFrame(refusal, identity.uuid),
};
