/** What the page keeps on this device: settings, progress, branches. It goes on without where a browser keeps nothing. */

const PREFIX = 'bullpen.classroom.';

/** Reads what was kept under `name`, through `check`, for others may have written there; `fallback` when there is nothing good. */
export function recall<Value>(
  name: string,
  check: (value: unknown) => value is Value,
  fallback: Value,
): Value {
  try {
    const text = localStorage.getItem(PREFIX + name);
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return check(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

/** Keeps `value`, which JSON can say. Answers whether it is kept: a full or locked store is no reason to stop. */
export function keep(name: string, value: unknown): boolean {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing was kept there.
  }
}

/** Whether `value` is a plain object, of which fields may be asked. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
