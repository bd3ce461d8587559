import { BlockList, isIP } from 'node:net';

/** True when a text is an address or a CIDR range (`10.0.0.0/8`, `2001:db8::/32`). */
export function isIpRange(text: string): boolean {
  const { address, bits } = splitRange(text);
  const version = isIP(address);
  return (
    version !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)))
  );
}

/** A test for addresses; every address passes when there are no ranges. IPv4 addresses in IPv6 form count as IPv4. */
export function ipFilter(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => true;
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}

function addRange(list: BlockList, range: string): void {
  if (!isIpRange(range)) throw new RangeError(`no address or CIDR range: ${range}`);
  const { address, bits } = splitRange(range);
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

function splitRange(range: string): { address: string; bits: string | undefined } {
  const [address = '', bits, more] = range.split('/');
  return { address: more === undefined ? address : '', bits };
}
