import type { MediaPart } from '../../domain/conversation.ts';

const dataUrl = /^data:([^;,]{1,100})(?:;[^;,]{1,100})*;base64,/;

/** A URL as a media source: a `data:` URL with base64 is inline data, anything else is fetched by the upstream. */
export function sourceOfUrl(url: string): MediaPart['source'] {
  const match = dataUrl.exec(url.slice(0, 400));
  const mediaType = match?.[1];
  if (match === null || mediaType === undefined) return { type: 'url', url };
  return { type: 'base64', mediaType, data: url.slice(match[0].length) };
}

/** A media source as a URL. */
export function urlOfSource(source: MediaPart['source']): string {
  return source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
}
