/** Whether a listening address, or the host of a URL, can only be reached from this machine. */
export function isLoopbackHost(host: string): boolean {
  const bare = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return bare === 'localhost' || bare === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(bare);
}

/** Whether a listening address stands for every network of the machine. */
export function isAnyHost(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '[::]';
}

/** Whether a URL leads to the given listening address, under any name this machine has for it. */
export function leadsTo(listening: { host: string; port: number }, url: string): boolean {
  if (listening.port === 0 || !URL.canParse(url)) return false;
  const { protocol, port, hostname } = new URL(url);
  const usualPort = protocol === 'https:' ? 443 : 80;
  if ((port === '' ? usualPort : Number(port)) !== listening.port) return false;
  const isHere = (host: string) => isLoopbackHost(host) || isAnyHost(host);
  return hostname === listening.host || (isHere(hostname) && isHere(listening.host));
}
