/** Places for processes that have to know of each other before they run. */
import { createServer } from 'node:net';

/**
 * Addresses of this machine that nobody listened at a moment ago; another process may take one before it is used.
 *
 * @param count - how many, all different.
 */
export async function freeAddresses(count: number): Promise<readonly string[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  return Promise.all(
    servers.map((server) => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      return new Promise<string>((resolve) => server.close(() => resolve(`127.0.0.1:${port}`)));
    }),
  );
}
