import fc from 'fast-check';
import { addressOf, endpointOf } from '../../transport/address.js';

describe('an address', () => {
  it('is a host and a port, with brackets around an IPv6 host', () => {
    expect(endpointOf('127.0.0.1:7001')).toEqual({ host: '127.0.0.1', port: 7001 });
    expect(endpointOf('p1:0')).toEqual({ host: 'p1', port: 0 });
    expect(endpointOf('[::1]:65535')).toEqual({ host: '::1', port: 65_535 });
  });

  it('is nothing else', () => {
    const others = [
      '',
      'p1',
      ':1',
      'p1:',
      'p1:65536',
      'p1:-1',
      'p1:1 ',
      'a b:1',
      '::1:80',
      '[p1:1',
      'x@y:1',
      'p/1:1',
      'p1:x',
    ];

    for (const other of others) expect([other, endpointOf(other)]).toEqual([other, null]);
  });

  it('is written as it is read', () => {
    const endpoints = fc.record({
      host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
      port: fc.integer({ min: 0, max: 65_535 }),
    });

    fc.assert(
      fc.property(endpoints, (endpoint) => expect(endpointOf(addressOf(endpoint))).toEqual(endpoint)),
    );
  });
});
