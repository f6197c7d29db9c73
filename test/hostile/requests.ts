/** HTTP requests as strangers write them, in bytes: what every part of one can be, and what can be wrong between the parts. */
import type { Choices } from './choices.js';
import { flipped, torn, written } from './mutations.js';
import { payloadFrom, textFrom } from './schema-values.js';

/** Where its own host is named: known only once the server runs. */
export const HOST = '{host}';

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'get',
  'G E T',
  '',
];
const PATHS = [
  '/v1/messages',
  '/v1/status',
  '/v1/stream',
  '/v1/trace/stream',
  '/v1/trace',
  '/v1/machines',
  '/v1/beliefs',
  '/v1/leave',
  '/v1/transfer',
  '/healthz',
  '/readyz',
  '/metrics',
  '/',
  '/index.html',
  '/assets/',
];
const STRANGE_PATHS = [
  '/../../../../etc/passwd',
  '/assets/../../package.json',
  '/assets/..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/v1/messages/../status',
  '/v1//messages',
  '//evil.example/v1/status',
  '/%',
  '/%zz',
  '/%00',
  '/%ff%fe',
  '/:id(',
  '/:id(.*)',
  '/*',
  '/*/x',
  '/::',
  '/v1/:a-:b',
  '/(a+)+$',
  '/a?b?c',
  '/;x=1',
  '/__proto__',
  '/constructor',
  'http://evil.example/v1/status',
  '*',
  'v1/status',
  `/${'a'.repeat(5000)}`,
  `/${'a/'.repeat(2000)}`,
  '/v1/messages#after',
  '/\u00e9',
];
const NUMBERS = [
  '0',
  '1',
  '1000',
  '1001',
  '-1',
  '1.5',
  '1e3',
  'NaN',
  '',
  ' 1',
  '9'.repeat(16),
  '9'.repeat(40),
  '０',
];

function queryFrom(choices: Choices): string {
  const parts = choices.some(4, (c) => {
    const name = c.of([
      'after',
      'limit',
      'topic',
      'topic[]',
      'after[a]',
      '__proto__',
      'constructor',
      '',
      '%',
    ]);
    const value = c.onceIn(3)
      ? encodeURIComponent(textFrom(c).replaceAll(/[\ud800-\udfff]/g, '?'))
      : c.of(NUMBERS);
    return c.onceIn(12) ? name : `${name}=${value}`;
  });
  return parts.length === 0 ? '' : `?${parts.join(choices.onceIn(10) ? ';' : '&')}`;
}

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  host: ['evil.example', '', '192.0.2.1', '[::1]', '127.0.0.1:x', 'localhost.evil.example', 'a'.repeat(300)],
  origin: ['http://evil.example', 'null', `http://${HOST}`, ''],
  'content-type': [
    'text/plain',
    'application/json; charset=utf-7',
    'application/json;',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    ';',
    'a'.repeat(2000),
    'application/json; __proto__=1',
  ],
  'content-length': ['0', '1', '-1', '9999999', '1e3', '0x10', '00005', '5, 5', `1${'0'.repeat(30)}`],
  'transfer-encoding': ['chunked', 'chunked, chunked', 'identity', 'gzip', 'xchunked'],
  'content-encoding': ['gzip', 'br', 'identity'],
  'idempotency-key': ['k', '', 'x'.repeat(129), '\u00e9'],
  'last-event-id': ['0', '1', '-1', 'x', '9'.repeat(16), '9'.repeat(17), '1\u00a0', ' ', '1,2'],
  accept: ['text/event-stream', '*/*', 'a'.repeat(4000)],
  expect: ['100-continue', 'the unexpected'],
  connection: ['close', 'keep-alive', 'upgrade', 'x'],
  upgrade: ['websocket', 'h2c'],
  range: ['bytes=0-0', 'bytes=-1'],
  'if-none-match': ['*', '"x"'],
  cookie: [`a=${'b'.repeat(5000)}`],
  'x-forwarded-for': ['127.0.0.1'],
  __proto__: ['x'],
  'x y': ['x'],
  '': ['x'],
};

function headersFrom(choices: Choices): string {
  const names = Object.keys(HEADERS);
  const lines = choices.some(5, (c) => {
    const name = c.of(names);
    return `${c.onceIn(8) ? name.toUpperCase() : name}:${c.onceIn(10) ? '' : ' '}${c.of(HEADERS[name] ?? [''])}\r\n`;
  });
  if (choices.onceIn(40)) lines.push(floodFrom(choices));
  return lines.join('');
}

/** More headers, or longer ones, than anybody needs. */
const floodFrom = (choices: Choices): string =>
  choices.of([
    'a: b\r\n'.repeat(1500),
    'a: b\r\n'.repeat(5000),
    `a: ${'b'.repeat(20_000)}\r\n`,
    `${'a'.repeat(20_000)}: b\r\n`,
    ' folded\r\n'.repeat(10),
    'a\r\n',
    'a: b\n',
    'a: b\u0000c\r\n',
  ]);

