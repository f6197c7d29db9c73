/** What is shipped for containers: manifests that fit their schemas, and settings that this version has. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { SETTINGS } from '../../apps/node/configuration.js';
import { readConfiguration } from '../../apps/node/sources.js';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

const read = (name: string) => readFileSync(join('apps/deployment', name), 'utf8');
const manifests = parseAllDocuments(read('kubernetes.yaml')).map((one) => one.toJS() as Manifest);
const variables = SETTINGS.map(({ variable }) => variable);

/** Where the types of each kind stand: they are made from the schemas of Kubernetes itself. */
const TYPES: Readonly<Record<string, string>> = {
  ConfigMap: 'core/v1',
  Service: 'core/v1',
  PodDisruptionBudget: 'policy/v1',
  StatefulSet: 'apps/v1',
};

/** Complaints of the compiler about the manifests, as literals of the kinds they say they are. */
function complaints(documents: readonly Manifest[]): string {
  const kinds = [...new Set(documents.map(({ kind }) => kind))];
  const imports = kinds.map((kind) => `import type { ${kind} } from 'kubernetes-types/${TYPES[kind]}.js';`);
  const literals = documents.map((one, i) => `export const a${i}: ${one.kind} = ${JSON.stringify(one)};`);
  const folder = 'node_modules/.cache/bullpen/manifests';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifests.ts'), [...imports, ...literals].join('\n'));
  const flags = [
    '--noEmit',
    '--strict',
    '--ignoreConfig',
    '--module',
    'nodenext',
    '--types',
    '',
    '--skipLibCheck',
  ];
  try {
    execFileSync(process.execPath, [
      'node_modules/typescript/bin/tsc',
      ...flags,
      join(folder, 'manifests.ts'),
    ]);
    return '';
  } catch (problem) {
    return String((problem as { stdout: Buffer }).stdout);
  }
}

describe('the Kubernetes manifests', () => {
  it('fit the types of their kinds; a slip in one is noticed', () => {
    expect(complaints(manifests)).toBe('');
    const slip = structuredClone(manifests).map((one) =>
      one.kind === 'Service' ? { ...one, spec: { publishNotReadyAdresses: true } } : one,
    );
    expect(complaints(slip)).toContain('publishNotReadyAdresses');
  });

  it('give every pod a peer that this version can start', async () => {
    const { data = {} } = manifests.find(({ kind }) => kind === 'ConfigMap') ?? {};
    const environment = { ...data, BULLPEN_ID: 'bullpen-0', BULLPEN_ADVERTISE: 'bullpen-0.bullpen:7000' };

    expect(Object.keys(environment).filter((name) => !variables.includes(name))).toEqual([]);
    expect(await readConfiguration({ flags: {}, environment, file: undefined })).toMatchObject({
      id: 'bullpen-0',
      expect: 3,
      seeds: ['bullpen-0.bullpen:7000', 'bullpen-1.bullpen:7000', 'bullpen-2.bullpen:7000'],
    });
  });

  it('let peers find each other before they are ready, under the names they advertise', () => {
    const headless = manifests.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'bullpen',
    );
    const [set] = manifests.filter(({ kind }) => kind === 'StatefulSet');

    expect(headless).toMatchObject({ spec: { clusterIP: 'None', publishNotReadyAddresses: true } });
    expect(set).toMatchObject({ spec: { serviceName: 'bullpen', podManagementPolicy: 'Parallel' } });
  });
});

describe('the compose file', () => {
  interface Service {
    readonly environment: Readonly<Record<string, string>>;
    readonly volumes: readonly string[];
    readonly ports: readonly string[];
  }
  const compose = parse(read('compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly volumes: object;
  };
  const services = Object.entries(compose.services);

  it('has three peers, each of its own id, name, volume and port', async () => {
    expect(services).toHaveLength(3);
    expect(new Set(services.flatMap(([, { volumes, ports }]) => [...volumes, ...ports])).size).toBe(6);
    for (const [name, { environment }] of services) {
      expect(Object.keys(environment).filter((variable) => !variables.includes(variable))).toEqual([]);
      const configuration = await readConfiguration({ flags: {}, environment, file: undefined });
      expect(configuration).toMatchObject({ advertise: `${name}:7000`, expect: 3 });
      expect(configuration.seeds).toEqual(services.map(([other]) => `${other}:7000`));
    }
  });

  it('keeps every volume it names', () => {
    const named = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0]));
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});
