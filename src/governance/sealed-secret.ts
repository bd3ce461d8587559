import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a provider's secret with AES-256-GCM under a key drawn from the server secret. Bound to `name`: a sealed text
 * moved to another provider does not open.
 */
export function seal(secret: string, name: string, serverSecret: Buffer): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(serverSecret), nonce).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
}

/** The secret. Throws when the text was changed, belongs to another name, or was sealed with another server secret. */
export function unseal(sealed: string, name: string, serverSecret: Buffer): string {
  const [tag, body = ''] = sealed.split('.');
  const bytes = Buffer.from(body, 'base64url');
  if (tag !== version || bytes.length < nonceBytes + tagBytes)
    throw new Error(`the secret of '${name}' cannot be read`);
  const nonce = bytes.subarray(0, nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(serverSecret), nonce).setAAD(Buffer.from(name));
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new Error(`the secret of '${name}' cannot be read with this server secret`);
  }
}

function sealingKey(serverSecret: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', serverSecret, Buffer.alloc(0), 'atelier provider secrets', 32));
}