function bodyFrom(choices: Choices): string {
  const body: Record<string, unknown> = { topic: choices.onceIn(3) ? textFrom(choices) : 'general' };
  body.payload = payloadFrom(choices);
  if (choices.onceIn(4)) body.key = textFrom(choices);
  switch (choices.below(12)) {
    case 9:
      return choices.of(['', '{}', 'null', '[]', '"x"', '{"to":"2"}', '{"to":""}', '{"to":1}', 'NaN']);
    case 10:
      return nested(choices);
    case 11:
      return `{"topic":"general","payload":"${'x'.repeat(choices.of([65_000, 65_536, 262_100, 262_144, 400_000]))}"}`;
    default:
      return torn(written(body, choices).text, choices);
  }
}

function nested(choices: Choices): string {
  const levels = choices.of([11, 12, 500, 20_000, 100_000]);
  const [open, close] = choices.of([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  const levelsOfKey = Math.min(levels, Math.floor(250_000 / (open.length + close.length)));
  return `{"topic":"general","payload":${open.repeat(levelsOfKey)}1${close.repeat(levelsOfKey)}}`;
}

/** What is no HTTP at all. */
const NOISE = [
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\r\n\r\n\r\n',
  '\u0000'.repeat(100),
  'GET / HTTP/9.9\r\n\r\n',
  'GET / HTTP/0.9\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  'A'.repeat(70_000),
];

export interface Request {
  /** Each character is one byte; `HOST` stands where the host is to be put in. */
  readonly bytes: string;
  /** Nothing is missing of it: it must be answered. */
  readonly isWhole: boolean;
}

/** One request, or a few in a row, or what is none. */
export function requestFrom(choices: Choices): Request {
  if (choices.onceIn(6)) return { bytes: plainRequest(choices), isWhole: true };
  if (choices.onceIn(12)) return { bytes: row(choices), isWhole: false };
  if (choices.onceIn(30)) return { bytes: choices.of(NOISE), isWhole: false };
  const request = oneRequest(choices);
  const all = choices.onceIn(15) ? request + oneRequest(choices) : request;
  return { bytes: choices.onceIn(8) ? harmed(all, choices) : all, isWhole: false };
}

/** One behind another on one connection, some of them for an answer that never ends. */
const row = (choices: Choices): string =>
  [plainRequest(choices), ...choices.some(5, (c) => (c.onceIn(2) ? streamRequest(c) : plainRequest(c)))].join(
    '',
  );

const streamRequest = (choices: Choices): string =>
  `GET ${choices.of(['/v1/stream', '/v1/trace/stream'])} HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`;

/** As HTTP would have it, whatever it asks for. */
function plainRequest(choices: Choices): string {
  const body = latin(bodyFrom(choices));
  const head = `host: ${HOST}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  if (choices.onceIn(2))
    return `POST ${choices.of(['/v1/messages', '/v1/leave', '/v1/transfer'])} HTTP/1.1\r\n${head}\r\n\r\n${body}`;
  return `GET ${choices.of(PATHS)}${queryFrom(choices)} HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`;
}

function oneRequest(choices: Choices): string {
  const isPost = choices.onceIn(2);
  const method = choices.onceIn(8) ? choices.of(METHODS) : isPost ? 'POST' : 'GET';
  const path = choices.onceIn(5) ? choices.of(STRANGE_PATHS) : isPost ? '/v1/messages' : choices.of(PATHS);
  const target = choices.onceIn(8) ? torn(path, choices) : path;
  const body = isPost ? latin(bodyFrom(choices)) : '';
  const ending = choices.onceIn(20) ? choices.of(['\n', '\r', '\r\n\r\n', ' \r\n']) : '\r\n';
  const version = choices.onceIn(20) ? choices.of(['HTTP/1.0', 'HTTP/2.0', 'HTTP/1.1 ', '']) : 'HTTP/1.1';
  const own = choices.onceIn(20) ? '' : `host: ${HOST}\r\n`;
  const type = isPost && !choices.onceIn(10) ? 'content-type: application/json\r\n' : '';
  const isChunked = choices.onceIn(15);
  const length = isChunked ? 'transfer-encoding: chunked\r\n' : `content-length: ${body.length}\r\n`;
  const sent = isChunked ? chunked(body, choices) : body;
  const head = `${method} ${target}${queryFrom(choices)} ${version}${ending}${own}${type}`;
  return `${latin(head)}${isPost ? length : ''}${latin(headersFrom(choices))}\r\n${isPost ? sent : ''}`;
}

function chunked(body: string, choices: Choices): string {
  const size = choices.onceIn(4)
    ? choices.of(['ffffffffffffffff', '-1', 'g', '0', '1;x=y'])
    : body.length.toString(16);
  return `${size}\r\n${body}\r\n${choices.onceIn(4) ? '' : '0\r\n\r\n'}`;
}

/** UTF-8, one character for each byte: so the harm that is done later is done to bytes. */
const latin = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

function harmed(request: string, choices: Choices): string {
  if (choices.onceIn(2)) return request.slice(0, choices.below(Math.min(request.length, 600) + 1));
  const bytes = Buffer.from(request, 'latin1');
  flipped(bytes.subarray(0, 400), choices);
  return bytes.toString('latin1');
}

/** So that a reader of a finding sees what is sent. */
export const shownRequest = ({ bytes }: Request): string =>
  JSON.stringify(bytes.length > 2000 ? `${bytes.slice(0, 1500)}… ${bytes.length} bytes` : bytes);
