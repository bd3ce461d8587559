import type { StreamEvent } from '../domain/stream-event.ts';

/** The events with the client's own tool names in the place of those that were sent. */
export function restoreToolNames(
  events: readonly StreamEvent[],
  toolNames: ReadonlyMap<string, string> | undefined,
): readonly StreamEvent[] {
  if (!toolNames) return events;
  return events.map((event) =>
    event.type === 'tool-call-start' ? { ...event, name: toolNames.get(event.name) ?? event.name } : event,
  );
}
