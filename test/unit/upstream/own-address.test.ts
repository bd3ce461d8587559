import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuseOwnAddress } from '../../../src/upstream/own-address.ts';
import { ProviderConfigError } from '../../../src/upstream/provider-config-error.ts';
import { resolveProvider } from '../../../src/upstream/providers.ts';

function providerAt(baseUrl: string) {
  const timeouts = { connect: 1, firstByte: 1, idle: 1 };
  const settings = {
    name: 'gw',
    vendor: 'openai-compatible',
    baseUrl,
    models: [],
    modelsMode: 'merge',
    headers: {},
    timeouts,
  } as const;
  return [resolveProvider({ ...settings, models: [] }).provider];
}

describe('a provider that is the gateway itself', () => {
  it('is refused under every name of the machine that leads to the own port', () => {
    const own = { host: '127.0.0.1', port: 8080 };
    for (const url of ['http://127.0.0.1:8080/v1', 'http://localhost:8080/v1', 'http://[::1]:8080/v1']) {
      assert.throws(() => refuseOwnAddress(providerAt(url), own), ProviderConfigError, url);
      assert.throws(
        () => refuseOwnAddress(providerAt(url), { host: '0.0.0.0', port: 8080 }),
        /GW_BASE_URL|circle/,
        url,
      );
    }
    assert.throws(
      () => refuseOwnAddress(providerAt('http://10.1.2.3:8080/v1'), { host: '10.1.2.3', port: 8080 }),
      /circle/,
    );
  });

  it('is told from other ports and machines', () => {
    const own = { host: '127.0.0.1', port: 8080 };
    for (const url of ['http://127.0.0.1:8090/v1', 'http://10.1.2.3:8080/v1', 'https://127.0.0.1:8080/v1']) {
      assert.doesNotThrow(() => refuseOwnAddress(providerAt(url), own), url);
    }
  });
});
