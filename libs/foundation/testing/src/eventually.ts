/**
 * Waits until `probe` returns without throwing, trying every 10 ms, and returns its result. After `withinMs` (default
 * 10,000) it throws the last error of the probe. The only way a test waits: never for a time, always for a condition.
 */
export async function eventually<T>(probe: () => T | Promise<T>, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
