/** How much of a random test to run: `usual` in npm test, `long` in npm run test:soak. */
export function soak(usual: number, long: number): number {
  return process.env['TIDEMARK_SOAK'] === '1' ? long : usual;
}
