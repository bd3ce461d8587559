import type * as z from 'zod';
import { integer } from '../kinds.ts';
import { section, setting } from '../setting.ts';
import type { SettingMeta } from '../setting.ts';

const hour = 3_600_000;
const range = () => integer(1, 24 * hour);

const connect: SettingMeta = { description: 'To open a connection to a provider.', unit: 'ms', key: 'connect_ms' };
const firstByte: SettingMeta = {
  description:
    'From the request to the first byte of the answer. A long answer that is not streamed begins only when it is complete.',
  unit: 'ms',
  key: 'first_byte_ms',
};
const idle: SettingMeta = {
  description: 'Between two pieces of an answer. There is no limit on a stream that keeps moving.',
  unit: 'ms',
  key: 'idle_ms',
};

/** Limits on waiting for providers, for those that set none of their own. */
export const timeoutsSchema = section('How long to wait for providers. Each provider can set its own.', {
  connect: setting(range().default(10_000), { ...connect, env: 'ATELIER_CONNECT_TIMEOUT_MS' }),
  firstByte: setting(range().default(600_000), { ...firstByte, env: 'ATELIER_FIRST_BYTE_TIMEOUT_MS' }),
  idle: setting(range().default(300_000), { ...idle, env: 'ATELIER_IDLE_TIMEOUT_MS' }),
});

/** The same of one provider; what is absent comes from the section above. */
export const providerTimeoutsSchema = section('Limits on waiting for this provider, in place of the general ones.', {
  connect: setting(range().exactOptional(), connect),
  firstByte: setting(range().exactOptional(), firstByte),
  idle: setting(range().exactOptional(), idle),
});

export type ProviderTimeoutsSection = z.output<typeof providerTimeoutsSchema>;
