import type { Codec } from '../../domain/codec.ts';
import { failureFromText, failureOfFrame } from '../shared/failure.ts';
import { readFacts } from '../shared/tap.ts';
import { writeError, writeFailureFrame, writeStreamError } from './error.ts';
import { brokenFinish, firstChoice } from './finish-reason.ts';
import { readRequest } from './read-request.ts';
import { writeResponse } from './response.ts';
import { readResponse, streamReader } from './stream-reader.ts';
import { openaiStreamTap } from './stream-tap.ts';
import { streamWriter } from './stream-writer.ts';
import { readUsage } from './usage.ts';
import { mendResponse } from './whole-answer.ts';
import { writeRequest } from './write-request.ts';

/** OpenAI Chat Completions, as OpenAI, Model Studio and the other compatible vendors speak it. */
export const openaiChat = {
  protocol: 'openai-chat',
  readRequest,
  writeRequest,
  readResponse,
  writeResponse,
  streamReader,
  streamWriter,
  streamTap: (options, facts) =>
    openaiStreamTap(options, facts, {
      readError: failureFromText,
      writeFailure: (failure, explanation) => writeFailureFrame(failure, options.requestId, explanation),
    }),
  mendResponse,
  failureIn: (answer) => failureOfFrame('', answer) ?? brokenFinish(firstChoice(answer)?.['finish_reason']),
  readFacts: (answer) => readFacts(answer, readUsage),
  readError: failureFromText,
  writeError,
  writeStreamError,
} satisfies Codec;
