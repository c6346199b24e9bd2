const WIDTH = 30;

/** `[#####.........] 1200 of 3000 (40%)`. */
export function progressBar(done: bigint, total: bigint): string {
  const part = total === 0n ? 1 : Number((done * 1_000n) / total) / 1_000;
  const filled = Math.min(WIDTH, Math.floor(part * WIDTH));
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done} of ${total} (${Math.floor(part * 100)}%)`;
}
