import type { Clambot, Ended, RunSetting } from "./clambot.ts";
import { needing, type Register } from "./needing.ts";

/** Keys as a terminal sends them. */
export const KEYS = {
  enter: "\r",
  down: "\x1b[B",
  up: "\x1b[A",
  ctrlC: "\x03",
  ctrlD: "\x04",
} as const;

/** Registers a test at a terminal; it is left out where none can be made. */
export const testAtTerminal: Register = await needing("script");

/** Milliseconds to wait for something to appear. */
const PATIENCE_MS = 60_000;

/**
 * The program at a pseudo-terminal of 100 columns, made by `script` of util-linux. What it shows is kept without colours and cursor movements.
 */
export class AtTerminal {
  /** Everything that was sent to the terminal, with colours and cursor movements. */
  raw = "";
  /** Told of each piece that is sent to the terminal, as it comes. */
  onPiece: (piece: string) => void = () => {};
  #shown = "";
  #seen = 0;
  #wake = Promise.withResolvers<void>();
  readonly #child: Deno.ChildProcess;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;

  constructor(clambot: Clambot, args: readonly string[], setting: RunSetting = {}) {
    const line = clambot.commandLine(args).map(quote).join(" ");
    const command = `stty cols 100 rows 40; exec ${line}`;
    const env = { TERM: "xterm", SHELL: "/bin/sh", ...setting.env };
    const arguments_ = ["--quiet", "--flush", "--return", "--command", command, "/dev/null"];
    this.#child = clambot.spawn("script", arguments_, { ...setting, env });
    this.#keys = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Waits until a text is shown that was not waited for yet. */
  async see(text: string): Promise<void> {
    const at = () => this.#shown.indexOf(text, this.#seen);
    await this.#until(() => at() >= 0, `"${text}" was never shown`);
    this.#seen = at() + text.length;
  }

  /** Presses keys, after the moment that the program needs to listen for them. */
  async type(keys: string): Promise<void> {
    await pause(200);
    await this.send(keys);
  }

  /** Presses keys at a question, as soon as its dead time is over and they count. */
  async answer(keys: string): Promise<void> {
    await this.#until(() => this.takesKeys, "keys never counted");
    await this.send(keys);
  }

  /** Whether the program has asked the terminal to mark pastes: it does so when keys count. */
  get takesKeys(): boolean {
    return this.raw.lastIndexOf("\x1b[?2004h") > this.raw.lastIndexOf("\x1b[?2004l");
  }

  /** Presses keys at this moment. */
  async send(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  /** Ends it from outside. */
  async kill(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.ended();
  }

  /** How it ended, with everything that was shown. */
  async ended(): Promise<Ended> {
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    const { code } = await this.#child.status;
    clearTimeout(patience);
    await this.#reading;
    await this.#child.stderr.cancel();
    await this.#keys.close().catch(() => {});
    return { code, stdout: this.#shown, stderr: "" };
  }

  async #until(isSo: () => boolean, complaint: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!isSo()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${complaint}, but:\n${this.#shown}`);
      await Promise.race([this.#wake.promise, pause(Math.min(left, 500))]);
    }
  }

  async #read(): Promise<void> {
    for await (const piece of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.raw += piece;
      this.onPiece(piece);
      // deno-lint-ignore no-control-regex
      this.#shown += piece.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, "");
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    }
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
