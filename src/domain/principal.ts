/** Who makes a request. `anonymous` exists only while the gateway is open on loopback. */
export interface Principal {
  kind: 'anonymous' | 'admin';
  /** A public id for logs and headers; never the secret. */
  id: string;
}
