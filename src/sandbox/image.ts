/** First bytes of the image formats that the platform reads. */
const formats: readonly { name: string; bytes: readonly number[] }[] = [
  { name: 'png', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { name: 'jpeg', bytes: [0xff, 0xd8, 0xff] },
  { name: 'gif', bytes: [0x47, 0x49, 0x46, 0x38] },
  { name: 'webp', bytes: [0x52, 0x49, 0x46, 0x46] },
  { name: 'bmp', bytes: [0x42, 0x4d] },
  { name: 'tiff', bytes: [0x49, 0x49, 0x2a, 0x00] },
  { name: 'tiff', bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { name: 'ico', bytes: [0x00, 0x00, 0x01, 0x00] },
  { name: 'heic', bytes: [0x00, 0x00, 0x00] },
];

const minSide = 10;
const maxRatio = 200;

/** What is wrong with an inline image, in the platform's words; undefined when nothing is found. Only the head is looked at. */
export function imageProblem(base64: string): string | undefined {
  const head = Buffer.from(base64.slice(0, 64), 'base64');
  const format = formats.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))?.name;
  if (format === undefined) return 'Failed to decode the image during the data inspection.';
  const size = sizeOf(format, head);
  if (size === undefined) return undefined;
  const [short, long] = size.width < size.height ? [size.width, size.height] : [size.height, size.width];
  return short < minSide || long / short > maxRatio
    ? 'The image length and width do not meet the model restrictions.'
    : undefined;
}

/** Width and height, of the formats that have them in their first bytes. */
function sizeOf(format: string, head: Buffer): { width: number; height: number } | undefined {
  if (format === 'png' && head.length >= 24) return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  if (format === 'gif' && head.length >= 10) return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
  if (format === 'bmp' && head.length >= 26)
    return { width: head.readInt32LE(18), height: Math.abs(head.readInt32LE(22)) };
  return undefined;
}
