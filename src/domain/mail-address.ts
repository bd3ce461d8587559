/**
 * Whether a text is one plain e-mail address, in full: `ada@example.com`. Stricter than RFC 5322 allows: neither names nor
 * comments nor quotes, so that nothing else can be written into the head of a mail.
 */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/i.test(text)
  );
}
