/** Imported before anything that reads with zod: pages forbid it to make code of its schemas, and complain when it tries. */
import * as z from 'zod';

z.config({ jitless: true });
