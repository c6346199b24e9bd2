import { expect, test } from '@jest/globals';
import { createScreen } from '../screen.ts';

const written: string[] = [];
const write = (text: string): void => void written.push(text);
const taken = (): string => written.splice(0).join('');

test('on a terminal progress is one line that is rewritten, cut to its width, and gives way to lines that stay', () => {
  const screen = createScreen({ write, isTerminal: true, colours: true, columns: 8, now: () => 0 });
  screen.progress('1 of 100');
  screen.progress('2');
  screen.say(screen.good('done'));
  expect(taken()).toBe('\r\x1b[2K1 of 10\r\x1b[2K2\r\x1b[2K\x1b[32mdone\x1b[0m\n');
});

test('elsewhere progress is a line now and then, and nothing is coloured', () => {
  let now = 0;
  const screen = createScreen({ write, isTerminal: false, colours: false, columns: 80, now: () => now });
  for (; now <= 12_000; now += 1_000) screen.progress(`at ${now}`);
  screen.say(screen.bad('end'));
  expect(taken()).toBe('at 0\nat 5000\nat 10000\nend\n');
});
