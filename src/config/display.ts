const longKey = 24;
const longestShown = 60;

/**
 * A secret, fit to be shown: the first 3 and last 4 characters of a long one, which tell two keys apart,
 * nothing of a short one; of a URL with a password what is outside of user and password.
 */
export function maskSecret(secret: string): string {
  const [, scheme, place] = /^([a-z]+:\/\/).*@([^@]*)$/i.exec(secret) ?? [];
  if (scheme !== undefined && place !== undefined) return `${scheme}****@${place}`;
  return secret.length < longKey ? '****' : `${secret.slice(0, 3)}...${secret.slice(-4)}`;
}

/**
 * Whether a text is likely a key that ended up in the wrong place: the usual prefixes, or one long word that
 * mixes letters and digits as generated keys do.
 */
export function looksSecret(text: string): boolean {
  if (/^(sk|ms|ak|gsk|xai|key|pk|bearer)[-_ ]/i.test(text)) return true;
  return /^[\w+/=.-]{20,}$/.test(text) && /\d/.test(text) && /[a-z]/i.test(text) && !/[./-].*[./-]/.test(text);
}

/** A wrong value as a message shows it: quoted, on one line, shortened, masked where it may be a secret. */
export function displayValue(value: unknown, secret: boolean): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return secret ? '****' : String(value);
  if (typeof value !== 'string') return 'a map';
  const text = value;
  if (secret || looksSecret(text)) return maskSecret(text);
  const clean = hideUrlSecrets(text);
  return JSON.stringify(clean.length > longestShown ? `${clean.slice(0, longestShown)}...` : clean);
}

/** A URL without what may be secret in it: user name, password, the values of its query. Other text is unchanged. */
export function hideUrlSecrets(text: string): string {
  return text.replace(/(:\/\/)[^/?#\s]*@/, '$1****@').replace(/([?&][^=&\s]+=)[^&\s]+/g, '$1****');
}
