/** What passes in a header as it is: printable ASCII with spaces and tabs (RFC 9110, section 5.5, leaves the rest opaque). */
const plain = /^[\t\x20-\x7e]*$/;
const others = /[^\t\x20-\x7e]+/g;

/**
 * Any text as the value of a response header. Names of models and ids of requests come from clients, configurations and
 * providers, and Node refuses to send what is not Latin-1: characters outside printable ASCII are percent-encoded as in a URL
 * (UTF-8; half a surrogate pair as U+FFFD), everything else stays.
 */
export function headerValue(text: string): string {
  return plain.test(text) ? text : text.toWellFormed().replace(others, encodeURIComponent);
}
