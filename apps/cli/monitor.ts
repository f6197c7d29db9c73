export const runMonitor = async (_flags: unknown): Promise<number> => 0;
