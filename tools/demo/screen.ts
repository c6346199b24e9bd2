/** Where the demo shows what it does: lines that stay, and one that is rewritten. */
export interface Screen {
  say(line: string): void;
  /** On a terminal the last line is replaced; elsewhere a line is written now and then. */
  progress(line: string): void;
  good(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
}

export interface ScreenOptions {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly colours: boolean;
  readonly columns: number;
  readonly now: () => number;
}

const LINE_EVERY_MS = 5_000;

export function createScreen({ write, isTerminal, colours, columns, now }: ScreenOptions): Screen {
  let open = false;
  let shownAt = Number.NEGATIVE_INFINITY;
  const paint = (code: number) => (text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
  return {
    say: (line) => {
      if (open) write('\r\x1b[2K');
      open = false;
      write(`${line}\n`);
    },
    progress: (line) => {
      if (isTerminal) {
        write(`\r\x1b[2K${line.slice(0, columns - 1)}`);
        open = true;
        return;
      }
      if (now() - shownAt < LINE_EVERY_MS) return;
      shownAt = now();
      write(`${line}\n`);
    },
    good: paint(32),
    bad: paint(31),
    faint: paint(2),
  };
}
