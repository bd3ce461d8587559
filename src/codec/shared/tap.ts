import type { Codec } from '../../domain/codec.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { UpstreamFailure } from '../../domain/gateway-error.ts';
import { asObject, asString, parseJson } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { AnswerFacts, StreamTapOptions } from '../../domain/pass-through.ts';
import type { Usage } from '../../domain/usage.ts';
import { scanMembers, skipSpace } from '../../wire/json-scan.ts';

/** How a stream tap understands and rewrites error frames: its codec's own functions. */
export interface TapErrors {
  readError(status: number, text: string): UpstreamFailure;
  /** An error frame in this protocol for what the upstream said. */
  writeFailure(failure: UpstreamFailure): string;
}

/** The error functions of a codec in the form a tap wants. */
export function tapErrors(codec: Pick<Codec, 'readError' | 'writeStreamError'>, options: StreamTapOptions): TapErrors {
  return {
    readError: codec.readError,
    writeFailure: ({ status, message, code = 'upstream_error', type }) =>
      codec.writeStreamError(
        new GatewayError({ status, code, message, origin: 'provider', ...(type === undefined ? {} : { type }) }),
        options.requestId,
      ),
  };
}

/** Id and usage of a whole answer, without parsing what lies between; empty for bytes that are no JSON object. */
export function readFacts(bytes: Buffer, readUsage: (usage: JsonObject) => Usage): Pick<AnswerFacts, 'id' | 'usage'> {
  const members = topMembers(bytes);
  const id = asString(members['id']);
  const usage = asObject(members['usage']);
  return { ...(id === undefined ? {} : { id }), ...(usage === undefined ? {} : { usage: readUsage(usage) }) };
}

function topMembers(bytes: Buffer): JsonObject {
  const found: JsonObject = {};
  try {
    const { members } = scanMembers(bytes, skipSpace(bytes, 0));
    for (const member of members) {
      if (member.key !== 'id' && member.key !== 'usage') continue;
      found[member.key] = parseJson(bytes.toString('utf8', member.valueStart, member.valueEnd));
    }
  } catch {
    // Not an object: there is nothing to learn from it.
  }
  return found;
}
