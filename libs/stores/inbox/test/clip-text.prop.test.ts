import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clipText } from '../src/clip-text.ts';

test('a clipped text fits, begins as the whole does, and is cut between characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 60 }), (text, bytesMax) => {
      const whole = text.replaceAll('\0', '\u{fffd}');
      const clipped = clipText(text, bytesMax);
      const bytes = Buffer.byteLength(clipped);
      expect(bytes).toBeLessThanOrEqual(bytesMax);
      expect(whole.startsWith(clipped)).toBe(true);
      const next = whole.codePointAt(clipped.length);
      if (next !== undefined) {
        expect(bytes + Buffer.byteLength(String.fromCodePoint(next))).toBeGreaterThan(bytesMax);
      }
    }),
  );
});
