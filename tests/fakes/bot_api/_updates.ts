import { Refusal } from "./_refusal.ts";

/** An update as it is sent. */
export type FakeUpdate = { readonly update_id: number } & Readonly<Record<string, unknown>>;

/** Updates until they are confirmed; one program at a time may fetch them. */
export class Updates {
  #pending: FakeUpdate[] = [];
  #wake: (() => void)[] = [];
  #poller: (() => void) | undefined;

  /** `onPolled`: somebody begins to wait. */
  constructor(private readonly onPolled: () => void) {}

  add(...updates: readonly FakeUpdate[]): void {
    this.#pending.push(...updates);
    for (const wake of this.#wake.splice(0)) wake();
  }

  get unconfirmed(): readonly number[] {
    return this.#pending.map(({ update_id }) => update_id);
  }

  /** Whether somebody waits for updates just now. */
  get isPolled(): boolean {
    return this.#poller !== undefined;
  }

  /** Everything below `offset` is confirmed by asking; the newer of two askers wins. */
  async fetch(
    { offset, limit, timeout }: {
      readonly offset: number | undefined;
      readonly limit: number;
      readonly timeout: number;
    },
    gone: AbortSignal,
  ): Promise<readonly FakeUpdate[]> {
    if (limit < 1 || limit > 100) throw Refusal.bad("limit must be from 1 to 100");
    this.#poller?.();
    if (offset !== undefined && offset < 0) this.#pending = this.#pending.slice(offset);
    if (offset !== undefined && offset > 0) {
      this.#pending = this.#pending.filter(({ update_id }) => update_id >= offset);
    }
    if (this.#pending.length === 0 && timeout > 0) await this.#wait(timeout, gone);
    return this.#pending.slice(0, limit);
  }

  async #wait(seconds: number, gone: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = () => resolve();
    const beaten = () =>
      reject(
        new Refusal(
          409,
          "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        ),
      );
    this.#poller = beaten;
    this.#wake.push(end);
    gone.addEventListener("abort", end, { once: true });
    this.onPolled();
    const timer = setTimeout(end, seconds * 1000);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      gone.removeEventListener("abort", end);
      this.#wake = this.#wake.filter((one) => one !== end);
      if (this.#poller === beaten) this.#poller = undefined;
    }
  }
}
