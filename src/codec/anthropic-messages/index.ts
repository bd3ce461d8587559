import type { Codec } from '../../domain/codec.ts';
import { failureFromText, failureOfFrame } from '../shared/failure.ts';
import { readFacts } from '../shared/tap.ts';
import { writeError, writeFailureEvent, writeStreamError } from './error.ts';
import { readRequest } from './read-request.ts';
import { writeResponse } from './response.ts';
import { readResponse, streamReader } from './stream-reader.ts';
import { anthropicStreamTap } from './stream-tap.ts';
import { streamWriter } from './stream-writer.ts';
import { readUsage } from './usage.ts';
import { mendResponse } from './whole-answer.ts';
import { writeRequest } from './write-request.ts';

/** Anthropic Messages, as Anthropic, Model Studio and the other compatible vendors speak it. */
export const anthropicMessages = {
  protocol: 'anthropic-messages',
  readRequest,
  writeRequest,
  readResponse,
  writeResponse,
  streamReader,
  streamWriter,
  streamTap: (options, facts) =>
    anthropicStreamTap(options, facts, {
      readError: failureFromText,
      writeFailure: (failure, explanation) => writeFailureEvent(failure, options.requestId, explanation),
    }),
  mendResponse,
  failureIn: (answer) => failureOfFrame('', answer),
  readFacts: (answer) => readFacts(answer, readUsage),
  readError: failureFromText,
  writeError,
  writeStreamError,
} satisfies Codec;
